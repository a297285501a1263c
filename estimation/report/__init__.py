"""Reports: what was asked, what came out, and how far it can be trusted, in one file that can be handed on.

The module itself can be called: ``estimation.report(study, "report.html")``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from estimation.evaluation.comparison import Comparison
from estimation.inference.artifact import Fit
from estimation.report.document import report

__all__ = ["report"]


class _CallableModule(ModuleType):
    """The public function and the folder behind it share a name; calling the module calls the function."""

    def __call__(self, study: Comparison | Fit, path: str | Path) -> Path:
        return report(study, path)


sys.modules[__name__].__class__ = _CallableModule
