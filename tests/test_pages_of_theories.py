"""Every theory has a page with equations, parameters, a figure, code, and what would refute it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from estimation.theories import PLAY_THEORIES, THEORIES as EVERY

pytestmark = pytest.mark.usefixtures("site")

ROOT = Path(__file__).parents[1]


def test_parameters_priors_and_recovery_on_pages_are_those_of_the_code_and_of_the_studies(site):
    tables = importlib.import_module("theory_tables")
    for file in tables.FILES:
        text = file.read_text(encoding="utf-8")
        assert "written by docs/site/theory_tables.py" in text, file
        assert tables.filled(file.stem, text) == text, f"{file}: run python docs/site/theory_tables.py"


SECTIONS = (
    "What (it|they) says?",
    "Parameters",
    "Fit (it|them)",
    "What would refute",
    "What (it|they) cannot be told apart from",
)
THEORY_PAGES = sorted(file.stem for file in (ROOT / "docs" / "theories").glob("*.md") if file.stem != "README")


@pytest.mark.parametrize("page", THEORY_PAGES)
def test_a_page_of_a_theory_has_equations_parameters_a_figure_code_and_what_would_refute_it(page, site):
    figures, tables = (importlib.import_module(name) for name in ("theory_figures", "theory_tables"))
    text = (ROOT / "docs" / "theories" / f"{page}.md").read_text(encoding="utf-8")
    assert [part for part in SECTIONS if not re.search(rf"^## {part}", text, re.MULTILINE)] == []
    assert text.count("$$") >= 2
    assert text.count("$$") % 2 == 0
    shown = re.findall(r"!\[[^\]]{30,}\]\(([\w-]+)\.png\)", text)
    assert shown == [f"{page}-{place + 1}" for place in range(len(shown))]
    assert shown
    assert all((ROOT / "docs" / "theories" / f"{name}.png").is_file() for name in shown)
    assert page in figures.FIGURES
    assert page in tables.THEORIES
    assert f"({page}.md)" in (ROOT / "docs" / "theories" / "README.md").read_text(encoding="utf-8")


def test_every_theory_has_a_page():
    theories = {
        type(theory)
        for options in importlib.import_module("theory_tables").THEORIES.values()
        for theory in options.values()
    }
    missing = {theory.__name__ for theory in (*EVERY.values(), *PLAY_THEORIES.values())} - {
        theory.__name__ for theory in theories
    }
    assert missing == {"NaiveAccusation", "Nash"}  # on the page of the recursive theory; without parameters
