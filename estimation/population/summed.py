"""The log of sums of exponentials over each person's nodes, compiled: one pass over memory where NumPy makes seven."""

from __future__ import annotations

import numba
import numpy as np

from estimation.theories.responses.exponential import AS, NEGLIGIBLE, REORDERED, exponential


# Compiled by their signatures: the types are there, where Python's type checker does not look. The larger of two
# numbers is compiled as if none were missing, lest they be compared one by one; a sum finds those that are.
@numba.njit("float64(float64, float64)", fastmath={"nnan", "nsz"}, forceinline=True, **AS)  # type: ignore[untyped-decorator]
def _larger(one, other):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return one if one > other else other


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](float64[:,::1], float64[::1], int64[::1])", fastmath=REORDERED, **AS
)
def log_sums(log_terms, log_weight, first):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the log of the sums of ``exp(log_terms + log_weight)`` over each person's nodes, (draw, row).

    Parameters
    ----------
    log_terms : (draw, node) array
    log_weight : (node,) array
    first : (row,) array
        Where the nodes of each row begin; each has at least one.
    """
    draws, nodes = log_terms.shape
    rows = len(first)
    result, scratch = np.empty((draws, rows)), np.empty(nodes)
    for row in range(rows):
        start, end = first[row], first[row + 1] if row + 1 < rows else nodes
        count, weight = end - start, log_weight[start:end]
        terms = scratch[:count]
        for draw in range(draws):
            own = log_terms[draw, start:end]
            top, missing = -np.inf, 0.0
            for node in range(count):
                terms[node] = own[node] + weight[node]
            for node in range(count):
                top = _larger(terms[node], top)
            for node in range(count):
                missing += terms[node]
            for node in range(count):
                below = terms[node] - top
                terms[node] = exponential(below if below > NEGLIGIBLE else NEGLIGIBLE)
            total = 0.0
            for node in range(count):
                total += terms[node]
            result[draw, row] = missing if np.isnan(missing) else top + np.log(total)
    return result
