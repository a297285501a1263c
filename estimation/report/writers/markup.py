"""A report as text with marks: what LaTeX and Markdown have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from estimation.report.blocks import WITHHELD, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.numbering import Number, Numbers
from estimation.report.picture import Picture
from estimation.report.writers.text import Written, caption_of
from estimation.text.table import TextTable


@dataclass(frozen=True)
class _Laid:
    """A report that is being written: what its parts are called, and where its figures lie."""

    report: Document
    numbers: Numbers
    places: dict[int, str]


@dataclass(frozen=True)
class Markup:
    """A language of marks; figures lie in a folder beside the file."""

    figures: str  # the form of the figures: svg or pdf
    start: Callable[[Document], list[str]]  # what stands above the verdict: preamble, question and subject
    end: list[str]
    escaped: Callable[[str], str]  # text with everything escaped that would be read as a mark
    bold: Callable[[str], str]
    warning: Callable[[str], str]  # that data are SYNTHETIC
    heading: Callable[[str, int], str]  # of a section, depth 0, or of a part of one
    items: Callable[[Iterable[str]], str]  # a list of texts that are escaped already
    reference: Callable[[str, str], str]  # a text that leads to the figure or table of an anchor
    figure: Callable[[Picture, Number, str, str], str]  # of a picture with number and caption, and where it lies
    table: Callable[[TextTable, Number, list[list[str]]], str]  # and the cells of its rows: escaped, in bold if marked

    def written(self, report: Document, folder: str) -> Written:
        """Return a report in this language; figures will lie in a folder of this name beside the file."""
        numbers = Numbers(report)
        places = {id(picture): f"{folder}/{self._file(numbers.of(picture))}" for picture in report.pictures}
        laid = _Laid(report, numbers, places)
        parts = [*self.start(report), *self._opening(report, numbers)]
        for section in report.sections:
            parts += self._section(section, 0, laid)
        beside = {self._file(numbers.of(picture)): picture.image(self.figures) for picture in report.pictures}
        return Written(("\n\n".join([*parts, *self.end]) + "\n").encode("utf-8"), beside)

    def _file(self, number: Number) -> str:
        return f"figure-{number.place:02d}.{self.figures}"

    def _opening(self, report: Document, numbers: Numbers) -> list[str]:
        verdict = report.verdict
        parts = [self.warning(report.warning)] if report.warning else []
        if verdict.withheld:
            parts += [self.bold(WITHHELD), self.items(map(self.escaped, verdict.problems))]
            parts.append(self.escaped(verdict.text))
        else:
            parts.append(self._led(verdict.answer, verdict.text) if verdict.answer else self.bold(verdict.text))
        return parts + [self._said(note, numbers) for note in verdict.notes]

    def _section(self, section: Section, depth: int, laid: _Laid) -> list[str]:
        parts = [self.heading(section.title, depth)]
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append(self._said(block, laid.numbers))
            elif isinstance(block, Bullets):
                parts.append(self.items(self._led(lead, text) for lead, text in block.items))
            elif isinstance(block, Facts):
                pairs = block.pairs
                parts.append(self.items(f"{self.bold(name)}: {self.escaped(value)}" for name, value in pairs))
            elif isinstance(block, Gallery):
                parts += [self._drawn(picture, laid) for picture in block.pictures]
            else:
                named = replace(block, caption=caption_of(block, laid.report))
                parts.append(self.table(named, laid.numbers.of(block), self._cells(block)))
        for part in section.parts:
            parts += self._section(part, depth + 1, laid)
        return parts

    def _drawn(self, picture: Picture, laid: _Laid) -> str:
        caption = caption_of(picture, laid.report)
        return self.figure(picture, laid.numbers.of(picture), caption, laid.places[id(picture)])

    def _said(self, paragraph: Paragraph, numbers: Numbers) -> str:
        pieces = numbers.pieces(paragraph)
        said = "".join(
            self.reference(piece.text, piece.anchor) if piece.anchor else self._inside(piece.text) for piece in pieces
        )
        return (self.bold(paragraph.lead) + " " if paragraph.lead else "") + said

    def _inside(self, text: str) -> str:
        """Return part of a paragraph, escaped; spaces at its ends part it from what it stands beside."""
        body = text.strip()
        return text[: len(text) - len(text.lstrip())] + self.escaped(body) + text[len(text.rstrip()) :]

    def _led(self, lead: str, text: str) -> str:
        return (self.bold(lead) + " " if lead else "") + self.escaped(text)

    def _cells(self, table: TextTable) -> list[list[str]]:
        return [
            [
                self.bold(cell) if cell and table.is_marked(at, place) else self.escaped(cell)
                for place, cell in enumerate(row)
            ]
            for at, row in enumerate(table.rows)
        ]
