"""The notebooks as they stand in the repository; and one that takes seconds, run from top to bottom."""

from __future__ import annotations

import ast
import json
import re

import pytest
from notebook_checks import assert_a_run_is_sound
from notebook_runs import FOLDER, NAMES, QUICK, cells, notebook, run

import estimation as est

FAST = ("what_to_offer",)
QUESTIONS = {
    "quick_start",
    "trust_or_naivety",
    "how_trust_moves",
    "whom_people_believe",
    "from_otree_to_verdict",
    "designing_an_experiment",
    "what_people_value",
    "what_to_offer",
    "reproducing_published_results",
    "method_and_unit",
}
"""Names that another part of the package brings."""

every = pytest.mark.parametrize("name", NAMES)


def code(name):
    """Return all code of a notebook, without lines for IPython."""
    return "\n".join(cell.source for cell in cells(name, "code"))


def prose(name):
    return "\n\n".join(cell.source for cell in cells(name, "markdown"))


def test_there_is_a_notebook_for_each_question():
    assert set(NAMES) == QUESTIONS


@every
def test_outputs_are_stripped(name):
    for cell in cells(name, "code"):
        assert (cell.outputs, cell.execution_count) == ([], None), cell.source
    kept = set(notebook(name).metadata) - {"kernelspec", "language_info"}
    assert not kept, f"metadata {kept} tell of one machine; remove them"
    assert {key for cell in notebook(name).cells for key in cell.metadata} <= {"alt"}


@every
def test_no_path_of_a_machine_stands_in_a_notebook(name):
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    found = re.findall(r"(?:/home|/root|/Users|/tmp|/work|/mnt|/opt|[A-Z]:\\\\)[\w/\\.-]*", text)
    assert not found
    assert json.loads(text)["nbformat"] == 4


@every
def test_a_notebook_opens_with_its_question_and_ends_with_what_it_means(name):
    first, last = notebook(name).cells[0].source, notebook(name).cells[-1].source
    heading, *_ = first.splitlines()
    assert heading.startswith("# ")
    assert "?" in first
    for part in ("## What this means, and what it does not", "**It means**", "**It does not mean**", "**Next:**"):
        assert part in last


@every
def test_a_notebook_is_thin_with_words_between_its_cells(name):
    blocks = cells(name, "code")
    assert 6 <= len(blocks) <= 16
    assert max(len(cell.source.splitlines()) for cell in blocks) <= 20
    assert len(cells(name, "markdown")) >= len(blocks) / 2
    assert code(name).count(QUICK) == 1, "reduced draws are one line of the first cell"
    assert QUICK in blocks[0].source


@every
def test_every_figure_has_alternative_text(name):
    for cell in cells(name, "code"):
        assert ("subplots(" in cell.source) == bool(cell.metadata.get("alt")), cell.source


@every
def test_links_between_notebooks_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)\)", prose(name)):
        assert (FOLDER / target).is_file(), target
    for target in re.findall(r"`((?:docs|datasets)/[\w./-]+|[A-Z]+\.md)`", prose(name)):
        assert (FOLDER.parent / target).exists(), target


@every
def test_every_name_of_the_package_exists(name):
    nodes = ast.walk(ast.parse(code(name)))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_package(node.value)}
    used |= set(re.findall(r"`est\.(\w+)", prose(name)))
    assert used
    missing = {attribute for attribute in used if not hasattr(est, attribute)}
    assert not missing


def _is_package(node):
    return isinstance(node, ast.Name) and node.id == "est"


@pytest.mark.parametrize("name", sorted(QUESTIONS - {"reproducing_published_results", "method_and_unit"}))
def test_what_is_simulated_is_said_to_be(name):
    if re.search(r"simulated_|example/|design_power|invented", code(name)):
        assert "**SYNTHETIC**" in prose(name) or "SYNTHETIC" in code(name)


@pytest.mark.parametrize("name", FAST)
def test_a_quick_notebook_runs_from_top_to_bottom(name, tmp_path, monkeypatch):
    monkeypatch.setenv(QUICK, "1")
    assert_a_run_is_sound(name, run(name, tmp_path))
