"""Tasks that are several choices one after another: each is the best, or the worst, of what was left.

The stages of a task become situations of their own, of the same person. A logit of ranks is then the rank-ordered logit
(Beggs, Cardell and Hausman 1981, J. Econometrics 17:1-19); one of best and worst, where terms change sign for the
worst, the sequential best-worst logit (Marley and Louviere 2005, J. Mathematical Psychology 49:464-480). Every model
applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.data.cells.cells import MARKS_OF_NOTHING, cell_problems, read_labels
from estimation.data.cells.rows import column_problems, list_some
from estimation.data.choices.schema import taken_names
from estimation.data.choices.table import ChoiceTable
from estimation.errors import DataError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, STAGE, SUBJECT

TASK = [SUBJECT.name, SITUATION.name]
KEYS = (SUBJECT, SITUATION, ALTERNATIVE)


def columns_of(
    frame: pd.DataFrame, roles: Mapping[str, str | None], others: Iterable[str], heading: str
) -> pd.DataFrame:
    """Return columns under their standard names, and others under their own.

    Parameters
    ----------
    roles
        Standard name → the column that holds it, None where the table has none.

    Raises
    ------
    DataError
        If columns are missing or there twice, or no row is there.
    """
    held = {role: column for role, column in roles.items() if column is not None}
    there = [str(name) for name in frame.columns]
    if SUBJECT.name in there:
        held.setdefault(SUBJECT.name, SUBJECT.name)
    wanted = held | {name: name for name in others if name not in held.values()}
    raise_all(taken_names(dict.fromkeys(others), held), DataError, heading)
    missing = [column for column in wanted.values() if column not in there]
    problems = [f"column {column!r} is missing; the table has {there}" for column in dict.fromkeys(missing)]
    raise_all(problems + column_problems(frame, (), "row", heading), DataError, heading)
    return pd.DataFrame({name: frame[column] for name, column in wanted.items()}, index=frame.index)


def labelled(long: pd.DataFrame, heading: str) -> pd.DataFrame:
    """Return rows with labels of subjects, situations and alternatives as text; without subjects, all tasks differ.

    Raises
    ------
    DataError
        If labels cannot be read or are empty.
    """
    found, problems = long.copy(), []
    for column in KEYS:
        if column.name in long:
            read = read_labels(column, long[column.name], MARKS_OF_NOTHING)
            found[column.name] = read.content
            problems += cell_problems({column.name: read}, (column,))
    raise_all(problems, DataError, heading)
    return found if SUBJECT.name in found else found.assign(**{SUBJECT.name: found[SITUATION.name]})


def tasks_that(wrong: pd.Series[bool], what: str) -> list[str]:
    """Return one problem for the tasks that have a value of `wrong` (subject, situation), or none."""
    labels = [f"{task!r} of {subject!r}" for subject, task in wrong.index[wrong]]
    return [f"{what}: situation {list_some(labels, 'situations')}"] * bool(labels)


def exploded(stages: Iterable[tuple[float, str, pd.DataFrame, Mask]], about: Mapping[str, Any]) -> ChoiceTable:
    """Return the stages of tasks as one table.

    Parameters
    ----------
    stages
        What is in ``choice_stage``, what to add to the label of a situation, the rows that were left, and those chosen.
        Tasks of which one row is left, or none is chosen, have no such stage.
    about
        Further arguments of `ChoiceTable.from_frame`.
    """
    return ChoiceTable.from_frame(pd.concat(_situations(stages), ignore_index=True), **about)


def _situations(stages: Iterable[tuple[float, str, pd.DataFrame, Mask]]) -> Iterator[pd.DataFrame]:
    for stage, label, rows, chosen in stages:
        columns: dict[str, Any] = {CHOSEN.name: chosen, STAGE.name: stage, SITUATION.name: rows[SITUATION.name] + label}
        own = rows.assign(**columns)
        tasks = own.groupby(TASK, sort=False, observed=True)[CHOSEN.name]
        yield own[(tasks.transform("size") > 1) & (tasks.transform("sum") > 0).to_numpy(dtype=bool)]


def numbered(count: int) -> list[str]:
    """Return the labels of tasks that have none: their numbers."""
    return [str(number) for number in np.arange(1, count + 1)]
