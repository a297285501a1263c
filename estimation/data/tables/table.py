"""A table of decisions that has been checked: frozen, sorted, and known by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.allowed import is_among
from estimation.arrays import Mask, Spec
from estimation.data.cells.labels import states_of, with_words
from estimation.data.cells.notices import alike_labels, half_numbers, look_alikes
from estimation.data.cells.row_labels import with_row_labels
from estimation.data.tables.checked import CheckedTable, origin_of
from estimation.data.tables.fingerprint import fingerprint
from estimation.data.tables.joint_choices import hints_written, settled, with_pairs
from estimation.data.tables.schema import validate
from estimation.data.tables.source import Source
from estimation.errors import DataError
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import CHEAP_TALK, CONDITION, PARTNER, ROLE, ROLES, SUBJECT


@dataclass(frozen=True, eq=False, repr=False)
class Table(CheckedTable):
    """Decisions in cheap-talk games, made by `Table.from_frame`; never changed, only selected from.

    Parameters
    ----------
    name, source, synthetic, selection
        What the data set is called, where it comes from, whether a simulation made it (`label` then says so), and what
        was selected from it, in order.
    fingerprint
        sha256 of decisions, covariates and games. Fits are compared only if it agrees.
    """

    _games: dict[str, Game]

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        games: Mapping[str, Game],
        *,
        name: str = "table",
        source: Source | None = None,
        synthetic: bool = False,
        subjects: Iterable[object] | None = None,
        selection: Iterable[str] = (),
    ) -> Table:
        """Check a frame and return it as a table.

        Parameters
        ----------
        frame
            One row per decision, with the columns of `schema.validate`, which may stand in its index. It is copied.
        games
            The game that was played in each condition; conditions that do not occur are left out.
        name, source, synthetic, selection
            What to call the table, where it comes from, whether a simulation made it, and what had been selected.
        subjects
            Everybody who took part: each must have a decision.

        Raises
        ------
        DataError
            Listing everything that is wrong with the frame.
        """
        frame = with_row_labels(frame, (column.name for column in CHEAP_TALK))
        checked = settled(validate(with_pairs(frame, games), games, subjects), games)
        played = {str(key): game.given_states(states_of(checked, str(key))) for key, game in games.items()}
        about = origin_of(source, name, synthetic)
        return cls._of_checked(checked, played, selection=listed(selection), **about)

    @property
    def written(self) -> pd.DataFrame:
        """A copy of the rows as files hold them: where options are words, with these in place of their places."""
        return hints_written(with_words(self._frame, self._games), self._frame, self._games)

    @property
    def games(self) -> dict[str, Game]:
        """The game of each condition that occurs."""
        return dict(self._games)

    @property
    def roles(self) -> list[str]:
        """The roles that occur, sender before receiver."""
        return list(self.decisions)

    @property
    def conditions(self) -> list[str]:
        """The conditions that occur, sorted."""
        return list(self._games)

    @property
    def decisions(self) -> dict[str, int]:
        """The number of decisions in each role that occurs, sender before receiver."""
        counts = self._frame[ROLE.name].value_counts()
        return {role: int(counts[role]) for role in ROLES if role in counts.index}

    def only(self, role: str) -> Table:
        """Return the decisions made in one role.

        Raises
        ------
        DataError
            If nobody decides in this role.
        """
        if not is_among(role, self.roles):
            raise DataError(
                f"Cannot select from {self.label}:", [f"no decision has role {role!r}; roles: {self.roles}"]
            )
        if self.roles == [role]:
            return self
        return self._selected((self._frame[ROLE.name] == role).to_numpy(), f"{role}s only")

    def of(self, subjects: str | Iterable[object]) -> Table:
        """Return the decisions of some people.

        Raises
        ------
        DataError
            If somebody is not in the table, or nobody is named.
        """
        rows, note = self._rows_of(subjects, "made no decision")
        return self if rows.all() else self._selected(rows, note)

    def spec(self) -> Spec:
        """Return what a manifest says about the table, as plain data."""
        return super().spec() | {"games": {name: game.described() for name, game in self._games.items()}}

    def __len__(self) -> int:
        """Return the number of decisions."""
        return len(self._frame)

    def _contents(self) -> dict[str, str]:
        counts = ", ".join(f"{count:,} as {role}" for role, count in self.decisions.items())
        own = {"decisions": f"{len(self):,} ({counts})", "conditions": ", ".join(self.conditions)}
        return super()._contents() | own

    def _notices(self) -> list[str]:
        standard = [column.name for column in CHEAP_TALK]
        people = pd.concat([self._frame[column.name].dropna() for column in (SUBJECT, PARTNER)]).unique()
        alike = look_alikes(SUBJECT.name, people) + alike_labels(self._frame, standard)
        return alike + half_numbers(self._frame, standard)

    def _selected(self, rows: Mask, note: str) -> Table:
        kept = self._frame[rows].reset_index(drop=True)
        about = self._noted(note) | {"source": self.source.for_roles(set(kept[ROLE.name]))}
        return self._of_checked(kept, self._games, **about)

    @classmethod
    def _of_checked(cls, frame: pd.DataFrame, games: Mapping[str, Game], **about: Any) -> Table:
        """Return the table of a frame that is canonical already, with the games that occur in it."""
        occurring = sorted(np.unique(frame[CONDITION.name].to_numpy(dtype=str)))
        played = {str(condition): games[condition] for condition in occurring}
        return cls(fingerprint=fingerprint(frame, played), _frame=frame, _games=played, **about)
