"""Maximum likelihood of mixed logits: the right slope, the right value, the truth found again. All data SYNTHETIC."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

import estimation as est
from estimation.choice.hierarchy.maximum import evaluated, maximum
from estimation.choice.hierarchy.vector import parameters
from estimation.replication.simulated_likelihood import simulated_log_likelihood

MEANS, SDS, EFFECT = np.array([0.8, -0.6]), np.array([0.9, 0.4]), 0.5


def crowd(people, situations=8, seed=1):
    """People with independent normal tastes, the first of which rises with their age."""
    rng = np.random.default_rng(seed)
    age = np.round(rng.normal(size=people), 2)
    tastes = MEANS + SDS * rng.normal(size=(people, 2)) + np.outer(age - age.mean(), [EFFECT, 0.0]) / age.std()
    x = rng.normal(size=(people, situations, 3, 2))
    chosen = (np.einsum("ntjk,nk->ntj", x, tastes) + rng.gumbel(size=x.shape[:3])).argmax(axis=-1)
    n, t, j = (place.ravel() for place in np.indices(x.shape[:3]))
    frame = pd.DataFrame({"subject": n, "situation": n * situations + t, "alternative": np.array(list("abc"))[j]})
    frame["chosen"] = (chosen[n, t] == j).astype(int)
    return est.read_choices(frame.assign(x=x[n, t, j, 0], z=x[n, t, j, 1], age=age[n]), name="crowd")


@pytest.mark.parametrize("covariance", ["diagonal", "full"])
def test_the_slope_is_that_of_finite_differences(covariance):
    model = est.MultinomialLogit(["x", "z"], random="all", covariance=covariance, covariates=["age"])
    problem = model.hierarchy(crowd(60))
    top = maximum(problem)
    nodes = evaluated(problem, top.population, seed=2)
    x = parameters(top.population, problem.diagonal) + 0.1
    numeric = approx_fprime(x, lambda at: nodes.negative(at)[0], 1e-6)
    np.testing.assert_allclose(nodes.negative(x)[1], numeric, atol=1e-3)
    assert np.abs(numeric).max() > 1


def test_means_spreads_and_effects_of_covariates_are_found_again():
    table = crowd(400)
    found = est.mode(est.MultinomialLogit(["x", "z"], random="all", covariates=["age"]), table)
    true = {"mean of x": 0.8, "mean of z": -0.6, "sd of x": 0.9, "sd of z": 0.4, "x: age": EFFECT, "z: age": 0.0}
    z = (found.summary["estimate"] - pd.Series(true)) / found.summary["standard_error"]
    assert np.abs(z).max() < 3, found
    assert (found.summary["standard_error"] < 0.1).all()
    assert abs(found.correlations.loc["x", "z"]) < 0.5


@pytest.mark.parametrize("draws", [4_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_the_value_is_that_of_thousands_of_halton_draws(draws):
    model, table = est.MultinomialLogit(["x", "z"], random="all", covariance="diagonal"), crowd(40)
    found = est.mode(model, table)
    at = {name: (found.means[name], found.spreads[name]) for name in ("x", "z")}
    simulated = simulated_log_likelihood(model, table, at, draws=draws, seed=1)
    assert abs(found.log_likelihood - simulated.value) < 3 * np.hypot(found.error, simulated.error)
    assert found.error < 0.2


def test_where_everybody_does_the_same_there_is_no_spread_to_estimate():
    table = crowd(2)
    one = table.of(table.subjects[:1]).rows[["situation", "alternative", "chosen", "x"]]
    one = one.assign(situation=one["situation"].astype(int))
    everybody = pd.concat(
        [one.assign(subject=n, situation=one["situation"] + 100 * n) for n in range(20)], ignore_index=True
    )
    with pytest.raises(est.ChoiceError, match="a spread may be zero"):
        est.mode(est.MultinomialLogit(["x"], random="all"), est.read_choices(everybody))


def test_weights_of_which_some_are_the_same_for_everybody_are_left_to_the_posterior():
    with pytest.raises(est.ChoiceError, match=r"\['z'\] are the same for everybody; use estimation\.fit"):
        est.mode(est.MultinomialLogit(["x", "z"], random=["x"]), crowd(5))
