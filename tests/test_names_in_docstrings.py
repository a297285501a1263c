"""What documentation in the code refers to is there: modules and what is in them."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "estimation"
PARTS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
DOTTED = re.compile(rf"(?<!`)`(?:estimation\.)?((?:{'|'.join(PARTS)})(?:\.\w+)+)`(?!`)")
FILES = {"games.toml"}
NAMED = sorted(
    {name for path in PACKAGE.rglob("*.py") for name in DOTTED.findall(path.read_text(encoding="utf-8"))} - FILES
)


def is_there(name):
    """Whether a dotted name is a module of the package, or something in one."""
    pieces = ["estimation", *name.split(".")]
    known = max(end for end in range(1, len(pieces) + 1) if find_spec_of(pieces[:end]))
    found = import_module(".".join(pieces[:known]))
    for piece in pieces[known:]:
        if not hasattr(found, piece):
            return False
        found = getattr(found, piece)
    return True


def find_spec_of(pieces):
    try:
        return find_spec(".".join(pieces))
    except ModuleNotFoundError:  # a class has no modules
        return None


@pytest.mark.parametrize("name", NAMED)
def test_names_in_docstrings_lead_somewhere(name):
    assert is_there(name)


def test_a_name_that_leads_nowhere_is_found():
    assert {"fits.job.Settings", "population.formulas"} <= set(NAMED)
    assert is_there("fits.job.Settings")
    assert not is_there("fits.job.Setting")
    assert not is_there("inference.few_numbers")
