"""Rows of text: what stands between cells, which columns have decimal commas, and what is no row or column at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence, Set
from typing import Any

from estimation.data.cells.cells import EMPTY
from estimation.data.cells.rows import SHOWN, show
from estimation.errors import DataError, raise_all

COMMA, SEMICOLON, OTHERS = ",", ";", (";", "\t", "|")
IMPORTED = '{"ImportId"'
"""How the cells of the last heading of a Qualtrics export begin."""

SAID = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
"""A first line by which spreadsheets say what separates cells."""
DECIMAL = re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?")
GROUPED, POINTED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}"), re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
"""What may be thousands: 1,234, and 1.234 where decimals follow a comma."""


def parsed(text: str, heading: str) -> tuple[str, list[list[str]], list[int]]:
    """Return what separates cells, the rows that hold something, and their lines.

    Raises
    ------
    DataError
        If quotes are not closed, or something else keeps lines from being rows.
    """
    said = SAID.match(text)
    separator, found = said[1] if said else separator_of(text), []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
        for row in reader:
            found.append((reader.line_num, row))
    except csv.Error as problem:
        raise DataError(heading, [f"line {reader.line_num}: {problem}"]) from problem
    return separator, *filled(found[1:] if said else found)


def filled(numbered: list[tuple[int, list[str]]]) -> tuple[list[list[str]], list[int]]:
    """Return the rows that hold something, and their lines."""
    kept = [(line, row) for line, row in numbered if any(cell.strip() for cell in row)]
    return [row for _, row in kept], [line for line, _ in kept]


def separator_of(text: str) -> str:
    """Return what stands between the names of columns: a comma, or the one other sign that can only be meant."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        found = [sign for sign in (COMMA, *OTHERS) if len(next(csv.reader([first], delimiter=sign), [])) > 1]
    except csv.Error:
        return COMMA
    return found[0] if len(found) == 1 else COMMA


def headings_below(rows: Sequence[Sequence[Any]]) -> int:
    """Return how many rows below the names of columns are headings too, as in surveys of Qualtrics."""
    return max((place + 1 for place, row in enumerate(rows[:3]) if str(row[0]).startswith(IMPORTED)), default=0)


def named(names: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return columns without those that have no name and hold nothing, as signs at the end of each line make them."""
    kept = [at for at, name in enumerate(names) if name or any(row[at].strip() for row in rows)]
    if len(kept) == len(names):
        return names, rows
    return [names[at] for at in kept], [[row[at] for at in kept] for row in rows]


def with_points(
    names: list[str], rows: list[list[str]], labels: Set[str], separator: str, heading: str
) -> list[list[str]]:
    """Return rows with points in the numbers of columns that can only be written with decimal commas; not in labels.

    "1,234" may be a thousand and more: a column needs a number that can be nothing else. Where one has it, points in
    the file stand between thousands, unless a column has others.

    Raises
    ------
    DataError
        If points may be either: semicolons are written where decimals follow a comma, and no column tells.
    """
    columns = {at: [row[at].strip() for row in rows] for at, name in enumerate(names) if name not in labels}
    numbers = {at: [cell for cell in cells if cell.lower() not in EMPTY] for at, cells in columns.items()}
    decimal = {at for at, cells in numbers.items() if all(map(DECIMAL.fullmatch, cells)) and _has_decimals(cells)}
    thousands = {at for at, cells in numbers.items() if at not in decimal and _are_thousands(cells)}
    if thousands and not decimal and separator == SEMICOLON:
        some = [f"{names[at]!r} as {show(next(filter(POINTED.fullmatch, numbers[at])))}" for at in sorted(thousands)]
        told = f"points may stand between thousands or before decimals: column {', column '.join(some[:SHOWN])}"
        raise_all([f"{told}; write 1234, or 1.2340 if decimals are meant"], DataError, heading)
    changed = decimal | (thousands if decimal else set())
    return [[_pointed(cell) if at in changed else cell for at, cell in enumerate(row)] for row in rows]


def _has_decimals(cells: list[str]) -> bool:
    return any("," in cell and not GROUPED.fullmatch(cell) for cell in cells)


def _are_thousands(cells: list[str]) -> bool:
    """Return whether points in a column of numbers may all stand between thousands."""
    with_them = [cell for cell in cells if "." in cell]
    whole = [cell.lstrip("+-") for cell in cells if "." not in cell]
    are_numbers = all(cell.isdecimal() and len(cell) <= 3 for cell in whole)
    return bool(with_them) and are_numbers and all(map(POINTED.fullmatch, with_them))


def _pointed(cell: str) -> str:
    return cell.replace(".", "").replace(",", ".")
