"""What the benchmark learns from: how often each person did what after what, in conditions of one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import ndimage

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.evaluation.comparison.advised_cells import AdvisedCell, advised_cell
from estimation.games.game import Game, grid_index
from estimation.inference.pooled.pooled import choice_counts
from estimation.names import RECEIVER, SENDER
from estimation.theories.responses.habits import rounding


@dataclass(frozen=True, eq=False)
class Cell:
    """The choices of one role, in conditions of one scale.

    Attributes
    ----------
    counts : (person, seen, option) array
    nearest : (seen,) integer array
        The option nearest to what was seen: the truth of a sender, the message taken literally of a receiver.
    salience : (seen, option) integer array
        Whether an option stands out: 0 not, 1 a round number, 2 rounder, 3 an end of the scale, 4 the nearest option.
    """

    counts: Array
    nearest: Indices
    salience: Indices

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What conditions share whose choices belong together."""
        return self.salience.tobytes(), self.nearest.tobytes()

    def with_counts(self, counts: Array) -> Cell:
        """Return the cell of more people's choices."""
        return replace(self, counts=counts)

    def mirrored(self) -> Cell:
        """Return the choices on a scale that runs the other way."""
        last = self.salience.shape[1] - 1
        return Cell(self.counts[:, ::-1, ::-1], last - self.nearest[::-1], self.salience[::-1, ::-1])

    @cached_property
    def _sheared(self) -> tuple[Any, Any]:
        """Where (seen, option) stands as (seen, option - nearest)."""
        seen, option = np.indices(self.salience.shape)
        return seen, option - self.nearest[:, None] + self.salience.shape[1] - 1

    def smoothed(self, weighted: Array, seen: float, apart: float) -> Array:
        """Return P(option | seen) from weighted counts (seen, option)."""
        levels = int(self.salience.max()) + 1
        total = np.bincount(self.salience.ravel(), weighted.ravel(), levels)
        sheared = np.zeros((weighted.shape[0], 2 * weighted.shape[1] - 1))
        np.add.at(sheared, self._sheared, weighted)
        for axis, width in enumerate((seen, apart)):
            sheared = ndimage.gaussian_filter1d(sheared, width, axis=axis, mode="constant", truncate=5.0)
        smooth = sheared[self._sheared] + 1e-9
        smooth /= smooth.sum(axis=1, keepdims=True)
        expected = np.bincount(self.salience.ravel(), (smooth * weighted.sum(axis=1, keepdims=True)).ravel(), levels)
        raised = smooth * ((total + 1.0) / (expected + 1.0))[self.salience]
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


AnyCell = Cell | AdvisedCell


def cells_of(table: Table) -> list[AnyCell]:
    """Return the choices of a table by role, conditions together: mirrored where the sender gains downwards.

    Conditions whose scales differ in length or in what stands out are cells of their own.
    """
    found: dict[tuple[object, ...], AnyCell] = {}
    for (condition, role), counts in choice_counts(table).items():
        game = table.games[condition]
        cell = (advised_cell(table, condition) if role == RECEIVER else None) or _cell(game, role, counts)
        key = (role, *cell.key)
        found[key] = cell.with_counts(cell.counts + found[key].counts) if key in found else cell
    return list(found.values())


def _cell(game: Game, role: str, counts: Array) -> Cell:
    """Return the choices of a role, mirrored where the sender gains downwards."""
    seen, options = (game.states, game.messages) if role == SENDER else (game.messages, game.actions)
    by_word = game.truth if role == SENDER else game.literal
    nearest = grid_index(options, seen) if game.continuous else by_word
    cell = Cell(counts, nearest, _salience(game, role, nearest, len(options)))
    return cell.mirrored() if game.direction < 0 else cell


def _salience(game: Game, role: str, nearest: Indices, options: int) -> Indices:
    salience = np.zeros((len(nearest), options), dtype="int64")
    for level, table in enumerate(rounding(game, role), 1):  # round numbers are those of the habits of response
        salience[:, table.any(axis=0)] = level
    salience[:, [0, -1]] = 3
    salience[np.arange(len(nearest)), nearest] = 4
    return salience
