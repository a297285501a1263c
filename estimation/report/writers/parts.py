"""Tables in parts of which each fits on a page of a paper: what LaTeX places cannot go on over a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap

from estimation.report.writers.text import letters
from estimation.text.table import TextTable

LINES = 40
"""Lines of a page for rows, in the small type of tables, beside head and caption."""


def in_parts(table: TextTable) -> list[TextTable]:
    """Return a table, or its rows in parts, each with the head and with a caption that says which part it is."""
    parts = list(_parts(table))
    captions = [f"{table.caption} (part {at} of {len(parts)})" for at in range(1, len(parts) + 1)]
    return [replace(part, caption=said) for part, said in zip(parts, captions, strict=True)] if parts[1:] else [table]


def _parts(table: TextTable) -> Iterator[TextTable]:
    given, start, room = letters(table), 0, LINES
    for at, row in enumerate(table.rows):
        high = 1 if given is None else max(_lines(cell, width) for cell, width in zip(row, given, strict=True))
        if high > room and at > start:
            yield _rows(table, start, at)
            start, room = at, LINES
        room -= high
    yield _rows(table, start, len(table.rows))


def _lines(text: str, width: float) -> int:
    return max(1, len(wrap(text, max(1, int(width)))))


def _rows(table: TextTable, start: int, end: int) -> TextTable:
    """Return some rows of a table; marks go with their rows."""
    marked = tuple((row - start, column) for row, column in table.marked if start <= row < end)
    return replace(table, rows=table.rows[start:end], marked=marked)
