"""Triangular tastes: weights between two ends, likeliest in the middle, and nobody's beyond the ends.

A person's weight is b + s T(z): b is the mean over people, s the half-width, and T the quantile of the triangle on
[-1, 1] at Φ(z), with a standard normal z (mlogit's and xlogit's "t"). Samplers move z as the person's taste; b and a
coordinate of s are coefficients that everybody shares. s / √6, the standard deviation over people, has the same
half-t prior as that of a normal taste, and the coordinate is the standard normal that this quantile belongs to, so that
spreads near zero have neither a long tail nor an edge.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from estimation.arrays import Array

TRIANGULAR = "triangular"
SOURCE = (
    "Triangular tastes: Hensher, D. A. & Greene, W. H. (2003). The mixed logit model: the state of practice. "
    "Transportation 30(2):133-176."
)
HALF_WIDTH = math.sqrt(6)  # of a triangle whose standard deviation is 1
REACH = HALF_WIDTH * (1 - math.sqrt(0.1))  # standard deviations that hold the middle 90 % of a triangle
WIDEST = 8.0  # coordinate beyond which spreads stay what they are: the prior has 6e-16 there
ROOT_2 = math.sqrt(2)


class Ends(NamedTuple):
    """What two shared coefficients say of a triangle: its mean and its half-width."""

    mean: Array
    half_width: Array


def quantiles(z: Array) -> Array:
    """Return T(z), from -1 to 1."""
    return np.asarray(np.copysign(1 - np.sqrt(special.erfc(np.abs(z) / ROOT_2)), z))


def standard(place: Array) -> Array:
    """Return the z of places from -1 to 1, as `quantiles` has them."""
    return np.asarray(np.copysign(ROOT_2 * special.erfcinv((1 - np.abs(place)) ** 2), place))


def spreads(t: Array | float) -> Array:
    """Return the standard deviations over people at coordinates, in units of the prior's scale.

    √2 p / √(1 - p²), p = Φ(t), the quantile of the half-t with two degrees of freedom (`DEGREES`) at p.
    """
    t = np.minimum(t, WIDEST)
    p, rest = special.ndtr(t), special.ndtr(-t)
    return np.asarray(ROOT_2 * p / np.sqrt(rest * (1 + p)))


def coordinate(sd: float) -> float:
    """Return the coordinate of a standard deviation in units of the prior's scale."""
    length = math.hypot(ROOT_2, sd)
    upper = 2 / (length * (length + sd))  # 1 - p, without cancellation
    return float(special.ndtri(sd / length) if sd < 1 else -special.ndtri(upper))


def ends_of(fixed: Array, scale: Array) -> Ends:
    """Return mean and half-width of triangles, (…, triangle).

    Parameters
    ----------
    fixed : (…, shared)
        Coefficients that everybody shares: the last two per triangle are all means, then all coordinates of spreads.
    scale : (triangle,)
        The prior's scale of each half-width.
    """
    first, count = fixed.shape[-1] - 2 * len(scale), len(scale)
    return Ends(fixed[..., first : first + count], scale * spreads(fixed[..., first + count :]))
