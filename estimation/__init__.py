"""Say which theory explains what people did, how sure we can be, and what to do about it.

The public names stand in ``__init__.pyi`` and are imported when they are first used: ``import estimation as est`` is
quick, and whoever takes one road through the package does not wait for the others.
"""

from __future__ import annotations

import copyreg
import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    return version("estimation") if name == "__version__" else _load(name)


def _by_name(package: ModuleType) -> tuple[Any, tuple[str]]:
    """Pack this package for another process as every module is packed: by its name."""
    return import_module, (package.__name__,)


# Functions of somebody's script go to workers with the modules that they name. lazy_loader makes this package one of a
# class of its own, which nobody else knows how to pack.
copyreg.pickle(type(sys.modules[__name__]), _by_name)  # type: ignore[arg-type]
