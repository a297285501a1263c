"""Equilibria of a game tabulated over precision and cost of lying, once per game."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from estimation.games.game import Array, Game
from estimation.games.grid import grid_index
from estimation.theories.equilibrium import MessageGame, Replies, follow
from estimation.theories.tabulated import Axis, interpolated

BRANCHES = ("principal", "honest")
PRECISION = Axis(10.0, 9, reach=0.8, smooth=True)  # Λ up to 40: hardly a mistake that costs anything
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
    given: Any
    options: Any

    def read(self, axes: Sequence[Axis], values: Sequence[Any], row: Any, count: int, xp: Any) -> Any:
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

    def earned(self, game: Game, values: Sequence[Any], state: Array, xp: Any = np) -> Any:
        """Return what each message earns before the cost of lying, (..., decision, message), payoff units."""
        return self.sender.read(self.axes, values, grid_index(game.states, state), len(game.messages), xp)

    def payoff(self, game: Game, values: Sequence[Any], message: Array, xp: Any = np) -> Any:
        """Return what each action earns, (..., decision, action), payoff units."""
        return self.receiver.read(
            self.axes, values, grid_index(game.messages, message), len(game.actions), xp
        )


def cost_axis(game: Game) -> Axis:
    """Return the costs of lying at which equilibria are solved: from none to endless."""
    return Axis(game.margin, 17, smooth=True)


@lru_cache(maxsize=16)
def equilibria(game: Game, branch: str) -> Equilibria:
    """Return the equilibria of a game at every precision and cost, on one branch.

    ``"principal"``: for each cost from Λ = 0, where all messages are equally likely, up; ``"honest"``: for each
    precision from an endless cost of lying, where everybody tells the truth, down.
    """
    axes = (PRECISION, cost_axis(game))
    return _tabulated(game, axes, _by_branch(game, branch, PRECISION.values, axes[1].values))


@lru_cache(maxsize=16)
def sharp_equilibria(game: Game, precision: float) -> Equilibria:
    """Return the equilibria at one precision and every cost of lying, on the principal branch."""
    axes = (cost_axis(game),)
    tables = _by_branch(game, "principal", np.array([0.0, precision]), axes[0].values)
    return _tabulated(game, axes, (tables[0][1], tables[1][1]))


def solved_grids(game: Game) -> tuple[slice, slice, slice]:
    """Return which states, messages and actions equilibria are solved on."""
    return tuple(
        slice(None, None, -(-len(grid) // MOST)) for grid in (game.states, game.messages, game.actions)
    )  # type: ignore[return-value]


def _by_branch(game: Game, branch: str, precisions: Array, costs: Array) -> tuple[Array, Array]:
    """Return senders' (precision, cost, state, message) and receivers' (precision, cost, message, action) payoffs."""
    tables = MessageGame.of(game, *solved_grids(game))
    nothing = np.zeros(tables.lie.shape)

    def from_noise(cost: float) -> list[Array]:
        return follow(lambda precision: Replies(tables, precision, cost), nothing, precisions.tolist())

    def from_honesty(precision: float) -> list[Array]:
        path = np.arange(len(costs))[::-1]
        at = np.interp
        return follow(
            lambda place: Replies(tables, precision, float(at(place, path[::-1], costs))),
            nothing,
            path.tolist(),
        )[::-1]

    # The matrices are small: threads of the algebra library would get in each other's way.
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
        if branch == "principal":
            earned = np.swapaxes(np.array(list(pool.map(from_noise, costs))), 0, 1)
        else:
            earned = np.array(list(pool.map(from_honesty, precisions)))
    heard = np.array(
        [
            [_heard(Replies(tables, p, c), earned[i, j]) for j, c in enumerate(costs)]
            for i, p in enumerate(precisions)
        ]
    )
    return earned, heard


def _heard(replies: Replies, earned: Array) -> Array:
    replies.around(earned)
    return replies.receiver_payoff


def _tabulated(game: Game, axes: tuple[Axis, ...], tables: tuple[Array, Array]) -> Equilibria:
    states, messages, actions = (
        np.arange(len(grid))[part]
        for grid, part in zip((game.states, game.messages, game.actions), solved_grids(game), strict=True)
    )
    smooth = list(tables)
    for index, axis in enumerate(axes):
        smooth = [axis.coefficients(table, index) for table in smooth]
    return Equilibria(axes, Side(smooth[0], states, messages), Side(smooth[1], messages, actions))


def _between(solved: Any, row: Any) -> tuple[Any, Array]:
    """Return the solved row below each row of the game's grid, by position, and how far beyond it that lies."""
    low = np.minimum(np.searchsorted(solved, row, side="right") - 1, max(len(solved) - 2, 0))
    step = np.diff(solved, append=solved[-1] + 1)[low]
    return low, np.clip((row - solved[low]) / step, 0.0, None)


def _spread(solved: Any, count: int) -> Array:
    """Return the matrix (solved, option) that reads a table between its solved options."""
    low, share = _between(solved, np.arange(count))
    matrix = np.zeros((len(solved), count))
    matrix[low, np.arange(count)] = 1 - share
    matrix[np.minimum(low + 1, len(solved) - 1), np.arange(count)] += share
    return matrix
