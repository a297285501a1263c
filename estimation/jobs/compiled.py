"""Compile every loop now, and keep it on disk: ``python -m estimation.jobs.compiled``, after an installation.

Most loops have signatures, and are compiled when their module is first imported; nobody should wait for it at a fit.
"""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files
from pathlib import Path

PACKAGE = "estimation"
NEEDS = re.compile(r"^import numba$", re.MULTILINE)


def compile_loops() -> list[str]:
    """Import every module that has compiled loops; return their names."""
    root = Path(str(files(PACKAGE)))
    having = [path for path in sorted(root.rglob("*.py")) if NEEDS.search(path.read_text(encoding="utf-8"))]
    names = [".".join((PACKAGE, *path.relative_to(root).with_suffix("").parts)) for path in having]
    for name in names:
        import_module(name)
    return names


if __name__ == "__main__":
    compile_loops()
