"""From an oTree export, one row per participant, to a table of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.csv_file import MARKS_OF_NOTHING, read_frame, typed
from estimation.data.otree_layout import CODE, PLAYED, SESSION, OTreeLayout, apps_in, looks_like_otree
from estimation.data.rows import column_problems, list_some, row_problem
from estimation.data.source import Source
from estimation.data.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.names import ACTION, CHEAP_TALK, CONDITION, MESSAGE, PARTNER, PERIOD, ROLE, ROLES, STATE, SUBJECT

GROUP, ROUND = "group.id_in_subsession", "subsession.round_number"
BOT, DEMO = "participant._is_bot", "session.is_demo"
VALUES = (STATE.name, MESSAGE.name, ACTION.name)
YES = ("1", "1.0", "true", "yes", "wahr", "vrai", "verdadero")
"""What a spreadsheet may have made of a 1 or a truth value, in small letters."""


def read_otree(
    path: str | Path,
    games: Mapping[str, Game],
    layout: OTreeLayout,
    *,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
    subjects: Iterable[object] | None = None,
) -> Table:
    """Read an oTree export and return it as a checked table of decisions.

    Both forms of export are read: all apps (wide; ``app.1.player.role``) and one app (``player.role``). What one member
    of a group entered is known to the whole group, so that a message may be a field of the group or of the sender.
    Rows without a decision (somebody left), bots beside people, and demo sessions beside others are left out; how many
    stands in the caveats of the table's source. An export of bots alone is labelled SYNTHETIC.

    Parameters
    ----------
    path
        The file, as oTree's page "Data" gives it.
    games
        The game of each condition.
    layout
        Which columns hold what.
    name, source, synthetic, subjects
        As for `read_table`.

    Raises
    ------
    DataError
        If the file is no oTree export, or listing every column that is missing and everything that is wrong with what
        the columns hold.
    """
    file = Path(path)
    frame = read_frame(file, as_text=True)
    frame = frame.where(~frame.isin(MARKS_OF_NOTHING), None)
    heading = f"{file} cannot be read as an oTree export:"
    raise_all(_missing(frame, layout, games), DataError, heading)
    left_out, caveats, bots = _not_people(frame)
    long = _long(frame, layout, games)
    long = long[~long.index.isin(left_out)]  # after people have been told what bots in their group said
    raise_all(_clashes(long, layout) + _unknown_roles(long, layout), DataError, heading)
    decisions = _decisions(long, layout)
    if len(decisions) < len(long):
        caveats.append(_idle(long, decisions))
    title = f"oTree export {file.name}, app {layout.app}"
    origin = source or Source(title=title, synthetic=synthetic or bots, caveats=tuple(caveats))
    called = file.stem if name is None else name
    about: dict[str, Any] = {"name": called, "source": origin, "synthetic": synthetic or bots}
    return Table.from_frame(decisions, games, subjects=subjects, **about)


def _idle(long: pd.DataFrame, decisions: pd.DataFrame) -> str:
    """Say how many rows hold no decision, and who made none at all."""
    text = f"{len(long) - len(decisions):,} of {len(long):,} rows hold no decision and are left out"
    everybody = long[SUBJECT.name].unique()
    nobody = [repr(who) for who in everybody if who not in set(decisions[SUBJECT.name])]
    if not nobody:
        return f"{text}: somebody left, or did not play that round."
    return f"{text}; {len(nobody):,} of {len(everybody):,} participants made none: {list_some(nobody, 'participants')}."


def _missing(frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game]) -> list[str]:
    """Say which columns are not there, and which ones might be meant."""
    if not looks_like_otree(frame.columns):
        return [f"column {CODE!r} is missing: this is no oTree export; leave [otree] out to read a plain table"]
    repeated = column_problems(frame, (), "participant", "")
    if repeated:
        return repeated
    apps, there = apps_in(frame.columns), set(map(str, frame.columns))
    if apps and layout.app not in apps:
        return [f"there is no app {layout.app!r}; the file has {sorted(apps)}"]
    if not apps and ROUND not in there:
        return [f"column {ROUND!r} is missing: export the app, or all apps (wide)"]
    of_one_round = [
        f"{name} = {field!r} is a column of one round, and would stand for all of them; write {match['field']!r}"
        for name in VALUES
        for field in [getattr(layout, name)]
        if (match := PLAYED.match(field))
    ]
    if of_one_round:
        return of_one_round
    first = apps[layout.app][0] if apps else None
    problems = []
    for field in (layout.role, layout.state, layout.message, layout.action, GROUP, SESSION):
        if _column(frame, layout.app, first, field) is None:
            mine = sorted(column.split(".", 2)[2] for column in there if column.startswith(f"{layout.app}.{first}."))
            problems.append(f"there is no field {field!r} of app {layout.app!r}; it has {mine or sorted(there)}")
    if layout.condition not in games and _column(frame, layout.app, first, layout.condition) is None:
        problems.append(f"condition {layout.condition!r} is neither a column nor one of the conditions {sorted(games)}")
    problems += [
        f"covariate {name!r}: there is no column {column!r}"
        for name, column in layout.covariates.items()
        if _column(frame, layout.app, first, column) is None
    ]
    return problems


def _column(frame: pd.DataFrame, app: str, round_: int | None, field: str) -> str | None:
    """Return the column that holds a field in some round, or None."""
    named = f"{app}.{round_}.{field}"
    return next((column for column in (named, field) if column in frame), None)


def _not_people(frame: pd.DataFrame) -> tuple[pd.Index, list[str], bool]:
    """Return the lines of bots and of trials, what to say about them, and whether only bots played."""
    caveats, nobody = [], pd.Series(data=False, index=frame.index)
    bots, demo = (_is_yes(frame[column]) if column in frame else nobody for column in (BOT, DEMO))
    if bots.any() and not bots.all():
        caveats.append(f"{frame[CODE][bots].nunique():,} bots are left out.")
        nobody = nobody | bots
    if demo.all():
        caveats.append("Every session is a demo session: these may be trials of the software.")
    elif demo.any():
        caveats.append(f"{frame[CODE][demo].nunique():,} participants of demo sessions are left out.")
        nobody = nobody | demo
    return frame.index[nobody], caveats, bool(bots.all())


def _is_yes(cells: pd.Series) -> pd.Series:
    return cells.fillna("").str.strip().str.lower().isin(YES)


def _long(frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game]) -> pd.DataFrame:
    """Return one row per participant and round: who, when, in which group, and what every member of it entered."""
    rounds: list[int | None] = list(apps_in(frame.columns).get(layout.app, [])) or [None]
    long = pd.concat([_of_round(frame, layout, games, round_) for round_ in rounds])
    keys = ["session", PERIOD.name, "group"]
    long["members"] = long.groupby(keys)[SUBJECT.name].transform("nunique")
    for value in VALUES:
        known = long.groupby(keys)[value]
        long[f"{value} clashes"] = known.transform("nunique") > 1
        long[value] = long[value].fillna(known.transform("first"))
    return long


def _of_round(frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game], round_: int | None) -> pd.DataFrame:
    def held(field: str) -> pd.Series:
        column = _column(frame, layout.app, round_, field)
        return pd.Series(None, index=frame.index, dtype=object) if column is None else frame[column]

    constant = layout.condition in games
    parts = {
        SUBJECT.name: frame[CODE],
        "session": frame[SESSION],
        PERIOD.name: frame[ROUND] if round_ is None else str(round_),
        "group": held(GROUP),
        ROLE.name: held(layout.role).str.removesuffix(".0"),
        STATE.name: held(layout.state),
        MESSAGE.name: held(layout.message),
        ACTION.name: held(layout.action),
        CONDITION.name: layout.condition if constant else held(layout.condition),
    }
    return pd.DataFrame(parts | {_apart(name): _number(held(column)) for name, column in layout.covariates.items()})


def _apart(name: str) -> str:
    """Return what a covariate is called while the table is made, lest it replace a column that is needed."""
    return f"covariate {name}"


def _number(values: pd.Series) -> pd.Series:
    return values if values.isna().all() else typed(values.fillna(""))


def _clashes(long: pd.DataFrame, layout: OTreeLayout) -> list[str]:
    problems = []
    for column in (STATE, MESSAGE, ACTION):
        clash = long[f"{column.name} clashes"].to_numpy()
        where = getattr(layout, column.name)
        rule = f"({where}) differs between members of a group"
        advice = "name a field that holds it for the group, or for one member only"
        problems += row_problem(column, rule, long[column.name], clash, advice)
    return problems


def _unknown_roles(long: pd.DataFrame, layout: OTreeLayout) -> list[str]:
    played = long[list(VALUES)].notna().any(axis=1)
    unknown = (~long[ROLE.name].isin([layout.sender, layout.receiver]) & played).to_numpy()
    rule = f"({layout.role}) is neither {layout.sender!r} (sender) nor {layout.receiver!r} (receiver)"
    return row_problem(ROLE, rule, long[ROLE.name], unknown, "correct sender and receiver in [otree]")


def _decisions(long: pd.DataFrame, layout: OTreeLayout) -> pd.DataFrame:
    """Return the rows in which somebody decided, with the standard columns."""
    sends = (long[ROLE.name] == layout.sender).to_numpy()
    hears = (long[ROLE.name] == layout.receiver).to_numpy()
    decided = np.where(sends, long[MESSAGE.name].notna(), hears & long[ACTION.name].notna().to_numpy())
    rows = long.copy()
    rows[ROLE.name], rows[PARTNER.name] = np.where(sends, *ROLES), _partners(long)
    if not layout.revealed:
        rows[STATE.name] = rows[STATE.name].where(sends)
    apart = {_apart(name): name for name in layout.covariates}
    columns = [column.name for column in CHEAP_TALK]
    return rows.loc[decided.astype(bool), [*columns, *apart]].rename(columns=apart).rename_axis("line")


def _partners(long: pd.DataFrame) -> pd.Series:
    """Return the other member of each group of two; nobody where groups are larger."""
    others = long.groupby(["session", PERIOD.name, "group"])[SUBJECT.name]
    first, last = others.transform("first"), others.transform("last")
    other = first.where(long[SUBJECT.name] == last, last)
    return other.where(long["members"] == 2, None)
