"""What a report consists of, whatever it is written as: sections of paragraphs, lists, tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from estimation.report.interactive.view import View
from estimation.report.picture import Picture
from estimation.text.table import TextTable

SHOWN = "{shown}"
"""What a paragraph says in the place of ``Table 3`` or ``Figures 4 to 7``: numbers are known once a report is whole."""


@dataclass(frozen=True)
class Gallery:
    """Figures that belong together."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Paragraph:
    """Plain text; `lead` stands before it, in bold. Where it says `SHOWN`, the numbers of what it is about stand."""

    text: str
    lead: str = ""
    shown: tuple[TextTable | Gallery, ...] = ()  # what the text refers to: tables and figures of the same report


@dataclass(frozen=True)
class Bullets:
    """A list of (lead, text); a lead may be empty."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Names and what they stand for."""

    pairs: tuple[tuple[str, str], ...]


Block = Paragraph | Bullets | Facts | Gallery | TextTable


@dataclass(frozen=True)
class Section:
    """A part of a report; its parts are sections inside it, after the blocks."""

    name: str  # by which links find it; empty for parts of a section
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()

    @property
    def content(self) -> tuple[Block, ...]:
        """All blocks, those of parts included."""
        return self.blocks + tuple(block for part in self.parts for block in part.content)


@dataclass(frozen=True)
class Verdict:
    """The answer, or why there is none."""

    text: str  # what was found, in a sentence or two; if it is withheld, what to do instead
    problems: tuple[str, ...] = ()  # why it is withheld
    answer: str = ""  # to the question of the report, in a few words
    notes: tuple[Paragraph, ...] = ()  # what else must be known with it, each with a lead

    @property
    def withheld(self) -> bool:
        """Whether no answer is given."""
        return bool(self.problems)


WITHHELD = "The diagnosis failed: no verdict is given."
"""The first words of a report without an answer."""


@dataclass(frozen=True)
class Document:
    """A whole report, in the order in which it should be read."""

    question: str
    subject: str  # of what and of whom it is asked
    verdict: Verdict
    sections: tuple[Section, ...]
    warning: str = ""  # what a reader must know before anything else: that data are made up
    moving: tuple[View, ...] = ()  # what a page shows besides, right after the verdict; paper does without

    @property
    def synthetic(self) -> bool:
        """Whether data are made up: then every figure says so."""
        return bool(self.warning)

    @property
    def pictures(self) -> Iterator[Picture]:
        """Every figure, in order."""
        for section in self.sections:
            for block in section.content:
                if isinstance(block, Gallery):
                    yield from block.pictures


def some(*blocks: Block | None) -> tuple[Block, ...]:
    """Return the blocks that are there and hold something."""
    return tuple(block for block in blocks if block is not None and any(vars(block).values()))


def referred(text: str, *shown: TextTable | Gallery) -> tuple[Block, ...]:
    """Return a paragraph and the tables and figures that it refers to; nothing if there are none."""
    there = tuple(block for block in shown if isinstance(block, TextTable) or block.pictures)
    return (Paragraph(text, shown=there), *there) if there else ()


def bullets(items: Iterable[tuple[str, str] | str]) -> Bullets:
    """Return a list of texts, or of (lead, text)."""
    return Bullets(tuple(("", item) if isinstance(item, str) else item for item in items))
