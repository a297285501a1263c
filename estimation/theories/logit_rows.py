"""Logit probabilities of what people chose, compiled: one pass over payoffs where NumPy makes six.

People meet a few situations again and again, so the sum over options is taken once per situation.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from estimation.games.game import Array

NEGLIGIBLE = -40.0  # an option so many logits below the best does not change the last digit of the sum


def logit_of_chosen(payoff: Array, precision: Array, rows: Any, chosen: Any) -> Array:
    """Return log P of the options `chosen` in the situations `rows`, (node, decision).

    Parameters
    ----------
    payoff : (node or 1, situation or 1, option) or (situation, option) array, payoff units
    precision : (node or 1, situation or 1, 1) array, one over payoff units
    """
    payoff = payoff[None] if payoff.ndim == 2 else payoff
    nodes, situations = np.broadcast_shapes(payoff.shape[:2], precision.shape[:2])
    payoff = np.broadcast_to(payoff, (len(payoff), situations, payoff.shape[2]))
    precision = np.broadcast_to(precision[..., 0], (nodes, precision.shape[1]))
    table, width = (np.require(array, float, ["C", "W"]) for array in (payoff, precision))
    where, what = (np.require(index, "int64", ["C", "W"]) for index in (rows, chosen))
    return np.asarray(_logit_rows(table, width, where, what))


# Compiled by its signature: the types are there, where Python's type checker does not look.
@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](float64[:,:,::1], float64[:,::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
    fastmath={"contract", "reassoc", "nsz", "arcp"},
)
def _logit_rows(payoff, precision, rows, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return log P of the options `chosen` in the situations `rows`, (node, decision).

    Parameters
    ----------
    payoff : (node or 1, situation, option) array, payoff units
    precision : (node, situation or 1) array, one over payoff units
    rows, chosen : (decision,) arrays
    """
    nodes, situations, options = len(precision), payoff.shape[1], payoff.shape[2]
    result = np.empty((nodes, len(rows)))
    best, log_total = np.empty(situations), np.empty(situations)
    for node in range(nodes):
        table = payoff[node if len(payoff) > 1 else 0]
        for row in range(situations):
            width = precision[node, row if precision.shape[1] > 1 else 0]
            highest = table[row, 0]
            for option in range(1, options):
                highest = max(highest, table[row, option])
            total = 0.0
            for option in range(options):
                below = width * (table[row, option] - highest)
                if below > NEGLIGIBLE:
                    total += np.exp(below)
            best[row], log_total[row] = highest, np.log(total)
        for decision in range(len(rows)):
            row = rows[decision]
            width = precision[node, row if precision.shape[1] > 1 else 0]
            result[node, decision] = width * (table[row, chosen[decision]] - best[row]) - log_total[row]
    return result
