"""Reports: what was asked, what came out, and how far it can be trusted, in one file that can be handed on.

The module itself can be called: ``estimation.report(study, "report.html")``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    """The public function and the folder behind it share a name; calling the module calls the function."""

    def __call__(self, study: Any, path: str | Path, **options: Any) -> Path:
        from estimation.report.document import report  # noqa: PLC0415 - figures alone need not wait for it

        return report(study, path, **options)


sys.modules[__name__].__class__ = _CallableModule
