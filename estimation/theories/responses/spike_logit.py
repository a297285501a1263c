"""Spike-logit: the best option exactly, or a logit error (Costa-Gomes and Crawford 2006, AER 96(5):1737-1768).

With a person's error rate ε, P(option) = (1 - ε) 1{best} + ε logit(option); options that are equally good share the
spike evenly. A precise logit is something else: it puts much on the options next to the best.
"""

from __future__ import annotations

import numba
import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.theories.parameter import Parameter
from estimation.theories.responses.exponential import AS
from estimation.theories.responses.logit import Logit, Terms

_AS_GOOD = 1e-9  # payoffs are equal within it, in relation to the best: as in `games.best.tied_options`
_NOTHING, _LEAST = -650.0, 1e-300  # a chance below e^-650 counts as that; one that has no logarithm as the other


class SpikeLogit(Logit):
    """The best option with probability 1 - ε, P(option) proportional to exp(precision * payoff) otherwise."""

    def further(self, role: str) -> tuple[Parameter, ...]:
        """Return the role's error rate."""
        meaning = f"share of a {role}'s decisions that are not the best option exactly but follow the logit"
        why = "from 12 to 98 % for the middle 95 % of typical people: exact choices are a third at most as a rule"
        return (Parameter(f"{role}_error_rate", "ε", meaning, "probability", "logit", 1.0, 1.5, 1.5, why),)

    def log_probability(
        self,
        payoff: Numbers,
        width: Numbers,
        grid: Array,
        chosen: Numbers = None,
        rows: Numbers = None,
        xp: Module = np,
        error_rate: Numbers = 1.0,
    ) -> Numbers:
        """Return the same as `Logit`; `error_rate` broadcasts against the result."""
        worth = payoff.payoff() if isinstance(payoff, Terms) else payoff
        spike = _spike(worth, chosen, rows, xp)
        erring = super().log_probability(worth, width, grid, chosen, rows, xp)
        chance = (1 - error_rate) * spike + error_rate * xp.exp(xp.maximum(erring, _NOTHING))
        return xp.log(xp.maximum(chance, _LEAST))


def _spike(worth: Numbers, chosen: Numbers, rows: Numbers, xp: Module) -> Numbers:
    """Return what each option has of the spike, (..., situation, option), or what was `chosen` in situations `rows`."""
    if xp is np and chosen is not None and np.ndim(worth) == 3:
        situations, options = worth.shape[1:]
        where, what = (np.require(index, "int64", ["C", "W"]) for index in (rows, chosen))
        where = np.zeros_like(where) if situations == 1 else where  # the same payoffs in all of them
        if len(where) and not (
            0 <= where.min() <= where.max() < situations and 0 <= what.min() <= what.max() < options
        ):
            raise IndexError(f"choices of more than {situations} situations or {options} options")
        return _spike_of_chosen(np.require(worth, "float64", ["C", "W"]), where, what)
    best = xp.max(worth, axis=-1, keepdims=True)
    is_best = xp.where(worth >= best - _AS_GOOD * (1 + xp.abs(best)), 1.0, 0.0)
    spike = is_best / xp.sum(is_best, axis=-1, keepdims=True)
    return spike if chosen is None else spike[..., rows, chosen]


@numba.njit("float64[:,::1](float64[:,:,::1], int64[::1], int64[::1])", **AS)  # type: ignore[untyped-decorator]
def _spike_of_chosen(worth, rows, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the share of the spike that options chosen in situations (rows) have, (node, decision)."""
    nodes, situations, options = worth.shape
    share, least, count = np.empty((nodes, len(rows))), np.empty(situations), np.empty(situations)
    for node in range(nodes):
        for row in range(situations):
            best, as_good = worth[node, row, 0], 0
            for option in range(1, options):
                value = worth[node, row, option]
                best = value if value > best or np.isnan(value) else best
            least[row] = best - _AS_GOOD * (1 + abs(best))
            for option in range(options):
                as_good += worth[node, row, option] >= least[row]
            count[row] = as_good if as_good else np.nan  # a payoff that is missing, as in NumPy
        for decision in range(len(rows)):
            row = rows[decision]
            share[node, decision] = (worth[node, row, chosen[decision]] >= least[row]) / count[row]
    return share
