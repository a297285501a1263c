"""A sentence and a table as HTML, for notebooks: names and labels come from files, so that all of them are escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def table_html(table: pd.DataFrame) -> str:
    """Return a table as HTML, its text escaped, its numbers with the four digits that a look can use."""
    return str(table.to_html(escape=True, float_format=_number, na_rep=""))


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def as_html(sentence: str, table: pd.DataFrame, notes: Iterable[str] = ()) -> str:
    """Return a sentence, a table and notes as HTML in which no text is read as a mark."""
    before, *after = (f"<p>{escape(text)}</p>" for text in (sentence, *notes))
    return "".join([before, table_html(table), *after])
