"""Best-worst tasks (MaxDiff): of what is offered, the best and the worst."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING, read_labels
from estimation.data.choices.columns import read_flags
from estimation.data.choices.exploded import TASK, columns_of, exploded, labelled, numbered, tasks_that
from estimation.data.choices.table import ChoiceTable
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, SITUATION, SUBJECT, WEIGHT, WORST, Column

HEADING = "The best-worst tasks cannot be read:"
ENDS = ["best", "worst"]


def read_best_worst(
    data: str | Path | pd.DataFrame,
    *,
    best: str = "best",
    worst: str = "worst",
    offered: Iterable[str] | None = None,
    situation: str | None = None,
    alternative: str = ALTERNATIVE.name,
    subject: str | None = None,
    weight: str | None = None,
    counts: bool = False,
    attributes: Iterable[str] = (),
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read best-worst tasks (MaxDiff) and return them as choices: of the best of all, then of the worst of the rest.

    Sets may differ in size. Of two, the worse one follows from the better one, and is no choice.

    Parameters
    ----------
    data
        A frame, or a comma-separated UTF-8 file. Either one row per task, with columns that hold what was offered; or
        one row per alternative that was offered.
    best, worst
        One row per task: the columns that hold the names of the best and of the worst. One row per alternative: those
        that say (1 or 0) whether it was.
    offered
        One row per task: the columns that hold what was offered, as ``["item1", "item2", "item3", "item4"]``. Empty
        cells are smaller sets.
    situation, alternative, subject, weight, counts
        As for `read_choices`; where every row is a task, its number is that of the row if no column is named.
    attributes
        Other columns to keep: attributes and covariates.
    outside, name, source, synthetic
        As for `read_choices`.

    Returns
    -------
    ChoiceTable
        With the column ``choice_stage``: 1 for the best, -1 for the worst, where all terms of the utility change sign.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the tasks.

    Examples
    --------
    >>> import pandas as pd
    >>> tasks = pd.DataFrame({"one": ["a", "b"], "two": ["b", "c"], "three": ["c", "a"]})
    >>> tasks = tasks.assign(best=["a", "c"], worst=["b", "b"])
    >>> len(read_best_worst(tasks, offered=["one", "two", "three"]))
    4
    """
    shown = [] if offered is None else list(listed(offered))
    labels = (subject, situation or SITUATION.name, alternative, *([best, worst] if shown else []), *shown)
    frame, called = named_frame(data, name, "tasks", labels)
    roles, kept = {SUBJECT.name: subject, SITUATION.name: situation, WEIGHT.name: weight}, list(listed(attributes))
    if offered is None:
        long_roles = roles | {SITUATION.name: situation or SITUATION.name, ALTERNATIVE.name: alternative}
        long = _marked(labelled(columns_of(frame, long_roles, [*kept, best, worst], HEADING), HEADING), best, worst)
    else:
        tasks = columns_of(frame, roles, [*kept, *shown, best, worst], HEADING)
        long = labelled(_one_row_each(tasks, shown, best, worst), HEADING)
    raise_all(_problems(long), DataError, HEADING)
    rows, left = long.drop(columns=ENDS), ~long["best"].to_numpy()
    stages = [(1.0, "", rows, long["best"].to_numpy()), (WORST, ", worst", rows[left], long["worst"].to_numpy()[left])]
    about = {"outside": outside, "counts": counts, "name": called, "source": source, "synthetic": synthetic}
    return exploded(stages, about)


def _marked(long: pd.DataFrame, best: str, worst: str) -> pd.DataFrame:
    """Return rows with truth values of who is best and worst."""
    marks = [read_flags(Column(column, "choice", "0 or 1", "flag"), long[column]) for column in (best, worst)]
    raise_all([problem for mark in marks for problem in mark.problems], DataError, HEADING)
    ends = {end: mark.content for end, mark in zip(ENDS, marks, strict=True)}
    return long.drop(columns=[best, worst]).assign(**ends)


def _one_row_each(tasks: pd.DataFrame, shown: list[str], best: str, worst: str) -> pd.DataFrame:
    """Return one row per task and item that it offers."""
    columns = {name: Column(name, "what was offered", "identifier", "label") for name in (*shown, best, worst)}
    read = {name: read_labels(column, tasks[name], MARKS_OF_NOTHING) for name, column in columns.items()}
    raise_all([problem for found in read.values() for problem in found.problems], DataError, HEADING)
    own = tasks.drop(columns=[*shown, best, worst])
    if SITUATION.name not in own:
        own[SITUATION.name] = numbered(len(own))
    parts = []
    for name in shown:
        item = read[name].content
        part = own.assign(**{ALTERNATIVE.name: item, "best": item == read[best].content})
        parts.append(part.assign(worst=item == read[worst].content)[~read[name].missing])
    return pd.concat(parts)


def _problems(long: pd.DataFrame) -> list[str]:
    """Say which tasks do not have one best and one worst that differ."""
    count = long.groupby(TASK, sort=False, observed=True)[ENDS].sum()
    same = long[long["best"] & long["worst"]].groupby(TASK, observed=True).size().reindex(count.index, fill_value=0) > 0
    problems = tasks_that(same, "best and worst are the same")
    for end in ENDS:
        what = f"there must be one {end} among what was offered (it may be empty, or the name of something else)"
        problems += tasks_that(count[end] != 1, what)
    return problems
