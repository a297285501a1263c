"""Workbooks of spreadsheets: the one sheet that holds something, as text, where openpyxl is installed."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from estimation.data.cells.rows import SHOWN, show
from estimation.data.files.separated import headings_below
from estimation.errors import DataError, raise_all
from estimation.reading import WORKBOOK, read_bytes

INSTALL = "; or install `estimation[workbooks]`, which reads it"
DIGITS = 10**15
"""From here on spreadsheets round numbers: two people may have become one."""
OF_SHEETS = ("[Content_Types].xml", "mimetype")
"""Parts that archives have which are files of spreadsheets."""
BEGIN = b"PK\x03\x04"
"""How archives begin. A table in text may end as one does: it is a table all the same."""
MOST_CELLS, MOST_BYTES = 20_000_000, 1_000_000_000
"""Of a sheet, and of what is packed in the file: a kilobyte can unpack to all that a machine can hold."""


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook that can be read here, or could be if openpyxl were installed."""
    try:
        with path.open("rb") as opened:
            return opened.read(len(BEGIN)) == BEGIN
    except (OSError, ValueError):
        return False


def workbook_rows(path: Path, heading: str) -> list[tuple[int, list[str]]]:
    """Return the rows of the only sheet that holds something: line and cells as text, as long as the first.

    Raises
    ------
    DataError
        If the file is no such workbook, several sheets hold something, or a cell is not what it seems.
    """
    if find_spec("openpyxl") is None:
        raise DataError(heading, [f"it is {WORKBOOK}{INSTALL}"])
    sheets = _sheets(path, heading, data_only=True)
    filled = {name: rows for name, rows in sheets.items() if any(cell is not None for row in rows for cell in row)}
    if len(filled) != 1:
        found = f"{len(filled)} sheets that hold something: {list(filled)}" if filled else "nothing in any sheet"
        raise DataError(heading, [f"the workbook has {found}; save the one that is meant as CSV (UTF-8)"])
    ((name, rows),) = filled.items()
    doubts = _doubts(rows, _sheets(path, heading, data_only=False)[name]) + _dates(rows)
    raise_all(doubts[:SHOWN], DataError, heading)
    width = max(place for row in rows for place, cell in enumerate(row, start=1) if cell is not None)
    return [(line, [_text(cell) for cell in row[:width]]) for line, row in enumerate(rows, start=1)]


def _sheets(path: Path, heading: str, *, data_only: bool) -> dict[str, list[tuple[Any, ...]]]:
    """Return the cells of each sheet."""
    openpyxl: Any = import_module("openpyxl")
    content = io.BytesIO(read_bytes(path, DataError, heading))
    try:
        raise_all(_packed_problems(content), DataError, heading)
        book = openpyxl.load_workbook(content, data_only=data_only)
        raise_all([said for sheet in book.worksheets for said in _size_problems(sheet)], DataError, heading)
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except DataError:
        raise
    except Exception as problem:  # whatever a damaged archive makes of its reader
        raise DataError(heading, [f"it looks like {WORKBOOK}"]) from problem


def _packed_problems(content: io.BytesIO) -> list[str]:
    """Say whether an archive is no workbook, or unpacks to more than can be held."""
    try:
        parts = ZipFile(content).infolist()
    except (BadZipFile, ValueError, OSError):
        return []  # said by whoever reads it
    names, unpacked = [part.filename for part in parts], sum(part.file_size for part in parts)
    if not any(name in OF_SHEETS or name.startswith("xl/") for name in names):
        return [f"it is an archive of {', '.join(map(show, names[:SHOWN]))}; unpack it first"]
    return [f"it unpacks to {unpacked:,} bytes; save the sheet as CSV (UTF-8)"] * (unpacked > MOST_BYTES)


def _size_problems(sheet: Any) -> list[str]:
    """Say whether a sheet reaches further than any table: a cell far away makes all cells before it."""
    rows, columns = sheet.max_row, sheet.max_column
    problem = f"sheet {sheet.title!r} reaches to row {rows:,} and column {columns:,}; save it as CSV (UTF-8)"
    return [problem] * (rows * columns > MOST_CELLS)


def _doubts(rows: list[tuple[Any, ...]], written: list[tuple[Any, ...]]) -> list[str]:
    """Say which cells may not hold what was entered."""
    found = []
    for line, (values, entered) in enumerate(zip(rows, written, strict=True), start=1):
        for value, text in zip(values, entered, strict=True):
            if value is None and text is not None:
                found.append(f"line {line} has a formula without a result, {str(text)[:30]!r}")
            elif isinstance(value, (int, float)) and abs(value) >= DIGITS:
                found.append(f"line {line} has a number of more than 15 digits, {value}, which spreadsheets round")
    return [f"{doubt}; save the sheet as CSV (UTF-8) where it shows as it should" for doubt in found]


def _dates(rows: list[tuple[Any, ...]]) -> list[str]:
    """Say which cells are dates in columns of something else: spreadsheets make them of 3-4 and 1/2."""
    filled = [(line, row) for line, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
    body = filled[1 + headings_below([row for _, row in filled[1:]]) :]
    columns = zip(*(row for _, row in body), strict=True)
    mixed = [at for at, cells in enumerate(columns) if 0 < sum(map(_is_date, cells)) < sum(map(_is_filled, cells))]
    advice = "spreadsheets make dates of 3-4 and 1/2; write it as text in the sheet, or empty it"
    return [
        f"line {line} has a date, {_text(row[at])}, in a column that holds something else; {advice}"
        for line, row in body
        for at in mixed
        if _is_date(row[at])
    ]


def _is_date(cell: Any) -> bool:
    return isinstance(cell, (date, time))


def _is_filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():  # how a day is kept
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
