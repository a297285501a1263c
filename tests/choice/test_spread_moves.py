"""Moves of one spread with everybody's standardised taste held: right by the prior written out, and long near zero."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.choice.hierarchy import scaling
from estimation.choice.hierarchy.problem import DEGREES, TastePopulation


def hierarchy(covariance: str):
    model = est.MultinomialLogit(["price", "quality"], random="all", covariance=covariance)
    return model.on(choice_table(10)).hierarchy


def log_density(covariance, spread, wide: int) -> float:
    """Huang and Wand (2013), eq. 4, for matrices (wide = size) or for single variances (wide = 1)."""
    inner = DEGREES * np.diag(np.linalg.inv(covariance)) + 1 / spread**2
    return -(DEGREES + 2 * wide) / 2 * np.linalg.slogdet(covariance)[1] - (DEGREES + wide) / 2 * np.log(inner).sum()


@pytest.mark.parametrize("kind", ["full", "diagonal"])
@pytest.mark.parametrize("log", [-6.0, -0.5, 2.0])
def test_the_prior_of_a_spread_is_that_of_the_covariance_with_its_volume(kind, log):
    problem, wide = hierarchy(kind), 2 if kind == "full" else 1
    covariance = np.array([[0.7, 0.2], [0.2, 1.5]]) if kind == "full" else np.diag([0.7, 1.5])
    scale = np.diag([1.0, np.exp(log)])
    before, after = (log_density(c, problem.prior.spread, wide) for c in (covariance, scale @ covariance @ scale))
    precision = np.linalg.inv(covariance)
    found = [scaling._log_prior(problem, precision, 1, at) for at in (log, 0.0)]
    assert found[0] - found[1] == pytest.approx(after - before + (wide + 1) * log)


def test_standardised_tastes_and_correlations_are_held_and_other_people_stay_where_they_were():
    problem, rng = hierarchy("full"), np.random.default_rng(0)
    covariance = np.array([[0.7, 0.2], [0.2, 1.5]])
    before = TastePopulation(np.array([[-0.8], [1.0]]), np.linalg.inv(covariance), np.zeros(0))
    theta = rng.multivariate_normal([-0.8, 1.0], covariance, size=10)
    begin = theta.copy()
    after = scaling.Scalings(problem).move(before, theta, rng, adapt=False)
    found = np.linalg.inv(after.precision)
    ratio = np.sqrt(np.diag(found) / np.diag(covariance))
    np.testing.assert_allclose(found, covariance * np.outer(ratio, ratio))
    np.testing.assert_allclose(theta - [-0.8, 1.0], (begin - [-0.8, 1.0]) * ratio)


def test_a_spread_near_zero_moves_by_its_own_size():
    problem, rng = hierarchy("full"), np.random.default_rng(1)
    spread = np.array([1e-4, 1.0])
    logs = []
    for _ in range(100):
        theta = np.array([-0.8, 1.0]) + spread * rng.standard_normal((10, 2))
        start = TastePopulation(np.array([[-0.8], [1.0]]), np.diag(1 / spread**2), np.zeros(0))
        logs.append(-np.log(scaling.Scalings(problem).move(start, theta, rng, adapt=False).precision[0, 0]) / 2)
    assert np.mean(np.abs(np.array(logs) - np.log(1e-4))) > 1.0
