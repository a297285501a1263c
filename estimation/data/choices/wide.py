"""Choices in wide form: one row per situation, one column per attribute and alternative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING, Cells, read_labels
from estimation.data.cells.rows import column_problems, row_problem, row_word
from estimation.data.choices.codes import labels_of
from estimation.data.choices.columns import read_flags
from estimation.data.choices.offered import (
    HEADING,
    THERE,
    availability_columns,
    flag_column,
    names_of_offered,
    with_flags,
)
from estimation.data.choices.outside import with_outside
from estimation.data.choices.pattern import check_pattern, filled
from estimation.data.choices.schema import taken_names
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT, Column


def choices_from_wide(
    data: str | Path | pd.DataFrame,
    *,
    alternatives: Iterable[str] | Mapping[Any, str],
    attributes: Iterable[str],
    columns: str = "{attribute}.{alternative}",
    choice: str = "choice",
    available: str | Mapping[str, str] | None = None,
    offered: Iterable[str] | None = None,
    subject: str | None = None,
    situation: str | None = None,
    weight: str | None = None,
    counts: bool = False,
    covariates: Iterable[str] = (),
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read choices in wide form and return them as a checked table in long form.

    Parameters
    ----------
    data
        A frame, or a comma-separated UTF-8 file. One row per situation.
    alternatives
        Their names; or a mapping from what stands in the column `choice` to the name: ``{1: "train", 2: "car"}``.
    attributes
        What differs between alternatives.
    columns
        How the columns are named, for example ``"{attribute}.{alternative}"`` or ``"{alternative}_{attribute}"``. An
        attribute that has no column for some alternative does not exist there and counts as 0.
    choice
        The column that says which alternative was taken.
    available
        How the columns are named that say (1 or 0) whether an alternative was available, for example
        ``"{alternative}_AV"``, or a mapping from alternatives, or their codes, to columns. Alternatives that a mapping
        does not name were always available; without it, all were.
    offered
        Instead: the columns that hold the alternatives that were offered, as in best-worst tasks. The choice is that of
        the best; `read_best_worst` reads both.
    subject, situation, weight, covariates
        Other columns: who chose, the number of the situation (the row by default), how often it counts, and whatever
        describes person or situation. A column named `subject` is used even if it is not mentioned.
    counts
        As for `read_choices`.
    outside
        The alternative that means "none of these"; an empty choice then stands for it.
    name, source, synthetic
        As for `read_choices`.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the table.
    """
    shown = [] if offered is None else list(listed(offered))
    frame, called = named_frame(data, name, "choices", (subject, situation, choice, *shown))
    if subject is None and isinstance(frame, pd.DataFrame) and SUBJECT.name in frame:
        subject = SUBJECT.name
    roles = {SUBJECT.name: subject, SITUATION.name: situation, WEIGHT.name: weight}
    kept = {role: column for role, column in roles.items() if column is not None} | {c: c for c in listed(covariates)}
    labels = labels_of(alternatives, HEADING)
    twice = ["available and offered both say what was available; give one of them"]
    own = [*listed(attributes), *(name for name in listed(covariates) if roles.get(name) != name)]
    raise_all(taken_names(own), DataError, HEADING)
    raise_all(twice if shown and available is not None else [], DataError, HEADING)
    raise_all(_missing(frame, {}, shown) + column_problems(frame, (), "row", HEADING), DataError, HEADING)
    raise_all(
        [] if shown or available is not None else names_of_offered(frame, choice, kept, labels), DataError, HEADING
    )
    if shown:
        frame, available = with_flags(frame, shown, labels, outside), "{alternative} was offered"
    long = long_from_wide(frame, alternatives, attributes, columns, choice, available, kept, outside)
    about: dict[str, Any] = {"name": called, "source": source, "synthetic": synthetic}
    return ChoiceTable.from_frame(long, outside=outside, counts=counts, **about)


