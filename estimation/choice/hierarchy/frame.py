"""The population at coordinates, and the density there, compiled: NumPy takes longer to begin than this takes to end.

`estimation.choice.hierarchy.coordinates` says what coordinates are.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.compiled import compiled

FARTHEST = 8.0
"""Logs of the factor's diagonal, and of ratios to it, up to which a density is more than rounding error."""

UNIT = float(np.log(2))
"""softplus(0): a spread of 1, that of the reference, has the coordinate 0."""


class Frame(NamedTuple):
    """What coordinates are measured by, and what is believed of what they stand for.

    Means are shifts, column by column, and then shared coefficients.

    Attributes
    ----------
    origin : (mean,)
        Where all coordinates of means are 0.
    axes : (mean, mean)
        A move of one in each coordinate, upper triangular.
    diagonal : (random,)
        Of the factor of the precision where coordinates of spreads are 0.
    sizes : (random × (random - 1) / 2,)
        Of ratios below the factor's diagonal, row by row; none where tastes are independent.
    location, certainty : (mean,)
        Prior mean and precision.
    floor : (random,)
        Prior scale of each spread, as 1 / scale².
    degrees
        Of freedom of that prior.
    people, wide
        How many people there are, and tastes whose spreads share a prior: all, or 1 if independent.
    """

    origin: Array
    axes: Array
    diagonal: Array
    sizes: Array
    location: Array
    certainty: Array
    floor: Array
    degrees: float
    people: int
    wide: int


@compiled
def unfold(frame: Frame, q: Array, means: Array, factor: Array, precision: Array) -> None:
    """Write the means, and the precision with its Cholesky factor, (random, random), at coordinates (dimension,)."""
    count, size = len(frame.origin), len(frame.diagonal)
    for k in range(count):
        means[k] = frame.origin[k]
        for other in range(k, count):
            means[k] += frame.axes[k, other] * q[other]
    place = count + size
    for k in range(size):
        factor[k, k] = frame.diagonal[k] / _spread(q[count + k])
        for other in range(k if len(frame.sizes) else 0):
            factor[k, other] = factor[k, k] * q[place]
            place += 1
    for k in range(size):
        for other in range(k + 1):
            total = 0.0
            for inner in range(other + 1):
                total += factor[k, inner] * factor[other, inner]
            precision[k, other] = precision[other, k] = total


@compiled
def is_near(frame: Frame, q: Array) -> bool:
    """Return whether spreads and ratios are within `FARTHEST` of where they are measured from."""
    far, start, is_all = math.exp(FARTHEST), len(frame.origin) + len(frame.diagonal), True
    for k in range(len(frame.origin), start):
        is_all &= 1 / far < _spread(q[k]) < far
    for k in range(len(frame.sizes)):
        is_all &= abs(q[start + k]) / frame.sizes[k] < far
    return is_all


@compiled
def add_prior(
    frame: Frame, q: Array, means: Array, factor: Array, by_means: Array, by_precision: Array, slope: Array
) -> float:
    """Return the log density of the population at coordinates, in nats, and write the gradient of all.

    Parameters
    ----------
    q, means, factor
        As in `unfold`.
    by_means : (mean,)
    by_precision : (random, random)
        The gradient of people's log density, in which N/2 log |precision| is left out; both are written over.
    slope : (dimension,)
        Out: the gradient of prior, people, and volume of the map from coordinates.
    """
    count, size, total = len(means), len(factor), 0.0
    for k in range(count):
        gap = means[k] - frame.location[k]
        total -= 0.5 * gap * gap * frame.certainty[k]
        by_means[k] -= gap * frame.certainty[k]
    for k in range(count):
        slope[k] = 0.0
        for other in range(k + 1):
            slope[k] += frame.axes[other, k] * by_means[other]
    # Huang and Wand's density of Σ with the auxiliary scales integrated out, times the determinants of the maps from
    # Σ to the precision and from there to the logs of the factor's diagonal, with the people's determinant
    half, logs = (frame.degrees + frame.wide) / 2, frame.degrees - 2 + frame.people + frame.wide + 1
    for k in range(size):
        inner = frame.floor[k]
        for other in range(k + 1):
            inner += frame.degrees * factor[k, other] ** 2
        total += logs * math.log(factor[k, k]) - half * math.log(inner)
        by_precision[k, k] -= half * frame.degrees / inner
    place = count + size
    for k in range(size):
        along = logs
        for other in range(k + 1 if len(frame.sizes) else 0):
            by_factor = _by_factor(by_precision, factor, k, other)
            along += by_factor * factor[k, other]
            if other < k:
                slope[place] = by_factor * factor[k, k]
                place += 1
        if not len(frame.sizes):
            along += _by_factor(by_precision, factor, k, k) * factor[k, k]
        t = q[count + k]
        rise = 1 / (1 + math.exp(-t))
        steep = rise / (UNIT * _spread(t))  # d log spread / dt
        total += math.log(steep)
        slope[count + k] = 1 - rise - steep - steep * along
    return total


@compiled
def _by_factor(by_precision: Array, factor: Array, k: int, other: int) -> float:
    """Return the derivative by one element of the factor."""
    total = 0.0
    for inner in range(other, len(factor)):
        total += by_precision[k, inner] * factor[inner, other]
    return 2 * total


@compiled
def _spread(t: float) -> float:
    """Return the spread at its coordinate, as a multiple of that of the reference: log(1 + exp(t)) / log(2)."""
    return (max(t, 0.0) + math.log1p(math.exp(-abs(t)))) / UNIT
