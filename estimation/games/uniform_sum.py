"""The sum Z of two independent centred uniforms, of widths A and B: its quantile and its expected excess.

In forecast sharing Z is what a receiver does not know: how much of a report to believe, plus the noise in demand.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Module, Numbers

_NARROW = 1e-3  # below this ratio of widths the cubic formula loses digits and its series is exact to 1e-8


def quantile(probability: float, width: Numbers, other_width: float, xp: Module = np) -> Numbers:
    """Return the `probability` quantile of Z; broadcasts over `width`, same unit as the widths.

    Three pieces: two parabolic tails and a straight middle, because the density of Z is a trapezium.
    """
    wide, narrow = xp.maximum(width, other_width), xp.maximum(xp.minimum(width, other_width), 1e-12)
    tail = narrow / (2 * wide)
    area = wide * narrow
    low = -(wide + narrow) / 2 + xp.sqrt(2 * probability * area)
    high = (wide + narrow) / 2 - xp.sqrt(2 * (1 - probability) * area)
    middle = wide * (probability - 0.5)
    return xp.where(probability < tail, low, xp.where(probability > 1 - tail, high, middle))


def expected_excess(threshold: Numbers, width: Numbers, other_width: float, xp: Module = np) -> Numbers:
    """Return E max(threshold - Z, 0); broadcasts, same unit as the widths.

    It is the density integrated twice, four cubes over ``6 A B``; for a very narrow A the expansion around A = 0.
    """
    safe = xp.maximum(width, _NARROW * other_width)
    outer, inner = (safe + other_width) / 2, xp.abs(safe - other_width) / 2
    inside = xp.minimum(threshold, outer)
    cubes = xp.maximum(inside + outer, 0) ** 3 - xp.maximum(inside + inner, 0) ** 3 - xp.maximum(inside - inner, 0) ** 3
    exact = cubes / (6 * safe * other_width) + xp.maximum(threshold - outer, 0)
    return xp.where(width < _NARROW * other_width, _narrow_excess(threshold, width, other_width, xp), exact)


def _narrow_excess(threshold: Numbers, width: Numbers, other_width: float, xp: Module) -> Numbers:
    """Expand the expected excess to second order in a small width."""
    half = other_width / 2
    single = xp.minimum(xp.maximum(threshold + half, 0), other_width) ** 2 / (2 * other_width)
    curvature = xp.where(xp.abs(threshold) < half, 1 / other_width, 0.0)
    return single + xp.maximum(threshold - half, 0) + width**2 / 24 * curvature
