"""A report as text with marks: what LaTeX and Markdown have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from estimation.report.blocks import WITHHELD, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.picture import Picture
from estimation.report.writers.text import Written, caption_of
from estimation.text.table import TextTable


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
    figure: Callable[[Picture, str, str], str]  # of a picture with its caption, and where it lies
    table: Callable[[TextTable, list[list[str]]], str]  # with the cells of its rows: escaped, in bold if marked

    def written(self, report: Document, folder: str) -> Written:
        """Return a report in this language; figures will lie in a folder of this name beside the file."""
        pictures = {f"figure-{at:02d}.{self.figures}": picture for at, picture in enumerate(report.pictures, 1)}
        places = {id(picture): f"{folder}/{name}" for name, picture in pictures.items()}
        parts = [*self.start(report), *self._opening(report)]
        for section in report.sections:
            parts += self._section(section, 0, report, places)
        beside = {name: picture.image(self.figures) for name, picture in pictures.items()}
        return Written(("\n\n".join([*parts, *self.end]) + "\n").encode("utf-8"), beside)

    def of_table(self, table: TextTable) -> str:
        """Return one table in this language, by itself."""
        return self.table(table, self._cells(table))

    def _opening(self, report: Document) -> list[str]:
        verdict = report.verdict
        parts = [self.warning(report.warning)] if report.warning else []
        if verdict.withheld:
            parts += [self.bold(WITHHELD), self.items(map(self.escaped, verdict.problems))]
            parts.append(self.escaped(verdict.text))
        else:
            parts.append(self.bold(verdict.text))
        return parts + [self._led(note.lead, note.text) for note in verdict.notes]

    def _section(self, section: Section, depth: int, report: Document, places: dict[int, str]) -> list[str]:
        parts = [self.heading(section.title, depth)]
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append(self._led(block.lead, block.text))
            elif isinstance(block, Bullets):
                parts.append(self.items(self._led(lead, text) for lead, text in block.items))
            elif isinstance(block, Facts):
                pairs = block.pairs
                parts.append(self.items(f"{self.bold(name)}: {self.escaped(value)}" for name, value in pairs))
            elif isinstance(block, Gallery):
                for picture in block.pictures:
                    parts.append(self.figure(picture, caption_of(picture, report), places[id(picture)]))
            else:
                parts.append(self.of_table(block))
        for part in section.parts:
            parts += self._section(part, depth + 1, report, places)
        return parts

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
