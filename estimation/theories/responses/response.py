"""Response rules: how a theory's payoffs or its best option become probabilities of every option.

`Logit` chooses better options more often (McFadden 1974); `CensoredNormal` aims at the best option and misses by a
normal error, rounded to the grid and heaped at its ends; `SpikeLogit` takes exactly the best option or errs by the
logit. All may be mixed with lapses, uniform over the options.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.theories.parameter import Parameter
from estimation.theories.responses.logit import Logit, at_decisions
from estimation.theories.responses.spike_logit import SpikeLogit

LAPSE = Parameter(
    "lapse",
    "η",
    "share of decisions made without looking, uniform over the options",
    "probability",
    "logit",
    -3.0,
    1.0,
    1.5,
    "most people attend to most decisions: 0.7 to 27 % for the middle 95 % of typical people",
)


class CensoredNormal:
    """A normal error around the best option, rounded to the grid; what falls outside is heaped at the ends."""

    needs = "target"
    width = "error"

    def parameter(self, games: list[Game], role: str) -> Parameter:
        """Return the role's standard deviation of error, in game units."""
        scale = float(np.mean([game.state_spread for game in games]))
        meaning = f"standard deviation of a {role}'s error around the best option"
        why = "typical errors between 3 % and twice the spread of the state"
        return Parameter(f"{role}_error", "σ", meaning, "game units", "log", float(np.log(0.25 * scale)), 1.0, 1.0, why)

    def further(self, role: str) -> tuple[Parameter, ...]:
        """Return the other parameters of the role's response: none."""
        return ()

    def log_probability(
        self,
        target: Numbers,
        width: Numbers,
        grid: Array,
        chosen: Numbers = None,
        rows: Numbers = None,
        xp: Module = np,
    ) -> Numbers:
        """Return the same; `target` (..., situation, 1) game units; `width` broadcasts: the standard deviation."""
        edges = np.concatenate([[-np.inf], (grid[1:] + grid[:-1]) / 2, [np.inf]])
        low, high = np.maximum(edges[:-1], -1e9), np.minimum(edges[1:], 1e9)
        if chosen is None:
            return _log_normal_interval((low - target) / width, (high - target) / width, xp)
        aim, width = at_decisions(target, rows), at_decisions(width, rows)
        low, high = low[chosen][:, None], high[chosen][:, None]
        return _log_normal_interval((low - aim) / width, (high - aim) / width, xp)[..., 0]


RESPONSES: dict[str, Logit | CensoredNormal] = {
    "logit": Logit(),
    "normal": CensoredNormal(),
    "spike-logit": SpikeLogit(),
}


def log_sum(terms: list[Numbers], xp: Module) -> Numbers:
    """Return the log of the sum of exponentials of arrays that broadcast against each other."""
    top = terms[0]
    for term in terms[1:]:
        top = xp.maximum(top, term)
    return top + xp.log(sum(xp.exp(term - top) for term in terms))


def _log_normal_interval(low: Numbers, high: Numbers, xp: Module) -> Numbers:
    """Return log(Φ(high) - Φ(low)) without losing the tails: the upper tail is mirrored into the lower one."""
    mirrored = low > 0
    low, high = xp.where(mirrored, -high, low), xp.where(mirrored, -low, high)
    top, bottom = _log_cdf(high, xp), _log_cdf(low, xp)
    return top + xp.log1p(-xp.exp(xp.minimum(bottom - top, -1e-15)))


def _log_cdf(value: Numbers, xp: Module) -> Numbers:
    if xp is np:
        return special.log_ndtr(value)
    tail = xp.minimum(value, -1.0)
    far = xp.log(xp.erfcx(-tail / np.sqrt(2)) / 2) - tail**2 / 2
    return xp.where(value < -1.0, far, xp.log1p(-xp.erfc(xp.maximum(value, -1.0) / np.sqrt(2)) / 2))
