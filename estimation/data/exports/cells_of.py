"""A file of any kind as one table of cells, a row per person and round, to be looked at before it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING
from estimation.data.cells.rows import column_problems
from estimation.data.exports.by_name import candidates
from estimation.data.exports.groups import VALUES
from estimation.data.exports.kinds import CALLED, OTREE, kind_of
from estimation.data.exports.otree import GROUP
from estimation.data.exports.otree_layout import CODE, PLAYED, SESSION, apps_in
from estimation.data.exports.row_files import read_rows
from estimation.data.exports.row_layout import DEFAULTS, TABLE, ZTREE
from estimation.data.exports.ztree import SESSION as SESSION_OF_ZTREE, TREATMENT
from estimation.data.files.selection import plain
from estimation.errors import DataError, raise_all

KNOWN = frozenset({"player.payoff", "player.id_in_group", "subsession.round_number", GROUP})
"""Fields that every app of oTree has."""

DATED = re.compile(r"(?P<app>.+)_\d{4}-\d{2}-\d{2}")
UNKNOWN_APP = "my_app"


@dataclass(frozen=True)
class CellsOf:
    """What a file holds.

    Parameters
    ----------
    kind, about
        The software it comes from, and what is in it.
    frame
        All cells, text or None, a column for each field.
    group
        Which rows belong to one group in one round; None if the file does not say.
    fixed
        Keys of the layout that follow from the kind of file.
    places
        Columns that number the members of a group.
    other_apps
        Apps that are not looked at.
    apps
        Apps with as many fields that may be state, message and action; the first of them is looked at.
    """

    kind: str
    about: str
    frame: pd.DataFrame
    group: pd.Series | None
    fixed: dict[str, str]
    places: tuple[str, ...] = ()
    other_apps: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()

    def is_own(self, column: str) -> bool:
        """Return whether an experimenter named a column, and not the software."""
        if self.kind != OTREE:
            return column not in self.fixed.values()
        return column.startswith(("player.", "group.", "subsession.")) and column not in KNOWN


def cells_of(path: Path) -> CellsOf:
    """Return what a file holds; of an oTree export, what the app does in which messages seem to be sent.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    kind = kind_of(path) or TABLE
    heading = f"{path} cannot be read:"
    frame = read_rows(path, kind, "subjects", heading)
    raise_all(column_problems(frame, (), "row", heading), DataError, heading)
    frame = frame.where(~frame.isin(MARKS_OF_NOTHING), None)
    frame = frame.apply(plain)
    if kind == OTREE:
        return _of_otree(frame, path)
    about = f"{CALLED.get(kind, 'a table')} with {len(frame):,} rows"
    if kind != ZTREE:
        return CellsOf(kind, about, frame, None, {})
    told = [SESSION_OF_ZTREE] + [TREATMENT] * (len(set(frame[TREATMENT])) == 1)
    fixed = {key: name for key, name in DEFAULTS[kind].items() if name in frame}
    return CellsOf(kind, about, frame.drop(columns=told), None, fixed)


def _of_otree(frame: pd.DataFrame, path: Path) -> CellsOf:
    apps = apps_in(frame.columns)
    named = DATED.fullmatch(path.stem)  # how oTree calls the export of one app
    fixed: dict[str, str] = {"app": named["app"] if named else UNKNOWN_APP}
    alike: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    rounds, parts = "one app", [frame]
    if apps:
        matches = [match for column in frame.columns if (match := PLAYED.match(str(column)))]
        fields = {app: {match["field"] for match in matches if match["app"] == app} - KNOWN for app in apps}
        found = {app: sum(bool(candidates(key, fields[app])) for key in VALUES) for app in apps}
        alike = tuple(app for app in apps if found[app] == max(found.values()))
        app = alike[0]
        fixed, others = {"app": app}, tuple(f"app {name}" for name in apps if name not in alike)
        rounds = f"app {app} of {len(apps)}, {len(apps[app])} rounds"
        shared = [column for column in frame.columns if not PLAYED.match(str(column))]
        parts = []
        for turn in apps[app]:
            mine = {f"{app}.{turn}.{field}": field for field in (*sorted(fields[app]), *sorted(KNOWN))}
            here = [column for column in mine if column in frame]
            parts.append(frame[shared + here].rename(columns=mine).assign(round_of_export=str(turn)))
    long = pd.concat(parts, ignore_index=True)
    about = f"an oTree export of {frame[CODE].nunique():,} participants, {rounds}"
    keys = [column for column in (SESSION, "round_of_export", "subsession.round_number", GROUP) if column in long]
    group = long[keys].fillna("").agg(" ".join, axis=1) if GROUP in long else None
    return CellsOf(OTREE, about, long, group, fixed, ("player.id_in_group",), others, alike)
