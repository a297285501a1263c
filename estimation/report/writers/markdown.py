"""A report as Markdown, for a repository or a notebook; figures lie in a folder beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from estimation.report.blocks import Document
from estimation.report.picture import Picture
from estimation.report.text_table import TextTable
from estimation.report.writers.markup import Markup
from estimation.report.writers.text import unbroken

SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w))")


class Markdown(Markup):
    """Markdown, with figures as SVG."""

    figures = "svg"

    def start(self, report: Document) -> list[str]:
        """Return the question as a heading, and what it is about."""
        return [f"# {plain(report.question)}", plain(report.subject)]

    def escaped(self, text: str) -> str:
        """Return text as `plain` does."""
        return plain(text)

    def bold(self, text: str) -> str:
        """Return text between stars."""
        return f"**{plain(text)}**"

    def warning(self, text: str) -> str:
        """Return the warning as a quotation."""
        return f"> **SYNTHETIC.** {plain(text)}"

    def heading(self, text: str, depth: int) -> str:
        """Return a heading; the title of the report has one sign more than none."""
        return f"{'#' * (depth + 2)} {plain(text)}"

    def items(self, texts: Iterable[str]) -> str:
        """Return a list, one line for each text."""
        return "\n".join(f"- {text}" for text in texts)

    def figure(self, picture: Picture, caption: str, place: str) -> str:
        """Return an image with what it shows, and the caption below."""
        return f"![{plain(picture.alt)}]({place})\n\n*{plain(caption)}*"

    def table(self, table: TextTable) -> str:
        """Return a table with pipes, numbers to the right."""
        rule = ["--:" if place in table.numeric else ":--" for place in range(len(table.head))]
        rows = [map(plain, table.head), rule, *(self.cells(table, at) for at in range(len(table.rows)))]
        lines = ["| " + " | ".join(cells) + " |" for cells in rows]
        return f"*{plain(table.caption)}*\n\n" + "\n".join(lines)


def plain(text: str) -> str:
    """Return text with everything escaped that Markdown would read as markup."""
    return SPECIAL.sub(r"\\\1", unbroken(text))
