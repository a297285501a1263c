"""Shares of kinds of people: the prior gives every theory of a mixture the same weight, and is proper at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from test_coordinates import problem_of

import estimation as est
from estimation.population.normal import Population
from estimation.population.structure import Coordinates

MIXED = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=3)])
"""Five kinds, four of them of one theory."""


@pytest.fixture(scope="module")
def structure():
    return problem_of(MIXED).structure


def test_populations_drawn_from_the_prior_give_each_theory_half_of_the_people_on_average(structure):
    rng, draws = np.random.default_rng(1), 4000
    share = np.array([structure.prior.numbers(rng)["share"] for _ in range(draws)])
    trust = share[:, 0]
    assert trust.mean() == pytest.approx(0.5, abs=4 * trust.std() / np.sqrt(draws))
    assert stats.kstest(trust, "uniform").pvalue > 1e-3, "every division over the two theories is equally likely"
    np.testing.assert_allclose(share[:, 1:].mean(axis=0), 0.125, atol=4 * 0.2 / np.sqrt(draws))


def test_the_search_starts_at_the_mean_of_the_prior(structure):
    np.testing.assert_allclose(structure.prior.vague().share, [0.5, *[0.125] * 4])


def test_the_density_of_log_ratios_is_that_of_the_dirichlet_and_its_jacobian(structure):
    coordinates, rng = Coordinates(structure), np.random.default_rng(2)
    vectors = np.zeros((len(coordinates), 6))
    vectors[-4:] = rng.normal(0, 2, (4, 6))
    share = coordinates.populations(vectors).found["share"]
    exact = stats.dirichlet.logpdf(share.T, structure.concentration) + np.log(share).sum(axis=1)
    np.testing.assert_allclose(np.diff(coordinates.log_prior(vectors)), np.diff(exact), rtol=1e-9)


def test_the_density_of_log_ratios_is_proper_at_concentrations_below_one(structure):
    """A share that goes to zero has an infinite density; its logarithm has a tail that can be integrated."""
    coordinates, at = Coordinates(structure), np.linspace(-400, 0, 401)
    vectors = np.zeros((len(coordinates), len(at)))
    vectors[-1] = at  # the last but one kind, of weight 1/4
    fall = np.diff(coordinates.log_prior(vectors))
    np.testing.assert_allclose(fall[:350], 0.25, rtol=1e-6)


def test_shares_given_people_are_the_posterior_mean_and_never_negative(structure):
    dims, people = len(structure.effects), 10
    ones, before = np.ones((people, dims)), Population(np.zeros(dims), np.ones(dims), np.full(5, 0.2))
    found = structure.prior.most_likely(ones, 0 * ones, ones, np.array([10.0, 0, 0, 0, 0]), before)
    np.testing.assert_allclose(found.share, [11 / 12, *[0.25 / 12] * 4])


def test_the_prior_of_pymc_has_the_same_density(structure):
    import pymc as pm
    from uncompiled import UNCOMPILED

    from estimation.population.model import population_variables

    with pm.Model() as model:
        population_variables(1, structure.concentration)
    share = np.array([0.3, 0.1, 0.2, 0.15, 0.25])
    forward = model.rvs_to_transforms[model["share"]].forward(share).eval(mode=UNCOMPILED)
    density = model.compile_fn(model.logp(vars=[model["share"]], jacobian=False), mode=UNCOMPILED)
    assert density({"share_simplex__": forward}) == pytest.approx(
        stats.dirichlet.logpdf(share, structure.concentration)
    )


def test_levels_alone_keep_an_even_prior():
    structure = problem_of(est.LevelK(max_level=3)).structure
    assert structure.concentration == (1.0,) * 4
    vectors = np.random.default_rng(3).normal(size=(len(Coordinates(structure)), 3))
    vectors[:-3] = 0.0
    even = special.log_softmax(np.pad(vectors[-3:], ((0, 1), (0, 0))), axis=0).sum(axis=0)
    np.testing.assert_allclose(np.diff(Coordinates(structure).log_prior(vectors)), np.diff(even))
