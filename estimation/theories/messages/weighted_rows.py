"""Weighted sums of the rows of a table, compiled: one pass over memory where NumPy makes one for each row."""

from __future__ import annotations

import numba
import numpy as np


# Compiled by its signature: the types are there, where Python's type checker does not look.
@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,:,::1](float64[:,:,::1], int64[:,::1], int64[::1], int64[::1], float64[:,:,::1])",
    cache=True,
    nogil=True,
    fastmath={"contract"},
)
def weighted_rows(table, first, rows, offset, weight):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the sums over k of ``weight[i, d, k] * table[first[i, d] + offset[k], rows[d]]``.

    Parameters
    ----------
    table : (point, row, option) array
    first : (node, decision or 1) array
    rows : (decision,) array
    offset : (k,) array
    weight : (node, decision or 1, k) array

    Returns
    -------
    (node, decision, option) array
    """
    result = np.zeros((len(first), len(rows), table.shape[2]))
    for node in range(len(first)):
        for decision in range(len(rows)):
            own = decision if first.shape[1] > 1 else 0
            total = result[node, decision]
            for k in range(len(offset)):
                factor = weight[node, own, k]
                source = table[first[node, own] + offset[k], rows[decision]]
                for option in range(table.shape[2]):
                    total[option] += factor * source[option]
    return result
