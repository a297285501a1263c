"""How many components proposals have: few for a nearly normal posterior in many dimensions, many where it bends."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.population.components import TRIED, best_components, proposals_of_walks
from estimation.population.normal import Population
from estimation.population.proposal import CLOSER, fitted

PLACES, MOST = 1024, 32


def population(dims):
    return Population(np.zeros(dims), np.full(dims, 2.0), np.ones(1))


def normal(rng, dims):
    """A tilted normal."""
    root = np.eye(dims) + 0.3 * np.tril(rng.normal(size=(dims, dims)), -1)
    return root @ rng.normal(size=(dims, PLACES))


def bent(rng, dims):
    """A thin sheet bent into most of a circle."""
    angle = rng.uniform(0, 5, PLACES)
    place = 0.02 * rng.normal(size=(dims, PLACES))
    place[:2] += np.cos(angle), np.sin(angle)
    return place


@pytest.mark.parametrize("seed", range(3))
def test_a_normal_in_many_dimensions_has_few_components_and_a_bent_sheet_many(seed):
    rng = np.random.default_rng(seed)
    for dims, shape, low, high in ((12, normal, 1, 2), (2, bent, 16, MOST), (3, bent, 16, MOST)):
        (count,) = best_components(shape(rng, dims)[None, None], MOST, population(dims), rng)
        assert low <= count <= high, (dims, shape.__name__, count)


def test_everybody_has_the_number_that_suits_them_and_nobody_more_than_are_allowed():
    rng = np.random.default_rng(5)
    places = np.stack([normal(rng, 3), bent(rng, 3), normal(rng, 3)])[None]
    found = dict.fromkeys(range(3), 0)
    for some, proposal in proposals_of_walks(places, 12, population(3), 500, rng):
        assert proposal.draw(rng).shape == (1, len(some), 3, 500)
        found |= dict.fromkeys(some.tolist(), proposal.share.shape[-1])
    assert found[1] == 12
    assert max(found[0], found[2]) < 12
    assert set(found.values()) <= {*TRIED, 12}


def test_nodes_in_many_dimensions_are_worth_many_more_with_the_number_that_predicts_best():
    """Effective nodes of a standard normal in twelve dimensions, against as many components as are allowed."""
    rng = np.random.default_rng(2)
    places = rng.normal(size=(12, PLACES))[None, None]
    ((_, best),) = proposals_of_walks(places, MOST, population(12), 4000, rng)
    most = fitted(places, np.zeros((1, 1, PLACES)), MOST, population(12), 4000, rng, CLOSER)
    assert worth(best, rng) > 5 * worth(most, rng)


def worth(proposal, rng):
    """Return how many independent nodes the nodes of a proposal are worth."""
    theta = proposal.draw(rng)
    weight = np.exp(-0.5 * (theta**2).sum(axis=2) - proposal.log_total(theta))
    return float(weight.sum() ** 2 / (weight**2).sum())
