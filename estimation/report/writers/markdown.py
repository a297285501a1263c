"""A report as Markdown, for a repository or a notebook; figures lie in a folder beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from estimation.report.blocks import WITHHELD, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.picture import Picture
from estimation.report.writers.text import Written, caption_of, named_pictures, unbroken
from estimation.text.table import TextTable

SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w))")


def markdown(report: Document, folder: str) -> Written:
    """Return a report as Markdown, with figures in a folder of this name.

    Parameters
    ----------
    report
        What to write.
    folder
        The name of the folder beside the file in which figures will lie.
    """
    pictures = dict(named_pictures(report, "svg"))
    places = {id(picture): f"{folder}/{name}" for name, picture in pictures.items()}
    parts = [f"# {plain(report.question)}", plain(report.subject), *_opening(report)]
    for section in report.sections:
        parts += _section(section, 2, report, places)
    beside = {name: picture.image("svg") for name, picture in pictures.items()}
    return Written(("\n\n".join(parts) + "\n").encode("utf-8"), beside)


def plain(text: str) -> str:
    """Return text with everything escaped that Markdown would read as markup."""
    return SPECIAL.sub(r"\\\1", unbroken(text))


def _opening(report: Document) -> list[str]:
    verdict = report.verdict
    parts = [f"> **SYNTHETIC.** {plain(report.warning)}"] if report.warning else []
    if verdict.withheld:
        parts.append(f"**{WITHHELD}**")
        parts.append("\n".join(f"- {plain(problem)}" for problem in verdict.problems))
        parts.append(plain(verdict.text))
    else:
        parts.append(f"**{plain(verdict.text)}**")
    return parts + [f"**{plain(note.lead)}** {plain(note.text)}" for note in verdict.notes]


def _section(section: Section, level: int, report: Document, places: dict[int, str]) -> list[str]:
    parts = [f"{'#' * level} {plain(section.title)}"]
    for block in section.blocks:
        if isinstance(block, Paragraph):
            parts.append((f"**{plain(block.lead)}** " if block.lead else "") + plain(block.text))
        elif isinstance(block, Bullets):
            parts.append("\n".join(_items(block)))
        elif isinstance(block, Facts):
            parts.append("\n".join(f"- **{plain(name)}**: {plain(value)}" for name, value in block.pairs))
        elif isinstance(block, Gallery):
            parts += [_figure(picture, report, places[id(picture)]) for picture in block.pictures]
        else:
            parts.append(_table(block))
    for part in section.parts:
        parts += _section(part, level + 1, report, places)
    return parts


def _items(block: Bullets) -> Iterator[str]:
    for lead, text in block.items:
        yield f"- **{plain(lead)}** {plain(text)}" if lead else f"- {plain(text)}"


def _figure(picture: Picture, report: Document, place: str) -> str:
    return f"![{plain(picture.alt)}]({place})\n\n*{plain(caption_of(picture, report))}*"


def _table(table: TextTable) -> str:
    rule = ["--:" if place in table.numeric else ":--" for place in range(len(table.head))]
    lines = [_row(plain(cell) for cell in table.head), _row(rule)]
    for at, row in enumerate(table.rows):
        cells = [plain(cell) for cell in row]
        lines.append(
            _row(
                f"**{cell}**" if cell and table.is_marked(at, place) else cell
                for place, cell in enumerate(cells)
            )
        )
    return f"*{plain(table.caption)}*\n\n" + "\n".join(lines)


def _row(cells: Iterator[str] | list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
