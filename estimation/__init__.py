"""Say which theory explains what people did, how sure we can be, and what to do about it.

The public names stand in ``__init__.pyi`` and are imported when they are first used: ``import estimation as est`` is
quick, and whoever takes one road through the package does not wait for the others.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    return version("estimation") if name == "__version__" else _load(name)
