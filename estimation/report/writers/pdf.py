"""A report as PDF, made by Typst: no LaTeX is needed, nothing is fetched, and screen readers find its structure."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from estimation.report.blocks import WITHHELD, Document, Paragraph
from estimation.report.numbering import Number, Numbers
from estimation.report.picture import Picture
from estimation.report.writers.text import Written, caption_of, unbroken, widths
from estimation.text.signs import in_brackets
from estimation.text.table import TextTable

STANDARD: Final = "ua-1"
"""PDF/UA: headings, tables, reading order and alternative text are marked as such, or the file is not written."""
PROBE = b"""#set document(title: "a sign")
#set text(lang: "en", font: "Libertinus Serif")
#sys.inputs.sign"""


def written(report: Document, folder: str) -> Written:  # noqa: ARG001 - everything is inside
    """Return a report as PDF."""
    return Written(pdf(report))


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
    content = json.dumps(as_data(report), ensure_ascii=False)
    absent = {ord(sign): in_brackets(sign) for sign in set(content) if not (sign.isascii() or _can_be_set(sign))}
    inputs = {"report": content.translate(absent)}
    return typst.compile(template, ignore_system_fonts=True, sys_inputs=inputs, **options)


@cache
def _can_be_set(sign: str) -> bool:
    """Return whether Typst's own fonts have a sign: a page that asks for another is not written."""
    import typst  # noqa: PLC0415 - as above

    inputs = {"sign": sign}
    try:
        typst.compile(PROBE, ignore_system_fonts=True, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD])
    except typst.TypstError:
        return False
    return True


def as_data(report: Document) -> dict[str, Any]:
    """Return a report as plain data, as the template reads it: what must be known first stands first."""
    withheld = WITHHELD if report.verdict.withheld else ""
    still = replace(report, moving=())
    return {"withheld": withheld, "warning": unbroken(report.warning), **_plain(still, still, Numbers(still))}


def _plain(part: Any, report: Document, numbers: Numbers) -> Any:
    """Return a part of a report, whatever it consists of, as plain data."""
    if isinstance(part, str):
        return unbroken(part)
    if isinstance(part, tuple):
        return [_plain(each, report, numbers) for each in part]
    if isinstance(part, Picture):
        return _picture(part, report) | _numbered(numbers.of(part))
    if isinstance(part, TextTable):
        return _table(part, report) | _numbered(numbers.of(part))
    if isinstance(part, Paragraph):
        pieces = [{"text": unbroken(piece.text), "anchor": piece.anchor} for piece in numbers.pieces(part)]
        return {"kind": "Paragraph", "lead": unbroken(part.lead), "pieces": pieces}
    fields = {name: _plain(value, report, numbers) for name, value in vars(part).items()}
    return {"kind": type(part).__name__, **fields}


def _numbered(number: Number) -> dict[str, str]:
    return {"number": number.name, "anchor": number.anchor}


def _picture(picture: Picture, report: Document) -> dict[str, Any]:
    return {
        "svg": picture.image("svg").decode("utf-8"),
        "alt": unbroken(picture.alt),
        "caption": unbroken(caption_of(picture, report)),
        "wide": picture.is_wide,
    }


def _table(table: TextTable, report: Document) -> dict[str, Any]:
    shares = widths(table)
    return {
        "kind": "TextTable",
        "caption": unbroken(caption_of(table, report)),
        "head": [_breakable(cell) for cell in table.head],
        "rows": [[_breakable(cell) for cell in row] for row in table.rows],
        "numeric": [place in table.numeric for place in range(len(table.head))],
        "marked": [[table.is_marked(at, place) for place in range(len(row))] for at, row in enumerate(table.rows)],
        "shares": [] if shares is None else list(shares),
    }


def _breakable(text: str) -> str:
    """Let long names break after their underscores."""
    return unbroken(text).replace("_", "_\N{ZERO WIDTH SPACE}").replace("/", "/\N{ZERO WIDTH SPACE}")
