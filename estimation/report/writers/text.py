"""What writers share: what they return, names of figures, widths of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from estimation.report.blocks import Document
from estimation.report.picture import Picture
from estimation.text.signs import one_line
from estimation.text.table import TextTable

ROOM = 92  # characters that fit beside each other on a page, in small type
BOLD = 1.15  # how much wider letters of headings are
LONG = 3.8  # characters of a line per root of the length of a long text
NAME = 22  # characters of a row's name that are not broken
WORD = re.compile(r"[\s/_]+")  # where a line may break


@dataclass(frozen=True)
class Written:
    """What a writer made."""

    content: bytes  # the file itself
    beside: dict[str, bytes] = field(default_factory=dict)  # file name → figure in the folder beside it, if not inside


def caption_of(shown: Picture | TextTable, report: Document) -> str:
    """Return the caption of a figure or table without its number; it says SYNTHETIC where data are made up."""
    return warned(shown.caption, synthetic=report.synthetic)


def warned(caption: str, *, synthetic: bool) -> str:
    """Return a caption that says SYNTHETIC if data are made up: tables are copied without what stands around them."""
    return f"SYNTHETIC. {caption}" if synthetic and "SYNTHETIC" not in caption else caption


def unbroken(text: str) -> str:
    """Return text on one line, a per cent sign on the line of its number."""
    return one_line(text).replace(" %", "\N{NO-BREAK SPACE}%")


def widths(table: TextTable) -> tuple[float, ...] | None:
    """Return which share of the page each column needs, summing to one; None if no cell has to be broken."""
    given = letters(table)
    return None if given is None else tuple(width / sum(given) for width in given)


def letters(table: TextTable) -> tuple[float, ...] | None:
    """Return how many letters wide each column has to be; None if no cell has to be broken.

    A column is at least as wide as its longest word; what remains of `ROOM` goes to columns with long texts.
    """
    columns = list(zip(table.head, *table.rows, strict=True))
    longest = [max(len(cell) for cell in column) + 1.0 for column in columns]
    if sum(longest) + 2 * len(columns) <= ROOM:
        return None
    words = [max(map(_longest_word, column)) + 2.0 for column in columns]
    words = [max(word, BOLD * _longest_word(name) + 2) for word, name in zip(words, table.head, strict=True)]
    wishes = [max(word, min(cell, LONG * cell**0.5)) for word, cell in zip(words, longest, strict=True)]
    wishes[0] = max(wishes[0], min(longest[0], NAME))
    more = sum(wishes) - sum(words)
    fulfilled = min(1.0, max(0.0, ROOM - sum(words)) / more) if more else 1.0
    return tuple(word + fulfilled * (wish - word) for word, wish in zip(words, wishes, strict=True))


def _longest_word(text: str) -> int:
    return max(map(len, WORD.split(text)))
