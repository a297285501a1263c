"""A peak that is wide and one that is a thin bend, in one person: mixtures hug both, and no weight has a heavy tail."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from estimation.fits.checks import GOOD_K, effective_size, tail_shapes
from estimation.population.normal import Population
from estimation.population.proposal import CLOSER, fitted

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
