"""The choice schema: one row per available alternative, checked all at once and then never again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Mask
from estimation.data.cells.cells import Cells, cell_problems
from estimation.data.cells.row_labels import with_row_labels
from estimation.data.cells.rows import column_problems
from estimation.data.choices.columns import (
    are_amounts,
    is_text,
    read_amounts,
    read_categories,
    read_flags,
    read_names,
    read_quick_numbers,
    sorted_labels,
)
from estimation.data.choices.rules import (
    check_choices,
    check_duplicates,
    check_outside,
    check_sizes,
    check_stages,
    check_weights,
)
from estimation.errors import DataError, raise_all
from estimation.names import ALTERNATIVE, CHOICE, CHOSEN, SITUATION, SUBJECT, WEIGHT, Column

HEADING = "The table does not meet the choice schema:"
ONE_ROW_EACH = "if every row is a whole situation, with columns of its own per alternative: choices_from_wide"
TASKS = "these seem to be best-worst tasks: read_best_worst reads them, offered= names what holds the alternatives"
NEEDED = (SITUATION, ALTERNATIVE, CHOSEN)
STANDARD = tuple(column.name for column in CHOICE)


def validate(frame: pd.DataFrame, outside: str | None = None, *, counts: bool = True) -> pd.DataFrame:
    """Return the table in its canonical form, or raise one error with everything that is wrong.

    Parameters
    ----------
    frame
        One row per alternative that was available. ``situation, alternative, chosen`` must be there; ``subject``
        (if it is absent, everybody decides once) and ``situation_weight`` may be. All other columns are attributes and
        covariates: numbers or labels, with gaps where no term of a model reads them.
    outside
        The alternative that means "none of these": its utility is zero.
    counts
        Whether weights are taken as they are; otherwise they are divided by their mean over situations.

    Returns
    -------
    pandas.DataFrame
        ``subject, situation, alternative`` as sorted categories, ``chosen`` as truth values, ``situation_weight`` if
        it was given, then every other column, numbers as floats and labels as categories; one person after the other,
        one situation after the other. Situations whose numbers start anew with every person carry the person's name.

    Raises
    ------
    DataError
        Listing every problem with column, row, value and what to do.
    """
    frame = with_row_labels(frame, STANDARD)
    how = "say which column holds it: {name}=…"
    problems = column_problems(frame, NEEDED, "situation", HEADING, how)
    if len(problems) == len(NEEDED):
        problems += [ONE_ROW_EACH, *([TASKS] if {"best", "worst"} <= set(frame.columns) else [])]
        problems.append("if every row is a person, with columns of its own per task as well: choices_from_survey")
    raise_all(problems, DataError, HEADING)
    given = [role for role in CHOICE if role.name in frame]
    if SUBJECT.name not in frame:
        frame = frame.assign(**{SUBJECT.name: frame[SITUATION.name]})
    cells = _read(frame)
    problems = cell_problems(cells, given)
    cells[SITUATION.name] = _nested(cells)
    problems += check_outside(cells, outside)
    problems += check_duplicates(cells)
    problems += check_sizes(cells)
    problems += check_choices(cells)
    raise_all(problems + check_weights(cells) + check_stages(cells), DataError, HEADING)
    table = _assemble(cells, frame, outside)
    return table if counts or WEIGHT.name not in table else table.assign(**{WEIGHT.name: _of_average_one(table)})


def taken_names(names: Iterable[str], roles: Mapping[str, str | None] | None = None) -> list[str]:
    """Say which attributes and covariates are called as a column that every table of choices has, or twice.

    Parameters
    ----------
    names
        What they would be called.
    roles
        Standard name → the column that holds it: that column may be named once more.
    """
    held = roles or {}
    often = Counter(list(names))
    problems = [f"{name!r} is named {count} times; name it once" for name, count in often.items() if count > 1]
    return problems + [
        f"column {name!r} is called as one that the table of choices has itself; rename it, or leave it out"
        for name in often
        if name in STANDARD and held.get(name) != name
    ]


def _read(frame: pd.DataFrame) -> dict[str, Cells]:
    """Read every column in the way that its meaning asks for."""
    readers = {"label": read_names, "flag": read_flags, "number": read_quick_numbers}
    cells = {column.name: readers[column.kind](column, frame[column.name]) for column in CHOICE if column.name in frame}
    for name in frame.columns:
        if name not in STANDARD:
            column = Column(str(name), "attribute or covariate", "as given", "number")
            is_label = is_text(frame[name]) and not are_amounts(frame[name])
            cells[str(name)] = (read_categories if is_label else read_amounts)(column, frame[name])
    return cells


def _nested(cells: Mapping[str, Cells]) -> Cells:
    """Return situations told apart by their labels: numbers that start anew with every person get the person's name."""
    subject, found = cells[SUBJECT.name].content, cells[SITUATION.name]
    known = (subject.codes >= 0) & (found.content.codes >= 0)
    if not known.any():
        return found
    pair = np.where(known, subject.codes.astype(np.int64) * len(found.content.categories) + found.content.codes, -1)
    codes, pairs = pd.factorize(pd.Series(pair).where(known), sort=True, use_na_sentinel=True)
    if len(pairs) <= len(found.content.categories):
        return found
    person, own = np.divmod(pairs.astype(np.int64), len(found.content.categories))
    names = list(zip(subject.categories[person], found.content.categories[own], strict=True))
    labels = [f"{who}/{what}" for who, what in names]
    if len(set(labels)) < len(labels):  # "a/b" and "c" are not "a" and "b/c"
        labels = [f"{who!r}/{what!r}" for who, what in names]
    ordered = sorted_labels(labels)
    rank = np.append(pd.Index(ordered, dtype=object).get_indexer(pd.Index(labels)), -1)
    return replace(found, content=pd.Categorical.from_codes(rank[codes], pd.Index(ordered, dtype="str")))


