"""Log likelihoods of people without the bias of a logarithm, which adds up over people where random errors do not.

The logarithm of a sum over random nodes is too small on average, by half the variance v of the sum relative to its
size. Two independent halves A and B of the nodes show by how much: half the difference of their logarithms, d / 2, has
the variance v, and twice the logarithm of the whole minus the mean of theirs is ``log((A + B) / 2) + log cosh(d / 2)``
(Quenouille 1956, Biometrika 43:353-360). What is left is of the order of v², three times v of what was taken off, and
the random error is the same. So nodes per person need not grow with people.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from estimation.arrays import Array
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import likelihoods_of_people, summed_over_people
from estimation.population.structure import PopulationDraws

FARTHEST = 1.0
"""Nats between halves beyond which the correction does not grow: such a person's nodes are not good enough."""


def unbiased_likelihoods(flats: tuple[FlatNodes, ...], draws: PopulationDraws) -> Array:
    """Return log p(person | population) under every population, (draw, person), nats, as halves of nodes correct it."""
    one, other = (likelihoods_of_people(half, draws) for half in _halves(flats))
    with np.errstate(invalid="ignore"):  # halves that both explain nothing: then the mean says so
        gap = np.minimum(np.nan_to_num(np.abs(one - other), nan=0.0), FARTHEST)
    return np.asarray(np.logaddexp(one, other) - np.log(2) + np.log(np.cosh(gap / 2)))


def unbiased_sums(flats: tuple[FlatNodes, ...], draws: PopulationDraws) -> Array:
    """Return the log likelihood of everybody together under every population, (draw,), nats, without that bias."""
    return summed_over_people(flats, draws, likelihoods=unbiased_likelihoods)


def bias_left(flats: tuple[FlatNodes, ...], draws: PopulationDraws) -> Array:
    """Return by how much these sums are still off on average, (draw,), nats.

    For normal errors three halves of v² for each person, and the fourth power of d has the mean 48 v².
    """
    one, other = (likelihoods_of_people(half, draws) for half in _halves(flats))
    return np.asarray((np.abs(one - other) ** 4).sum(axis=1) / 32)


def _halves(flats: tuple[FlatNodes, ...]) -> Iterator[tuple[FlatNodes, ...]]:
    """Yield the nodes of each half."""
    rng = np.random.default_rng(0)  # of no use where halves are known
    return zip(*(flat.halves(rng) for flat in flats), strict=True)
