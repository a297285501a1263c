"""What it means that a menu meets rows, and rows in a unit of their own size."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Mask

SLACK = 1e-9
"""Share of its bound by which a row may be exceeded: a sum of decimal numbers is not exact."""
ROUNDING = 64 * np.finfo(float).eps
"""Share of the entries that a menu adds up in a row which counts as rounding of their sum."""
USUAL = 1e3
"""Rows whose largest entry is between one and this size are left as they are."""


def excess(matrix: sparse.csr_array, lower: Array, upper: Array, menus: Mask) -> tuple[Mask, Mask]:
    """(row, menu) whether menus (menu, product) exceed the upper bounds of rows, and whether they miss the lower."""
    offered = menus.T.astype(np.float64)
    used, noise = matrix @ offered, ROUNDING * (abs(matrix) @ offered)
    above, below = (SLACK * np.abs(np.where(np.isfinite(bound), bound, 0.0))[:, None] for bound in (upper, lower))
    return used > upper[:, None] + above + noise, used < lower[:, None] - below - noise


def meets(matrix: sparse.csr_array, lower: Array, upper: Array, menus: Mask) -> Mask:
    """(menu,) whether menus (menu, product) meet all rows."""
    over, under = excess(matrix, lower, upper, menus)
    return np.asarray(~(over | under).any(axis=0))


def in_own_units(matrix: sparse.csr_array, lower: Array, upper: Array) -> tuple[sparse.csr_array, Array, Array]:
    """Divide rows with very small or large entries by a power of two near the largest, which changes no digit.

    Programs have absolute tolerances: in a small unit they would let any menu pass.
    """
    largest = abs(matrix).max(axis=1).toarray().ravel() if matrix.nnz else np.zeros(matrix.shape[0])
    strange = (largest > 0) & ((largest < 1.0) | (largest > USUAL))
    if not strange.any():
        return matrix, lower, upper
    power = np.where(strange, 1 - np.frexp(largest)[1], 0)
    scaled = sparse.csr_array(matrix, copy=True)
    scaled.data = np.ldexp(scaled.data, np.repeat(power, np.diff(scaled.indptr)))
    return scaled, np.ldexp(lower, power), np.ldexp(upper, power)
