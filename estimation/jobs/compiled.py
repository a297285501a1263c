"""Compile every loop now, and keep it on disk: ``python -m estimation.jobs.compiled``, after an installation.

Most loops have signatures, and are compiled when their module is first imported; nobody should wait for it at a fit.
Those of tastes have none, and are compiled when they are first called: by the smallest fits that call all of them.
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


def compile_loops_of_tastes() -> None:
    """Fit a few SYNTHETIC choices by tastes of every kind."""
    est = import_module(PACKAGE)
    pens = est.load("simulated_pens")
    few = pens.of(pens.subjects[:6])
    for kind in ({}, {"components": 2}, {"distributions": {"price": "triangular"}}):
        model = est.MultinomialLogit(["price"], random="all", **kind)
        est.fit(model, few, draws=50, chains=1, progress=False)


if __name__ == "__main__":
    compile_loops()
    compile_loops_of_tastes()
