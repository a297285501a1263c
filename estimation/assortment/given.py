"""What users give, looked at before anything is computed with it: numbers, labels and lists of them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from estimation.arrays import Array, in_reach


def as_numbers(given: Any) -> Array | None:
    """Return numbers as an array, with NaN for what is none; None where rows differ in length, or there are names."""
    if isinstance(given, Mapping | set | frozenset):
        return None
    try:
        values = np.asarray(given)
    except ValueError:
        return None
    if values.dtype.kind in "fiub":
        return np.array(values, dtype=np.float64)
    if values.dtype.kind == "c":
        return np.full(values.shape, np.nan)
    flat = pd.Series([in_reach(value) for value in values.ravel()], dtype=object)
    numbers = pd.to_numeric(flat.where(flat.map(_is_scalar), None), errors="coerce")
    return np.array(numbers.to_numpy(np.float64, na_value=np.nan).reshape(values.shape))


def matrix_of(given: Any) -> sparse.csr_array | None:
    """(row, product) numbers of a matrix, NaN where there is none; None if it is no matrix."""
    if sparse.issparse(given):
        return sparse.csr_array(given, dtype=float) if given.dtype.kind in "fiub" else None
    numbers = as_numbers(given)
    return None if numbers is None or numbers.ndim != 2 else sparse.csr_array(numbers)


def list_problems(given: object, where: str, what: str) -> list[str]:
    """List that what should be a list is none: a text, a single thing, or what can be read only once."""
    if isinstance(given, Collection) and not isinstance(given, str | bytes) and getattr(given, "ndim", 1) != 0:
        return []
    return [f"{where}: {given!r} is no list; give {what}"]


def label_problems(products: Any) -> list[str]:
    """List what keeps products from being labels."""
    problems = list_problems(products, "products", "the labels, one per product")
    strange = [] if problems else [label for label in products if not is_label(label)]
    return problems + [f"products: {label!r} is no label; give a name or a number" for label in strange]


def is_label(value: object) -> bool:
    """Whether a value can be a label: lists and tables cannot."""
    try:
        hash(value)
    except TypeError:
        return False
    return isinstance(value, Hashable)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | np.number) and not isinstance(value, complex | np.complexfloating)
