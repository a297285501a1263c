"""A sentence and a table for a look: as text for terminals, as HTML for notebooks.

Names and labels come from files, so that all of them are escaped in HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def rounded(table: pd.DataFrame, places: int) -> pd.DataFrame:
    """Return a table with so many decimals; rows of which these leave nothing keep three digits of each number.

    What one more unit of a price in millions is worth is no zero.
    """
    numbers, found = table.select_dtypes("float64"), table.round(places)
    small = (((numbers != 0) & (numbers.round(places) == 0)).sum(axis=1) > 1).to_numpy()
    for name in numbers.columns if small.any() else ():
        digits = [float(f"{value:.3g}") for value in table[name].to_numpy()]
        found[name] = np.where(small, digits, found[name])
    return found


def table_text(table: pd.DataFrame, places: int) -> str:
    """Return a table as text, `rounded`."""
    found, least = rounded(table, places), 0.5 * 10.0**-places

    def number(value: float) -> str:
        return f"{value:.{places}f}" if value == 0 or abs(value) >= least else f"{value:.3g}"

    is_plain = found.equals(table.round(places))
    return str(found.to_string() if is_plain else found.to_string(float_format=number))


def table_html(table: pd.DataFrame) -> str:
    """Return a table as HTML, its text escaped, its numbers with the four digits that a look can use."""
    return str(table.to_html(escape=True, float_format=_number, na_rep=""))


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def as_html(sentence: str, table: pd.DataFrame, notes: Iterable[str] = ()) -> str:
    """Return a sentence, a table and notes as HTML in which no text is read as a mark."""
    before, *after = (f"<p>{escape(text)}</p>" for text in (sentence, *notes))
    return "".join([before, table_html(table), *after])
