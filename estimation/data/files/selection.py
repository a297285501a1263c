"""Which rows of a file count: practice, time-outs and people who are left out, each counted in the caveats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.cells.rows import list_some, show
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.listed import listed
from estimation.names import PERIOD, SUBJECT
from estimation.text.shown import Shown

YES = ("1", "1.0", "true", "yes", "wahr", "vrai", "verdadero")
"""What a spreadsheet may have made of a 1 or a truth value, in small letters."""

KEYS = ("rounds", "keep", "leave_out", "exclude")
RANGE = re.compile(r"(\d+)?\s*(-)?\s*(\d+)?")
WHOLE = re.compile(r"^([+-]?\d+)\.0+$")

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Selection(Shown):
    """What to read of a file: the table ``[filter]`` of a file of games, or options of a command.

    Parameters
    ----------
    rounds
        Rounds or periods that count, such as ``"3-"`` or ``"1-5, 8"``; empty for all.
    keep
        Column → values that a row must have there to belong to the experiment at all.
    leave_out
        Column → values that leave a decision out, such as a mark of practice or of a time-out; columns alone, if they
        hold 1 or yes where it is to be left out.
    exclude
        People whose decisions are left out; what they said to others stays known.
    """

    rounds: str = ""
    keep: Values = field(default_factory=dict, hash=False)
    leave_out: Values = field(default_factory=dict, hash=False)
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        marks = self.leave_out if isinstance(self.leave_out, Mapping) else dict.fromkeys(listed(self.leave_out), YES)
        problems = [f'keep must be a table of column = "value", not {show(self.keep)}']
        raise_all(problems * (not isinstance(self.keep, Mapping)), DataError, "The selection is not clear:")
        for name, table in (("keep", self.keep), ("leave_out", marks)):
            spelled = {column: tuple(map(_spelled, listed(values))) for column, values in table.items()}
            object.__setattr__(self, name, spelled)
        object.__setattr__(self, "exclude", tuple(map(_spelled, listed(self.exclude))))

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        return list(dict.fromkeys([*self.keep, *self.leave_out]))

    def with_options(
        self, rounds: str | None = None, leave_out: Iterable[str] = (), exclude: Iterable[str] = ()
    ) -> Selection:
        """Return the same with what was given besides; rounds replace the earlier ones.

        Raises
        ------
        DataError
            If rounds cannot be read.
        """
        changed = replace(
            self,
            rounds=self.rounds if rounds is None else rounds,
            leave_out={**self.leave_out, **dict.fromkeys(listed(leave_out), YES)},
            exclude=(*self.exclude, *listed(exclude)),
        )
        raise_all(_unclear(changed.rounds), DataError, "The selection is not clear:")
        return changed

    def kept(self, rows: pd.DataFrame, at: Callable[[str], str] = str) -> tuple[pd.DataFrame, list[str]]:
        """Return the rows that belong to the experiment, and what was left out; `at` names a column's place."""
        caveats = []
        for column, values in self.keep.items():
            here = _one_of(rows[at(column)], values)
            if not here.all():
                caveats.append(f"{_share(~here)} rows are left out: {column} is not {' or '.join(map(show, values))}.")
            rows = rows[here]
        return rows, caveats

    def decisions(
        self, rows: pd.DataFrame, at: Callable[[str], str] = str, number: str = PERIOD.name
    ) -> tuple[pd.DataFrame, list[str]]:
        """Return the decisions that count, and what was left out; `number` is the column of rounds.

        Raises
        ------
        DataError
            If somebody is excluded who is not there.
        """
        everybody = set(rows[SUBJECT.name].dropna().map(str).str.strip())
        unknown = [show(who) + did_you_mean(who, everybody) for who in self.exclude if who not in everybody]
        problems = [f"exclude names {list_some(unknown, 'people')}, without a decision in the file"] if unknown else []
        raise_all(problems, DataError, "The selection is not clear:")
        left, caveats = rows, []
        for column, values in self.leave_out.items():
            marked = _one_of(left[at(column)], values)
            if marked.any():
                says = f"{column} is {' or '.join(map(show, sorted(set(left[at(column)][marked]))))}"
                caveats.append(f"{_share(marked)} decisions are left out: {says}.")
            left = left[~marked]
        named = left[SUBJECT.name].map(str).str.strip().isin(self.exclude)
        if named.any():
            people = list_some([show(who) for who in dict.fromkeys(left[SUBJECT.name][named])], "people")
            caveats.append(f"{_share(named)} decisions are left out: those of {people}.")
        left = left[~named]
        late = ~_in_ranges(left[number], self.rounds)
        if late.any():
            caveats.append(f"{_share(late)} decisions are left out: only rounds {self.rounds} count.")
        return left[~late], caveats


