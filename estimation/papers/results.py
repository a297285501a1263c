"""What a study comes to, as files: the report, tables as CSV and LaTeX, figures as PDF and PNG, the numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from estimation.errors import ReplicationError
from estimation.papers.numbers import numbers_of, numbers_text
from estimation.report.blocks import Document, Gallery, Section
from estimation.report.contents import document
from estimation.report.document import write
from estimation.report.picture import Picture
from estimation.report.writers.latex import NEEDED, placed, tabular
from estimation.report.writers.parts import in_parts
from estimation.report.writers.text import caption_of
from estimation.saving import make_folder, write_bytes_whole
from estimation.text.comma_separated import rows_text
from estimation.text.table import TextTable

NOT_WRITTEN = "The results cannot be written:"
RESULTS = "results"
"""The folder of a package that holds them, one folder for each study."""
NUMBERS, REPORT, VERDICT = "numbers.csv", "report.html", "verdict.txt"
TABLES, FIGURES, LISTED = "tables", "figures", "list.csv"


def write_results(study: Any, folder: str | Path, **options: Any) -> Path:
    """Write everything that a study comes to into a folder, and return it.

    Parameters
    ----------
    study
        A fit, or what ``compare`` gave.
    folder
        Made if it is not there. It then holds ``report.html``, ``verdict.txt``, ``numbers.csv`` (every estimate and
        score at full precision with its Monte-Carlo error), ``tables`` (each as CSV and as a fragment of LaTeX),
        ``figures`` (each as PDF and PNG), and ``list.csv``, which says what each of them shows.
    options
        Those of ``report``: ``price``, ``removed``, ``products`` of choices.

    Raises
    ------
    ReplicationError, ReportError
        If something cannot be written, or there is nothing to report.
    """
    place = make_folder(folder, ReplicationError, NOT_WRITTEN, parents=True)
    made = document(study, **options)
    write(made, place / REPORT)
    _put(place / VERDICT, "\n".join([made.question, made.verdict.text, *made.verdict.problems, ""]))
    _put(place / NUMBERS, numbers_text(numbers_of(study)))
    listed = [*_write_tables(made, place / TABLES), *_write_figures(made, place / FIGURES)]
    _put(place / LISTED, rows_text([("file", "shows"), *listed]))
    return place


def exhibits(folder: Path) -> dict[str, str]:
    """Return the tables and figures of a study's folder, without their suffixes, and what each shows."""
    path = folder / LISTED
    rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8")))) if path.is_file() else []
    return {row[0]: row[1] for row in rows[1:] if len(row) == 2}


def _write_tables(made: Document, folder: Path) -> Iterator[tuple[str, str]]:
    """Write every table, and yield where each is and what it shows."""
    make_folder(folder, ReplicationError, NOT_WRITTEN)
    tables = [
        (section, block) for section in made.sections for block in section.content if isinstance(block, TextTable)
    ]
    for at, (section, table) in enumerate(tables, 1):
        stem = f"table-{at:02d}-{_slug(section)}"
        caption = caption_of(table, made)
        _put(folder / f"{stem}.csv", rows_text([table.head, *table.rows]))
        _put(folder / f"{stem}.tex", _for_papers(replace(table, caption=caption), f"tab:{folder.parent.name}-{stem}"))
        yield f"{TABLES}/{stem}", caption


def _for_papers(table: TextTable, label: str) -> str:
    """Return a table that a paper includes, in parts where it is longer than a page."""
    parts = enumerate(in_parts(table))
    found = [placed(part.caption, f"{label}-{at + 1}" if at else label, tabular(part)) for at, part in parts]
    return "\n".join([NEEDED, "\n\n".join(found), ""])


def _write_figures(made: Document, folder: Path) -> Iterator[tuple[str, str]]:
    """Write every figure, and yield where each is and what it shows."""
    make_folder(folder, ReplicationError, NOT_WRITTEN)
    for at, (section, picture) in enumerate(_pictures(made), 1):
        stem = f"figure-{at:02d}-{_slug(section)}"
        for form in ("pdf", "png"):
            write_bytes_whole(folder / f"{stem}.{form}", picture.image(form), ReplicationError, NOT_WRITTEN)
        yield f"{FIGURES}/{stem}", caption_of(picture, made)


def _pictures(made: Document) -> Iterator[tuple[Section, Picture]]:
    for section in made.sections:
        for block in section.content:
            if isinstance(block, Gallery):
                yield from ((section, picture) for picture in block.pictures)


def _slug(section: Section) -> str:
    return re.sub(r"[^a-z0-9]+", "-", (section.name or section.title).lower()).strip("-")


def _put(path: Path, text: str) -> None:
    write_bytes_whole(path, text.encode("utf-8"), ReplicationError, NOT_WRITTEN)
