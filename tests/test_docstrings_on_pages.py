"""What the pages of the reference make of docstrings before Sphinx reads them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

SITE = Path(__file__).parents[1] / "docs" / "site"
RETURNS = ["Returns", "-------"]
RAISES = ["", "Raises", "------", "FitError", "    If it is not there."]


@pytest.fixture(scope="module")
def docstrings():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SITE))
        return importlib.import_module("docstrings")


def read(docstrings, lines):
    found = ["Do it.", "", *lines]
    docstrings.plain_text(None, "function", "it", None, None, found)
    return found[2:]


def test_what_stands_before_a_colon_is_no_type_of_what_is_returned(docstrings):
    text = ["One row per step. Columns: revenue (money),", "utility (log units)."]
    wanted = ["", ":returns: One row per step. Columns: revenue (money),", "          utility (log units)."]
    assert read(docstrings, [*RETURNS, *text, *RAISES]) == [*wanted, *RAISES]
    assert read(docstrings, [*RETURNS, *text]) == wanted


def test_a_type_with_its_text_below_it_stays_one(docstrings):
    typed = [*RETURNS, "Interactive", "    To be shown."]
    assert read(docstrings, [*typed, *RAISES]) == [*typed, *RAISES]
