"""Tables of the PDF: a caption is on the page where its table begins, and each page with rows has their head."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from estimation.report.blocks import Document, Paragraph, Section, Verdict
from estimation.report.writers.pdf import pdf
from estimation.text.table import TextTable

PDFTOTEXT = shutil.which("pdftotext")
ROWS = 45  # more than a page holds beside something else


def report_after(lines: int) -> Document:
    """Return a report whose table comes after so many paragraphs, so that it meets the end of a page somewhere."""
    long = "some words that are long enough to be broken over lines because they are many, and then more words still"
    table = TextTable(
        "How each fit was computed", ("", "first", "second"), tuple((f"row {at}", long, long) for at in range(ROWS))
    )
    said = Paragraph("The same seed gives the same numbers ({shown}).", shown=(table,))
    blocks = (*[Paragraph("a line")] * lines, said, table)
    return Document("Question?", "subject", Verdict("verdict"), (Section("a", "A", blocks),))


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext on this machine: pages are not read")
@pytest.mark.parametrize("lines", range(33, 39))
def test_captions_stay_with_their_tables_and_heads_come_again(lines, tmp_path):
    (tmp_path / "report.pdf").write_bytes(pdf(report_after(lines)))
    command = [str(PDFTOTEXT), "-layout", "report.pdf", "-"]
    pages = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split("\f")
    with_rows = [page for page in pages if "row " in page]
    assert sum(page.count("row ") for page in with_rows) == ROWS
    assert len(with_rows) > 1
    assert all("first" in page and "second" in page for page in with_rows)
    assert [page for page in pages if "Table 1. How each fit" in page] == with_rows[:1]
