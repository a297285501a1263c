"""Quantiles of weighted values."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array


def quantiles(values: Array, weight: Array, levels: tuple[float, ...]) -> list[float]:
    """Return the values at which the cumulative weight reaches each level."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    return [
        float(values[order][min(int(np.searchsorted(reached, level)), len(values) - 1)]) for level in levels
    ]
