"""Spike-logit: the best option exactly, or a logit error (Costa-Gomes and Crawford 2006, AER 96(5):1737-1768).

With a person's error rate ε, P(option) = (1 - ε) 1{best} + ε logit(option); options that are equally good share the
spike evenly. A precise logit is something else: it puts much on the options next to the best.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.theories.description import Parameter
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
        best = xp.max(worth, axis=-1, keepdims=True)
        is_best = xp.where(worth >= best - _AS_GOOD * (1 + xp.abs(best)), 1.0, 0.0)
        spike = is_best / xp.sum(is_best, axis=-1, keepdims=True)
        spike = spike if chosen is None else spike[..., rows, chosen]
        erring = super().log_probability(worth, width, grid, chosen, rows, xp)
        chance = (1 - error_rate) * spike + error_rate * xp.exp(xp.maximum(erring, _NOTHING))
        return xp.log(xp.maximum(chance, _LEAST))
