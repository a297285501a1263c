"""The numbers of figures and tables, in the order in which a report shows them, and how text refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from estimation.report.blocks import SHOWN, Document, Gallery, Paragraph
from estimation.report.picture import Picture
from estimation.text.table import TextTable

FIGURE, TABLE = "Figure", "Table"


@dataclass(frozen=True)
class Number:
    """The number of a figure or table."""

    kind: str  # `FIGURE` or `TABLE`
    place: int  # among those of its kind, from 1

    @property
    def name(self) -> str:
        """What captions and text call it."""
        return f"{self.kind} {self.place}"

    @property
    def anchor(self) -> str:
        """By which links find it."""
        return f"{self.kind.lower()}-{self.place}"


@dataclass(frozen=True)
class Piece:
    """A part of a text, which may lead to a figure or table."""

    text: str
    anchor: str = ""


class Numbers:
    """What each figure and table of a report is called. Pictures and tables are known by identity."""

    def __init__(self, report: Document) -> None:
        self._numbers: dict[int, Number] = {}
        for section in report.sections:
            for block in section.content:
                for shown in _parts(block) if isinstance(block, TextTable | Gallery) else ():
                    kind = TABLE if isinstance(shown, TextTable) else FIGURE
                    before = sum(number.kind == kind for number in self._numbers.values())
                    self._numbers[id(shown)] = Number(kind, before + 1)

    @property
    def all(self) -> list[Number]:
        """Every number of the report."""
        return list(self._numbers.values())

    def of(self, shown: TextTable | Picture) -> Number:
        """Return the number of a figure or table of the report."""
        return self._numbers[id(shown)]

    def pieces(self, paragraph: Paragraph) -> list[Piece]:
        """Return the text of a paragraph, numbers in their places, each with the way to what it names."""
        before, found, after = paragraph.text.rpartition(SHOWN) if paragraph.shown else ("", "", paragraph.text)
        named = list(self._reference(paragraph)) if found else []
        return [piece for piece in (Piece(before), *named, Piece(after)) if piece.text]

    def text(self, paragraph: Paragraph) -> str:
        """Return the text of a paragraph, numbers in their places."""
        return "".join(piece.text for piece in self.pieces(paragraph))

    def named(self, paragraph: Paragraph) -> list[Number]:
        """Return the numbers of what a paragraph refers to."""
        return [self.of(part) for block in paragraph.shown for part in _parts(block)]

    def _reference(self, paragraph: Paragraph) -> Iterator[Piece]:
        """Yield ``Table 2``, ``Figures 3 to 5``, or both, joined as in a sentence."""
        numbers = self.named(paragraph)
        groups = [[number for number in numbers if number.kind == kind] for kind in (TABLE, FIGURE)]
        for at, group in enumerate(group for group in groups if group):
            if at:
                yield Piece(" and ")
            yield from _enumerated(group)


def _enumerated(group: list[Number]) -> Iterator[Piece]:
    """Yield numbers of one kind: those that follow each other by the first and the last."""
    first, last = group[0], group[-1]
    yield Piece(first.name if len(group) == 1 else f"{first.kind}s {first.place}", first.anchor)
    is_run = len(group) > 2 and last.place - first.place == len(group) - 1
    for number in group[-1:] if is_run else group[1:]:
        yield Piece(" to " if is_run else " and " if number is last else ", ")
        yield Piece(str(number.place), number.anchor)


def _parts(block: TextTable | Gallery) -> tuple[TextTable | Picture, ...]:
    return (block,) if isinstance(block, TextTable) else block.pictures
