"""From cells as they come to labels and numbers, with a note of what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Mask
from estimation.data.cells.rows import is_nothing, is_storable, row_problem, show
from estimation.names import Column

TEXT = pd.Series(["text"]).dtype
"""The dtype that this pandas gives to text: ``str`` since pandas 3, ``object`` before."""

MARKS_OF_NOTHING = ("", "NA", "NaN", "nan")
"""What R and pandas write for an empty cell of text."""

EMPTY = frozenset({"", "na", "n/a", "nan", "+nan", "-nan", "null", "none", "<na>", "."})
"""Texts that mean an empty cell in a column of numbers, in any case."""

MARKED = r"[$€£¥₹]?\s?[+\-\u2212]?\s?(\d+|\d{1,3}([,'\u2019\s]\d{3})+|\d{1,3}(\.\d{3}){2,})([.,]\d+)?\s?[%$€£¥₹]?"
"""A number with signs of money, per cent or thousands, or a minus as it is printed: no label."""

AS_DIGITS = "write digits with a decimal point and nothing else (2.50, 1234), or drop the row"

EXACT = 2**53
"""The first whole number whose successor, as a float, is the same: beyond it two people would be one."""

LARGEST = 10**300
"""Whole numbers from here on are no numbers that one can count with."""

BAD = object()
"""Marks a cell that cannot be read."""


@dataclass(frozen=True)
class Cells:
    """One column after reading.

    Parameters
    ----------
    raw
        The cells as the user gave them.
    content : (row,) array
        Text (None where empty) or numbers (NaN where empty); empty as well where a cell cannot be read.
    missing, bad : (row,) bool
        Cells that hold nothing, and cells that hold something unreadable.
    problems
        What is wrong, in words.
    """

    raw: pd.Series
    content: Any
    missing: Mask
    bad: Mask
    problems: tuple[str, ...]


def cell_problems(cells: Mapping[str, Cells], filled: Iterable[Column]) -> list[str]:
    """Say which cells cannot be read, and which are empty in columns that must be filled."""
    problems = [problem for found in cells.values() for problem in found.problems]
    for column in filled:
        if column.name in cells:
            found = cells[column.name]
            problems += row_problem(column, "is empty", found.raw, found.missing, _advice(found))
    return problems


def _advice(found: Cells) -> str:
    """Return what to do about empty cells; what stands for nothing in many files may have been meant as a name."""
    are_names = found.content.dtype.kind != "f"
    written = {cell.strip() for cell in found.raw[found.missing] if are_names and isinstance(cell, str)} - {""}
    return "fill it in, or drop the row" + (
        f"; if {show(min(written))} is a name, write it otherwise" if written else ""
    )


def read_labels(column: Column, raw: pd.Series, nothing: Collection[str] = ()) -> Cells:
    """Read identifiers: text without surrounding blanks, or whole numbers, which become text; `nothing` is empty."""
    read, missing, bad = _read_each(raw, _label)
    missing = missing | np.array([isinstance(label, str) and label in nothing for label in read], dtype=bool)
    content = np.full(len(raw), None, dtype=object)
    content[~(missing | bad)] = read[~(missing | bad)]
    problems = [*row_problem(column, "must be a label", raw, bad, LABELS), *mixed_labels(column, raw, content)]
    return Cells(raw, content, missing, bad, tuple(problems))


LABELS = "write identifiers as text without signs that command a printer, or as whole numbers; long ones as text"


def mixed_labels(column: Column, raw: pd.Series, content: NDArray[Any]) -> list[str]:
    """Say which identifiers are there as a number and as text: whether they are one, nobody can know."""
    if isinstance(raw.dtype, pd.StringDtype):
        return []
    is_text = np.array([isinstance(cell, str) for cell in raw.astype(object)], dtype=bool)
    both = sorted({str(label) for label in set(content[is_text]) & set(content[~is_text]) if label is not None})
    if not both:
        return []
    return [
        f"column {column.name!r} ({column.unit}) has {show(both[0])} as text and as a number, like {len(both)} labels "
        "in all; write all of them as text"
    ]


def read_numbers(column: Column, raw: pd.Series, advice: str = AS_DIGITS) -> Cells:
    """Read numbers; text that spells a number is accepted, booleans and dates are not; `advice` is for what is none."""
    if pd.api.types.is_bool_dtype(raw.dtype) or raw.dtype.kind in "mMc":
        return _wrong_dtype(column, raw)
    if pd.api.types.is_numeric_dtype(raw.dtype):
        values = raw.to_numpy(dtype=float, na_value=np.nan)
        missing, bad = np.isnan(values), np.zeros(len(raw), dtype=bool)
    else:
        read, missing, bad = _read_each(raw, _number)
        values = np.where(missing | bad, np.nan, read).astype(float)
    infinite = np.isinf(values)
    problems = [
        *row_problem(column, "must be a number", raw, bad, advice),
        *row_problem(column, "must be finite", raw, infinite, "correct the value, or drop the row"),
    ]
    return Cells(raw, np.where(infinite, np.nan, values), missing, bad | infinite, tuple(problems))


def _wrong_dtype(column: Column, raw: pd.Series) -> Cells:
    problem = f"column {column.name!r} ({column.unit}) holds {raw.dtype} values, not numbers; convert it to numbers"
    empty, all_bad = np.full(len(raw), np.nan), np.ones(len(raw), dtype=bool)
    return Cells(raw, empty, ~all_bad, all_bad, (problem,))


def _read_each(raw: pd.Series, reader: Callable[[Any], Any]) -> tuple[NDArray[Any], Mask, Mask]:
    whose, cells = np.arange(len(raw)), raw.astype(object)
    if isinstance(raw.dtype, pd.StringDtype):  # the same text is read once; of other cells, equal ones may differ
        whose, different = pd.factorize(raw, use_na_sentinel=False)
        cells = pd.Series(different, dtype=object)
    read = np.array([reader(value) for value in cells], dtype=object)
    missing = np.array([value is None for value in read], dtype=bool)
    bad = np.array([value is BAD for value in read], dtype=bool)
    return read[whose], missing[whose], bad[whose]


def _label(value: Any) -> Any:
    if isinstance(value, str):
        label = value.strip()
        return (label if is_storable(label) else BAD) or None
    if is_nothing(value):
        return None
    if isinstance(value, Decimal):  # as databases write whole numbers
        return str(int(value)) if abs(value) < LARGEST and value == int(value) else BAD
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if abs(float(value)) < EXACT and value == int(value) else BAD
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        return BAD
    return str(int(value)) if abs(int(value)) < LARGEST else BAD


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return _spelled_number(value)
    if is_nothing(value):
        return None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, Decimal, np.integer, np.floating)):
        return BAD
    is_float = isinstance(value, (float, Decimal, np.floating))
    return float(value) if is_float or abs(int(value)) < LARGEST else np.inf


def _spelled_number(text: str) -> Any:
    if text.strip().lower() in EMPTY:
        return None
    try:
        return BAD if "_" in text else float(text)
    except ValueError:
        return BAD
