"""The logit response, and the logit of what was chosen, compiled: nearly all of the time of a fit is spent in it.

For each node, what every option is worth more or less than one that was chosen is written down in logits; their
exponentials are taken and summed while these numbers are still in the processor's nearest memory (a few tens of
kilobytes). Nothing of the size (node, situation, option) is written, and if a payoff is linear in a cost (`Terms`), it
is not even built. What is compared with is the option chosen, not the best one: finding the best takes half as long as
the exponentials. Where something is e^69 times as likely as what was chosen, so that digits would be lost, the
situation is counted once more, with the best.

The limit is one exponential for each node, situation and option: 17 operations on four numbers at once, .66 to .75 ns
on a processor where NumPy's takes as long with eight at once. All of this takes 1.2 ns an option if there are 101, and
1.5 if there are 31, gains of whoever is trusted included (`GainIfTrusted`): twice the limit. Payoffs that splines give
over two parameters cost 3 (`tabulated_logit`); what NumPy does before and after, such as lapses, comes on top.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.estimation_loops import GainIfTrusted
from estimation.games.game import Game
from estimation.theories.parameter import Parameter
from estimation.theories.responses.exponential import AS, HIGHEST, NEGLIGIBLE, REORDERED, TOO_MUCH, exponential
from estimation.theories.responses.table_rows import TableRows
from estimation.theories.responses.tabulated_logit import logit_of_rows

_NOBODY = GainIfTrusted(0, *([np.empty((1, 0))] + [np.empty(0)] * 3))  # stands for gains that are there
_NOTHING = -700.0  # exp of less is hardly a number any more, and takes a processor a hundred times as long


class Terms(NamedTuple):
    """A payoff in its terms, ``gain - cost * lie``: what a message earns, and what it costs to lie by so much.

    Attributes
    ----------
    gain : (..., situation, option) array, payoff units
        Or what is computed where it is used: rows of a table (`TableRows`), or gains of whoever is trusted.
    cost : broadcasts against (situation, 1), payoff per unit of lie
    lie : (situation, option) array, game units
        Without options if lies cost nothing.
    """

    gain: Numbers | TableRows | GainIfTrusted
    cost: Numbers = 0.0
    lie: Array = np.zeros((1, 0))

    def payoff(self) -> Numbers:
        """Return the payoff, (..., situation, option)."""
        gain = np.asarray(self.gain) if isinstance(self.gain, TableRows | GainIfTrusted) else self.gain
        return gain - self.cost * self.lie if self.lie.size else gain


class Logit:
    """P(option) proportional to exp(precision * payoff)."""

    needs = "payoff"
    width = "precision"

    def parameter(self, games: list[Game], role: str) -> Parameter:
        """Return the role's precision, in units of one over payoff."""
        return precision_of(role, float(np.mean([game.payoff_scale(role) for game in games])))

    def further(self, role: str) -> tuple[Parameter, ...]:
        """Return the other parameters of the role's response, in the order in which `log_probability` takes them."""
        return ()

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

        `payoff` (..., situation, option) payoff units, or its `Terms`; `width` broadcasts: the precision.
        """
        gain = payoff.gain if isinstance(payoff, Terms) else payoff
        if xp is np and chosen is not None and np.ndim(width) == 3 and 2 <= np.ndim(gain) <= 3:
            return logit_of_chosen(payoff, width, rows, chosen)
        centred = width * (payoff.payoff() if isinstance(payoff, Terms) else payoff)
        centred = centred - xp.max(centred, axis=-1, keepdims=True)
        taken = centred if chosen is None else centred[..., rows, chosen]
        total = xp.log(xp.sum(xp.exp(xp.maximum(centred, _NOTHING)), axis=-1, keepdims=True))
        return taken - (total if chosen is None else total[..., rows, 0])


def at_decisions(value: Numbers, rows: Numbers) -> Numbers:
    """Return values of situations (..., situation or 1, 1) for the decisions in them, (..., decision or 1, 1).

    A symbolic value varies over situations unless its type says that there is one.
    """
    shape = value.type.shape if hasattr(value, "type") else np.shape(value)
    return value[..., rows, :] if len(shape) > 1 and shape[-2] != 1 else value


def precision_of(role: str, scale: float) -> Parameter:
    """Return a role's precision where its payoff differs so much over the options of a decision, payoff units."""
    meaning = f"how strongly a {role}'s choices follow payoffs"
    why = "between half and 200 logits for a payoff difference of one standard deviation over the options"
    return Parameter(f"{role}_precision", "λ", meaning, "1/payoff", "log", float(np.log(10 / scale)), 1.5, 1.0, why)


