"""Response rules: how a theory's payoffs or its best option become probabilities of every option.

`Logit` chooses better options more often (McFadden 1974); `CensoredNormal` aims at the best option and misses by a
normal error, rounded to the grid and heaped at its ends. Both may be mixed with lapses, uniform over the options.
"""

from __future__ import annotations

import numba
import numpy as np
from scipy import special

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.theories.description import Parameter

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


_NOTHING = -700.0  # exp of less is hardly a number any more, and takes a processor a hundred times as long


class Logit:
    """P(option) proportional to exp(precision * payoff)."""

    needs = "payoff"
    width = "precision"

    def parameter(self, games: list[Game], role: str) -> Parameter:
        """Return the role's precision, in units of one over payoff."""
        scale = float(np.mean([payoff_scale(game, role) for game in games]))
        meaning = f"how strongly a {role}'s choices follow payoffs"
        why = "between half and 200 logits for a payoff difference of one standard deviation over the options"
        return Parameter(f"{role}_precision", "λ", meaning, "1/payoff", "log", float(np.log(10 / scale)), 1.5, 1.0, why)

    def log_probability(
        self,
        payoff: Numbers,
        width: Numbers,
        grid: Array,
        chosen: Numbers = None,
        rows: Numbers = None,
        xp: Module = np,
    ) -> Numbers:
        """Return log P, (..., situation, option), or (..., decision) for options `chosen` in situations `rows`.

        `payoff` (..., situation, option) payoff units; `width` broadcasts: the precision.
        """
        if xp is np and chosen is not None and np.ndim(width) == 3 and 2 <= np.ndim(payoff) <= 3:
            return logit_of_chosen(payoff, width, rows, chosen)
        centred = width * payoff
        centred = centred - xp.max(centred, axis=-1, keepdims=True)
        taken = centred if chosen is None else centred[..., rows, chosen]
        total = xp.log(xp.sum(xp.exp(xp.maximum(centred, _NOTHING)), axis=-1, keepdims=True))
        return taken - (total if chosen is None else total[..., rows, 0])


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
        aim, low, high = target[..., rows, :], low[chosen][:, None], high[chosen][:, None]
        return _log_normal_interval((low - aim) / width, (high - aim) / width, xp)[..., 0]


RESPONSES: dict[str, Logit | CensoredNormal] = {"logit": Logit(), "normal": CensoredNormal()}


def with_lapse(log_probability: Numbers, lapse: Numbers, options: int, xp: Module = np) -> Numbers:
    """Return log((1 - lapse) P + lapse / options) (broadcasts)."""
    return xp.log((1 - lapse) * xp.exp(log_probability) + lapse / options)


def log_sum(terms: list[Numbers], xp: Module) -> Numbers:
    """Return the log of the sum of exponentials of arrays that broadcast against each other."""
    top = terms[0]
    for term in terms[1:]:
        top = xp.maximum(top, term)
    return top + xp.log(sum(xp.exp(term - top) for term in terms))


def payoff_scale(game: Game, role: str) -> float:
    """Return how much a role's payoff differs over the options of a decision, on average over states."""
    return float(game.prior @ getattr(game, f"{role}_table").std(axis=0))


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
    "float64[:,::1](float64[:,:,::1], float64[:,::1], float64[:,:,::1], float64[:,::1], int64[::1], int64[::1])", **_AS
)
def _log_of_chosen(terms, best, payoff, precision, rows, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return log P of the options `chosen` in the situations `rows`, (node, decision).

    `terms` (node, situation, option) are those of the sums over options: one for the best, and less for the others.
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
