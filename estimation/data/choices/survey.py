"""Choices as surveys export them: one row per person, all tasks side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.data.cells.cells import EMPTY
from estimation.data.cells.rows import list_some, show
from estimation.data.choices.amounts import without_signs
from estimation.data.choices.outside import with_outside
from estimation.data.choices.pattern import check_attributes, expression, fields_of, found_columns
from estimation.data.choices.schema import taken_names
from estimation.data.choices.table import ChoiceTable
from estimation.data.choices.tried import tried_answers
from estimation.data.choices.unanswered import without_answer
from estimation.data.files.csv_file import STANDARD, read_frame, typed
from estimation.data.files.separated import IMPORTED
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT

HEADING = "The survey cannot be read:"
BLANK = EMPTY - {"none"}
"""Cells without content: "none" may be a level, or the answer."""

FIELD, TASK, ROW = "task", "number of the task", "place of the row"
KEYS = [ROW, TASK, ALTERNATIVE.name]


def choices_from_survey(
    data: str | Path | pd.DataFrame,
    *,
    columns: str = "F-{task}-{alternative}-{attribute}",
    choice: str = "Q{task}",
    subject: str | None = None,
    alternatives: Mapping[Any, str] | None = None,
    attributes: Mapping[Any, str] | None = None,
    names: str | None = None,
    covariates: Iterable[str] = (),
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read the export of a survey with one row per person, as Qualtrics makes it, and return a checked table.

    Parameters
    ----------
    data
        A frame, or a comma-separated file. The three headings of a Qualtrics export are known; so are semicolons with
        decimal commas.
    columns
        How the columns are named that say what was shown: with ``{task}``, ``{alternative}`` and ``{attribute}``.
    choice
        How the columns are named that say what was taken, with ``{task}``. An alternative that no column shows is the
        outside option if it is named by `outside`. Tasks without an answer are left out, and a caveat counts them.
    subject
        The column that says who answered; every row is another person if left out.
    alternatives
        What stands in the columns of choices → the alternative as the names of columns have it (or the outside option):
        ``{"Option A": "1", "Neither": "none"}``.
    attributes
        What stands for an attribute in the names of columns → what to call it: ``{1: "price", 2: "quality"}``.
    names
        How the columns are named that hold the names of attributes, where their order differs between people, as
        ``"F-{task}-{attribute}"``.
    covariates
        Columns that describe the person.
    outside, name, source, synthetic
        As for `read_choices`.

    Returns
    -------
    ChoiceTable
        Attributes are numbers where every level spells one; one sign of money or per cent around all of them is left
        out, and commas that can only stand between thousands: ``$5`` is 5, and ``$1,000`` is 1000.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the table.
    """
    frame = without_headings(data if isinstance(data, pd.DataFrame) else read_frame(data, as_text=True))
    called = name or ("choices" if isinstance(data, pd.DataFrame) else Path(data).stem)
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    lacking = {FIELD, "alternative", "attribute"} - fields_of(columns)
    problems = [f"the names of columns {columns!r} lack {{{field}}}" for field in sorted(lacking)]
    problems += [f"the name of the column of choices {choice!r} lacks {{task}}"] * (fields_of(choice) != {FIELD})
    both = "attributes= and names= both say what attributes are called; give one of them"
    problems += [both] * (bool(attributes) and names is not None)
    covariates = listed(covariates)
    wanted = [*([subject] if subject else []), *covariates]
    problems += [f"column {column!r} is missing" for column in wanted if column not in frame]
    raise_all(problems or _twice(frame, wanted, (columns, choice)), DataError, HEADING)
    codes = {str(code): str(label) for code, label in (attributes or {}).items()}
    shown = _shown(frame, columns, codes, names)
    kept = {SUBJECT.name: subject} if subject else {}
    named = [name for name in covariates if kept.get(name) != name]
    raise_all(taken_names([*shown.columns[len(KEYS) :], *named]), DataError, HEADING)
    taken, unanswered = _taken(frame, choice, shown, alternatives, outside)
    people = pd.DataFrame({role: frame[column] for role, column in kept.items()}, index=frame.index)
    people = people.assign(**{column: as_numbers(frame[column]) for column in covariates})
    if subject is None:
        people[SUBJECT.name] = [str(label) for label in frame.index]
    long = _long(shown, taken, people)
    long = long if outside is None else with_outside(long, outside)
    table = ChoiceTable.from_frame(long, outside=outside, name=called, source=source, synthetic=synthetic)
    for caveat in [*tried_answers(frame), *([without_answer(unanswered)] if unanswered else [])]:
        table = table.with_caveat(caveat)
    return table


def _twice(frame: pd.DataFrame, wanted: list[str], patterns: tuple[str, ...]) -> list[str]:
    """Say which columns that are read are there twice; of others, surveys may have as many as they like."""
    shapes = [expression(pattern, {}) for pattern in patterns]
    names = frame.columns[frame.columns.duplicated()].unique()
    read = [name for name in names if name in wanted or any(shape.fullmatch(name) for shape in shapes)]
    return [f"column {name!r} is there several times; keep one of them" for name in read]


