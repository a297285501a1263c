"""A peak that is wide and one that is a thin bend, in one person: mixtures hug both, and no weight has a heavy tail."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from estimation.fits.checks import GOOD_K, effective_size, tail_shapes
from estimation.population.normal import Population
from estimation.population.proposal import CLOSER, fitted, sharpened

THICKNESS = 0.02
SOME, COMPONENTS, DRAWN = 1024, 24, 4096


def bend(place):
    return -0.3 * place**2


def log_density(theta):
    """Half of it all around (0, 6), half on a bend; theta (dim, node), integral one."""
    wide = stats.norm.logpdf(theta[0], 0, 2) + stats.norm.logpdf(theta[1], 6, 1.5)
    thin = stats.norm.logpdf(theta[0]) + stats.norm.logpdf(theta[1], bend(theta[0]), THICKNESS)
    return np.logaddexp(wide, thin) - np.log(2) + stats.norm.logpdf(theta[2])


def places(rng):
    """Where a long walk through that density would be, (kind, person, dim, node)."""
    first, second, third = rng.standard_normal((3, SOME))
    is_thin = rng.random(SOME) < 0.5
    first = np.where(is_thin, first, 2 * first)
    second = np.where(is_thin, bend(first) + THICKNESS * second, 6 + 1.5 * second)
    return np.stack([first, second, third])[None, None]


@pytest.mark.parametrize("seed", range(5))
def test_a_mixture_hugs_a_wide_peak_and_a_thin_bend_at_once(seed):
    theta = places(np.random.default_rng(seed))
    population = Population(np.zeros((1, 3)), np.full(3, 4.0), np.ones(1))
    worth = {}
    for closer in (1.0, CLOSER):
        rng = np.random.default_rng(seed)
        proposal = fitted(theta, np.zeros((1, 1, SOME)), COMPONENTS, population, DRAWN, rng, closer)
        drawn = proposal.draw(rng)
        log_weight = log_density(drawn[0, 0]) - proposal.log_total(drawn)[0, 0]
        worth[closer] = effective_size(special.softmax(log_weight)[None])[0]
    assert tail_shapes(log_weight[None])[0] < GOOD_K
    assert worth[CLOSER] > 2 * worth[1.0]
    assert abs(special.logsumexp(log_weight)) < 4 / np.sqrt(worth[CLOSER])


def with_a_narrow_peak(theta):
    """A fifth of it is near (1, 1, 1), the rest all around; theta (dim, node), integral one."""
    wide = stats.norm.logpdf(theta, 0, 2).sum(axis=0)
    narrow = stats.norm.logpdf(theta, 1, 0.2).sum(axis=0)
    return np.logaddexp(np.log(0.8) + wide, np.log(0.2) + narrow)


@pytest.mark.parametrize("seed", range(5))
def test_components_that_are_added_where_nodes_weigh_most_cover_a_narrow_peak_that_few_nodes_met(seed):
    rng = np.random.default_rng(seed)
    population = Population(np.zeros((1, 3)), np.full(3, 4.0), np.ones(1))
    proposal = fitted(2 * rng.standard_normal((1, 1, 3, SOME)), np.zeros((1, 1, SOME)), 4, population, DRAWN, rng)
    worth = []
    for _ in range(3):
        drawn = proposal.draw(rng)
        log_weight = with_a_narrow_peak(drawn[0, 0]) - proposal.log_total(drawn)[0, 0]
        worth.append(effective_size(special.softmax(log_weight)[None])[0])
        proposal = sharpened(proposal, drawn, log_weight[None, None], 8, DRAWN, rng)
    assert worth[2] > 10 * worth[0]
    assert tail_shapes(log_weight[None])[0] < GOOD_K
    assert abs(special.logsumexp(log_weight)) < 4 / np.sqrt(worth[2])
    np.testing.assert_allclose(proposal.share.sum(axis=-1), 1.0)
