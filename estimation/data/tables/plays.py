"""Choices in games without communication: by person, or as counts without identities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask, Spec
from estimation.data.cells.cells import TEXT, Cells, cell_problems, read_labels, read_numbers
from estimation.data.cells.row_labels import with_row_labels
from estimation.data.cells.rows import column_problems, row_problem
from estimation.data.tables.checked import CheckedTable, origin_of
from estimation.data.tables.fingerprint import fingerprint
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.games.normal_form import PLAYERS, NormalForm, label_of
from estimation.listed import listed
from estimation.names import COUNT, GAME, OPTION, PLAYER, PLAYS, SUBJECT

Cell = tuple[str, str]
"""A game and a player."""
SHOWN = 8
"""Labels of games or options in a message."""


@dataclass(frozen=True, eq=False, repr=False)
class PlayTable(CheckedTable):
    """Choices in normal-form games, made by `PlayTable.from_frame`; never changed.

    Parameters
    ----------
    name, source, synthetic
        What the data set is called, where it comes from, and whether a simulation made it (`label` then says so).
    fingerprint
        sha256 of choices and games.
    individual
        Whether it is known who chose what.
    """

    individual: bool
    _games: dict[str, NormalForm]

    kind: ClassVar[str] = "plays"

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        games: Mapping[str, NormalForm],
        *,
        name: str = "plays",
        source: Source | None = None,
        synthetic: bool = False,
    ) -> PlayTable:
        """Check a frame and return it as plays.

        Parameters
        ----------
        frame
            Columns ``game``, ``player`` (``row`` or ``column``) and ``choice`` (the option's label); ``subject`` if it
            is known who chose; ``count`` if a row stands for several choices.
        games
            The games by name, text or whole numbers; those that do not occur are left out.

        Raises
        ------
        DataError
            Listing everything that is wrong with the frame.
        """
        heading = "The plays do not meet their schema:"
        frame = with_row_labels(frame, (column.name for column in PLAYS))
        raise_all(column_problems(frame, (GAME, PLAYER, OPTION), "choice", heading), DataError, heading)
        cells = {column.name: read(column, frame[column.name]) for column, read in _READERS if column.name in frame}
        raise_all(_game_problems(games), DataError, heading)
        games = {label_of(name): game for name, game in games.items()}
        raise_all(_problems(cells, games), DataError, heading)
        plain = pd.DataFrame({name: found.content for name, found in cells.items()})
        plain = plain.astype({name: float if name == COUNT.name else TEXT for name in cells})
        plain = plain if COUNT.name in plain else plain.assign(**{COUNT.name: 1.0})
        played = {key: game for key, game in games.items() if (plain[GAME.name] == key).any()}
        about = origin_of(source, name, synthetic) | {"fingerprint": fingerprint(plain, played)}
        return cls(selection=(), individual=SUBJECT.name in cells, _frame=plain, _games=played, **about)

    @property
    def games(self) -> dict[str, NormalForm]:
        """The games that were played."""
        return dict(self._games)

    @property
    def subjects(self) -> list[str]:
        """Everybody who chose, sorted; empty if that is not known."""
        return super().subjects if self.individual else []

    def spec(self) -> Spec:
        """Return what a manifest says about the table, as plain data."""
        return super().spec() | {"games": {name: game.spec() for name, game in self._games.items()}}

    def __len__(self) -> int:
        """Return the number of choices."""
        return round(self._frame[COUNT.name].sum())

    def of(self, games: str | Iterable[str]) -> PlayTable:
        """Return the choices in some of the games; one text is one name.

        Raises
        ------
        DataError
            If a game does not occur.
        """
        wanted = [label_of(game) for game in listed(games)]
        problems = [f"game {game!r} is none of {list(self._games)}" for game in wanted if game not in self._games]
        raise_all(problems, DataError, f"Cannot select from {self.label}:")
        frame = self._frame[self._frame[GAME.name].isin(wanted)]
        return PlayTable.from_frame(frame, self._games, **origin_of(self.source, self.name, self.synthetic))

    def counts(self) -> tuple[dict[Cell, Array], list[str]]:
        """Return how often each option was taken, (unit, option) for each game and player that occurs, and the units.

        Units are people, or one for each game and player if people are not known.
        """
        return self._counted

    @cached_property
    def _counted(self) -> tuple[dict[Cell, Array], list[str]]:
        frame, cells = self._frame, [GAME.name, PLAYER.name]
        unit = frame[SUBJECT.name] if self.individual else frame[GAME.name] + ", " + frame[PLAYER.name]
        units = sorted(unit.unique())
        table: dict[Cell, Array] = {}
        for (game, player), rows in frame.groupby(cells, sort=False):
            labels = self._games[str(game)].options(str(player))
            counted = np.zeros((len(units), len(labels)))
            where = (
                pd.Index(units).get_indexer(pd.Index(unit[rows.index])),
                pd.Index(labels).get_indexer(pd.Index(rows[OPTION.name])),
            )
            np.add.at(counted, where, rows[COUNT.name].to_numpy())
            table[str(game), str(player)] = counted
        return table, units

    def _contents(self) -> dict[str, str]:
        return {
            "choices": f"{len(self):,}",
            "people": f"{len(self.subjects):,}" if self.individual else "not told apart",
            "games": f"{len(self._games):,}",
        }


_READERS = tuple((column, read_numbers if column == COUNT else read_labels) for column in PLAYS)


def _game_problems(games: Mapping[str, NormalForm]) -> list[str]:
    if not isinstance(games, Mapping):
        return [f"games must be {{name: NormalForm}}, not {type(games).__name__}"]
    names = [label_of(name) for name in games]
    twice = sorted({name for name in names if names.count(name) > 1})
    others = {name: type(game).__name__ for name, game in games.items() if not isinstance(game, NormalForm)}
    return [f"two games are called {name!r}; rename one" for name in twice] + [
        f"games must be {{name: NormalForm}}; {name!r} is of {kind}" for name, kind in others.items()
    ]


def _first(where: Mask, game: Array, player: Array) -> list[Cell]:
    return [(str(game[row]), str(player[row])) for row in np.flatnonzero(where)[:1]]


def _some(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return ", ".join(map(repr, labels[:SHOWN])) + more


def _problems(cells: Mapping[str, Cells], games: Mapping[str, NormalForm]) -> list[str]:
    game, player, choice = (cells[column.name].content for column in (GAME, PLAYER, OPTION))
    there = [~(cells[column.name].missing | cells[column.name].bad) for column in (GAME, PLAYER, OPTION)]
    options = {(name, side): set(form.options(side)) for name, form in games.items() for side in PLAYERS}
    strange = np.array(
        [taken not in options.get(tuple(key), {taken}) for *key, taken in zip(game, player, choice, strict=True)]
    )
    strange &= there[2]
    had = [
        f"the {side} player of game {name!r} has {_some(games[name].options(side))}"
        for name, side in _first(strange, game, player)
    ]
    wrong = [
        (
            GAME,
            f"names none of the games {_some(sorted(games))}",
            ~np.isin(game.astype(str), list(games)) & there[0],
            "correct the label, or give the game",
        ),
        (PLAYER, f"must be one of {list(PLAYERS)}", ~np.isin(player.astype(str), PLAYERS) & there[1], "recode it"),
        (OPTION, "is no option of the player in this game", strange, "use the option's label: " + "".join(had)),
    ]
    if COUNT.name in cells:
        wrong.append((COUNT, "must be a number from 0", cells[COUNT.name].content < 0, "count the choices"))
    broken = [
        text
        for column, what, bad, advice in wrong
        for text in row_problem(column, what, cells[column.name].raw, bad, advice)
    ]
    return cell_problems(cells, PLAYS) + broken
