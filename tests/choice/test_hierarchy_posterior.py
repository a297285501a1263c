"""The hierarchical logit's posterior: an exact grid, the truth, calibration, and what its fits say."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
import pytest
from oracles.choice_calibration import chances, choices_of, design, hierarchical
from scipy import special

import estimation as est
from estimation.choice.hierarchy.integral import Integral
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePopulation, TastePrior
from estimation.choice.hierarchy.sampler import sample

GRID = 41  # points each way: steps of a seventh of a logit, of which a posterior is several wide


@pytest.fixture(scope="module")
def one_taste():
    """Twenty SYNTHETIC people, six choices among three, one coefficient: small enough for an exact posterior."""
    rng = np.random.default_rng(21)
    choices = choices_of(design(rng, people=20, size=1), rng.normal(0.7, 1.2, (20, 1)), rng)
    prior = TastePrior(np.zeros(1), np.ones((1, 1)), np.ones(1), np.empty(0), np.empty(0))
    return MixedLogit(choices, (0,), (), np.zeros(1), np.ones((20, 1)), False, prior)


def person_likelihoods(choices, nodes):
    """Return log P(person's choices | weight), (person, node)."""
    x = choices.x.reshape(-1, 3)
    chosen = choices.chosen - choices.first_row[:-1]
    utility = x[:, :, None] * nodes
    log_p = utility[np.arange(len(x)), chosen] - special.logsumexp(utility, axis=1)
    return log_p.reshape(choices.people, -1, len(nodes)).sum(axis=1)


@pytest.fixture(scope="module")
def exact(one_taste):
    """Posterior mean and sd of (mean, log spread) on a grid, people integrated out by Gauss-Hermite quadrature."""
    means, logs = np.linspace(-2.5, 3.5, GRID), np.linspace(-4.0, 3.0, GRID)
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    value = np.empty((GRID, GRID))
    for i, mean in enumerate(means):
        for j, log_sd in enumerate(logs):
            terms = person_likelihoods(one_taste.choices, mean + np.exp(log_sd) * points)
            people = special.logsumexp(terms + np.log(weights / weights.sum()), axis=1).sum()
            half_t = -(DEGREES + 1) / 2 * np.log1p(np.exp(2 * log_sd) / DEGREES)
            value[i, j] = people - mean**2 / 2 + half_t + log_sd
    p = np.exp(value - value.max())
    p /= p.sum()
    grids = means[:, None] + 0 * logs, logs + 0 * means[:, None]
    middle = np.array([(p * grid).sum() for grid in grids])
    return middle, np.sqrt([(p * (grid - m) ** 2).sum() for grid, m in zip(grids, middle, strict=True)])


@pytest.fixture(scope="module")
def drawn(one_taste):
    return sample(one_taste, seed=3, draws=1500, chains=2)


def test_the_posterior_is_the_exact_one_on_a_grid(exact, drawn):
    import arviz as az

    draws = np.stack([drawn.shift[..., 0, 0], 0.5 * np.log(drawn.covariance[..., 0, 0])])
    for found, middle, sd in zip(draws, *exact, strict=True):
        error = found.std() / np.sqrt(float(az.ess(found)))
        assert abs(found.mean() - middle) < 3 * error + 0.01 * sd
        assert abs(found.std() / sd - 1) < 0.12


def test_people_integrated_out_equal_quadrature(one_taste, drawn):
    points, weights = np.polynomial.hermite_e.hermegauss(120)
    for mean, sd in [(0.5, 0.8), (0.9, 1.5)]:
        population = TastePopulation(np.array([[mean]]), np.array([[sd**-2]]), np.empty(0))
        found, quality = Integral(one_taste, drawn.sites, drawn.middle, [population]).everybody(seed=1)
        terms = person_likelihoods(one_taste.choices, mean + sd * points)
        wanted = special.logsumexp(terms + np.log(weights / weights.sum()), axis=1)
        errors = np.array([one.error for one in quality])
        assert (np.abs(found[0] - wanted) < 5 * errors + 0.02).all()
        assert max(one.k for one in quality) < 0.7


@pytest.fixture(scope="module")
def table():
    """Sixty SYNTHETIC people; prices are disliked log-normally, size is liked by age, brand by nobody in particular."""
    rng = np.random.default_rng(31)
    people, situations = 60, 8
    age = rng.normal(40, 10, people)
    common = rng.multivariate_normal([0, 0], [[0.25, 0.4], [0.4, 1.0]], people)
    weights = pd.DataFrame(
        {"price": -np.exp(-0.3 + common[:, 0]), "size": 1.0 + 0.06 * (age - age.mean()) + common[:, 1], "brand": 0.8},
        index=[f"s{n}" for n in range(people)],
    )
    rows = people * situations * 3
    frame = pd.DataFrame(
        {
            "subject": np.repeat([f"s{n}" for n in range(people)], situations * 3),
            "situation": np.repeat(np.arange(people * situations), 3),
            "alternative": np.tile(["a", "b", "c"], people * situations),
            "chosen": np.tile([1, 0, 0], people * situations),
            "price": rng.uniform(0, 4, rows),
            "size": rng.normal(size=rows),
            "brand": rng.integers(0, 2, rows),
            "age": np.repeat(age, situations * 3),
        }
    )
    terms = est.MultinomialLogit(["price", "size", "brand"])
    return est.simulate_choices(terms, est.read_choices(frame, name="tastes"), weights, seed=5)


MODEL = est.MultinomialLogit(
    ["price", "size", "brand"], random=["price", "size"], distributions={"price": "-lognormal"}, covariates=["age"]
)


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(MODEL, table, seed=1, chains=2, progress=False)


def test_the_truth_is_recovered(fit):
    summary = fit.summary
    truth = {"mean[price]": -0.3, "mean[size]": 1.0, "mean[brand]": 0.8, "sd[price]": 0.5, "sd[size]": 1.0}
    truth |= {"covariance[price, size]": 0.4, "shift[age, size]": 0.06, "shift[age, price]": 0.0}
    z = {name: (summary.loc[name, "mean"] - value) / summary.loc[name, "sd"] for name, value in truth.items()}
    assert max(map(abs, z.values())) < 3.5, z


def test_each_pair_of_weights_has_one_covariance(fit):
    pairs = [name for name in fit.draws if name.startswith("covariance")]
    weights = ["price", "size", "brand"]
    assert pairs == [f"covariance[{one}, {other}]" for one, other in combinations_with_replacement(weights, 2)]
    held = fit.posterior["covariance"].sel(coefficient="price", other="size").to_numpy().ravel()
    np.testing.assert_array_equal(fit.draws["covariance[price, size]"], held)
    assert list(fit.summary.index) == list(fit.draws.columns)


def test_its_chains_and_integrals_pass_every_check(fit):
    assert est.diagnose(fit).ok, est.diagnose(fit)


def test_price_is_disliked_by_everybody_and_brand_liked_alike(fit):
    weights = fit.tree["people"].dataset["coefficients"]
    assert (weights.sel(coefficient="price") < 0).all()
    np.testing.assert_allclose(weights.sel(coefficient="brand").std("subject"), 0, atol=1e-12)
    assert (fit.tree["posterior"]["sd"].sel(coefficient="brand") == 0).all()


def test_a_fit_is_read_back_as_it_was(fit, tmp_path):
    again = est.load_fit(fit.save(tmp_path / "tastes.nc"))
    assert again.model == fit.model
    pd.testing.assert_frame_equal(again.summary, fit.summary)


def test_the_same_seed_gives_the_same_draws(one_taste):
    first, second = (sample(one_taste, seed=9, draws=20, chains=2).shift for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_chains_that_are_short_go_on_and_are_thinned(one_taste):
    """Rounds of 20, 20, 40 and 80 sweeps, of which every second is kept."""
    longer = sample(one_taste, seed=9, draws=20, chains=2, is_short=lambda _: True, rounds=4)
    at_once = sample(one_taste, seed=9, draws=160, chains=2)
    np.testing.assert_array_equal(longer.shift, at_once.shift[:, 1::2])


def test_what_is_not_there_is_named(table):
    with pytest.raises(est.ChoiceError, match="weight") as caught:
        est.fit(est.MultinomialLogit(["price"], random=["weight"]), table)
    assert "price" in str(caught.value)
    with pytest.raises(est.ChoiceError, match="'size' does not describe people"):
        est.fit(est.MultinomialLogit(["price"], random="all", covariates=["size"]), table)
    with pytest.raises(est.ChoiceError, match="pooled"):
        est.fit(est.MultinomialLogit(["price"], random="all", distributions={"price": "fixed"}), table)


def test_ranks_of_the_truth_are_uniform():
    """Five of the simulations of the slow test; five quantities, Bonferroni at one in a thousand."""
    assert chances(hierarchical(5, seed=20)).min() > 0.001 / 5
