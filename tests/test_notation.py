"""NOTATION.md says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from notation import DIMS, GAMES, SYMBOLS, THEORIES, notation, parameters

from estimation.fits.fit import Fit
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.problem import MessageProblem
from estimation.names import ROLES
from estimation.theories import THEORIES as ALL_THEORIES

FILE = Path(__file__).parents[1] / "NOTATION.md"


def test_the_file_is_what_the_declarations_give():
    assert FILE.read_text(encoding="utf-8") == notation(), "run `make notation`"


def test_every_theory_is_in_it():
    assert {type(theory) for theory in THEORIES} == set(ALL_THEORIES.values())


def test_a_name_means_one_thing_in_all_theories_and_games():
    said = {parameter.name: parameter for parameter in parameters()}
    for theory in THEORIES:
        for game in GAMES:
            for parameter in theory.parameters([game], ROLES):
                first = said[parameter.name]
                for part in ("symbol", "meaning", "unit", "scale", "why"):
                    assert getattr(parameter, part) == getattr(first, part), (theory, parameter.name)


def test_the_symbols_of_the_paper_stand_for_attributes_of_the_game():
    assert all(hasattr(GAMES[0], name) for name, *_ in SYMBOLS)


@pytest.mark.parametrize(
    "dim", ["chain", "draw", "sample", "subject", "parameter", "number", "kind", "covariate", "pair"]
)
def test_the_dimensions_of_a_fit_are_explained(dim):
    assert dim in DIMS
    assert dim in f"{Fit.__doc__}{MessageProblem.__doc__}{FewNumbers.__doc__}"
