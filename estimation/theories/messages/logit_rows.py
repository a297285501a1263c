"""Logit probabilities of what people chose: compiled passes around NumPy's exponential, the fastest at hand.

People meet a few situations again and again, so the sum over options is taken once per situation.
"""

from __future__ import annotations

import numba
import numpy as np

from estimation.arrays import Array, Numbers

NEGLIGIBLE = -40.0  # an option so many logits below the best does not change the last digit of the sum


def logit_of_chosen(payoff: Array, precision: Array, rows: Numbers, chosen: Numbers) -> Array:
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
    terms, best = _below_best(table, width)
    np.exp(terms, out=terms)  # it takes several numbers at once, which the compiler's does not
    return np.asarray(_log_of_chosen(terms, best, table, width, where, what))


# Compiled by their signatures: the types are there, where Python's type checker does not look.
_AS = {"cache": True, "nogil": True, "fastmath": {"contract", "reassoc", "nsz", "arcp"}}


@numba.njit("Tuple((float64[:,:,::1], float64[:,::1]))(float64[:,:,::1], float64[:,::1])", **_AS)  # type: ignore[untyped-decorator]
def _below_best(payoff, precision):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return how many logits each option is below the best (node, situation, option), and the best payoff.

    Parameters
    ----------
    payoff : (node or 1, situation, option) array, payoff units
    precision : (node, situation or 1) array, one over payoff units
    """
    nodes, situations, options = len(precision), payoff.shape[1], payoff.shape[2]
    terms, best = np.empty((nodes, situations, options)), np.empty((nodes, situations))
    for node in range(nodes):
        table = payoff[node if len(payoff) > 1 else 0]
        for row in range(situations):
            width = precision[node, row if precision.shape[1] > 1 else 0]
            highest = table[row, 0]
            for option in range(1, options):  # max() would keep the processor from comparing several at once
                highest = table[row, option] if table[row, option] > highest else highest
            best[node, row] = highest
            for option in range(options):
                below = width * (table[row, option] - highest)
                terms[node, row, option] = below if below > NEGLIGIBLE else NEGLIGIBLE
    return terms, best


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](float64[:,:,::1], float64[:,::1], float64[:,:,::1], float64[:,::1], int64[::1], int64[::1])",
    **_AS,
)
def _log_of_chosen(terms, best, payoff, precision, rows, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return log P of the options `chosen` in the situations `rows`, (node, decision).

    Parameters
    ----------
    terms : (node, situation, option) array
        Of the sums over options: one for the best, and less for the others.
    best, payoff, precision
        As above.
    rows, chosen : (decision,) arrays
    """
    nodes, situations, options = terms.shape
    result, log_total = np.empty((nodes, len(rows))), np.empty(situations)
    for node in range(nodes):
        table = payoff[node if len(payoff) > 1 else 0]
        for row in range(situations):
            total = 0.0
            for option in range(options):
                total += terms[node, row, option]
            log_total[row] = np.log(total)
        for decision in range(len(rows)):
            row = rows[decision]
            width = precision[node, row if precision.shape[1] > 1 else 0]
            value = width * (table[row, chosen[decision]] - best[node, row])
            result[node, decision] = value - log_total[row]
    return result
