"""A Gaussian in place of each person's likelihood: not the answer, but the map on which the samplers move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import expansion

ENOUGH = 1e-6  # nats that a Newton step promises: when nobody gains more, the climb ends
STEPS = 30


class Sites(NamedTuple):
    """log P(choices | θ) ≈ constant + pull'θ - θ'information θ / 2, one per person.

    Attributes
    ----------
    pull : (person, coefficient)
    information : (person, coefficient, coefficient)
    """

    pull: Array
    information: Array


def sites_at_modes(crowd: Crowd, theta: Array, mean: Array, precision: Array) -> tuple[Sites, Array]:
    """Return the expansion of each person's likelihood at their mode under a population, and the modes.

    Parameters
    ----------
    theta : (person, coefficient)
        Where to begin. Only the first ``len(precision)`` coefficients move.
    mean : (person, random)
    precision : (random, random)
        The population N(mean, precision⁻¹).
    """
    here, free, length = theta.copy(), len(precision), np.ones(len(theta))
    value, slope, information = expansion(crowd, here)
    value = value - _distance(here[:, :free] - mean, precision)
    for _ in range(STEPS):
        uphill = slope[:, :free] - (here[:, :free] - mean) @ precision
        step = np.linalg.solve(information[:, :free, :free] + precision, uphill[:, :, None])[:, :, 0]
        gain = np.einsum("nk,nk->n", uphill, step)
        if not (gain > ENOUGH).any():
            break
        trial = here.copy()
        trial[:, :free] += length[:, None] * step
        found = expansion(crowd, trial)
        there = found[0] - _distance(trial[:, :free] - mean, precision)
        better = there >= value
        length = np.where(better, 1.0, length / 2)
        here[better], value[better] = trial[better], there[better]
        slope[better], information[better] = found[1][better], found[2][better]
    return sites_at(here, slope, information), here


def sites_at(theta: Array, slope: Array, information: Array) -> Sites:
    """Return the Gaussians that have these derivatives at `theta` (person, coefficient)."""
    return Sites(slope + np.einsum("nij,nj->ni", information, theta), information)


def _distance(gap: Array, precision: Array) -> Array:
    """Return half the squared distance from the population's mean, (person,)."""
    return np.asarray(0.5 * np.einsum("nk,nk->n", gap @ precision, gap))
