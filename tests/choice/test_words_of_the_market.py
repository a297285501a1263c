"""What `estimation market` cannot answer is refused in words of the command line."""

from __future__ import annotations

import pytest
from choice_grid import case_of

import estimation as est
from estimation.commands.choice_options import as_options
from estimation.commands.market_inputs import menus_of, worths_of

ALIKE = case_of(est.MultinomialLogit(["price", "quality"]), outside=None)
PEOPLE = case_of(est.MultinomialLogit(["price", "quality"], random="all"), differ=True)


def test_menus_need_an_outside_option_which_the_fit_is_told_of(tmp_path):
    (tmp_path / "products.csv").write_text("product,price,quality,margin\n1,1.0,0.0,2\n2,2.0,1.0,1\n", encoding="utf-8")
    with pytest.raises(est.ChoiceError) as caught, as_options():
        menus_of(ALIKE.fit, tmp_path / "products.csv", "margin", None, "known")
    assert "estimation fit-choice … --outside NAME" in str(caught.value)
    assert "=" not in str(caught.value)


def test_part_worths_of_people_need_weights_that_differ():
    with pytest.raises(est.ChoiceError) as caught, as_options():
        worths_of(ALIKE.fit)
    assert "leave --part-worths out, or fit weights that differ: estimation fit-choice … --random all" in str(
        caught.value
    )
    assert list(worths_of(PEOPLE.fit).index) == PEOPLE.fit.table.subjects
