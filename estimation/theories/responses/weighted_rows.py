"""Weighted sums of rows of tables, compiled: what a spline costs where it is read for many people and nodes."""

from __future__ import annotations

import numba
import numpy as np

from estimation.theories.responses.exponential import AS, HIGHEST, NEGLIGIBLE, REORDERED, TOO_MUCH, exponential

_WHERE = "int64[:,::1], int64[::1], int64[::1], int64[::1], float64[:,:,::1]"


# Compiled by their signatures: the types are there, where Python's type checker does not look.
@numba.njit(fastmath=REORDERED, forceinline=True, **AS)  # type: ignore[untyped-decorator]
def _add_weighted(total, table, first, row, offset, weight, node, own):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set ``total`` (option,) to the sum over k of ``weight[node, own, k] * table[row, first[node, own] + offset[k]]``.

    Four rows at a time: `total` is read and written a quarter as often.
    """
    start, options = first[node, own], table.shape[2]
    for option in range(options):
        total[option] = 0.0
    fours = len(offset) - len(offset) % 4
    for k in range(0, fours, 4):
        a, b, c, d = start + offset[k], start + offset[k + 1], start + offset[k + 2], start + offset[k + 3]
        p, q, r, s = weight[node, own, k], weight[node, own, k + 1], weight[node, own, k + 2], weight[node, own, k + 3]
        for option in range(options):
            near = p * table[row, a, option] + q * table[row, b, option]
            total[option] += near + (r * table[row, c, option] + s * table[row, d, option])
    for k in range(fours, len(offset)):
        a, p = start + offset[k], weight[node, own, k]
        for option in range(options):
            total[option] += p * table[row, a, option]


@numba.njit([f"float64[:,:,::1]({kind}[:,:,::1], {_WHERE})" for kind in ("float64", "float32")], **AS)  # type: ignore[untyped-decorator]
def weighted_rows(table, first, owner, rows, offset, weight):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the sums over k of ``weight[i, o, k] * table[rows[d], first[i, o] + offset[k]]``, with ``o = owner[d]``.

    One pass over memory, where NumPy makes one for each k; one row after another, so that the points that are near each
    other stay in the processor's memory from node to node.

    Parameters
    ----------
    table : (row, point, option) array
    first : (node, owner) array
    owner : (decision,) array
    rows : (decision,) array
    offset : (k,) array
    weight : (node, owner, k) array

    Returns
    -------
    (node, decision, option) array
    """
    result = np.empty((len(first), len(rows), table.shape[2]))
    for decision in range(len(rows)):
        own = owner[decision] if first.shape[1] > 1 else 0
        for node in range(len(first)):
            _add_weighted(result[node, decision], table, first, rows[decision], offset, weight, node, own)
    return result


_ARGUMENTS = "float64[:,::1], float64[:,::1], float64[:,::1], int64, int64[::1], int64[::1], int64[::1]"


@numba.njit(  # type: ignore[untyped-decorator]
    [
        f"Tuple((float64[:,::1], float64[:,::1]))({kind}[:,:,::1], {_WHERE}, {_ARGUMENTS})"
        for kind in ("float64", "float32")
    ],
    fastmath=REORDERED,
    **AS,
)
def logits_of_rows(table, first, owner, rows, offset, weight, cost, lie, precision, nodes, order, ends, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0912
    """Return logits of what was chosen, and the sum of exponentials of those of all options, (node, decision) each.

    Both are counted from the same option. `order` lists the decisions by situation, `chosen` what they chose; `ends`
    says where a situation's decisions begin and end.
    """
    options = table.shape[2]
    value, total = np.empty((nodes, len(order))), np.empty((nodes, len(order)))
    payoff, terms = np.empty(options), np.empty(options)
    for row in range(len(rows)):
        if ends[row] == ends[row + 1]:
            continue
        usual = chosen[ends[row]]
        for node in range(nodes):
            at, own = node if len(first) > 1 else 0, owner[row] if first.shape[1] > 1 else 0
            _add_weighted(payoff, table, first, rows[row], offset, weight, at, own)
            if lie.size:
                price = cost[node if len(cost) > 1 else 0, row if cost.shape[1] > 1 else 0]
                for option in range(options):
                    payoff[option] -= price * lie[row, option]
            width = precision[node if len(precision) > 1 else 0, row if precision.shape[1] > 1 else 0]
            worth = payoff[usual]
            for option in range(options):
                above = width * (payoff[option] - worth)
                above = above if above > NEGLIGIBLE else NEGLIGIBLE  # so too if it is not a number
                terms[option] = above if above < HIGHEST else HIGHEST
            for option in range(options):
                terms[option] = exponential(terms[option])
            count = 0.0
            for option in range(options):
                count += terms[option]
            if not 0.5 < count < TOO_MUCH:  # counted from the best instead, which may be the best next time
                for option in range(options):
                    usual = option if payoff[option] > payoff[usual] or np.isnan(payoff[usual]) else usual
                worth, count = payoff[usual], 0.0
                for option in range(options):
                    above = width * (payoff[option] - worth)
                    terms[option] = above if above > NEGLIGIBLE else NEGLIGIBLE
                for option in range(options):
                    count += exponential(terms[option])
            for place in range(ends[row], ends[row + 1]):
                value[node, order[place]] = width * (payoff[chosen[place]] - worth)
                total[node, order[place]] = count
    return value, total
