"""What a report consists of, whatever it is written as: sections of paragraphs, lists, tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from estimation.report.picture import Picture
from estimation.text.table import TextTable


@dataclass(frozen=True)
class Paragraph:
    """Plain text; `lead` stands before it, in bold."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of (lead, text); a lead may be empty."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Names and what they stand for."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Gallery:
    """Figures that belong together."""

    pictures: tuple[Picture, ...]


Block = Paragraph | Bullets | Facts | Gallery | TextTable


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Parameters
    ----------
    name
        By which links find it; empty for parts of a section.
    title
        Its heading.
    blocks
        What stands in it.
    parts
        Sections inside, after the blocks.
    """

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()

    @property
    def content(self) -> tuple[Block, ...]:
        """All blocks, those of parts included."""
        return self.blocks + tuple(block for part in self.parts for block in part.content)


@dataclass(frozen=True)
class Verdict:
    """The answer, or why there is none.

    Parameters
    ----------
    text
        The answer in a sentence or two; if it is withheld, what to do instead.
    problems
        Why the answer is withheld; empty if it is given.
    notes
        What else must be known with it, each with a lead.
    """

    text: str
    problems: tuple[str, ...] = ()
    notes: tuple[Paragraph, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether no answer is given."""
        return bool(self.problems)


WITHHELD = "The diagnosis failed: no verdict is given."
"""The first words of a report without an answer."""


@dataclass(frozen=True)
class Document:
    """A whole report.

    Parameters
    ----------
    question
        What is asked.
    subject
        Of what and of whom.
    verdict
        The answer.
    sections
        In the order in which they should be read.
    warning
        What a reader must know before anything else, such as that data are made up; empty if there is nothing.
    """

    question: str
    subject: str
    verdict: Verdict
    sections: tuple[Section, ...]
    warning: str = ""

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
    return tuple(block for block in blocks if block is not None and _holds(block))


def bullets(items: Iterable[tuple[str, str] | str]) -> Bullets:
    """Return a list of texts, or of (lead, text)."""
    return Bullets(tuple(("", item) if isinstance(item, str) else item for item in items))


def _holds(block: Block) -> bool:
    if isinstance(block, Bullets):
        return bool(block.items)
    if isinstance(block, Gallery):
        return bool(block.pictures)
    if isinstance(block, Facts):
        return bool(block.pairs)
    return True
