"""Interpolation in the rows of a table, compiled: one pass over memory where NumPy would make ten."""

from __future__ import annotations

import numba


# Compiled by its signature: the types are there, where Python's type checker does not look.
@numba.guvectorize(  # type: ignore[no-untyped-call, untyped-decorator]
    ["void(float64[:,:], int64, float64, float64[:])"], "(r,n),(),()->()", cache=True, nopython=True, target="cpu"
)
def interpolate_row(table, row, point, result):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return row `row` of a table (row, n) at `point` in 0..n - 1; beyond the ends it goes on with slope ±1."""
    last = table.shape[1] - 1
    within = min(max(point, 0.0), float(last))
    left = min(int(within), last - 1)
    near = table[row, left]
    result[0] = near + (within - left) * (table[row, left + 1] - near) + abs(point - within)
