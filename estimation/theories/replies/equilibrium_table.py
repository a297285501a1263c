"""Equilibria of a game tabulated over precision and cost of lying, once per game."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.theories.replies.equilibrium import MessageGame, Replies, follow
from estimation.theories.responses.tabulated import Axis, by_situation, interpolated
from estimation.threads import one_thread

PRECISION = Axis(10.0, 9, reach=0.75, smooth=True)  # Λ up to 30: hardly a mistake that costs anything
MOST = 101  # states, messages or actions on which an equilibrium is solved; longer grids are thinned evenly


@dataclass(frozen=True, eq=False)
class Side:
    """One role's table of an equilibrium, with what it takes to read it on the game's own grids.

    Attributes
    ----------
    coefficients : (precision, cost, given, option) or (cost, given, option) array, payoff units
    given, options : indices of the rows and columns that were solved
    """

    coefficients: Array
    given: Numbers
    options: Numbers

    def read(self, axes: Sequence[Axis], values: Sequence[Numbers], row: Numbers, count: int, xp: Module) -> Numbers:
        """Return the payoffs of `count` options in rows of the game's own grid, (..., decision, option)."""
        low, share = _between(self.given, row)
        table = interpolated(self.coefficients, axes, values, low, xp)
        if share.any():
            above = interpolated(self.coefficients, axes, values, low + 1, xp)
            table = table + share[:, None] * (above - table)
        if len(self.options) == count:
            return table
        return table @ _spread(self.options, count)


@dataclass(frozen=True, eq=False)
class Equilibria:
    """What messages earn a sender, and actions a receiver, in the equilibria of one game.

    Attributes
    ----------
    axes
        Of the tables: precision (unless it is fixed) and cost of lying.
    sender, receiver
        The tables; the sender's is before the cost of lying.
    """

    axes: tuple[Axis, ...]
    sender: Side
    receiver: Side

    def earned(self, game: Game, values: Sequence[Numbers], state: Array, xp: Module = np) -> Numbers:
        """Return what each message earns before the cost of lying, (..., decision, message), payoff units."""
        return self.sender.read(self.axes, values, grid_index(game.states, state), len(game.messages), xp)

    def payoff(self, game: Game, values: Sequence[Numbers], message: Array, xp: Module = np) -> Numbers:
        """Return what each action earns, (..., decision, action), payoff units."""
        return self.receiver.read(self.axes, values, grid_index(game.messages, message), len(game.actions), xp)


def cost_axis(game: Game, points: int = 21) -> Axis:
    """Return the costs of lying at which equilibria are solved: from none to endless."""
    return Axis(game.margin / 2, points, smooth=True)


@lru_cache(maxsize=16)
def equilibria(game: Game) -> Equilibria:
    """Return the equilibria of a game at every precision and cost, on the branch that starts at Λ = 0."""
    axes = (PRECISION, cost_axis(game))
    return _tabulated(game, axes, _solved(game, axes[0].values, axes[1].values))


@lru_cache(maxsize=16)
def sharp_equilibria(game: Game, precision: float) -> Equilibria:
    """Return the equilibria at one precision and every cost of lying, on the same branch."""
    axes = (cost_axis(game, 33),)
    sender, receiver = _solved(game, np.array([0.0, precision]), axes[0].values)
    return _tabulated(game, axes, (sender[1], receiver[1]))


def solved_grids(game: Game) -> tuple[slice, slice, slice]:
    """Return which states, messages and actions equilibria are solved on."""
    return tuple(slice(None, None, -(-len(grid) // MOST)) for grid in (game.states, game.messages, game.actions))  # type: ignore[return-value]


def _solved(game: Game, precisions: Array, costs: Array) -> tuple[Array, Array]:
    """Return senders' (precision, cost, state, message) and receivers' (precision, cost, message, action) payoffs."""
    tables = MessageGame.of(game, *solved_grids(game))
    nothing = np.zeros(tables.lie.shape)

    def at(cost: float) -> tuple[list[Array], list[Array]]:
        def replies(precision: float) -> Replies:
            return Replies(tables, precision, cost)

        earned = follow(replies, nothing, precisions.tolist())
        return earned, [_heard(replies(p), point) for p, point in zip(precisions, earned, strict=True)]

    # The matrices are small: threads of the algebra library would get in each other's way.
    with one_thread(), ThreadPoolExecutor(os.cpu_count()) as pool:
        sender, receiver = zip(*pool.map(at, costs), strict=True)
    return np.swapaxes(np.array(sender), 0, 1), np.swapaxes(np.array(receiver), 0, 1)


def _heard(replies: Replies, earned: Array) -> Array:
    replies.around(earned)
    return np.asarray(replies.receiver_payoff)


def _tabulated(game: Game, axes: tuple[Axis, ...], tables: tuple[Array, Array]) -> Equilibria:
    states, messages, actions = (
        np.arange(len(grid))[part]
        for grid, part in zip((game.states, game.messages, game.actions), solved_grids(game), strict=True)
    )
    smooth = list(tables)
    for index, axis in enumerate(axes):
        smooth = [axis.coefficients(table, index) for table in smooth]
    sender, receiver = map(by_situation, smooth)
    return Equilibria(axes, Side(sender, states, messages), Side(receiver, messages, actions))


def _between(solved: Numbers, row: Numbers) -> tuple[Numbers, Array]:
    """Return the solved row below each row of the game's grid, by position, and how far beyond it that lies."""
    low = np.minimum(np.searchsorted(solved, row, side="right") - 1, max(len(solved) - 2, 0))
    step = np.diff(solved, append=solved[-1] + 1)[low]
    return low, np.clip((row - solved[low]) / step, 0.0, None)


def _spread(solved: Numbers, count: int) -> Array:
    """Return the matrix (solved, option) that reads a table between its solved options."""
    low, share = _between(solved, np.arange(count))
    matrix = np.zeros((len(solved), count))
    matrix[low, np.arange(count)] = 1 - share
    matrix[np.minimum(low + 1, len(solved) - 1), np.arange(count)] += share
    return matrix
