"""The compiled mixtures of t's are those of SciPy, and a step of expectation-maximisation is the textbook's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from estimation.population.mixture_loops import log_mixtures, updated_mixtures

DEGREES, ROWS, COMPONENTS, NODES = 5, 4, 3, 70


def mixtures(dims, seed=0):
    """Return nodes, weights, and mixtures of which some components are needles and some are wide."""
    rng = np.random.default_rng(seed)
    theta = 2 * rng.standard_normal((ROWS, dims, NODES))
    centre = rng.standard_normal((ROWS, COMPONENTS, dims))
    spread = rng.standard_normal((ROWS, COMPONENTS, dims, dims)) * 10 ** rng.uniform(-2, 1, (ROWS, COMPONENTS, 1, 1))
    scale = spread @ np.swapaxes(spread, -1, -2) + 1e-6 * np.eye(dims)
    share = rng.dirichlet(np.ones(COMPONENTS), ROWS)
    return theta, rng.dirichlet(np.ones(NODES), ROWS), centre, scale, share


def entered(theta, centre, scale, share):
    dims = theta.shape[1]
    root = np.linalg.cholesky(scale)
    constant = special.gammaln((DEGREES + dims) / 2) - special.gammaln(DEGREES / 2)
    height = constant - 0.5 * dims * np.log(DEGREES * np.pi) - np.linalg.slogdet(root)[1] + np.log(share)
    return theta, centre, np.linalg.inv(root), height, DEGREES


def log_terms(theta, centre, scale, share):
    """Return the log density of each component with its share, (row, component, node), by SciPy."""
    one = [
        [
            stats.multivariate_t(centre[r, c], scale[r, c], DEGREES, allow_singular=True).logpdf(theta[r].T)
            for c in range(COMPONENTS)
        ]
        for r in range(ROWS)
    ]
    return np.reshape(one, (ROWS, COMPONENTS, NODES)) + np.log(share)[..., None]


@pytest.mark.parametrize("dims", [1, 2, 5])
def test_densities_are_those_of_scipy(dims):
    theta, _, centre, scale, share = mixtures(dims)
    expected = special.logsumexp(log_terms(theta, centre, scale, share), axis=1)
    np.testing.assert_allclose(log_mixtures(*entered(theta, centre, scale, share)), expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("dims", [1, 2, 5])
def test_a_step_of_expectation_maximisation_weighs_near_nodes_more(dims):
    theta, weight, centre, scale, share = mixtures(dims, seed=1)
    rows, *mixture = entered(theta, centre, scale, share)
    total, moved, scatter = updated_mixtures(rows, weight, *mixture)
    belongs = special.softmax(log_terms(theta, centre, scale, share), axis=1) * weight[:, None]
    np.testing.assert_allclose(total, belongs.sum(-1), rtol=1e-6, atol=1e-12)
    for r, c in np.ndindex(ROWS, COMPONENTS):
        gap = theta[r].T - centre[r, c]
        distance = (gap @ np.linalg.inv(scale[r, c]) * gap).sum(1)
        near = belongs[r, c] * (DEGREES + dims) / (DEGREES + distance)
        middle = near @ theta[r].T / near.sum()
        np.testing.assert_allclose(moved[r, c], middle, rtol=1e-5, atol=1e-8)
        away = theta[r].T - middle
        np.testing.assert_allclose(scatter[r, c], (near[:, None] * away).T @ away, rtol=1e-4, atol=1e-9)