def logit_of_chosen(payoff: Array | Terms, precision: Array, rows: Numbers, chosen: Numbers) -> Array:
    """Return log P of the options `chosen` in the situations `rows`, (node, decision).

    Parameters
    ----------
    payoff : (node or 1, situation or 1, option) or (situation, option) array, payoff units
        Or its terms.
    precision : (node or 1, situation or 1, 1) array, one over payoff units

    Raises
    ------
    IndexError
        If there are fewer situations or options.
    """
    gain, cost, lie = payoff if isinstance(payoff, Terms) else Terms(payoff)
    if isinstance(gain, TableRows):
        return logit_of_rows(gain, np.asarray(cost), lie, precision, rows, chosen)
    trusted = gain if isinstance(gain, GainIfTrusted) else _NOBODY
    gain = np.empty((1, *gain.shape[1:])) if isinstance(gain, GainIfTrusted) else gain  # of one node after another
    gain, cost = (np.array(term, ndmin=3, copy=None) for term in (gain, cost))
    shapes = gain.shape[:2], (len(trusted.trust), 1), precision.shape[:2], cost.shape[:2], lie.shape[:-1]
    nodes, situations = np.broadcast_shapes(*shapes)
    situations = int(np.max(rows)) + 1 if situations == 1 else situations
    options = max(gain.shape[2], lie.shape[-1])
    tables = (
        _filled(gain, (len(gain), situations, options)),
        _filled(cost[..., 0], cost.shape[:2]),
        _filled(lie, (situations, options)) if lie.size else lie,
        _filled(precision[..., 0], (nodes, precision.shape[1])),
    )
    where, what = (np.require(index, "int64", ["C", "W"]) for index in (rows, chosen))
    value, total = _against_others(*tables, *trusted.numbers, where, what)
    return np.asarray(np.subtract(value, np.log(total, out=total), out=value))


def _filled(array: Array, shape: tuple[int, ...]) -> Array:
    """Return an array of this shape, in one piece of memory that may be written to (compiled code asks for it)."""
    array = np.array(array if array.shape == shape else np.broadcast_to(array, shape), float, order="C", copy=None)
    return array if array.flags.writeable else array.copy()


@numba.njit("float64(float64, float64, float64, float64)", forceinline=True, **AS)  # type: ignore[untyped-decorator]
def _above(gain, price, lie, worth):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a payoff less `worth`, always rounded in the same way: an option compared with itself is nothing above.

    Where people hardly err, a precision turns the last digit of a payoff into many logits.
    """
    return (gain - price * lie) - worth


# Below, arrays are as in `logit_of_chosen` without last axes of one; those that do not vary over nodes have one, and a
# `lie` without options costs nothing. Loops hand on no arrays: counting who holds these takes as long as ten options.
_TRUSTED = "float64, float64[:,::1], float64[::1], float64[::1], float64[::1]"
_TABLES = "float64[:,:,::1], float64[:,::1], float64[:,::1], float64[:,::1]"


@numba.njit(f"Tuple((int64, float64, float64))({_TABLES}, int64, int64)", fastmath=REORDERED, **AS)  # type: ignore[untyped-decorator]
def _against_best(gain, cost, lie, precision, node, row):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the best option of a situation, its payoff, and the sum of exponentials of logits below it."""
    options = gain.shape[2]
    terms = gain[node if len(gain) > 1 else 0, row].copy()
    if lie.size:
        price = cost[node if len(cost) > 1 else 0, row if cost.shape[1] > 1 else 0]
        for option in range(options):
            terms[option] = _above(terms[option], price, lie[row, option], 0.0)
    first, total = 0, 0.0
    for option in range(1, options):
        first = option if terms[option] > terms[first] or np.isnan(terms[first]) else first
    best = terms[first]
    width = precision[node, row if precision.shape[1] > 1 else 0]
    for option in range(options):
        below = width * (terms[option] - best)
        terms[option] = below if below > NEGLIGIBLE else NEGLIGIBLE
    for option in range(options):
        total += exponential(terms[option])
    return first, best, total


