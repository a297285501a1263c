"""Columns of choice data: read value by value where values are few, and number by number where they are numbers."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.cells.cells import LABELS, MARKED, MARKS_OF_NOTHING, Cells, mixed_labels, read_labels, read_numbers
from estimation.data.cells.rows import row_problem, show
from estimation.data.choices.amounts import AMOUNT, without_signs
from estimation.names import Column

PURE = ("string", "integer", "floating", "empty", "categorical")
"""Columns whose cells are of one type, as pandas calls it: equal cells are equal labels."""

FARTHEST = 1e150

TAKEN = "write 1 for the alternative that was taken, else 0"
FLAGS = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False, "1.0": True, "0.0": False}


def read_names(column: Column, raw: pd.Series) -> Cells:
    """Read what alternatives, choices and people are called, as categories.

    ``none`` is a name. ``NA`` may be one, or an empty cell of a file of R: it counts as empty, to be refused.
    """
    return read_categories(column, raw, MARKS_OF_NOTHING)


def read_categories(column: Column, raw: pd.Series, nothing: Collection[str] = ()) -> Cells:
    """Read identifiers as categories, sorted (`sorted_labels`); the content is a Categorical; `nothing` is empty."""
    if pd.api.types.infer_dtype(raw, skipna=True) in PURE:
        places, uniques = pd.factorize(raw, use_na_sentinel=True)
        distinct = read_labels(column, pd.Series(uniques, dtype=object), nothing)
        bad = np.append(distinct.bad, False)[places]
        missing = np.append(distinct.missing, True)[places]
        content = np.array([*distinct.content, None], dtype=object)[places]
        problems = (
            *row_problem(column, "must be a label", raw, bad, LABELS),
            *mixed_labels(column, distinct.raw, distinct.content),
        )
    else:  # cells of several types: 1 and True are the same key, and lists are none
        found = read_labels(column, raw, nothing)
        bad, missing, content, problems = found.bad, found.missing, found.content, found.problems
    codes, labels = pd.factorize(pd.Series(content, dtype=object), use_na_sentinel=True)
    ordered = sorted_labels(labels)
    rank = np.append(pd.Index(ordered, dtype=object).get_indexer(labels), -1)
    return Cells(raw, pd.Categorical.from_codes(rank[codes], pd.Index(ordered, dtype="str")), missing, bad, problems)


def sorted_labels(labels: Iterable[str]) -> list[str]:
    """Return labels sorted as a reader would, piece by piece between slashes: numbers by size, then others by letters.

    Which of two labels comes first does not depend on the others, so that a table that is read again, or a part of it,
    has the same order.

    Examples
    --------
    >>> sorted_labels(["b", "10", "9", "b/2", "a/b/1", "b/10", "1.0", "1"])
    ['1', '1.0', '9', '10', 'a/b/1', 'b', 'b/2', 'b/10']
    """
    pieces = {label: label.split("/") for label in labels}
    ordered = sorted({piece for parts in pieces.values() for piece in parts}, key=_size)
    rank = {piece: place for place, piece in enumerate(ordered)}
    return sorted(pieces, key=lambda label: [rank[piece] for piece in pieces[label]])


def _size(piece: str) -> tuple[bool, float, str]:
    """Return what orders pieces of labels; whole numbers are compared digit by digit, however long they are."""
    try:
        number = int(piece) if len(piece) < 300 and piece.isdecimal() else float(piece)
    except ValueError:
        return True, 0.0, piece
    return (False, number, piece) if math.isfinite(number) else (True, 0.0, piece)


def read_flags(column: Column, raw: pd.Series, advice: str = TAKEN) -> Cells:
    """Read yes or no: truth values, 0 and 1, or the words for them; `advice` is for what is neither."""
    if pd.api.types.is_bool_dtype(raw.dtype) and not raw.isna().any():
        none = np.zeros(len(raw), dtype=bool)
        return Cells(raw, raw.to_numpy(dtype=bool), none, none, ())
    codes, uniques = pd.factorize(_keys(raw), use_na_sentinel=True)
    numbers = [float(value) if isinstance(value, Decimal) else value for value in uniques]
    read = [FLAGS.get((value if isinstance(value, str) else show(value)).strip().lower()) for value in numbers]
    blank = [isinstance(value, str) and not value.strip() for value in uniques]
    missing = (codes < 0) | np.append(np.array(blank, dtype=bool), False)[codes]
    bad = np.append(np.array([value is None for value in read], dtype=bool), False)[codes] & ~missing
    content = np.append(np.array([bool(value) for value in read], dtype=bool), False)[codes]
    problems = row_problem(column, "must be 0 or 1", raw, bad, advice)
    return Cells(raw, content, missing, bad, tuple(problems))


def read_quick_numbers(column: Column, raw: pd.Series) -> Cells:
    """Read numbers; truth values count as 0 and 1."""
    if pd.api.types.is_bool_dtype(raw.dtype) and not raw.isna().any():
        raw = raw.astype(float)
    found = read_numbers(column, raw)
    size = np.abs(found.content)
    far = (size > FARTHEST) | ((size < 1 / FARTHEST) & (size > 0))
    what = f"lies beyond {FARTHEST:g} or 1/{FARTHEST:g}, where squares cannot be computed"
    problems = row_problem(column, what, raw, far, "choose another unit")
    return replace(found, problems=(*found.problems, *problems)) if problems else found


def read_amounts(column: Column, raw: pd.Series) -> Cells:
    """Read numbers that may have a sign of money or per cent, the same one in all rows."""
    return read_quick_numbers(column, raw if pd.api.types.is_numeric_dtype(raw.dtype) else without_signs(raw))


def is_text(raw: pd.Series) -> bool:
    """Return whether a column holds labels: text none of which spells a number, with or without a sign of money.

    A column in which some cells spell numbers and others do not is meant as numbers, and its texts are mistakes.
    """
    if isinstance(raw.dtype, pd.CategoricalDtype):
        raw = pd.Series(raw.cat.categories)
    elif pd.api.types.is_numeric_dtype(raw.dtype) or pd.api.types.is_bool_dtype(raw.dtype) or raw.dtype.kind in "mM":
        return False
    texts = pd.Series(_keys(raw).dropna().unique(), dtype=object)
    words = texts[[isinstance(text, str) and bool(text.strip()) for text in texts]].astype(str)
    are_words = pd.to_numeric(words, errors="coerce").isna() & ~words.str.strip().str.fullmatch(MARKED)
    return len(words) > 0 and len(words) >= len(texts) - 1 and bool(are_words.all())


def _keys(raw: pd.Series) -> pd.Series:
    """Return a column whose cells can be looked up: lists and the like stand as a mark that no reader takes."""
    if raw.dtype != object or pd.api.types.infer_dtype(raw, skipna=True) in PURE:
        return raw
    return raw.map(lambda cell: cell if pd.api.types.is_hashable(cell) else (None,))


def are_amounts(raw: pd.Series) -> bool:
    """Return whether a column of text holds amounts: numbers with signs of currency, per cent or thousands."""
    texts = (raw.cat.categories if isinstance(raw.dtype, pd.CategoricalDtype) else _keys(raw).dropna()).unique()
    words = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    return bool(words) and all(AMOUNT.fullmatch(word) for word in words)  # 1.2.3 is a label


def codes_or_numbers(values: pd.Series) -> Array:
    """Return numbers as they are and categories by their codes, (row,)."""
    codes = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values
    return np.asarray(codes, dtype=float)
