"""The architecture: which part of the package may import which. The table below is the document."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "estimation"

GROUND = {
    "allowed",
    "arrays",
    "counts",
    "listed",
    "errors",
    "names",
    "reading",
    "saving",
    "sealing",
    "locking",
    "drawing",
    "threads",
}
"""What every part may import: arrays, checks of words and counts, errors, names of columns, files and figures."""

MAY_IMPORT: dict[str, set[str]] = {
    **{name: set() for name in GROUND},
    # theories and games are found by name, whoever defined them
    "registry": {"text"},
    "progress": set(),
    # what a term or a formula may contain
    "expressions": set(),
    # numbers and tables as text
    "text": set(),
    # many independent pieces of work: executors, and results on disk
    "jobs": {"saving", "progress", "fits"},
    # from a table to what one person does
    "games": {"registry", "text"},
    "data": {"games", "text"},
    # what every fit is made of, whatever was fitted
    "fits": {"saving", "text", "data", "games"},
    "theories": {"registry", "games", "text"},
    # what people value: choice data, utilities, and their own fast samplers; no games, no theories
    "choice": {"registry", "expressions", "progress", "fits", "text", "data"},
    # from one person to many, and from many to an answer
    "population": {"text", "progress", "expressions", "fits", "theories", "data", "games"},
    "inference": {"jobs", "text", "progress", "fits", "choice", "population", "theories", "data", "games"},
    "evaluation": {"jobs", "fits", "text", "inference", "choice", "population", "theories", "data", "games"},
    # what a design could show, and whether a fit can be believed: many fits
    "studies": {
        *("jobs", "fits", "text", "evaluation", "inference", "choice", "population", "theories", "data"),
        "games",
    },
    # published numbers, computed anew by whatever part they are about
    "replication": {*("text", "evaluation", "inference", "choice", "population", "theories", "data", "games")},
    # decisions about products: they take plain arrays and draws, so they know nothing of games
    "assortment": {"text"},
    # decisions on data that ship with the package
    "examples": {"assortment", "data", "games"},
    # what people see
    "report": {
        *("assortment", "choice", "replication", "evaluation", "inference", "population"),
        *("theories", "data", "games", "fits", "text"),
    },
    # a folder from which somebody else gets the numbers of a paper
    "papers": {"registry", "text", "games", "data", "fits", "inference", "evaluation", "report"},
    "commands": {"*"},
    "cli": {"*"},
    "__main__": {"*"},
    "__init__": {"*"},
}
"""Part of the package → the parts that it may import, besides itself and the ground."""

MODULES = sorted(PACKAGE.rglob("*.py"))
LINES = 250


def part_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> list[tuple[str, list[str]]]:
    """Return (module, names) of each import of our own modules, wherever in the file it stands."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, [alias.name for alias in node.names]))
    return [(module, names) for module, names in found if module.split(".")[0] == "estimation"]


