"""Two-player games in normal form: both choose at once, and a matrix says what each earns. Nobody says anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from estimation.arrays import Array, Spec
from estimation.errors import GameError, raise_all
from estimation.games.checks import key_problems
from estimation.text.shown import Display

ROW, COLUMN = "row", "column"
PLAYERS = (ROW, COLUMN)

SHOWN = 12  # options of each player, in a notebook
_INVALID = "The normal-form game is not valid:"


@dataclass(frozen=True, eq=False)
class NormalForm:
    """A row player and a column player, each with finitely many options.

    Parameters
    ----------
    row, column : (row option, column option) array, payoff units
        What each player earns.
    row_options, column_options
        What the options are called; ``"1"``, ``"2"``, … by default. Whole numbers are written without a decimal point,
        text without blanks around it.

    Raises
    ------
    GameError
        If the matrices are not finite, differ in shape, or labels do not match them.
    """

    row: Array
    column: Array
    row_options: tuple[str, ...] = ()
    column_options: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        pairs = [
            [f"{own:g}, {other:g}" for own, other in zip(*both, strict=True)]
            for both in zip(self.row[:SHOWN], self.column[:SHOWN], strict=True)
        ]
        table = pd.DataFrame(pairs, list(self.row_options[:SHOWN]), list(self.column_options))
        size = f"{len(self.row_options)} x {len(self.column_options)} game: payoffs of row player, column player"
        return Display(size, table=table.iloc[:, :SHOWN]).html

    def __post_init__(self) -> None:
        problems = []
        for name in PLAYERS:
            try:
                object.__setattr__(self, name, np.asarray(getattr(self, name), float))
            except (TypeError, ValueError) as problem:
                raise GameError(_INVALID, [f"{name}: payoffs are not a matrix of numbers: {problem}"]) from problem
            if getattr(self, name).ndim != 2 or 0 in getattr(self, name).shape:
                problems.append(f"{name}: payoffs must be a matrix, not of shape {getattr(self, name).shape}")
            elif not np.isfinite(getattr(self, name)).all():
                problems.append(f"{name}: payoffs must be finite numbers")
        if self.row.shape != self.column.shape:
            problems.append(f"payoffs of row {self.row.shape} and column {self.column.shape} differ in shape")
        raise_all(problems, GameError, _INVALID)
        for axis, name in enumerate(("row_options", "column_options")):
            size = self.row.shape[axis]
            given = getattr(self, name)
            if isinstance(given, str):
                problems.append(f"{name} must be a list of labels, not one text: {given!r}")
                continue
            labels = tuple(map(label_of, given)) or tuple(map(str, range(1, size + 1)))
            object.__setattr__(self, name, labels)
            if len(labels) != size or len(set(labels)) != size:
                problems.append(f"{name} must be {size} different labels, not {labels}")
        raise_all(problems, GameError, _INVALID)

    @classmethod
    def symmetric(cls, payoff: ArrayLike, options: Sequence[object] = ()) -> NormalForm:
        """Return the game in which both players earn ``payoff[own option, other's option]``."""
        own = np.asarray(payoff, float)
        labels: Any = options if isinstance(options, str) else tuple(options)
        return cls(own, own.T, labels, labels)

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether the players are in the same position: the same labels, and transposed payoffs."""
        square = self.row.shape[0] == self.row.shape[1] and self.row_options == self.column_options
        return square and bool(np.array_equal(self.row, self.column.T))

    def payoff(self, player: str) -> Array:
        """Return what a player earns, (own option, other's option), payoff units."""
        return self.row if player == ROW else self.column.T

    def options(self, player: str) -> tuple[str, ...]:
        """Return the labels of a player's options."""
        return self.row_options if player == ROW else self.column_options

    def spec(self) -> Spec:
        """Return the game as plain data, from which `from_spec` rebuilds it."""
        labels = {"row_options": list(self.row_options), "column_options": list(self.column_options)}
        return {"family": "normal-form", "row": self.row.tolist(), "column": self.column.tolist()} | labels

    @classmethod
    def from_spec(cls, spec: Spec) -> NormalForm:
        """Rebuild the game from `spec`.

        Raises
        ------
        GameError
            With every key that is missing, misspelt or out of bounds.
        """
        optional = ("row_options", "column_options")
        raise_all(key_problems(spec, ("family", "row", "column"), optional), GameError, _INVALID)
        labels = {name: tuple(spec[name]) for name in optional if name in spec}
        return cls(spec["row"], spec["column"], **labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NormalForm) and self.spec() == other.spec()

    def __hash__(self) -> int:
        return hash(repr(self.spec()))


def label_of(label: object) -> str:
    """Return what an option or a game is called, as cells of a table are read: 2.0 is "2", " left" is "left"."""
    if isinstance(label, float | np.floating) and np.isfinite(label) and label == int(label):
        return str(int(label))
    return str(label).strip()


def opponent(player: str) -> str:
    """Return the other player."""
    return COLUMN if player == ROW else ROW
