"""Words for columns and rows that break a rule: of rows the first few with their values, then how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.errors import DataError, shortened
from estimation.names import Column

SHOWN = 3
"""Rows listed one by one before the rest are only counted: enough to find the pattern, few enough to read."""

LONGEST = 80
"""Characters of a cell that are shown."""


def column_problems(
    frame: pd.DataFrame, needed: Iterable[Column], row: str, heading: str, how: str = "rename the column that holds it"
) -> list[str]:
    """Say which columns are missing or there twice, and whether there is no row at all.

    Parameters
    ----------
    row
        What rows stand for.
    how
        What to do about a missing column, other than to add it; ``{name}`` is what it is called.

    Raises
    ------
    DataError
        If the table is no DataFrame; it begins with `heading`.
    """
    if not isinstance(frame, pd.DataFrame):
        raise DataError(heading, [f"a pandas DataFrame is needed, not {type(frame).__name__}"])
    there = [str(name) for name in frame.columns]
    strange = [shortened(repr(name), LONGEST) for name in there if not is_storable(name)]
    needed = list(needed)
    missing = _misspelt([column.name for column in needed if column.name not in there], there) or [
        f"column {column.name!r} ({column.unit}: {column.meaning}) is missing; the table has {there}; add it, or "
        + how.format(name=column.name)
        for column in needed
        if column.name not in there
    ]
    repeated = [
        f"column {name!r} is there {count} times; keep one of them"
        for name, count in Counter(there).items()
        if count > 1
    ]
    repeated += [f"column {name} has a name that no file can hold; rename it" for name in strange]
    return missing + repeated + ([f"the table has no rows; give at least one {row}"] if frame.empty else [])


def _misspelt(names: list[str], there: list[str]) -> list[str]:
    """Say how columns are written, if every one that is missing is there with other capitals or with blanks."""
    written = {column.strip().casefold(): column for column in there}
    found = {name: written[name] for name in names if name in written}
    if not names or len(found) < len(names):
        return []
    renamed = ", ".join(f"{column!r} to {name!r}" for name, column in found.items())
    return [f"columns are written otherwise than they are called: rename {renamed}"]


def row_problem(column: Column, what: str, values: pd.Series, mask: Mask, advice: str) -> list[str]:
    """Return one problem for all rows in `mask`, or none if the mask is empty.

    Parameters
    ----------
    column
        The column at fault, named together with its unit.
    what
        The rule that is broken, as the end of a sentence that starts with the column.
    values
        What the table holds, as the user wrote it; its index names the rows.
    mask : (row,) bool
        The rows that break the rule.
    advice
        What to do about it.
    """
    if not mask.any():
        return []
    return [f"column {column.name!r} ({column.unit}) {what}: {describe_rows(values, mask)}; {advice}"]


def describe_rows(values: pd.Series, mask: Mask) -> str:
    """Return for example ``row 3 has 'abc', row 8 has 'x' and 12 more rows (14 in all)``."""
    found = values[mask]
    word = row_word(values)
    shown = [f"{word} {label} has {show(value)}" for label, value in zip(found.index, found.head(SHOWN), strict=False)]
    return ", ".join(shown) + _rest(len(found), f"{word}s")


def list_some(texts: list[str], noun: str, most: int = SHOWN) -> str:
    """Return the first few texts and the number of all of them."""
    return ", ".join(shortened(text, 2 * LONGEST) for text in texts[:most]) + _rest(len(texts), noun, most)


def row_word(values: pd.Series) -> str:
    """Return what a row is called: ``line`` for tables read from a file, else ``row``."""
    return str(values.index.name or "row")


def show(value: Any) -> str:
    """Return a value as a reader would write it."""
    if is_nothing(value):
        return "nothing"
    if isinstance(value, (float, np.floating)):
        return f"{float(value) + 0.0:.12g}"
    if isinstance(value, int) and abs(value) >= 10**LONGEST:
        return f"a whole number of more than {LONGEST} digits"
    try:
        return shortened(repr(value.item() if isinstance(value, np.generic) else value), LONGEST)
    except ValueError:  # a whole number in it has more digits than Python writes
        return f"a {type(value).__name__}"


def is_storable(text: str) -> bool:
    """Return whether files keep a text as it is: they lose signs without a character, and half of a pair of signs."""
    return "\0" not in text and text == text.encode("utf-8", "ignore").decode("utf-8")


def is_nothing(value: Any) -> bool:
    """Return whether a value stands for an empty cell: None, NaN and the like."""
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _rest(count: int, noun: str, most: int = SHOWN) -> str:
    return f" and {count - most} more {noun} ({count} in all)" if count > most else ""
