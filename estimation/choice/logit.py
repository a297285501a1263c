"""The multinomial logit likelihood with its gradient and its curvature, for one vector of weights or for many.

McFadden (1974): P(j) = exp(x_j'β) / Σ_k exp(x_k'β) over the alternatives that were available. The log likelihood is
concave in β.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.segments import log_sum_exp, segment_sum

BLOCK = 50_000
"""Numbers that are held at once: a block of them stays in the processor's cache."""


def situation_log_likelihood(arrays: ChoiceArrays, coefficients: Array) -> Array:
    """Return log P(chosen) of each situation, (situation,) or (situation, draw), nats.

    Parameters
    ----------
    coefficients : (coefficient,) or (coefficient, draw)
    """
    utility = arrays.x @ coefficients
    return np.asarray(utility[arrays.chosen] - log_sum_exp(utility, arrays.first_row)[0])


def value_and_slope(arrays: ChoiceArrays, coefficients: Array) -> tuple[float, Array]:
    """Return the weighted log likelihood, nats, and its gradient, (coefficient,)."""
    utility = arrays.x @ coefficients
    inclusive, share = log_sum_exp(utility, arrays.first_row)
    sizes = np.diff(arrays.first_row)
    residual = -share * np.repeat(arrays.weight, sizes)
    residual[arrays.chosen] += arrays.weight
    value = float(arrays.weight @ (utility[arrays.chosen] - inclusive))
    return value, np.asarray(residual @ arrays.x)


def curvature(arrays: ChoiceArrays, coefficients: Array) -> Array:
    """Return minus the second derivative of the log likelihood, (coefficient, coefficient): Fisher information."""
    total = np.zeros((arrays.x.shape[1],) * 2)
    for part in blocks(arrays, BLOCK // arrays.x.shape[1] + 1):
        _, share = log_sum_exp(part.x @ coefficients, part.first_row)
        weighted = part.x * share[:, None]
        mean = segment_sum(weighted, part.first_row)
        row_weight = np.repeat(part.weight, np.diff(part.first_row))
        total += (weighted * row_weight[:, None]).T @ part.x - (mean * part.weight[:, None]).T @ mean
    return total


def blocks(arrays: ChoiceArrays, rows: int = BLOCK) -> Iterator[ChoiceArrays]:
    """Yield the situations in blocks of about so many rows; people are not told apart in them."""
    for start, end in spans(arrays.first_row, rows):
        yield part_of(arrays, start, end)


def centred(arrays: ChoiceArrays) -> Iterator[Array]:
    """Yield the columns around their means within situations, (row, coefficient), in blocks."""
    for part in blocks(arrays):
        sizes = np.diff(part.first_row)
        yield part.x - np.repeat(segment_sum(part.x, part.first_row) / sizes[:, None], sizes, axis=0)


def spans(first_row: Indices, rows: int) -> list[tuple[int, int]]:
    """Return (start, end) of consecutive situations that have about so many rows together."""
    ends = np.searchsorted(first_row, np.arange(rows, first_row[-1] + rows, rows), side="left")
    ends = np.unique(np.clip(ends, 1, len(first_row) - 1))
    return list(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True))


def part_of(arrays: ChoiceArrays, start: int, end: int) -> ChoiceArrays:
    """Return some consecutive situations, as if one person had made all the choices."""
    low, high = arrays.first_row[start], arrays.first_row[end]
    return ChoiceArrays(
        arrays.x[low:high],
        arrays.first_row[start : end + 1] - low,
        arrays.chosen[start:end] - low,
        np.array([0, end - start]),
        arrays.weight[start:end],
        arrays.attributes,
        ("",),
    )
