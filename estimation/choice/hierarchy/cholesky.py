"""Small triangular matrices, compiled: what NumPy does with one call too many per person."""

from __future__ import annotations

import math

from estimation.arrays import Array
from estimation.choice.hierarchy.compiled import compiled


@compiled
def factorise(matrix: Array, lower: Array) -> None:
    """Write the Cholesky factor of a positive definite matrix into the lower triangle of `lower`."""
    for i in range(len(matrix)):
        for j in range(i + 1):
            rest = matrix[i, j]
            for k in range(j):
                rest -= lower[i, k] * lower[j, k]
            lower[i, j] = math.sqrt(rest) if i == j else rest / lower[j, j]


@compiled
def solve_lower(lower: Array, right: Array, out: Array) -> None:
    """Write L⁻¹ `right` into `out`, which may be `right`."""
    for i in range(len(lower)):
        rest = right[i]
        for k in range(i):
            rest -= lower[i, k] * out[k]
        out[i] = rest / lower[i, i]


@compiled
def solve_upper(lower: Array, right: Array, out: Array) -> None:
    """Write L'⁻¹ `right` into `out`, which may be `right`."""
    for i in range(len(lower) - 1, -1, -1):
        rest = right[i]
        for k in range(i + 1, len(lower)):
            rest -= lower[k, i] * out[k]
        out[i] = rest / lower[i, i]


@compiled
def invert(lower: Array, inverse: Array) -> None:
    """Write L⁻¹ into the lower triangle of `inverse`."""
    for j in range(len(lower)):
        inverse[j, j] = 1.0 / lower[j, j]
        for i in range(j + 1, len(lower)):
            rest = 0.0
            for k in range(j, i):
                rest -= lower[i, k] * inverse[k, j]
            inverse[i, j] = rest / lower[i, i]
