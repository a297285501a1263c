"""Triangular tastes in the innermost loops: what `triangular` has for arrays, number by number, with derivatives."""

from __future__ import annotations

import math

from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.triangular import ROOT_2, WIDEST

FARTHEST = 30.0  # z beyond which a triangle ends: 1 - |T| is zero to all digits
ROOT_2PI = math.sqrt(2 * math.pi)


@compiled
def quantile(z: float) -> float:
    """Return T(z), from -1 to 1."""
    inside = 1 - math.sqrt(math.erfc(min(abs(z), FARTHEST) / ROOT_2))
    return inside if z >= 0 else -inside


@compiled
def quantile_slope(z: float) -> float:
    """Return dT / dz."""
    z = min(abs(z), FARTHEST)
    return math.exp(-0.5 * z * z) / (ROOT_2PI * math.sqrt(math.erfc(z / ROOT_2)))


@compiled
def spread(t: float) -> float:
    """Return the standard deviation over people at its coordinate, in units of the prior's scale."""
    t = min(t, WIDEST)
    p, rest = 0.5 * math.erfc(-t / ROOT_2), 0.5 * math.erfc(t / ROOT_2)
    return ROOT_2 * p / math.sqrt(rest * (1 + p))


@compiled
def spread_slope(t: float) -> float:
    """Return its derivative."""
    if t > WIDEST:
        return 0.0
    p, rest = 0.5 * math.erfc(-t / ROOT_2), 0.5 * math.erfc(t / ROOT_2)
    inside = rest * (1 + p)
    return ROOT_2 * math.exp(-0.5 * t * t) / (ROOT_2PI * inside * math.sqrt(inside))
