"""From fits of choices to decisions about products: the weights are those of the draws, written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table, with_outside

import estimation as est

PRODUCTS = pd.DataFrame(
    {"price": [1.0, 2.0, 3.0, 4.0], "quality": [0.0, 0.5, 1.0, 2.5]}, index=["plain", "good", "better", "best"]
)


@pytest.fixture(scope="module")
def fitted():
    return est.fit(est.MultinomialLogit(["price", "quality"]), with_outside(), seed=1)


def test_weights_are_exp_of_the_utilities_of_every_draw(fitted):
    draws = fitted.tree["posterior"].dataset["coefficients"].to_numpy().reshape(-1, 2)
    weights = fitted.product_weights(PRODUCTS, draws=len(draws))
    assert weights.shape == (len(draws), 1, 4)
    for draw in (0, 17, len(draws) - 1):
        price, quality = draws[draw]
        expected = [np.exp(price * row.price + quality * row.quality) for row in PRODUCTS.itertuples()]
        np.testing.assert_allclose(weights[draw, 0], expected, rtol=1e-12)


def test_the_chance_of_buying_nothing_is_that_of_the_market_that_the_fit_predicts(fitted):
    problem = est.Assortment.from_fit(fitted, PRODUCTS, "price", draws=50)
    none = est.under_draws(problem).draws.measures(np.ones((1, 4), dtype=bool))[2][:, 0]
    market = est.scenario(fitted.table, PRODUCTS.rename_axis("alternative").reset_index().assign(income=1.0))
    shares = est.shares(fitted, market, draws=50).draws
    np.testing.assert_allclose(none, shares.sel(alternative="nothing"), rtol=1e-10)


def test_the_problem_made_from_a_fit_carries_its_draws_its_means_and_its_label(fitted):
    problem = est.Assortment.from_fit(fitted, PRODUCTS, "price").subject_to(est.AtMost(2))
    assert problem.catalogue.products.tolist() == PRODUCTS.index.tolist()
    np.testing.assert_allclose(np.log(problem.catalogue.weight), np.log(problem.draws).mean(axis=(0, 1)))
    assert problem.catalogue.label == fitted.label
    assert "SYNTHETIC" in problem.catalogue.label
    decision = est.under_draws(problem).solve(0.5)
    assert 0 < len(decision) <= 2
    assert decision.plug_in_loss >= 0


def test_revenue_may_be_margins_of_ones_own(fitted):
    margin = pd.Series([0.5, 0.2, 0.9, 1.5], index=["better", "plain", "good", "best"])
    problem = est.Assortment.from_fit(fitted, PRODUCTS, margin)
    assert problem.catalogue.revenue.tolist() == [0.2, 0.9, 0.5, 1.5]


def test_formulas_and_transformations_reach_products_that_nobody_was_offered():
    fitted = est.fit(est.MultinomialLogit(["np.log1p(price)", "quality"]), with_outside(), seed=1)
    draws = fitted.tree["posterior"].dataset["coefficients"].to_numpy().reshape(-1, 2)
    weights = fitted.product_weights(PRODUCTS, draws=len(draws))
    expected = np.exp(draws[5] @ np.array([np.log1p(PRODUCTS["price"]), PRODUCTS["quality"]]))
    np.testing.assert_allclose(weights[5, 0], expected, rtol=1e-12)


def test_products_that_nobody_was_offered_have_the_constant_of_the_alternative_that_they_name():
    constants = est.fit(est.MultinomialLogit(["price"], constants=True), with_outside(), seed=1)
    offered = [name for name in constants.table.alternatives if name != "nothing"]
    own = offered[-1]
    sizes = pd.DataFrame({"alternative": own, "price": [1.0, 3.0]}, index=["small", "large"])
    alone = pd.DataFrame({"price": [1.0, 3.0]}, index=[own, offered[0]])
    named, labelled = (constants.product_weights(products, draws=40) for products in (sizes, alone))
    np.testing.assert_allclose(named[..., 0], labelled[..., 0], rtol=1e-12)
    price = constants.tree["posterior"].dataset["coefficients"].sel(coefficient="price").to_numpy().ravel()
    slope = np.log(named[..., 1] / named[..., 0]).ravel() / 2
    assert np.isin(slope.round(8), price.round(8)).all()
    menu = est.under_draws(est.Assortment.from_fit(constants, sizes, "price", draws=40)).solve()
    assert set(menu.products) <= {"small", "large"}
    with pytest.raises(est.ChoiceError, match="'nothing' is buying nothing"):
        constants.product_weights(sizes.assign(alternative=[own, "nothing"]))


def test_everything_that_keeps_a_fit_from_pricing_products_is_listed():
    forced = est.fit(est.MultinomialLogit(["price", "quality"]), choice_table(people=30), seed=1)
    with pytest.raises(est.ChoiceError) as caught:
        forced.product_weights(PRODUCTS.drop(columns="quality").assign(price=[1.0, np.nan, 2.0, 3.0]))
    assert len(caught.value.problems) == 3
    for part, problem in zip(
        ("no outside option", "'quality' is missing", "empty cells"), caught.value.problems, strict=True
    ):
        assert part in problem
    constants = est.fit(est.MultinomialLogit(["price"], constants=True), with_outside(), seed=1)
    with pytest.raises(est.ChoiceError, match="in a column 'alternative'"):
        constants.product_weights(PRODUCTS)
    nested = est.fit(est.NestedLogit(["price"], nests={"pair": ("a", "b")}), with_outside(), seed=1)
    with pytest.raises(est.ChoiceError, match="no mixture of logits"):
        nested.product_weights(PRODUCTS)
