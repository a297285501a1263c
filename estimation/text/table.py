"""A table of text, ready for a page or a terminal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TextTable:
    """A table of text; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()  # positions of columns that hold numbers, to be aligned to the right
    marked: tuple[tuple[int, int], ...] = ()  # cells not to be missed: (row, column), or (row, -1) for the whole row

    def is_marked(self, row: int, column: int) -> bool:
        """Return whether a cell, or its whole row, is marked."""
        return (row, column) in self.marked or (row, -1) in self.marked
