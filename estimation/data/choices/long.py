"""Choices in long form: one row per alternative that was available."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.data.choices.outside import with_outside
from estimation.data.choices.table import ChoiceTable
from estimation.data.choices.unanswered import answered, without_answer
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT

HEADING = "The choices cannot be read:"
ROLES = (SUBJECT, SITUATION, ALTERNATIVE, CHOSEN, WEIGHT)


def read_choices(
    data: str | Path | pd.DataFrame,
    *,
    situation: str = SITUATION.name,
    alternative: str = ALTERNATIVE.name,
    chosen: str = CHOSEN.name,
    subject: str | None = None,
    weight: str | None = None,
    counts: bool = False,
    attributes: Iterable[str] | None = None,
    outside: str | None = None,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
) -> ChoiceTable:
    """Read choices in long form and return them as a checked table.

    Parameters
    ----------
    data
        A frame, or a comma-separated UTF-8 file whose first line names the columns. One row per alternative that was
        available: sets may differ in size, and what has no row was not available.
    situation, alternative, chosen, subject, weight
        The columns that hold them. Numbers of situations may start anew with every subject. Without subjects, every
        situation is another person; without weights, all count once. A column named `subject` is used even if it is
        not mentioned; no column is a weight unless it is named.
    counts
        Whether weights say how many choices each situation stands for. Otherwise they are weights of a survey, and are
        divided by their mean: information is that of the situations that were seen.
    attributes
        The other columns to keep, attributes and covariates; all of them if left out. Their cells may be empty where no
        term of a model reads them. Numbers may have a sign of money or per cent, the same one in the whole column.
    outside
        The alternative that means "none of these". Its attributes may be empty; where it has no row it is added, and
        is the choice where nothing else was chosen. Where it has a row and nothing was chosen, nobody answered: such
        situations are left out, as those whose rows are all empty in `chosen`, and a caveat counts them.
    name, source, synthetic
        What to call the table (the file's name by default), where it comes from, and whether a simulation made it.

    Raises
    ------
    DataError
        If the file cannot be read, or listing everything that is wrong with the table.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     {"situation": [1, 1, 2, 2], "alternative": list("abab"), "chosen": [1, 0, 0, 1], "price": [2, 3, 4, 1]}
    ... )
    >>> len(read_choices(rows))
    2
    """
    frame, called = named_frame(data, name, "choices", (subject, situation, alternative))
    frame = renamed(frame, (subject, situation, alternative, chosen, weight), attributes)
    outside = None if outside is None else str(outside)
    frame, lacking = answered(frame, outside)
    frame = frame if outside is None else with_outside(frame, outside)
    about: dict[str, Any] = {"name": called, "source": source, "synthetic": synthetic}
    table = ChoiceTable.from_frame(frame, outside=outside, counts=counts, **about)
    return table.with_caveat(without_answer(lacking)) if lacking else table


def renamed(
    frame: pd.DataFrame, columns: Sequence[str | None], attributes: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return the columns under their standard names.

    Parameters
    ----------
    columns
        Those that hold subject, situation, alternative, chosen and weight; None where there is none.
    attributes
        The other columns to keep; all of them if left out.

    Raises
    ------
    DataError
        Listing the columns that are missing, and standard names that other columns have.
    """
    roles = {role.name: column for role, column in zip(ROLES, columns, strict=True) if column is not None}
    strange = [
        f"the column of {role!r} must be named by a text, not {column!r}"
        for role, column in roles.items()
        if not isinstance(column, str)
    ]
    raise_all(strange, DataError, HEADING)
    there = [str(column) for column in frame.columns]
    wanted = list(roles.values()) if attributes is None else [*roles.values(), *map(str, listed(attributes))]
    problems = [
        f"column {column!r} is missing; the table has {there}"
        for column in dict.fromkeys(wanted)
        if column not in there and column not in (SITUATION.name, ALTERNATIVE.name, CHOSEN.name)
    ]
    taken = {column: role for role, column in roles.items()}
    problems += [
        f"column {role!r} is not the one named for it ({column!r}); rename or drop it"
        for role, column in roles.items()
        if role != column and role in there and role not in taken
    ]
    raise_all(problems, DataError, HEADING)
    if attributes is not None:
        extra = [SUBJECT.name] if SUBJECT.name in there and SUBJECT.name not in wanted else []
        frame = frame[[column for column in dict.fromkeys([*wanted, *extra]) if column in there]]
    return frame.rename(columns=taken)
