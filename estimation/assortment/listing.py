"""A frontier as a file: one row per menu, with what enters and what leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path as File
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimation.arrays import Indices, Mask
from estimation.errors import AssortmentError

if TYPE_CHECKING:
    from estimation.assortment.frontier import Frontier

MOST = 1_000_000  # labels in the column of whole menus
BETWEEN = "; "


def listing(frontier: Frontier) -> pd.DataFrame:
    """Return the table of a frontier with the labels of its products.

    Columns beside those of the table: enters and leaves (labels, against the menu before; the first menu enters as a
    whole) and products (all labels), left out where more than a million labels would be listed.
    """
    catalogue, table = frontier.path.catalogue, frontier.table.copy()
    named = catalogue.products.to_numpy()
    steps = list(_steps(frontier))
    table["enters"] = [_joined(named[entered]) for entered, _ in steps]
    table["leaves"] = [_joined(named[left]) for _, left in steps]
    if table["size"].sum() <= MOST:
        table["products"] = [_joined(menu.products) for menu in frontier.menus]
    return table


def write_csv(table: pd.DataFrame, path: str | File) -> File:
    """Write a table as a file that is complete or not there at all.

    Raises
    ------
    AssortmentError
        The folder does not exist.
    """
    target = File(path)
    if not target.parent.is_dir():
        raise AssortmentError(
            "The table cannot be written:", [f"folder {target.parent} does not exist; make it first"]
        )
    partial = target.with_name(f".{target.name}.partial")
    try:
        table.to_csv(partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _steps(frontier: Frontier) -> Iterator[tuple[Indices, Indices]]:
    """(entering, leaving) positions at each menu, read from the changes along the path alone."""
    path, corners = frontier.path, frontier.menus.corners
    before: Mask = np.zeros(len(path.catalogue), dtype=np.bool_)
    here = path.chosen(int(corners[0]))
    yield np.flatnonzero(here), np.flatnonzero(before)
    ends = np.concatenate([[0], path.ends])
    for start, end in zip(ends[corners[:-1]], ends[corners[1:]], strict=True):
        touched, times = np.unique(path.changed[start:end], return_counts=True)
        touched = touched[times % 2 == 1]
        here[touched] = ~here[touched]
        yield touched[here[touched]], touched[~here[touched]]


def _joined(labels: object) -> str:
    return BETWEEN.join(map(str, labels))  # type: ignore[call-overload]
