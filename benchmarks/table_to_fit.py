"""The way of a table of decisions into a fit: which modules run, and which calls go up instead of down.

A module stands above all that it imports. A call climbs if it enters a module that the caller's does not import, not
even through others: it was handed a function or an object. What an imported abstract class promises is no climb.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import estimation as est

ROOT = Path(est.__file__).parent
SETTINGS = {"draws": 50, "tune": 50, "chains": 1, "cores": 1, "progress": False}


def imports() -> dict[Path, set[Path]]:
    """Return the modules that each module imports, directly or through others."""
    files = list(ROOT.rglob("*.py"))
    names = {".".join((ROOT.name, *file.relative_to(ROOT).with_suffix("").parts)): file for file in files}
    names |= {name.removesuffix(".__init__"): file for name, file in names.items()}
    direct: dict[Path, set[Path]] = {file: set() for file in files}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found = [names.get(f"{node.module}.{alias.name}", names.get(node.module)) for alias in node.names]
                direct[file] |= {each for each in found if each}
    return {file: _reached(file, direct) for file in files}


def _reached(file: Path, direct: dict[Path, set[Path]]) -> set[Path]:
    seen: set[Path] = set()
    waiting = [file]
    while waiting:
        new = direct[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def promised(frame: FrameType, reached: set[Path]) -> bool:
    """Return whether a class in a module that the caller imports declares the method that is called."""
    owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
    kinds = (owner if isinstance(owner, type) else type(owner)).__mro__[1:] if owner is not None else ()
    declared = [kind for kind in kinds if frame.f_code.co_name in vars(kind)]
    places = [getattr(sys.modules.get(kind.__module__), "__file__", None) for kind in declared]
    return any(Path(place) in reached for place in places if place)


def recorded(fit: Any) -> tuple[list[Path], dict[tuple[Path, Path], str]]:
    """Return the modules that run during a fit, in order, and the calls that climb by their ends."""
    reach, order, climbs = imports(), {}, {}

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        here = Path(frame.f_code.co_filename)
        if event != "call" or here not in reach:
            return
        order.setdefault(here, len(order))
        back = frame.f_back
        while back is not None and Path(back.f_code.co_filename) not in reach:
            back = back.f_back
        there = here if back is None else Path(back.f_code.co_filename)
        known = reach[there] | {there}
        if here not in known and not promised(frame, known):
            climbs.setdefault((there, here), frame.f_code.co_qualname)

    sys.setprofile(watch)
    try:
        fit()
    finally:
        sys.setprofile(None)
    return list(order), climbs


def main() -> None:
    """Print the way of eight people of a shipped experiment into a fit of trust, by each method."""
    table = est.load("simulated_forecast_sharing").of(["s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08"])
    theory = est.TrustEmbedded()
    for method in ("integrated", "importance"):
        est.fit(theory, table, method=method, **SETTINGS)  # what is compiled and imported once is not the way
        order, climbs = recorded(lambda chosen=method: est.fit(theory, table, method=chosen, **SETTINGS))
        print(f"{method}: {len(order)} modules, {len(climbs)} climbs")
        print(*(f"  {file.relative_to(ROOT)}" for file in order), sep="\n")
        for (there, here), name in climbs.items():
            print(f"  climb from {there.relative_to(ROOT)} to {here.relative_to(ROOT)}: {name}")


if __name__ == "__main__":
    main()
