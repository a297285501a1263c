"""Quantities where choices are certain, and where a model has none: nobody is lost, and nothing is made up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from market_of_three import DRAWS, MARKET, MNL, TAU, made

import estimation as est


@dataclass(frozen=True, eq=True)
class Bent(est.ChoiceModel):
    """A model whose utility is no weighted sum."""

    def utilities(self, x, first_row, weights):  # noqa: ARG002 - nothing depends on situations
        return np.tanh(x @ weights)


def test_whoever_is_certain_to_take_one_goes_to_the_next_best_without_it():
    """Worth 2,000 logits per unit of price, nothing is taken for certain, and without it the cheapest is."""
    certain = made(MNL, {"coefficients": (("coefficient",), [[-2000.0, 0.0], [-2000.0, 0.0]])})
    found = est.diversion(certain, MARKET).draws
    np.testing.assert_array_equal(found.sel(removed="nothing", alternative=["a", "b", "c"]), [[1.0, 0.0, 0.0]] * 2)
    assert np.isnan(found.sel(removed="a")).all()  # nobody buys it


def test_the_unscaled_form_has_no_surplus():
    model = est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]}, unscaled=True)
    fit = made(model, {"coefficients": (("coefficient",), DRAWS), "dissimilarity": (("nest",), TAU)})
    with pytest.raises(est.ChoiceError, match="the logsum is no utility"):
        est.surplus(fit, MARKET)


def test_levels_have_no_worth_of_their_own_where_utility_is_no_sum():
    fit = made(Bent(["price", "quality"]), {"coefficients": (("coefficient",), DRAWS)})
    with pytest.raises(est.ChoiceError, match="levels have no worth of their own"):
        est.attribute_importances(fit)
