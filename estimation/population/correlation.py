"""Correlations of a person's parameters: the LKJ prior (Lewandowski, Kurowicka and Joe 2009), matrices of numbers.

The prior is built of partial correlations, row by row below the diagonal: they are independent, each a beta variable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from estimation.arrays import Array

LKJ = 2.0  # of the correlations: 2 doubts those near ±1 and is nearly flat between (Lewandowski et al. 2009)


def draw_correlation(dims: int, rng: np.random.Generator) -> Array:
    """Draw a correlation matrix (dim, dim) from LKJ(`LKJ`) by partial correlations."""
    pairs = [rng.beta(shape, shape) * 2 - 1 for shape in lkj_shapes(dims)]
    root = correlation_root(pairs, dims, np.sqrt)
    lower = np.array([[root[d][e] if e <= d else 0.0 for e in range(dims)] for d in range(dims)])
    return lower @ lower.T


def lkj_shapes(dims: int) -> list[float]:
    """Return the beta shape of each partial correlation, row by row below the diagonal (Lewandowski et al. 2009)."""
    return [LKJ + (dims - 2 - e) / 2 for d in range(1, dims) for e in range(d)]


def correlation_root(partial: Any, dims: int, sqrt: Any) -> list[list[Any]]:
    """Return the rows of the Cholesky factor of a correlation matrix whose partial correlations are given.

    The first row is 1; row d holds d entries times what the earlier ones leave of a length of one, and the rest.
    Numbers and graphs alike: `sqrt` is the root of either.
    """
    rows: list[list[Any]] = [[1.0]]
    position = 0
    for d in range(1, dims):
        left: Any = 1.0
        row: list[Any] = []
        for _ in range(d):
            row.append(partial[position] * left)
            left = left * sqrt(1 - partial[position] ** 2)
            position += 1
        rows.append([*row, left])
    return rows


def correlations_of(partial: Array, dims: int) -> Array:
    """Return correlations below the diagonal (node, pair) from partial correlations (pair, node)."""
    rows = correlation_root(partial, dims, np.sqrt)
    root = np.zeros((partial.shape[1], dims, dims))
    for d, row in enumerate(rows):
        for e, entry in enumerate(row):
            root[:, d, e] = entry
    matrix = root @ np.swapaxes(root, 1, 2)
    row_index, column_index = np.tril_indices(dims, -1)
    return matrix[:, row_index, column_index]


def correlation_matrices(below: Array, dims: int) -> Array:
    """Return matrices (draw, dim, dim) of what stands below their diagonals (draw, pair), row by row."""
    matrix = np.tile(np.eye(dims), (len(below), 1, 1))
    row, column = np.tril_indices(dims, -1)
    matrix[:, row, column] = matrix[:, column, row] = below
    return matrix