def _assemble(cells: Mapping[str, Cells], frame: pd.DataFrame, outside: str | None) -> pd.DataFrame:
    """Put one situation after the other and one person after the other, alternatives in their own order."""
    order = _order([cells[column.name].content for column in (ALTERNATIVE, SITUATION, SUBJECT)])
    names = [*(name for name in STANDARD if name in cells), *(str(n) for n in frame.columns if n not in STANDARD)]
    columns = {name: cells[name].content if order is None else cells[name].content[order] for name in names}
    if outside is not None:
        free = np.asarray(columns[ALTERNATIVE.name] == outside)
        columns = {
            name: values if name in STANDARD else _filled(values, columns[SITUATION.name].codes, free)
            for name, values in columns.items()
        }
    return pd.DataFrame(columns, copy=False)


def _of_average_one(table: pd.DataFrame) -> Array:
    """Return weights of situations divided by their mean, (row,)."""
    weight = table[WEIGHT.name].to_numpy()
    first = np.flatnonzero(np.diff(table[SITUATION.name].cat.codes.to_numpy(), prepend=-1))
    return np.asarray(weight / weight[first].mean())


def _filled(values: Any, situation: Indices, free: Mask) -> Any:
    """Fill gaps in the rows of the outside option: with what holds for the whole situation, as income does, else 0."""
    gap = free & pd.isna(values)
    if not gap.any() or isinstance(values, pd.Categorical):
        return values
    known = pd.Series(values[~free]).groupby(situation[~free])
    span = known.agg(["min", "max"]).reindex(situation[gap])
    constant = (span["min"] == span["max"]).to_numpy()
    filled = values.copy()
    filled[gap] = np.where(constant, span["min"].to_numpy(), 0.0)
    return filled


def _order(keys: list[Any]) -> Indices | None:
    """Return how to sort rows, or None if they are sorted already, as large tables usually are."""
    alternative, situation, subject = (key.codes.astype(np.int64) for key in keys)
    place = (subject * (situation.max() + 1) + situation) * (alternative.max() + 1) + alternative
    return None if bool(np.all(place[1:] >= place[:-1])) else np.argsort(place, kind="stable")