def parts_imported(path: Path) -> set[str]:
    parts = set()
    for module, names in imports_of(path):
        pieces = module.split(".")
        parts |= {pieces[1]} if len(pieces) > 1 else set(names)
    return parts - {part_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_one_way(path):
    allowed = MAY_IMPORT[part_of(path)] | GROUND
    if "*" not in allowed:
        assert parts_imported(path) <= allowed


def test_the_table_of_imports_has_no_circle_and_names_every_part():
    parts = {part_of(path) for path in MODULES}
    assert parts <= set(MAY_IMPORT)
    placed: set[str] = set()
    waiting = {part: allowed for part, allowed in MAY_IMPORT.items() if "*" not in allowed}
    while waiting:
        ready = {part for part, allowed in waiting.items() if allowed <= placed}
        assert ready, f"these import each other in a circle: {sorted(waiting)}"
        placed |= ready
        waiting = {part: allowed for part, allowed in waiting.items() if part not in ready}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def uses_of(modules: dict[str, Path]) -> dict[str, dict[str, set[str]]]:
    """Return module → module that it imports, be it in a function or for types alone → names that it takes."""
    uses: dict[str, dict[str, set[str]]] = {module: {} for module in modules}
    for module, path in modules.items():
        for origin, names in imports_of(path):
            for name in names or [origin.rpartition(".")[2]]:
                submodule = f"{origin}.{name}"
                uses[module].setdefault(submodule if submodule in modules else origin, set()).add(name)
    return uses


def circles(uses: dict[str, dict[str, set[str]]]) -> list[set[str]]:
    """Return the sets of modules each of which leads to all others of its set."""
    reached = {module: set(others) & set(uses) for module, others in uses.items()}
    for between in uses:
        for others in reached.values():
            if between in others:
                others.update(reached[between])
    cyclic = {module for module, others in reached.items() if module in others}
    return [
        {other for other in reached[module] if module in reached[other]}
        for module in sorted(cyclic)
        if all(module <= other for other in reached[module] if module in reached[other])
    ]


def test_no_modules_import_each_other_in_a_circle():
    uses = uses_of({module_of(path): path for path in MODULES})
    told = [
        f"{one} takes {', '.join(sorted(uses[one][other]))} from {other}"
        for circle in circles(uses)
        for one in sorted(circle)
        for other in sorted(circle & set(uses[one]))
    ]
    assert told == [], "\n" + "\n".join(told)


LAYERED = ("assortment", "choice", "data", "evaluation", "inference", "report", "studies", "theories")
"""Parts whose folders build on each other in one direction; files that stand in a part itself may know all of them."""


@pytest.mark.parametrize("part", LAYERED)
def test_folders_of_a_part_do_not_import_each_other_in_a_circle(part):
    modules = {module_of(path): path for path in MODULES if part_of(path) == part}
    folder = {module: path.parent.relative_to(PACKAGE).as_posix() for module, path in modules.items()}
    uses: dict[str, dict[str, set[str]]] = {name: {} for name in folder.values() if name != part}
    for module, others in uses_of(modules).items():
        for other in others.keys() & modules.keys():
            if folder[module] in uses and folder[other] in uses and folder[module] != folder[other]:
                uses[folder[module]].setdefault(folder[other], set()).add(f"{module} takes from {other}")
    assert uses
    told = [uses[one][other] for circle in circles(uses) for one in circle for other in circle & set(uses[one])]
    assert told == []


def test_a_circle_is_found_and_named_wherever_in_a_file_the_imports_stand(tmp_path):
    package = tmp_path / "estimation"
    package.mkdir()
    texts = {
        "one": "def late():\n    from estimation.two import Two\n",
        "two": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from estimation import three\n",
        "three": "import estimation.one\n",
        "above": "from estimation.one import late\n",
    }
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text)
    uses = uses_of({f"estimation.{name}": package / f"{name}.py" for name in texts})
    assert circles(uses) == [{"estimation.one", "estimation.two", "estimation.three"}]
    assert uses["estimation.one"] == {"estimation.two": {"Two"}}
    assert uses["estimation.two"] == {"estimation.three": {"three"}}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_module_reaches_into_another_ones_private_names(path):
    private = [
        f"{module}.{name}" if name else module
        for module, names in imports_of(path)
        for name in [*names, ""]
        if any(piece.startswith("_") for piece in [*module.split("."), name])
    ]
    assert private == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_each_module_says_what_it_is_for_and_fits_on_a_few_screens(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(parsed(path)), "the module has no docstring"
    assert len(text.splitlines()) <= LINES


def loaded_by(module, libraries):
    """Return which libraries a fresh process has loaded after importing `module`."""
    code = f"import sys, {module}; print(*[name for name in {libraries} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("module", ["estimation", "estimation.cli"])
def test_the_package_and_its_help_start_without_their_heavy_libraries(module):
    assert loaded_by(module, ["pymc", "pytensor", "numba", "arviz", "nutpie", "matplotlib"]) == []


@pytest.mark.parametrize("module", ["estimation.games", "estimation.theories", "estimation.data"])
def test_data_games_and_theories_are_used_without_the_sampler(module):
    assert loaded_by(module, ["pymc", "pytensor", "arviz", "nutpie", "matplotlib"]) == []
