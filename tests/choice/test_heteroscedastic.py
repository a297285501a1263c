"""Scales of groups: exact where one group's terms are multiples of another's, and independent optimisers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame
from scipy import optimize, special

import estimation as est

TERMS = ["price", "quality"]
MODEL = est.HeteroscedasticLogit(TERMS, scale=["source"])


@pytest.fixture(scope="module")
def frame():
    """Two sources with different people: the second has terms a third as large, so that its scale is smaller."""
    first, second = choice_frame(30, 5, seed=1), choice_frame(25, 5, seed=2)
    second["subject"] = second["subject"] + "-b"
    second["situation"] = second["situation"] + "-b"
    return pd.concat([first.assign(source="a"), second.assign(source="b", **{t: second[t] / 3 for t in TERMS})])


def test_terms_a_third_as_large_have_three_times_the_scale():
    frame = choice_frame(30, 5)
    copy = frame.assign(subject=frame["subject"] + "-b", situation=frame["situation"] + "-b", source="b")
    copy = copy.assign(**{term: frame[term] / 3 for term in TERMS})
    found = est.mode(MODEL, est.read_choices(pd.concat([frame.assign(source="a"), copy])))
    alone = est.mode(est.MultinomialLogit(TERMS), est.read_choices(frame))
    np.testing.assert_allclose(found.coefficients, alone.coefficients, rtol=1e-6)
    assert found.further["scale[source[T.b]]"] == pytest.approx(3.0, rel=1e-6)
    assert found.log_likelihood == pytest.approx(2 * alone.log_likelihood)


def loss(parameters, situations):
    """Minus the log likelihood, situation by situation."""
    total = 0.0
    for is_second, x, taken in situations:
        utility = (np.exp(parameters[2]) if is_second else 1.0) * (x @ parameters[:2])
        total += special.logsumexp(utility) - utility[taken]
    return total


def test_the_mode_is_where_an_independent_optimiser_ends(frame):
    found = est.mode(MODEL, est.read_choices(frame))
    situations = [
        (rows["source"].iloc[0] == "b", rows[TERMS].to_numpy(), np.flatnonzero(rows["chosen"])[0])
        for _, rows in frame.groupby("situation")
    ]
    other = optimize.minimize(loss, np.zeros(3), args=(situations,), method="BFGS", options={"gtol": 1e-5})
    assert found.log_likelihood == pytest.approx(-other.fun, abs=1e-7)
    np.testing.assert_allclose(found.coefficients, other.x[:2], atol=1e-4)
    assert np.log(found.further.iloc[0]) == pytest.approx(other.x[2], abs=1e-4)


def test_gradient_and_prior_are_those_of_differences(frame):
    likelihood = MODEL.likelihood(est.read_choices(frame))
    here = np.array([-0.5, 0.7, 0.4])
    steps = 1e-6 * np.eye(3)
    slope = [(likelihood.slope(here + e)[0] - likelihood.slope(here - e)[0]) / 2e-6 for e in steps]
    np.testing.assert_allclose(likelihood.slope(here)[1], slope, rtol=1e-6, atol=1e-6)
    prior = [
        (likelihood.log_prior((here + e)[:, None]) - likelihood.log_prior((here - e)[:, None]))[0] / 2e-6 for e in steps
    ]
    np.testing.assert_allclose(likelihood.prior_slope(here)[0], prior, rtol=1e-6, atol=1e-6)


@pytest.fixture(scope="module")
def fit(frame):
    return est.fit(MODEL, est.read_choices(frame), seed=1, draws=300, chains=2)


def test_the_posterior_is_around_the_mode_and_shares_are_those_of_each_source(fit, frame):
    mode = est.mode(MODEL, fit.table).with_errors("information")
    summary = fit.summary.loc["scale[source[T.b]]"]
    assert abs(np.log(summary["median"]) - np.log(mode.further.iloc[0])) < 0.5 * summary["sd"] / summary["median"]
    draw = fit.posterior.isel(chain=0, draw=0)
    beta, scale = draw["coefficients"].to_numpy(), float(draw["scale"][0])
    expected, total = 0.0, 0
    for _, rows in fit.table.frame.groupby("situation", observed=True):
        own = scale if rows["source"].iloc[0] == "b" else 1.0
        share = special.softmax(own * rows[TERMS].to_numpy() @ beta)
        expected += share[(rows["alternative"] == "a").to_numpy()].sum()
        total += 1
    found = est.shares(fit, draws=10_000).draws.sel(alternative="a")
    assert float(found[0]) == pytest.approx(expected / total, rel=1e-9)


def test_surplus_is_in_money_whatever_the_scale(fit):
    """Prices that fall by one for everything are worth one to everybody, also where choices are noisier."""
    offered = est.scenario(fit.table)
    gain = est.surplus(fit, offered.change(price=lambda price: price - 1), offered, draws=20).draws
    np.testing.assert_allclose(gain, 1.0, rtol=1e-9)


def test_simulated_scales_are_found_again(frame):
    table = est.read_choices(frame)
    made = est.simulate_choices(MODEL, table, {"price": -1.0, "quality": 1.5}, scale={"source[T.b]": 2.5}, seed=4)
    found = est.mode(MODEL, made)
    assert abs(found.further.iloc[0] - 2.5) < 3.5 * found.standard_errors["scale[source[T.b]]"]
    with pytest.raises(est.ChoiceError, match=r"scale of group 'source\[T.b\]' is missing"):
        est.simulate_choices(MODEL, table, {"price": -1.0, "quality": 1.5})


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (["price"], "differs within situations"),
        (["one"], "same everywhere"),
        (["town"], "town"),
        ([], "scale is missing"),
    ],
)
def test_scales_that_are_none_are_refused(frame, scale, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.mode(est.HeteroscedasticLogit(TERMS, scale=scale), est.read_choices(frame.assign(one=1.0)))
