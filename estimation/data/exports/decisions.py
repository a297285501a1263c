"""From rows of people in rounds, as software for experiments writes them, to decisions and what to know about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.cells.rows import row_problem
from estimation.data.exports.by_name import MARKS, words_in
from estimation.data.exports.groups import VALUES, in_both_roles, told
from estimation.data.exports.idle import idle_by_role
from estimation.data.exports.layout import BOTH, Layout
from estimation.data.exports.otree_layout import PLAYED
from estimation.data.exports.strategy import answer, answer_columns, one_decision_a_message
from estimation.data.files.csv_file import typed
from estimation.data.files.selection import YES, Selection, plain
from estimation.data.tables.rules import NEEDED
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.names import CHEAP_TALK, CONDITION, HYPOTHETICAL, PERIOD, ROLE, ROLES, STATE, SUBJECT

MACHINE = "machine"
"""Marks rows of bots and of trials, which others in the group may have met."""


@dataclass(frozen=True)
class Decisions:
    """What was read of a file.

    Parameters
    ----------
    frame
        One row per decision, with the standard columns and covariates.
    title, caveats
        What the file is, and what was left out of it or found odd in it.
    synthetic
        Whether only bots played.
    """

    frame: pd.DataFrame
    title: str
    caveats: tuple[str, ...]
    synthetic: bool = False

    def table(
        self,
        games: Mapping[str, Game],
        name: str,
        source: Source | None,
        synthetic: bool,
        subjects: Iterable[object] | None,
    ) -> Table:
        """Return the checked table.

        Raises
        ------
        DataError
            Listing everything that is wrong with it, and what had been left out if somebody of the list is missing.
        """
        made_up = synthetic or self.synthetic
        known = source or Source(title=self.title, synthetic=made_up)
        origin = replace(known, caveats=(*known.caveats, *self.caveats))
        about: dict[str, Any] = {"name": name, "source": origin, "synthetic": made_up}
        try:
            return Table.from_frame(self.frame, games, subjects=subjects, **about)
        except DataError as error:
            if subjects is None or not self.caveats:
                raise
            raise DataError(error.heading, [*error.problems, *self.caveats]) from None


def rows_of(
    held: Callable[[str], pd.Series], layout: Layout, games: Mapping[str, Game], wanted: Iterable[str]
) -> pd.DataFrame:
    """Return role, state, message, action and condition of rows, their covariates, and other columns that are wanted.

    Parameters
    ----------
    held
        From a column's or a field's name to its cells, text or None.
    wanted
        Columns that answers in advance and the selection read.
    """
    role = held(layout.role)
    if layout.role in (layout.sender, layout.receiver) and role.isna().all():
        role = role.fillna(layout.role)
    parts = {
        ROLE.name: plain(role),
        **{name: plain(held(getattr(layout, name))) for name in VALUES},
        CONDITION.name: layout.condition if layout.condition in games else held(layout.condition),
    }
    parts |= {_wanted(column): plain(held(column)) for column in wanted}
    return pd.DataFrame(parts | {_apart(name): _number(held(column)) for name, column in layout.covariates.items()})


def decisions_of(
    rows: pd.DataFrame, layout: Layout, selection: Selection, answers: Mapping[str, str], heading: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return decisions in the standard columns, and what was left out or is odd.

    Parameters
    ----------
    rows
        What `rows_of` gives, with columns subject, session, app, round, period, group and machine.
    answers
        The column of the action after each message, where receivers answered in advance.

    Raises
    ------
    DataError
        Listing everything that keeps the rows from being read.
    """
    rows = rows.rename(columns={_wanted(column): answer(option) for option, column in answers.items()})
    rows, caveats = selection.kept(rows, _wanted)
    played = rows[list(VALUES)].notna().any(axis=1)
    problems: list[str] = []
    if layout.role == BOTH or (played.any() and rows[ROLE.name][played].isna().all() and _all_three(rows)):
        rows, problems = in_both_roles(rows, layout)
        caveats.append("Nobody has a role of their own: everybody sends and receives in each round.")
    else:
        problems = _unknown_roles(rows[played], layout)
    raise_all(problems, DataError, heading)
    known, problems, odd = told(rows, layout, answers)
    raise_all(problems, DataError, heading)
    watches = known[ROLE.name].isin([layout.bystander] if layout.bystander else []).to_numpy()
    people = known[~known[MACHINE].to_numpy(bool) & ~watches]
    people, said = one_decision_a_message(people, layout, answers)
    complete, lacking = _complete(people, layout, heading)
    counted = _counted(complete)
    left, cut = selection.decisions(counted, _wanted, "round")
    return _standard(left, layout), [*caveats, *odd, *said, *lacking, *cut, *_marked(left, selection)]


