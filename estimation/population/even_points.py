"""Points that fill a cube evenly, from which people's nodes are made."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri
from scipy.stats import qmc

from estimation.arrays import Array

EDGE = 1e-12  # of the unit cube, where nodes would be infinitely far away


def evenly_spread(size: tuple[int, ...], count: int, rng: np.random.Generator) -> Array:
    """Return points that fill cubes evenly, (kind, person, coordinate, point); `size` is all but the last of these.

    They come in the order of Sobol's sequence, whose beginning is even: some of its points by chance, or coordinates
    that are paired by chance, are hardly more even than random ones. A shift of its own for each person makes the
    errors of different people independent, so that they do not add up over the sample.
    """
    return np.clip((_even_points(size[-1], count) + rng.random((*size, 1))) % 1.0, EDGE, 1 - EDGE)


@cache
def _even_points(dims: int, count: int) -> Array:
    """Return points that fill the unit cube evenly, (coordinate, point)."""
    return qmc.Sobol(dims, rng=np.random.default_rng(0)).random(1 << (max(count, 1) - 1).bit_length())[:count].T


def stretch(level: Array, degrees: int) -> Array:
    """Return by how much normals are stretched lest they be too close for t's, at levels between 0 and 1.

    Read from a table, straight between its rows: to a millionth, for a quarter of the time.
    """
    return np.exp(np.interp(ndtri(level), *_stretches(degrees)))


@cache
def _stretches(degrees: int) -> tuple[Array, Array]:
    """Return normal quantiles, and the logs of stretches at their levels."""
    normal = np.linspace(ndtri(EDGE), -ndtri(EDGE), 4096)
    return normal, 0.5 * np.log(degrees / (2 * gammaincinv(degrees / 2, ndtr(normal))))