def without_headings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without the headings that a survey has below the names of its columns."""
    found = [
        place
        for place in range(min(3, len(frame)) if len(frame.columns) else 0)
        if str(frame.iloc[place, 0]).startswith(IMPORTED)
    ]
    return frame.iloc[found[0] + 1 :] if found else frame


def as_numbers(cells: pd.Series) -> pd.Series:
    """Return levels as numbers where all spell one, alone or with the same sign of money or per cent around it."""
    bare = without_signs(cells)
    text = bare.astype(object).where(bare.notna(), "").astype(str)
    return typed(text) if cells.name not in STANDARD else cells


def _shown(frame: pd.DataFrame, columns: str, codes: Mapping[str, str], names: str | None) -> pd.DataFrame:
    """Return what was shown: one row per row of the file, task and alternative; one column per attribute."""
    found = found_columns(columns, frame.columns, {"attribute": codes} if codes else None)
    check_attributes(codes, found, columns)
    parts = []
    titles = (
        {}
        if names is None
        else {
            (place[FIELD], place["attribute"]): column
            for column, place in found_columns(names, [c for c in frame.columns if c not in found]).items()
        }
    )
    for column, place in found.items():
        title = titles.get((place[FIELD], place["attribute"]))
        known: Any = codes.get(place["attribute"], place["attribute"]) if title is None else frame[title]
        part = {ROW: range(len(frame)), TASK: int(place[FIELD]), ALTERNATIVE.name: place["alternative"]}
        parts.append(pd.DataFrame(part | {"attribute": known, "level": frame[column].to_numpy()}))
    cells = pd.concat([part.reset_index(drop=True) for part in parts], ignore_index=True)
    blank = cells["level"].isna() | cells["level"].astype(str).str.strip().str.lower().isin(BLANK)
    cells = cells[~blank & cells["attribute"].notna()]
    taken = taken_names(dict.fromkeys(cells["attribute"]))
    raise_all(taken, DataError, HEADING)
    twice = cells.duplicated([*KEYS, "attribute"])
    problem = f"attribute {show(cells.loc[twice, 'attribute'].iloc[0])} is shown twice" if twice.any() else ""
    raise_all([f"{problem} in one alternative; give attributes names that differ"] * bool(problem), DataError, HEADING)
    wide = cells.pivot_table("level", KEYS, "attribute", aggfunc="first").rename_axis(columns=None).reset_index()
    order = [column for column in dict.fromkeys(cells["attribute"]) if column in wide]
    return wide[[*KEYS, *order]]


def _taken(
    frame: pd.DataFrame, choice: str, shown: pd.DataFrame, alternatives: Mapping[Any, str] | None, outside: str | None
) -> tuple[pd.DataFrame, int]:
    """Return what was taken in each task that was shown and answered, and how many were not answered."""
    columns = {task: choice.format(task=task) for task in sorted(shown[TASK].unique())}
    missing = [column for column in columns.values() if column not in frame]
    advice = "say how the columns of choices are named, as chosen='Q{task}'"
    problems = [f"columns {missing} of choices are missing; {advice}; the table has {list(frame)}"] * bool(missing)
    raise_all(problems, DataError, HEADING)
    parts = [
        pd.DataFrame({ROW: range(len(frame)), TASK: task, "taken": frame[column].map(_text).to_numpy()})
        for task, column in columns.items()
    ]
    answers = pd.concat(parts, ignore_index=True).merge(shown[[ROW, TASK]].drop_duplicates(), on=[ROW, TASK])
    given = answers["taken"].notna()
    codes = {_text(code): str(label) for code, label in (alternatives or {}).items()}
    answers["taken"] = answers["taken"].map(lambda code: codes.get(code, code))
    offered = set(map(tuple, shown[[ROW, TASK, ALTERNATIVE.name]].to_numpy()))
    known = [
        label == outside or (row, task, label) in offered
        for row, task, label in answers[[ROW, TASK, "taken"]].itertuples(index=False)
    ]
    strange = answers[given & ~pd.Series(known, index=answers.index)]
    there = sorted(set(shown[ALTERNATIVE.name]))
    texts = [
        f"{show(label)} in column {columns[task]!r}, {frame.index.name or 'row'} {frame.index[row]}"
        for row, task, label in strange[[ROW, TASK, "taken"]].head(50).itertuples(index=False)
    ]
    how = f"say what stands for which with alternatives={{'…': '{there[0]}'}}, or name the outside option: outside='…'"
    what = f"choices are none of the alternatives that were shown ({', '.join(there)}): {list_some(texts, 'choices')}"
    raise_all([f"{what}; {how}"] * bool(texts), DataError, HEADING)
    return answers[given], int((~given).sum())


def _long(shown: pd.DataFrame, taken: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person, task and alternative, indexed as the file is."""
    both = shown.merge(taken, on=[ROW, TASK])
    attributes = [name for name in shown if name not in (ROW, TASK, ALTERNATIVE.name)]
    rows = people.iloc[both[ROW]].assign(
        **{
            SITUATION.name: both[TASK].astype(str).to_numpy(),
            ALTERNATIVE.name: both[ALTERNATIVE.name].to_numpy(),
            CHOSEN.name: (both["taken"] == both[ALTERNATIVE.name]).to_numpy(),
        }
    )
    for name in attributes:
        rows[name] = as_numbers(both[name]).to_numpy()
    return rows


def _text(cell: object) -> str | None:
    """Return a cell as the text that stands for an alternative: 1.0 is 1, and nothing is nothing."""
    if pd.isna(cell):  # type: ignore[call-overload]
        return None
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return None if text.lower() in BLANK else text
