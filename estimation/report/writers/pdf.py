"""A report as PDF, made by Typst: no LaTeX is needed, nothing is fetched, and screen readers find its structure."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from estimation.report.blocks import WITHHELD, Block, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.writers.text import caption_of, unbroken, widths
from estimation.text.table import TextTable

STANDARD = "ua-1"
"""PDF/UA: headings, tables, reading order and alternative text are marked as such, or the file is not written."""
POINTS = 72  # per inch


def pdf(report: Document) -> bytes:
    """Return a report as an accessible PDF."""
    content: bytes = _compiled(report, format="pdf", pdf_standards=[STANDARD])
    return content


def pages(report: Document, resolution: float = 90.0) -> list[bytes]:
    """Return the pages of the PDF as pictures (PNG), for a look at them; `resolution` in dots per inch."""
    found = _compiled(report, format="png", ppi=resolution)
    return found if isinstance(found, list) else [found]


def _compiled(report: Document, **options: Any) -> Any:
    import typst  # noqa: PLC0415 - needed for this form only

    template = files("estimation.report.writers").joinpath("page.typ").read_bytes()
    content = json.dumps(as_data(report))
    return typst.compile(template, ignore_system_fonts=True, sys_inputs={"report": content}, **options)


def as_data(report: Document) -> dict[str, Any]:
    """Return a report as plain data, as the template reads it."""
    verdict = report.verdict
    return {
        "question": unbroken(report.question),
        "subject": unbroken(report.subject),
        "warning": unbroken(report.warning),
        "withheld": WITHHELD if verdict.withheld else "",
        "problems": [unbroken(problem) for problem in verdict.problems],
        "verdict": unbroken(verdict.text),
        "notes": [{"lead": unbroken(note.lead), "text": unbroken(note.text)} for note in verdict.notes],
        "sections": [_section(section, report) for section in report.sections],
    }


def _section(section: Section, report: Document) -> dict[str, Any]:
    return {
        "title": unbroken(section.title),
        "blocks": [_block(block, report) for block in section.blocks],
        "parts": [_section(part, report) for part in section.parts],
    }


def _block(block: Block, report: Document) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lead": unbroken(block.lead), "text": unbroken(block.text)}
    if isinstance(block, Bullets):
        items = [{"lead": unbroken(lead), "text": unbroken(text)} for lead, text in block.items]
        return {"kind": "bullets", "items": items}
    if isinstance(block, Facts):
        return {"kind": "facts", "pairs": [[unbroken(name), unbroken(value)] for name, value in block.pairs]}
    if isinstance(block, Gallery):
        return {"kind": "gallery", "pictures": [_picture(picture, report) for picture in block.pictures]}
    return _table(block)


def _picture(picture: Any, report: Document) -> dict[str, Any]:
    return {
        "svg": picture.image("svg").decode("utf-8"),
        "alt": unbroken(picture.alt),
        "caption": unbroken(caption_of(picture, report)),
        "width": POINTS * picture.figure.get_figwidth(),
    }


def _table(table: TextTable) -> dict[str, Any]:
    shares = widths(table)
    return {
        "kind": "table",
        "caption": unbroken(table.caption),
        "head": [_breakable(cell) for cell in table.head],
        "rows": [[_breakable(cell) for cell in row] for row in table.rows],
        "numeric": [place in table.numeric for place in range(len(table.head))],
        "marked": [[table.is_marked(at, place) for place in range(len(row))] for at, row in enumerate(table.rows)],
        "shares": [] if shares is None else list(shares),
    }


def _breakable(text: str) -> str:
    """Let long names break after their underscores."""
    return unbroken(text).replace("_", "_\N{ZERO WIDTH SPACE}").replace("/", "/\N{ZERO WIDTH SPACE}")
