"""No theory knows another, and each has a page that says what would refute it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from estimation.commands.own import theory_class, theory_names, typed_name
from estimation.theories import PLAY_THEORIES, THEORIES as EVERY
from estimation.theories.messages.accusation import Accusation

# Theories of one game only share a file with the game's formulas, and have tests of their own.
THEORIES = {name: theory for name, theory in EVERY.items() if not issubclass(theory, Accusation)}
ROOT = Path(__file__).parents[2]
FILES = {
    path.stem: path for path in (ROOT / "estimation" / "theories" / "messages").glob("*.py") if path.stem != "__init__"
}
PAGES = ROOT / "docs" / "theories"


def home(theory):
    return theory.__module__.rsplit(".", 1)[1]


HOMES = {home(theory) for theory in EVERY.values()}


def imported(path):
    """Modules of this folder that a file imports, wherever in it, but for those whose theories it extends."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    extended = {base.id for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases}
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module] * ({alias.name for alias in node.names} - extended != set())
            names += [f"{node.module}.{alias.name}" for alias in node.names if alias.name not in extended]
    return {name.split(".")[3] for name in names if name.startswith("estimation.theories.messages.")}


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_this_folder_imports_a_theory_but_to_extend_it(name):
    assert imported(FILES[name]) & HOMES == set()


def test_each_theory_has_a_file_of_its_own():
    assert len({home(theory) for theory in THEORIES.values()}) == len(THEORIES)
    assert set(FILES) >= HOMES


@pytest.mark.parametrize("theory", THEORIES.values(), ids=THEORIES)
def test_each_theory_is_cited_offered_on_the_command_line_and_explained(theory):
    assert theory.citation
    assert theory.__doc__
    assert theory_class(typed_name(theory)) is theory
    page = (PAGES / f"{theory.name.replace(' ', '-')}.md").read_text(encoding="utf-8")
    assert f"`{theory.__name__}`" in page
    assert "\n## What would refute it\n" in page
    assert f"{theory.name.replace(' ', '-')}.md" in (PAGES / "README.md").read_text(encoding="utf-8")


def test_the_list_of_the_command_line_is_read_from_the_files_of_the_theories():
    every = (EVERY | PLAY_THEORIES).values()
    assert theory_names() == sorted(typed_name(theory) for theory in every)
    named_as_before = {
        "trust": "TrustEmbedded",
        "dynamic-trust": "DynamicTrust",
        "level-k": "LevelK",
        "cognitive-hierarchy": "CognitiveHierarchy",
        "quantal-response": "QuantalResponse",
        "costly-lying": "CostlyLying",
        "level-k-lying": "LevelKLying",
        "honest": "Honest",
        "babbling": "Babbling",
        "recursive-accusation": "RecursiveAccusation",
        "LevelK": "LevelK",
    }
    assert {name: theory_class(name).__name__ for name in named_as_before} == named_as_before