def selection_from(given: Any, heading: str) -> Selection:
    """Return what the table ``[filter]`` says.

    Raises
    ------
    DataError
        Listing every key that is unknown or of the wrong type.
    """
    if not isinstance(given, dict):
        raise DataError(heading, [f"[filter] must be a table, not {show(given)}"])
    problems = [
        f"key {key!r} of [filter] is unknown; keys: {list(KEYS)}{did_you_mean(key, KEYS)}"
        for key in given
        if key not in KEYS
    ]
    rounds, exclude = given.get("rounds", ""), given.get("exclude", [])
    marks = given.get("leave_out", {})
    if isinstance(marks, (str, list)):
        marks = {column: list(YES) for column in ([marks] if isinstance(marks, str) else map(str, marks))}
    for key, value in (("keep", given.get("keep", {})), ("leave_out", marks)):
        if not isinstance(value, dict):
            problems.append(f'{key} must be a table of column = "value", not {show(value)}')
    if not isinstance(rounds, (str, int)) or isinstance(rounds, bool):
        problems.append(f'rounds must be a text such as "3-", not {show(rounds)}')
    else:
        problems += _unclear(str(rounds))
    if not isinstance(exclude, list):
        problems.append(f"exclude must be a list of people, not {show(exclude)}")
    raise_all(problems, DataError, heading)
    return Selection(str(rounds), given.get("keep", {}), marks, tuple(exclude))


def plain(cells: pd.Series) -> pd.Series:
    """Return cells without blanks around them, and whole numbers without ``.0``: as two programs write one value."""
    return cells.map(lambda cell: (WHOLE.sub(r"\1", cell.strip()) or None) if isinstance(cell, str) else cell)


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_of(cells: pd.Series, values: Iterable[str]) -> pd.Series:
    """Return which cells hold one of the values, whatever their capitals."""
    wanted = {WHOLE.sub(r"\1", value.strip()).lower() for value in values}
    return plain(cells.map(lambda cell: None if pd.isna(cell) else str(cell))).map(
        lambda cell: isinstance(cell, str) and cell.lower() in wanted
    )


def _share(mask: pd.Series) -> str:
    return f"{int(mask.sum()):,} of {len(mask):,}"


def _ranges(text: str) -> list[tuple[float, float]] | None:
    """Return the ends of each range of rounds, or None if one is no range."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = RANGE.fullmatch(part)
        if match is None or not (match[1] or match[3]) or (not match[2] and match[3]):
            return None
        first = float(match[1] or -np.inf)
        found.append((first, float(match[3] or np.inf) if match[2] else first))
    return found


def _unclear(rounds: str) -> list[str]:
    return [f'rounds = {show(rounds)} is not of the form "3-" or "1-5, 8"'] if _ranges(rounds) is None else []


def _in_ranges(numbers: pd.Series, rounds: str) -> pd.Series:
    """Return which numbers lie in the ranges; what is no number stays, for the table's own rules to name it."""
    ranges = _ranges(rounds) or [(-np.inf, np.inf)]
    values = pd.to_numeric(numbers, errors="coerce")
    inside = values.isna()
    for first, last in ranges:
        inside |= values.between(first, last)
    return inside
