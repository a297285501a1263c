"""What `estimation assort` is given: a table of products, and demands on the menu in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from estimation.commands.inputs import SIMULATED
from estimation.errors import AssortmentError, DataError, raise_all
from estimation.names import Column

if TYPE_CHECKING:
    import pandas as pd

    from estimation.assortment.constraints.base import Constraint

PRODUCT = Column("product", "what is sold", "identifier", "label")
REVENUE = Column("revenue", "earned per unit sold", "money", "number")
WEIGHT = Column("weight", "exp(utility) relative to buying nothing", "ratio", "number")
UTILITY = Column("utility", "utility above that of buying nothing", "log units", "number")

HIGHEST = 300
"""Utility, log units, whose exponential can still be multiplied by itself and by money."""


def read_products(path: Path) -> pd.DataFrame:
    """Return a table of products, indexed by label, with the columns revenue and weight among others.

    Raises
    ------
    AssortmentError
        If the file cannot be read or lacks something; every problem is listed, with its line.
    """
    from estimation.data.cells.cells import cell_problems, read_labels, read_numbers
    from estimation.data.cells.rows import column_problems, row_problem
    from estimation.data.files.csv_file import read_frame

    heading = f"{path} is no table of products:"
    try:
        raw = read_frame(path)
    except DataError as problem:
        raise AssortmentError(problem.heading, problem.problems) from problem
    problems = column_problems(raw, (PRODUCT, REVENUE), "product", heading)
    given = [column for column in (WEIGHT, UTILITY) if column.name in raw]
    if len(given) != 1:
        found = "both are there" if given else "neither is there"
        problems.append(f"give either a column 'weight' (exp of utility) or a column 'utility'; {found}")
    raise_all(problems, AssortmentError, heading)
    readers = {PRODUCT: read_labels, REVENUE: read_numbers, given[0]: read_numbers}
    cells = {column.name: read(column, raw[column.name]) for column, read in readers.items()}
    problems = cell_problems(cells, readers)
    if UTILITY.name in cells:
        far = np.abs(cells[UTILITY.name].content) > HIGHEST
        what = f"lies beyond ±{HIGHEST}, where one product is everything or nothing"
        problems += row_problem(UTILITY, what, raw[UTILITY.name], far, "correct the value, or drop the product")
    raise_all(problems, AssortmentError, heading)
    weight = np.exp(cells["utility"].content) if given[0] is UTILITY else cells["weight"].content
    table = raw.assign(product=cells["product"].content, revenue=cells["revenue"].content, weight=weight)
    return table.set_index("product")


def constraints_of(
    products: pd.DataFrame,
    texts: Mapping[str, list[str] | None],
    *,
    at_most: int | None,
    at_least: int | None,
    exactly: int | None,
) -> list[Constraint]:
    """Return demands as constraints: those on how many products there are, and those in words, by their option.

    Raises
    ------
    AssortmentError
        Listing every demand that cannot be understood.
    """
    from estimation.assortment import AtLeast, AtMost, Exactly

    counts = ((AtMost, at_most), (AtLeast, at_least), (Exactly, exactly))
    found: list[Constraint] = [kind(count) for kind, count in counts if count is not None]
    problems = []
    for option, typed in texts.items():
        for text in typed or ():
            try:
                found += READERS[option](text, products)
            except ValueError as problem:
                problems.append(str(problem))
    raise_all(problems, AssortmentError, "The demands are not clear:")
    return found


def is_synthetic(path: Path, *, synthetic: bool) -> bool:
    """Return whether a table of products is to be labelled as made up."""
    return synthetic or path.name.startswith(SIMULATED) or path.parent.name.startswith(SIMULATED)


def _per_category(flag: str, bound: str, text: str, products: pd.DataFrame) -> list[Constraint]:
    """Read ``COLUMN=N`` or ``COLUMN:VALUE=N``."""
    from estimation.assortment import PerCategory

    group, _, count = text.rpartition("=")
    column, colon, value = group.partition(":")
    number = _whole(count, f"{flag} {text!r} is not of the form COLUMN=N or COLUMN:VALUE=N")
    category = [_category(cell) for cell in _column(flag, text, products, column)]
    if colon and value not in category:
        known = ", ".join(sorted({each for each in category if each is not None})[:5])
        raise ValueError(f"{flag} {text!r}: no product has {column} {value!r}; there are {known}")
    given: dict[str, Any] = {bound: {value: number} if colon else number}
    return [PerCategory(category, **given)]


def _category(cell: object) -> str | None:
    """Return what an attribute of a product is, as it would be typed; nothing, where its cell is empty."""
    if isinstance(cell, float):  # empty cells make numbers with a point of whole ones
        return None if np.isnan(cell) else f"{cell:g}" if not cell.is_integer() else str(int(cell))
    return str(cell).strip() or None


def _window(text: str, products: pd.DataFrame) -> list[Constraint]:
    """Read ``COLUMN:LOW:HIGH=N``."""
    from estimation.assortment import PriceWindow

    form = f"--window {text!r} is not of the form COLUMN:LOW:HIGH=N"
    span, _, count = text.rpartition("=")
    parts = span.split(":")
    if len(parts) != 3:
        raise ValueError(form)
    column = _column("--window", text, products, parts[0])
    try:
        low, high, values = float(parts[1]), float(parts[2]), column.astype(float).tolist()
    except ValueError as problem:
        raise ValueError(form) from problem
    return [PriceWindow(values, low, high, at_most=_whole(count, form))]


def _requires(text: str, _: pd.DataFrame) -> list[Constraint]:
    """Read ``A=B``: no A without B."""
    from estimation.assortment import Requires

    return [Requires(*_pair("--requires", text))]


def _together(text: str, _: pd.DataFrame) -> list[Constraint]:
    """Read ``A=B``: both or neither."""
    from estimation.assortment import Requires

    one, other = _pair("--together", text)
    return [Requires(one, other), Requires(other, one)]


def _pair(flag: str, text: str) -> tuple[str, str]:
    one, equals, other = (part.strip() for part in text.partition("="))
    if not (equals and one and other):
        raise ValueError(f"{flag} {text!r} is not of the form PRODUCT=PRODUCT")
    return one, other


def _column(flag: str, text: str, products: pd.DataFrame, name: str) -> Any:
    if name not in products:
        there = ", ".join(map(repr, products.columns))
        raise ValueError(f"{flag} {text!r}: the table has no column {name!r}; it has {there}")
    return products[name]


def _whole(text: str, form: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(form)
    return int(text)


READERS: dict[str, Callable[[str, pd.DataFrame], list[Constraint]]] = {
    "cap": partial(_per_category, "--cap", "at_most"),
    "minimum": partial(_per_category, "--minimum", "at_least"),
    "window": _window,
    "requires": _requires,
    "together": _together,
}
"""What each option that takes a demand in words makes of it."""