def _all_three(rows: pd.DataFrame) -> bool:
    return bool(rows[list(VALUES)].notna().all(axis=1).any())


def _unknown_roles(played: pd.DataFrame, layout: Layout) -> list[str]:
    known = {layout.sender, layout.receiver, layout.bystander} - {""}
    unknown = (~played[ROLE.name].isin(known)).to_numpy()
    rule = f"({layout.role}) is neither {layout.sender!r} (sender) nor {layout.receiver!r} (receiver)"
    advice = "correct sender and receiver, or name whoever does not decide as bystander"
    return row_problem(ROLE, rule, played[ROLE.name], unknown, advice)


def _complete(rows: pd.DataFrame, layout: Layout, heading: str) -> tuple[pd.DataFrame, list[str]]:
    """Return rows with a decision and what it answers, and who made none when."""
    lacks = pd.Series("nothing", index=range(len(rows)))
    role = rows[ROLE.name].to_numpy()
    problems = []
    for word, columns in zip((layout.sender, layout.receiver), NEEDED.values(), strict=True):
        mine, (answered, decided) = role == word, columns
        has = {column: rows[column.name].notna().to_numpy() for column in columns}
        for column in columns:
            lacks[mine & ~has[column]] = column.name
        if (mine & has[decided]).any() and not (mine & has[answered]).any():
            field = getattr(layout, answered.name)
            problems += [f"no {word!r} has a {answered.name}: {field!r} is empty wherever they decide"] * bool(field)
    raise_all(problems, DataError, heading)
    lacks[~np.isin(role, (layout.sender, layout.receiver))] = "role"
    here = (lacks == "nothing").to_numpy()
    words = dict(zip((layout.sender, layout.receiver), ROLES, strict=True))
    return rows[here], [] if here.all() else idle_by_role(rows, here, lacks, words)


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with each person's decisions counted, where the file does not say when they were made."""
    missing = rows[PERIOD.name].isna()
    if not missing.all():
        return rows
    number = rows.groupby(SUBJECT.name).cumcount() + 1
    return rows.assign(**{PERIOD.name: number, "round": number})


def _marked(rows: pd.DataFrame, selection: Selection) -> list[str]:
    """Say which columns seem to mark practice or time-outs among what was read."""
    found = []
    for name in [str(name) for name in rows.columns if str(name).startswith(_wanted(""))]:
        column = name.removeprefix(_wanted(""))
        count = int(rows[name].map(lambda cell: str(cell).lower() in YES).sum())
        if count and column not in selection.columns and words_in(column) & MARKS:
            advice = f'if they do not count, write leave_out = ["{column}"] in [filter]'
            found.append(f"{column} is set in {count:,} of {len(rows):,} decisions that are read; {advice}.")
    return found


def _standard(rows: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    sends = (rows[ROLE.name] == layout.sender).to_numpy()
    found = rows.assign(**{ROLE.name: np.where(sends, *ROLES)})
    if not layout.revealed:
        found[STATE.name] = found[STATE.name].where(sends, None)
    apart = {_apart(name): name for name in layout.covariates}
    columns = [column.name for column in CHEAP_TALK] + [HYPOTHETICAL.name] * (HYPOTHETICAL.name in rows)
    return found[[*columns, *apart]].rename(columns=apart).rename_axis("line")


def wanted_columns(
    layout: Layout, games: Mapping[str, Game], selection: Selection, columns: Iterable[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Return answers in advance by message, all columns that are read besides the layout's, and which are missing."""
    there = dict.fromkeys(columns)
    answers, problems = answer_columns(layout.action, games, there.__contains__)
    problems += [f"[filter]: there is no column {column!r}" for column in selection.columns if column not in there]
    marks = [column for column in there if words_in(column) & MARKS and not PLAYED.match(column)]
    return answers, list(dict.fromkeys([*answers.values(), *selection.columns, *marks])), problems


def _wanted(column: str) -> str:
    return f"wanted {column}"


def _apart(name: str) -> str:
    """Return what a covariate is called while the table is made, lest it replace a column that is needed."""
    return f"covariate {name}"


def _number(values: pd.Series) -> pd.Series:
    return values if values.isna().all() else typed(values.fillna(""))
