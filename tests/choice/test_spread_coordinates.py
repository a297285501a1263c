"""Coordinates of spreads: one spread each, no barrier at zero, and moves as long as the density's curvature allows."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.choice.hierarchy.adaptation import started
from estimation.choice.hierarchy.chain import TasteChain
from estimation.choice.hierarchy.problem import TastePopulation

COVARIANCE = np.array([[0.7, 0.6], [0.6, 1.5]])


@pytest.fixture
def chain() -> TasteChain:
    model = est.MultinomialLogit(["price", "quality"], random="all")
    found = started(model.on(choice_table(40)).hierarchy, np.random.default_rng(3))
    found.settle(found.sites, TastePopulation(np.array([[-0.8], [1.0]]), np.linalg.inv(COVARIANCE), np.zeros(0)))
    return found


@pytest.mark.parametrize("taste", [0, 1])
@pytest.mark.parametrize("t", [-5.0, 2.0])
def test_a_coordinate_moves_its_spread_as_a_softplus_and_no_correlation(chain, taste, t):
    q = chain.coordinates.of(chain.coordinates.reference)
    q[2 + taste] = t
    found = np.linalg.inv(chain.coordinates.population(q).precision)
    ratio = np.ones(2)
    ratio[taste] = np.log1p(np.exp(t)) / np.log(2)
    np.testing.assert_allclose(found, COVARIANCE * np.outer(ratio, ratio))


@pytest.mark.parametrize("taste", [0, 1])
def test_a_spread_goes_to_zero_whatever_its_correlations_for_its_prior_is_flat_there(chain, taste):
    """Below any spread that choices could tell from none, the density of log spreads falls by the log spread alone."""
    q, theta = chain.coordinates.of(chain.coordinates.reference), chain.theta.copy()
    chain.white = np.random.default_rng(4).standard_normal((40, 2))
    there = []
    for t in (-7.5, -6.5):
        q[2 + taste] = t
        there.append(chain.density(q, theta)[0])
    assert there[1] - there[0] == pytest.approx(1.0, abs=0.05)


def test_moves_are_whitened_by_the_curvature_that_gradients_tell(chain):
    """Gradients of a normal have its precision as their covariance."""
    rng, size, points = np.random.default_rng(5), len(chain.coordinates.scale), 40_000
    half = 0.3 * rng.standard_normal((size, size)) + np.eye(size)
    slopes = rng.standard_normal((points, size)) @ half.T / chain.coordinates.scale
    chain.coordinates.learn(slopes)
    white = slopes @ chain.coordinates.root
    np.testing.assert_allclose(white.T @ white / points, np.eye(size), atol=5 * np.sqrt(2 / points))


def test_what_was_learned_is_kept_by_chains_that_start_there(chain):
    for _ in range(30):
        chain.sweep(adapt=True)
    chain.learn()
    other = TasteChain(chain.problem, chain.population, chain.theta.copy(), chain.rng, chain.sites)
    other.settle(chain.sites, chain.coordinates.reference, chain.coordinates.root)
    np.testing.assert_array_equal(other.coordinates.root, chain.coordinates.root)
    assert np.abs(np.triu(other.coordinates.root, 1)).max() > 0
