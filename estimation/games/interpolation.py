"""Interpolation in the rows of a table, compiled: one pass over memory where NumPy would make ten."""

from __future__ import annotations

import numba


# Compiled by its signature: the types are there, where Python's type checker does not look.
@numba.guvectorize(  # type: ignore[no-untyped-call, untyped-decorator]
    ["void(float64[:], int64, float64, float64[:])"], "(n),(),()->()", cache=True, nopython=True, target="cpu"
)
def interpolate_row(flat, row, point, result):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return row `row` of a square table, stored flat, at `point`; beyond the ends it goes on with slope ±1."""
    width = round(flat.shape[0] ** 0.5)
    last = width - 1.0
    within = min(max(point, 0.0), last)
    left = min(int(within), width - 2)
    start = row * width + left
    near = flat[start]
    result[0] = near + (within - left) * (flat[start + 1] - near) + abs(point - within)
