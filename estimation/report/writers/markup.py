"""A report as text with marks: what LaTeX and Markdown have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from estimation.report.blocks import WITHHELD, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.picture import Picture
from estimation.report.text_table import TextTable
from estimation.report.writers.text import Written, caption_of, named_pictures


class Markup(ABC):
    """A language of marks; figures lie in a folder beside the file."""

    figures: ClassVar[str]
    """The form of the figures: ``svg`` or ``pdf``."""
    end: ClassVar[tuple[str, ...]] = ()
    """What stands at the end of the file."""

    def written(self, report: Document, folder: str) -> Written:
        """Return a report in this language.

        Parameters
        ----------
        report
            What to write.
        folder
            The name of the folder beside the file in which figures will lie.
        """
        pictures = dict(named_pictures(report, self.figures))
        places = {id(picture): f"{folder}/{name}" for name, picture in pictures.items()}
        parts = [*self.start(report), *self._opening(report)]
        for section in report.sections:
            parts += self._section(section, 0, report, places)
        beside = {name: picture.image(self.figures) for name, picture in pictures.items()}
        return Written(("\n\n".join([*parts, *self.end]) + "\n").encode("utf-8"), beside)

    @abstractmethod
    def start(self, report: Document) -> list[str]:
        """Return what stands at the start of the file, down to the question and what it is about."""

    @abstractmethod
    def escaped(self, text: str) -> str:
        """Return text with everything escaped that would be read as a mark."""

    @abstractmethod
    def bold(self, text: str) -> str:
        """Return text, not yet escaped, in bold letters."""

    @abstractmethod
    def warning(self, text: str) -> str:
        """Return the warning that data are SYNTHETIC."""

    @abstractmethod
    def heading(self, text: str, depth: int) -> str:
        """Return the heading of a section (depth 0) or of a part of one."""

    @abstractmethod
    def items(self, texts: Iterable[str]) -> str:
        """Return a list of texts that are escaped already."""

    @abstractmethod
    def figure(self, picture: Picture, caption: str, place: str) -> str:
        """Return the figure that lies at a place, with its caption."""

    @abstractmethod
    def table(self, table: TextTable) -> str:
        """Return a table."""

    def cells(self, table: TextTable, at: int) -> list[str]:
        """Return the cells of a row, in bold letters where they are marked."""
        return [
            self.bold(cell) if cell and table.is_marked(at, place) else self.escaped(cell)
            for place, cell in enumerate(table.rows[at])
        ]

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
                parts.append(self.table(block))
        for part in section.parts:
            parts += self._section(part, depth + 1, report, places)
        return parts

    def _led(self, lead: str, text: str) -> str:
        return (self.bold(lead) + " " if lead else "") + self.escaped(text)