@numba.njit(  # type: ignore[untyped-decorator]
    f"Tuple((float64[:,::1], float64[:,::1]))({_TABLES}, {_TRUSTED}, int64[::1], int64[::1])", fastmath=REORDERED, **AS
)
def _against_others(gain, cost, lie, precision, direction, trust, message, rest, state, rows, chosen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0912
    """Return logits of what was chosen, and the sum of exponentials of those of all options, (node, decision) each.

    Both are counted from the same option of a situation. Where somebody is trusted (`trust` is not empty), `gain` is
    room for what messages earn at one node: see `GainIfTrusted`.
    """
    nodes, situations, options, priced = len(precision), gain.shape[1], gain.shape[2], lie.size > 0
    value, total = np.empty((nodes, len(rows))), np.empty((nodes, len(rows)))
    terms, reference, sums = np.empty((situations, options)), np.empty(situations), np.empty(situations)
    flat, usual = terms.reshape(-1), np.zeros(situations, np.int64)
    for decision in range(len(rows)):
        if not (0 <= rows[decision] < situations and 0 <= chosen[decision] < options):
            raise IndexError("the payoffs of a theory do not hold every situation and option")
        usual[rows[decision]] = chosen[decision]
    for node in range(nodes):
        table, prices = gain[node if len(gain) > 1 else 0], cost[node if len(cost) > 1 else 0]
        widths = precision[node]
        for row in range(situations if trust.size else 0):
            weight = trust[node if len(trust) > 1 else 0, row if trust.shape[1] > 1 else 0]
            for option in range(options):
                reply = weight * message[option] + (1 - weight) * rest[option]
                earned = direction * reply - direction * state[row]
                table[row, option] = earned if earned > 0.0 else 0.0
        for row in range(situations):
            price, width = prices[row if len(prices) > 1 else 0], widths[row if len(widths) > 1 else 0]
            if priced:
                worth = _above(table[row, usual[row]], price, lie[row, usual[row]], 0.0)
                for option in range(options):
                    above = width * _above(table[row, option], price, lie[row, option], worth)
                    above = above if above > NEGLIGIBLE else NEGLIGIBLE  # so too if it is not a number
                    terms[row, option] = above if above < HIGHEST else HIGHEST
            else:
                worth = table[row, usual[row]]
                for option in range(options):
                    above = width * (table[row, option] - worth)
                    above = above if above > NEGLIGIBLE else NEGLIGIBLE
                    terms[row, option] = above if above < HIGHEST else HIGHEST
            reference[row] = worth
        for place in range(situations * options):
            flat[place] = exponential(flat[place])
        for row in range(situations):
            count = 0.0
            for option in range(options):
                count += terms[row, option]
            sums[row] = count
        for row in range(situations):
            if not 0.5 < sums[row] < TOO_MUCH:  # less if `usual` is worth no number; what is best may be next time
                usual[row], reference[row], sums[row] = _against_best(gain, cost, lie, precision, node, row)
        for decision in range(len(rows)):
            row, option = rows[decision], chosen[decision]
            if priced:
                above = _above(
                    table[row, option], prices[row if len(prices) > 1 else 0], lie[row, option], reference[row]
                )
            else:
                above = table[row, option] - reference[row]
            value[node, decision] = widths[row if len(widths) > 1 else 0] * above
            total[node, decision] = sums[row]
    return value, total