def long_from_wide(
    frame: pd.DataFrame,
    alternatives: Iterable[str] | Mapping[Any, str],
    attributes: Iterable[str],
    columns: str = "{attribute}.{alternative}",
    choice: str = "choice",
    available: str | Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
    outside: str | None = None,
) -> pd.DataFrame:
    """Return a wide frame in long form, not yet checked; `kept` maps names in the result to columns.

    Raises
    ------
    DataError
        If columns are missing, or choices are unknown or were not available.
    """
    labels, wanted = labels_of(alternatives, HEADING), list(listed(attributes))
    if wanted:
        check_pattern("columns", columns, ("attribute", "alternative"))
    there = availability_columns(available, labels)
    names = {
        label: {attribute: filled(columns, attribute=attribute, alternative=label) for attribute in wanted}
        for label in labels.values()
    }
    kept = dict(kept or {})
    raise_all(_missing(frame, names, [choice, *kept.values(), *there.values()]), DataError, HEADING)
    flags = {label: read_flags(flag_column(column), frame[column], THERE) for label, column in there.items()}
    taken = _taken(frame, choice, labels, flags, outside)
    raise_all(_unseen(frame, names, taken, outside), DataError, HEADING)
    long = _stacked(frame, names, kept, taken, flags)
    return long if outside is None else with_outside(long, outside)


def _missing(frame: pd.DataFrame, names: Mapping[str, Mapping[str, str]], others: Iterable[str]) -> list[str]:
    """Say which columns are not there; an attribute may lack some alternatives, but not all."""
    there = {str(column) for column in frame.columns}
    problems = [f"column {column!r} is missing" for column in others if column not in there]
    for attribute in next(iter(names.values()), {}):
        expected = [columns[attribute] for columns in names.values()]
        if not there & set(expected):
            how = "say how they are named with columns="
            problems.append(f"attribute {attribute!r} has none of the columns {expected}; {how}")
    return [*problems, f"the table has {sorted(there)}"] if problems else []


def _taken(
    frame: pd.DataFrame, choice: str, labels: Mapping[str, str], flags: Mapping[str, Cells], outside: str | None
) -> pd.Series:
    """Return which alternative was taken in each row; complain about unknown and unavailable ones."""
    column = Column(choice, "the alternative that was taken", "identifier", "label")
    found = read_labels(column, frame[choice], MARKS_OF_NOTHING)
    taken = pd.Series(found.content, index=frame.index, dtype=object).map(lambda code: labels.get(code, code))
    if outside is not None:
        taken = taken.fillna(outside)
    known = taken.isin([*labels.values(), *([outside] if outside else [])])
    advice = f"correct it; alternatives: {list(labels.values())}"
    problems = [*found.problems]
    problems += row_problem(column, "is empty", found.raw, taken.isna().to_numpy(), "fill it in, or drop the row")
    unknown = (~known & taken.notna()).to_numpy() & ~found.bad
    problems += row_problem(column, "is none of the alternatives", found.raw, unknown, advice)
    for alternative, flag in flags.items():
        problems += flag.problems
        problems += row_problem(flag_column(str(flag.raw.name)), "is empty", flag.raw, flag.missing, THERE)
        shut = (taken == alternative).to_numpy() & ~(flag.content | flag.missing | flag.bad)
        what = f"is {alternative!r}, which was not available ({flag.raw.name!r} is 0)"
        problems += row_problem(column, what, found.raw, shut, "correct one of the two, or drop the row")
    raise_all(problems, DataError, HEADING)
    return taken


def _unseen(
    frame: pd.DataFrame, names: Mapping[str, Mapping[str, str]], taken: pd.Series, outside: str | None
) -> list[str]:
    """Say which alternatives neither columns nor choices know of: their names are probably written otherwise."""
    there, seen = {str(column) for column in frame.columns}, {*taken, outside}
    return [
        f"alternative {label!r} has none of the columns {list(columns.values())}, and nobody took it; "
        "correct its name, or leave it out"
        for label, columns in names.items()
        if columns and label not in seen and not there & set(columns.values())
    ]


def _stacked(
    frame: pd.DataFrame,
    names: Mapping[str, Mapping[str, str]],
    kept: Mapping[str, str],
    taken: pd.Series,
    flags: Mapping[str, Cells],
) -> pd.DataFrame:
    """Return one row per situation and available alternative, indexed as the wide table was."""
    common = pd.DataFrame({role: frame[column] for role, column in kept.items()}, index=frame.index)
    if SITUATION.name not in common:
        common[SITUATION.name] = np.arange(1, len(frame) + 1)
    parts = []
    for alternative, columns in names.items():
        own: dict[str, Any] = {ALTERNATIVE.name: alternative, CHOSEN.name: (taken == alternative).to_numpy()}
        part = common.assign(**own, **{attribute: frame.get(column, 0.0) for attribute, column in columns.items()})
        parts.append(part[flags[alternative].content] if alternative in flags else part)
    stacked: pd.DataFrame = pd.concat(parts)
    return stacked.rename_axis(row_word(frame.iloc[:, 0]))
