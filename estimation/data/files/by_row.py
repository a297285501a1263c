"""Parameters of a game that a column of the table holds, such as a bias drawn anew in each period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Spec
from estimation.data.cells.cells import EXACT
from estimation.data.cells.rows import describe_rows
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.names import CONDITION


def by_column(spec: Any) -> dict[str, str]:
    """Return the parameters for which a description of a game names a column, as in ``bias = { column = "b" }``."""
    values = spec.items() if isinstance(spec, Mapping) else ()
    return {name: str(value["column"]) for name, value in values if isinstance(value, dict) and [*value] == ["column"]}


def one_game_a_value(frame: pd.DataFrame, specs: Mapping[str, Spec]) -> tuple[pd.DataFrame, dict[str, Spec]]:
    """Return the table and its games with a condition for each value of the columns that hold parameters.

    A condition ``talk`` whose bias stands in a column becomes ``talk, bias 1`` and so on.

    Raises
    ------
    DataError
        If a column is missing, or empty in a row of the condition.
    """
    asked = {condition: columns for condition, spec in specs.items() if (columns := by_column(spec))}
    needed = {CONDITION.name, *(column for columns in asked.values() for column in columns.values())}
    known = [str(name) for name in frame.columns]
    problems = [
        f"column {name!r} is missing{did_you_mean(name, known)}" for name in sorted(needed) if name not in frame
    ]
    raise_all(problems, DataError, "Games cannot be told by row:")
    split, found = frame.copy(), {name: spec for name, spec in specs.items() if name not in asked}
    for condition, columns in asked.items():
        rows = frame[frame[CONDITION.name].astype(str).str.strip() == condition]
        names = sorted(set(columns.values()))
        empty = {name: rows[name].isna().to_numpy() for name in names}
        problems += [
            f"column {name!r}: {describe_rows(rows[name], gone)}; fill it in, or drop the row"
            for name, gone in empty.items()
            if gone.any()
        ]
        for values, part in rows.groupby(names):
            held: dict[str, Any] = dict(zip(names, values, strict=True))
            given = {parameter: _plain(held[column]) for parameter, column in columns.items()}
            name = ", ".join([condition, *(f"{parameter} {_shown(value)}" for parameter, value in given.items())])
            problems += [f"condition {name!r} is there already; call it otherwise"] * (name in {**specs, **found})
            found[name] = {**specs[condition], **given}
            split.loc[part.index, CONDITION.name] = name
    raise_all(problems, DataError, "Games cannot be told by row:")
    return split, found


def _plain(value: Any) -> Any:
    """Return a number or a word as plain data."""
    return value.item() if isinstance(value, np.generic) else value


def _shown(value: Any) -> str:
    """Return a value in as many digits as tell it from every other."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    return str(value)
