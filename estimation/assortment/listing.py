"""A frontier as a list with labels: one row per menu, with what enters and what leaves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from estimation.arrays import Indices, Mask
from estimation.assortment.path import Path
from estimation.text.comma_separated import frame_text

MOST = 1_000_000  # labels in the column of whole menus
BETWEEN = "; "
SHOWN = 8  # rows at each end of a long table
ACTIVE = ("=", "@", "+", "-", "\t", "\r")
"""Starts of cells that spreadsheets take for formulas, which can run programs."""


def listing(path: Path, corners: Indices, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of a frontier with the labels of its products.

    Columns beside those of the table: enters and leaves (labels, against the menu before; the first menu enters as a
    whole) and products (all labels), left out where more than a million labels would be listed. The corners (menu,)
    are the menus along the path that are in the table.
    """
    names = path.catalogue.products.to_numpy()
    is_short = table["size"].sum() <= MOST
    rows = [
        [BETWEEN.join(map(str, names[products])) for products in (*step, offered)[: 2 + is_short]]
        for *step, offered in _steps(path, corners)
    ]
    labels = pd.DataFrame(rows, table.index, ["enters", "leaves", "products"][: 2 + is_short])
    return table.join(labels)


def ends_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for a notebook: of a long one the first rows and the last."""
    return table if len(table) <= 2 * SHOWN else pd.concat([table.head(SHOWN), table.tail(SHOWN)])


def for_spreadsheets(listed: pd.DataFrame) -> bytes:
    """Return a listing as comma-separated text; an apostrophe stands before labels that would be formulas."""
    return frame_text(listed.map(_shown_as_text)).encode()


def _shown_as_text(cell: object) -> object:
    """Return a cell of a table that spreadsheets will read: text that looks like a formula follows an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(ACTIVE) and not _is_number(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _steps(path: Path, corners: Indices) -> Iterator[tuple[Indices, Indices, Mask]]:
    """(entering, leaving) positions and the menu (product,) at each corner, read from the changes along the path."""
    here = path.chosen(int(corners[0]))
    yield np.flatnonzero(here), np.empty(0, np.intp), here
    ends = np.concatenate([[0], path.ends])
    for start, end in zip(ends[corners[:-1]], ends[corners[1:]], strict=True):
        touched, times = np.unique(path.changed[start:end], return_counts=True)
        touched = touched[times % 2 == 1]
        here[touched] = ~here[touched]
        yield touched[here[touched]], touched[~here[touched]], here
