"""Covariates of a table: text without blanks around it, and nothing where nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import is_real
from estimation.data.cells.cells import mixed_labels
from estimation.data.cells.rows import row_problem
from estimation.names import Column


def check_covariates(frame: pd.DataFrame, standard: Iterable[str]) -> list[str]:
    """Say where covariates are lists and the like, or one value is there as a number and as text."""
    problems = []
    for name in frame.columns:
        if name not in standard and frame[name].dtype == object:
            strange = np.array([not pd.api.types.is_scalar(cell) for cell in frame[name]], dtype=bool)
            column = Column(str(name), "covariate", "as given", "number")
            problems += row_problem(
                column, "must be a number or text", frame[name], strange, "make columns of its parts"
            )
            problems += mixed_labels(column, frame[name], np.array([*map(_spelled, frame[name])], dtype=object))
    return problems


def without_blanks(cells: pd.Series) -> pd.Series:
    """Return a covariate whose texts have no blanks around them, as labels have none; the same if they have none.

    Examples
    --------
    >>> without_blanks(pd.Series(["NL", "NL ", " "])).isna().tolist()
    [False, False, True]
    """
    is_category = isinstance(cells.dtype, pd.CategoricalDtype)
    if not is_category and cells.dtype != object and not isinstance(cells.dtype, pd.StringDtype):
        return cells
    texts = [text for text in (cells.cat.categories if is_category else cells.dropna()) if isinstance(text, str)]
    if all(text and text == text.strip() for text in texts):
        return cells
    bare = cells.astype(object).map(_bare).where(cells.notna(), None)
    if not is_category:
        return bare.astype(cells.dtype)
    levels = dict.fromkeys(level for level in map(_bare, cells.cat.categories) if level is not None)
    return bare.astype(pd.CategoricalDtype([*levels], ordered=cells.cat.ordered))


def _bare(cell: Any) -> Any:
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _spelled(cell: Any) -> str | None:
    """Return what a cell would be as text; nothing where it is neither text nor a number."""
    if isinstance(cell, str):
        return cell.strip()
    return f"{float(cell):.15g}" if is_real(cell) else None
