"""What a design could have shown, next to what it showed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from estimation.report.blocks import Paragraph, Section, some
from estimation.text.digits import number
from estimation.text.table import TextTable

ABOUT = (
    "A comparison is worth as much as its chance to find the truth. Data were simulated from each theory for these "
    "games and this number of people and decisions, and compared in the same way."
)
UNKNOWN = (
    "How often this design would find the true theory was not computed. Without it, an undecided comparison may mean "
    "that the theories are equally good or that the design cannot tell them apart."
)


def power_part(power: Any) -> Section:
    """Return what a study of power found; that it is not known, if there is none.

    Parameters
    ----------
    power
        A data frame, or anything with a ``table`` and perhaps a ``verdict``.
    """
    title = "What this design could have shown"
    if power is None:
        return Section("", title, (Paragraph(UNKNOWN),))
    frame = power if isinstance(power, pd.DataFrame) else power.table
    verdict = getattr(power, "verdict", None)
    said = Paragraph(str(verdict)) if verdict is not None else None
    return Section("", title, some(Paragraph(ABOUT), said, table_of(frame, title)))


def table_of(frame: pd.DataFrame, caption: str) -> TextTable:
    """Return a data frame as a table of text."""
    named = frame.index.names != [None] or not isinstance(frame.index, pd.RangeIndex)
    flat = frame.reset_index() if named else frame
    numeric = tuple(
        place
        for place, kind in enumerate(flat.dtypes)
        if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    )
    rows = tuple(tuple(_cell(value) for value in row) for row in flat.itertuples(index=False))
    return TextTable(caption, tuple(str(name).replace("_", " ") for name in flat.columns), rows, numeric)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return number(value) if isinstance(value, float) else str(value)
