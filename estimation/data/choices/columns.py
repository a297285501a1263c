"""Columns of choice data: read value by value where values are few, and number by number where they are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.cells import Cells, read_labels, read_numbers
from estimation.data.rows import row_problem
from estimation.names import Column

AMOUNT = re.compile(r"(?=.*[$€£¥%,'])[-+]?\s*[$€£¥]?\s*[-+]?\d[\d.,' ]*[$€£¥%]?")
FLAGS = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False, "1.0": True, "0.0": False}


def read_categories(column: Column, raw: pd.Series) -> Cells:
    """Read identifiers as categories, sorted (by number where all are numbers); the content is a Categorical."""
    if raw.dtype.kind in "iu":
        codes, numbers = pd.factorize(raw, sort=True)
        none = np.zeros(len(raw), dtype=bool)
        content = pd.Categorical.from_codes(codes, pd.Index(np.asarray(numbers).astype(str), dtype="str"))
        return Cells(raw, content, none, none, ())
    places, uniques = pd.factorize(raw, use_na_sentinel=True)
    distinct = read_labels(column, pd.Series(uniques, dtype=object))
    bad = np.append(distinct.bad, False)[places]
    missing = np.append(distinct.missing, True)[places]
    labels = sorted_labels({text for text in distinct.content if text is not None})
    codes = np.append(pd.Index(labels, dtype=object).get_indexer(pd.Index(distinct.content)), -1)[places]
    content = pd.Categorical.from_codes(codes, pd.Index(labels, dtype="str"))
    problems = row_problem(column, "must be a label", raw, bad, "write identifiers as text or whole numbers")
    return Cells(raw, content, missing, bad, tuple(problems))


def sorted_labels(labels: Iterable[str]) -> list[str]:
    """Return labels sorted as a reader would: numbers by size, everything else by letters.

    Labels of several pieces, such as person/situation, are sorted piece by piece.
    """
    listed = sorted(labels)
    pieces = [label.split("/") for label in listed]
    if len({len(each) for each in pieces}) != 1:
        return listed
    ranks = [_ranks(set(column)) for column in zip(*pieces, strict=True)]
    keys = [tuple(rank[piece] for rank, piece in zip(ranks, each, strict=True)) for each in pieces]
    return [label for _, label in sorted(zip(keys, listed, strict=True))]


def _ranks(pieces: set[str]) -> dict[str, int]:
    """Return the place of each piece in the order of numbers, if all are numbers, or of letters."""
    listed = sorted(pieces)
    numbers = pd.to_numeric(pd.Series(listed, dtype=object), errors="coerce")
    order = range(len(listed)) if numbers.isna().any() else numbers.argsort(kind="stable")
    return {listed[place]: rank for rank, place in enumerate(order)}


def read_flags(column: Column, raw: pd.Series) -> Cells:
    """Read yes or no: truth values, 0 and 1, or the words for them."""
    if pd.api.types.is_bool_dtype(raw.dtype) and not raw.isna().any():
        none = np.zeros(len(raw), dtype=bool)
        return Cells(raw, raw.to_numpy(dtype=bool), none, none, ())
    codes, uniques = pd.factorize(raw, use_na_sentinel=True)
    read = [FLAGS.get(str(value).strip().lower()) for value in uniques]
    blank = [isinstance(value, str) and not value.strip() for value in uniques]
    missing = (codes < 0) | np.append(np.array(blank, dtype=bool), False)[codes]
    bad = np.append(np.array([value is None for value in read], dtype=bool), False)[codes] & ~missing
    content = np.append(np.array([bool(value) for value in read], dtype=bool), False)[codes]
    problems = row_problem(column, "must be 0 or 1", raw, bad, "write 1 for the alternative that was taken, else 0")
    return Cells(raw, content, missing, bad, tuple(problems))


def read_quick_numbers(column: Column, raw: pd.Series) -> Cells:
    """Read numbers; truth values count as 0 and 1."""
    if pd.api.types.is_bool_dtype(raw.dtype) and not raw.isna().any():
        raw = raw.astype(float)
    return read_numbers(column, raw)


def is_text(raw: pd.Series) -> bool:
    """Return whether a column holds labels: text none of which spells a number.

    A column in which some cells spell numbers and others do not is meant as numbers, and its texts are mistakes.
    """
    if isinstance(raw.dtype, pd.CategoricalDtype):
        raw = pd.Series(raw.cat.categories)
    elif pd.api.types.is_numeric_dtype(raw.dtype) or pd.api.types.is_bool_dtype(raw.dtype) or raw.dtype.kind in "mM":
        return False
    texts = pd.Series(raw.dropna().unique(), dtype=object)
    words = texts[[isinstance(text, str) and bool(text.strip()) for text in texts]].astype(str)
    return len(words) > 0 and len(words) >= len(texts) - 1 and bool(pd.to_numeric(words, errors="coerce").isna().all())


def are_amounts(raw: pd.Series) -> bool:
    """Return whether a column of text holds amounts: numbers with signs of currency, per cent or thousands."""
    texts = (raw.cat.categories if isinstance(raw.dtype, pd.CategoricalDtype) else raw.dropna()).unique()
    words = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    return bool(words) and all(AMOUNT.fullmatch(word) for word in words)  # 1.2.3 is a label


def codes_or_numbers(values: pd.Series) -> Array:
    """Return numbers as they are and categories by their codes, (row,)."""
    codes = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values
    return np.asarray(codes, dtype=float)
