"""Sums and soft maxima over the alternatives of each situation, whatever the sizes of the sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from estimation.arrays import Array, Indices


def segment_sum(values: Array, first: Indices) -> Array:
    """Return the sums over consecutive rows, (segment, …): segment t has rows ``first[t]`` to ``first[t + 1]``."""
    return _reduced(np.add, values, first)


def log_sum_exp(values: Array, first: Indices) -> tuple[Array, Array]:
    """Return log Σ exp over consecutive rows, (segment, …), and each row's share of the sum, (row, …).

    Nothing overflows however large the values are: each segment is shifted by its maximum.
    """
    sizes = np.diff(first)
    top = _reduced(np.maximum, values, first)
    share = values - np.repeat(top, sizes, axis=0)
    np.exp(share, out=share)
    total = segment_sum(share, first)
    share /= np.repeat(total, sizes, axis=0)
    return top + np.log(total), share


def _reduced(function: Any, values: Array, first: Indices) -> Array:
    size = first[1] - first[0]
    if len(first) > 1 and len(values) == size * (len(first) - 1) and bool(np.all(np.diff(first) == size)):
        return np.asarray(function.reduce(values.reshape(-1, size, *values.shape[1:]), axis=1))
    return np.asarray(function.reduceat(values, first[:-1], axis=0))
