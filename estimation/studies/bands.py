"""Uniform or not: simultaneous bands for the distribution function of ranks, and intervals for coverage."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from arviz_stats.ecdf_utils import ecdf_pit
from scipy import stats

from estimation.arrays import Array

SIMULATED = 4000  # experiments by which the bands' width is found


@lru_cache(maxsize=32)
def simultaneous_band(count: int, probability: float) -> tuple[Array, Array, Array]:
    """Return points, lower and upper ends that hold the whole distribution function with a probability.

    Of `count` uniform numbers (Säilynoja, Bürkner and Vehtari 2022, Statistics and Computing 32:32), by ArviZ.
    """
    uniform = np.linspace(0, 1, count)
    rng = np.random.default_rng(count)
    points, _, lower, upper = ecdf_pit(uniform, probability, SIMULATED, rng=rng)
    return np.asarray(points), np.asarray(lower), np.asarray(upper)


def distribution_at(ranks: Array, points: Array) -> Array:
    """Return the share of ranks that are at most each point."""
    return np.searchsorted(np.sort(ranks), points, side="right") / len(ranks)


def is_uniform(ranks: Array, probability: float) -> bool:
    """Return whether the distribution function of ranks stays inside the band."""
    points, lower, upper = simultaneous_band(len(ranks), probability)
    inner = slice(1, -1)
    value = distribution_at(ranks, points)[inner]
    return bool(((lower[inner] <= value) & (value <= upper[inner])).all())


def coverage_limits(level: float, count: int, probability: float) -> tuple[float, float]:
    """Return between which shares a coverage lies with a probability, if intervals are right (binomial)."""
    tail = (1 - probability) / 2
    low, high = stats.binom.ppf([tail, 1 - tail], count, level)
    return float(low) / count, float(high) / count
