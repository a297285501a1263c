"""A report as Markdown, for a repository or a notebook; figures lie in a folder beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from estimation.report.blocks import Document
from estimation.report.numbering import Number
from estimation.report.picture import Picture
from estimation.report.writers.markup import Markup
from estimation.report.writers.text import unbroken
from estimation.text.table import TextTable

SPECIAL = re.compile(r"([\\`*\[\]<>|~#&$]|(?<!\w)_|_(?!\w)|^[-+=](?=\s|$|[-=]))")
NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](\s|$))")  # what would begin a list


def plain(text: str) -> str:
    """Return text with everything escaped that Markdown would read as markup."""
    return NUMBERED.sub(r"\1\\", SPECIAL.sub(r"\\\1", unbroken(text).strip()))


def _start(report: Document) -> list[str]:
    return [f"# {plain(report.question)}", plain(report.subject)]


def _bold(text: str) -> str:
    return f"**{plain(text)}**"


def _warning(text: str) -> str:
    return f"> **SYNTHETIC.** {plain(text)}"


def _heading(text: str, depth: int) -> str:
    return f"{'#' * (depth + 2)} {plain(text)}"


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _reference(text: str, anchor: str) -> str:  # noqa: ARG001 - Markdown has no anchors that all readers know
    return plain(text)


def _figure(picture: Picture, number: Number, caption: str, place: str) -> str:
    # a space or bracket in the name of the file would end the address
    return f"![{plain(picture.alt)}]({quote(place)})\n\n*{number.name}. {plain(caption)}*"


def _table(table: TextTable, number: Number, rows: list[list[str]]) -> str:
    rule = ["--:" if place in table.numeric else ":--" for place in range(len(table.head))]
    lines = ["| " + " | ".join(cells) + " |" for cells in (map(plain, table.head), rule, *rows)]
    return f"*{number.name}. {plain(table.caption)}*\n\n" + "\n".join(lines)


MARKDOWN = Markup("svg", _start, [], plain, _bold, _warning, _heading, _items, _reference, _figure, _table)
written = MARKDOWN.written
