"""Willingness-to-pay space: amounts of money as parameters, against the definition, ratios and maxima written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table
from scipy import optimize
from test_hierarchy_kernels import STEP, by_loops, ragged  # noqa: F401 - a fixture

import estimation as est
from estimation.choice.hierarchy.crowd import crowd_of
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.utilities.design import arrays_of

TERMS = ["price", "quality"]
MONEY = est.MultinomialLogit(TERMS, wtp_space="price")


@pytest.fixture(scope="module")
def table():
    return choice_table(60, 8)


def weights_of(theta):
    """Return α (ω'x - p) as weights: the third is log α, the first a log-normal amount, the second a normal one."""
    alpha = np.exp(theta[:, 2])
    return np.column_stack([alpha * np.exp(theta[:, 0]), alpha * theta[:, 1], -alpha])


def test_people_value_attributes_by_the_price_coefficient_times_their_amounts(ragged):  # noqa: F811
    theta = np.random.default_rng(1).normal(size=(4, 3))
    value, slope, information = expansion(crowd_of(ragged, (0, 1, 2), np.array([1.0, 0.0, -1.0]), 2), theta)
    np.testing.assert_allclose(value, by_loops(ragged, weights_of(theta)), rtol=1e-12)
    of_weights = expansion(crowd_of(ragged, (0, 1, 2), np.zeros(3)), weights_of(theta))[2]
    for k in range(3):
        move = STEP * np.eye(3)[k]
        numeric = (by_loops(ragged, weights_of(theta + move)) - by_loops(ragged, weights_of(theta - move))) / 2 / STEP
        np.testing.assert_allclose(slope[:, k], numeric, atol=1e-8)
    for n in range(4):
        moves = STEP * np.eye(3)
        turn = (weights_of(theta[n] + moves) - weights_of(theta[n] - moves)) / 2 / STEP
        np.testing.assert_allclose(information[n], turn @ of_weights[n] @ turn.T, atol=1e-8)


def test_the_pooled_maximum_is_that_of_utilities_and_its_errors_those_of_the_curvature(table):
    found, arrays = est.mode(MONEY, table), arrays_of(MONEY, table)
    by_utility = est.mode(est.MultinomialLogit(TERMS), table)
    assert found.log_likelihood == pytest.approx(by_utility.log_likelihood, abs=1e-9)

    def loss(parameters):
        price, quality = parameters
        utility = price * arrays.x[:, 0] - price * quality * arrays.x[:, 1]
        total = np.add.reduceat(np.exp(utility), arrays.first_row[:-1])
        return float(np.sum(np.log(total) - utility[arrays.chosen]))

    top = optimize.minimize(loss, [-1.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).x
    np.testing.assert_allclose(found.coefficients, top, atol=1e-6)
    moves = 1e-4 * np.eye(2)
    curvature = [
        [(loss(top + a + b) - loss(top + a - b) - loss(top - a + b) + loss(top - a - b)) / 4e-8 for b in moves]
        for a in moves
    ]
    usual = found.with_errors("information").covariance
    np.testing.assert_allclose(usual, np.linalg.inv(curvature), rtol=1e-3)


def test_derivatives_of_the_pooled_likelihood_equal_finite_differences(table):
    likelihood, here = MONEY.on(table).likelihood, np.array([0.3, -0.7])
    _, slope = likelihood.slope(here)
    moves = [STEP * row for row in np.eye(2)]
    rises = [(likelihood.slope(here + move)[0] - likelihood.slope(here - move)[0]) / 2 / STEP for move in moves]
    np.testing.assert_allclose(slope, rises, rtol=1e-6)
    bends = [(likelihood.slope(here - move)[1] - likelihood.slope(here + move)[1]) / 2 / STEP for move in moves]
    np.testing.assert_allclose(likelihood.information(here), bends, rtol=1e-5)
    values = [float(likelihood.log_prior((here + sign * moves[0])[:, None])[0]) for sign in (1, -1)]
    assert likelihood.prior_slope(here)[0][0] == pytest.approx((values[0] - values[1]) / 2 / STEP, rel=1e-6)


def test_pooled_draws_are_worth_what_ratios_of_utilities_say(table):
    money, utility = (est.fit(model, table, seed=1, draws=500) for model in (MONEY, est.MultinomialLogit(TERMS)))
    ours, theirs = (est.willingness_to_pay(fit).draws.to_numpy()[:, 0] for fit in (money, utility))
    error = np.hypot(ours.std(), theirs.std()) / np.sqrt(300)
    assert abs(ours.mean() - theirs.mean()) < 4 * error + 0.05 * theirs.std()  # priors differ a little
    assert ours.std() == pytest.approx(theirs.std(), rel=0.2)
    assert "in units of price" in money.problem.estimates(money.tree["posterior"].dataset, "made up")[0].caption


@pytest.fixture(scope="module")
def people():
    """Thirty people who pay 1.5 (sd .8) for a unit of quality, with one price coefficient for all."""
    table, rng = choice_table(30, 8), np.random.default_rng(2)
    amounts = rng.normal(1.5, 0.8, 30)
    weights = pd.DataFrame({"price": -0.8, "quality": 0.8 * amounts}, index=table.subjects)
    return est.simulate_choices(est.MultinomialLogit(TERMS), table, weights, seed=3)


def test_amounts_of_people_are_those_of_tastes_where_everybody_has_one_price_coefficient(people):
    utility = est.MultinomialLogit(TERMS, random=["quality"])
    money = est.MultinomialLogit(TERMS, random=["quality"], wtp_space="price")
    ours, theirs = (
        est.fit(model, people, seed=1, draws=200, chains=2).tree["posterior"].dataset for model in (money, utility)
    )
    for part in ("mean", "sd"):
        ratio = theirs[part].sel(coefficient="quality") / -theirs["mean"].sel(coefficient="price")
        amount = ours[part].sel(coefficient="quality")
        assert abs(float(amount.mean() - ratio.mean())) < 0.3 * float(ratio.std())  # priors differ a little
        assert float(amount.std()) == pytest.approx(float(ratio.std()), rel=0.3)


def test_willingness_to_pay_is_the_parameter_itself_and_is_never_unstable(people):
    model = est.MultinomialLogit(TERMS, random="all", wtp_space="price")
    fit = est.fit(model, people, seed=1, draws=100, chains=2)
    worth = est.willingness_to_pay(fit, people="new").table.loc["quality"]
    assert worth["low"] < 1.5 < worth["high"]
    posterior = fit.tree["posterior"].dataset
    middle = float(posterior["mean"].sel(coefficient="quality").mean())
    assert worth["median"] == pytest.approx(middle, abs=0.2)
    assert fit.problem.truth(np.random.default_rng(0)).weights["price"].max() < 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"wtp_space": "cost"}, "none of the coefficients"),
        ({"wtp_space": "price", "random": "all", "distributions": {"price": "normal"}}, "must be -lognormal or fixed"),
    ],
)
def test_a_price_that_is_none_is_refused(table, options, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.MultinomialLogit(TERMS, **options).on(table)
