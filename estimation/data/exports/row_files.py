"""From files with a row per decision or trial (z-Tree, jsPsych, tables with names of one's own) to decisions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING
from estimation.data.cells.rows import column_problems
from estimation.data.exports.decisions import MACHINE, Decisions, decisions_of, rows_of, wanted_columns
from estimation.data.exports.jspsych import read_trials
from estimation.data.exports.layout import BOTH
from estimation.data.exports.row_layout import JSPSYCH, TABLE, ZTREE, RowLayout
from estimation.data.exports.strategy import ANY
from estimation.data.exports.ztree import SESSION, TREATMENT, read_tables
from estimation.data.files.csv_file import read_frame
from estimation.data.files.selection import Selection, plain
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.games.game import Game
from estimation.names import PARTNER, PERIOD, SUBJECT

TITLES = {ZTREE: "z-Tree file {}", JSPSYCH: "jsPsych trials {}", TABLE: "{}"}


def row_decisions(file: Path, games: Mapping[str, Game], layout: RowLayout, selection: Selection) -> Decisions:
    """Return the decisions in a file with a row per decision, per trial, or per person and period.

    Raises
    ------
    DataError
        If the file cannot be read, or listing every column that is missing and everything that is wrong with it.
    """
    heading = f"{file} cannot be read by the layout [{layout.kind}]:"
    frame = read_rows(file, layout.kind, layout.tables, heading)
    frame = frame.where(~frame.isin(MARKS_OF_NOTHING), None)
    answers, wanted, problems = wanted_columns(layout, games, selection, map(str, frame.columns))
    raise_all(column_problems(frame, (), "row", heading), DataError, heading)
    raise_all(_missing(frame, layout, games) + problems, DataError, heading)

    def held(column: str) -> pd.Series:
        return frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)

    rows = rows_of(held, layout, games, wanted)
    alone = pd.Series([f"row {line}" for line in frame.index], index=frame.index)
    rows["app"], rows[MACHINE] = frame[TREATMENT] if layout.kind == ZTREE else "", False
    rows["session"] = frame[SESSION] if layout.kind == ZTREE else ""
    rows["group"] = held(layout.group).fillna(alone) if layout.group else alone
    rows[SUBJECT.name] = held(layout.subject)
    if layout.kind == ZTREE:
        rows[SUBJECT.name] = frame[SESSION] + "-" + held(layout.subject)
    rows[PERIOD.name] = plain(held(layout.period)) if layout.period else None
    rows["round"] = rows[PERIOD.name].fillna("")
    if layout.partner:
        rows[PARTNER.name] = held(layout.partner)
    if layout.kind == ZTREE:
        rows = _counted_on(rows, frame[TREATMENT])
    found, caveats = decisions_of(rows, layout, selection, answers, heading)
    return Decisions(found, TITLES[layout.kind].format(file.name), tuple(caveats))


def read_rows(file: Path, kind: str, table: str, heading: str) -> pd.DataFrame:
    """Return the rows of a file, all text."""
    if kind == ZTREE:
        return read_tables(file, table, heading)
    return read_trials(file, heading) if kind == JSPSYCH else read_frame(file, as_text=True)


def _missing(frame: pd.DataFrame, layout: RowLayout, games: Mapping[str, Game]) -> list[str]:
    there = [str(name) for name in frame.columns]
    asked = {key: getattr(layout, key) for key in ("subject", "period", "group", "partner", "state", "message")}
    asked |= {"action": layout.action} if ANY not in layout.action else {}
    asked |= {"role": layout.role} if layout.role not in (layout.sender, layout.receiver, BOTH) else {}
    asked |= {"condition": layout.condition} if layout.condition not in games else {}
    asked |= {f"covariate {name}": column for name, column in layout.covariates.items()}
    return [
        f"{key} = {column!r}: there is no such column; the file has {there}{did_you_mean(column, there)}"
        for key, column in asked.items()
        if column and column not in there
    ]


def _counted_on(rows: pd.DataFrame, treatment: pd.Series) -> pd.DataFrame:
    """Return rows whose periods count on from treatment to treatment, where a session has several.

    Practice has periods up to 0: that of a later treatment comes after the last period of the earlier one.
    """
    numbers = pd.to_numeric(rows["round"], errors="coerce")
    order = pd.to_numeric(treatment, errors="coerce")
    parts = set(zip(rows["session"], order, strict=True))
    if numbers.isna().any() or order.isna().any() or len(parts) == rows["session"].nunique():
        return rows
    ends = numbers.groupby([rows["session"], order]).agg(["min", "max"]).astype(int)
    practice = (1 - ends["min"]).clip(lower=0)
    is_later = ends.groupby(level=0).cumcount() > 0
    length = ends["max"] + practice.where(is_later, 0)
    before = length.groupby(level=0).cumsum() - ends["max"]
    shift = pd.Series([before[key] for key in zip(rows["session"], order, strict=True)], index=rows.index)
    return rows.assign(**{PERIOD.name: numbers.astype(int) + shift})
