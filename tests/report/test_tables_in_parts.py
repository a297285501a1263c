"""Tables of papers that are longer than a page go on in further ones."""

from __future__ import annotations

import pytest
from latex import PDFLATEX, complaints

from estimation.report.writers.latex import NEEDED, placed, tabular
from estimation.report.writers.parts import LINES, in_parts
from estimation.text.table import TextTable

HEAD = ("person", "why")
LONG = "a reason that goes on for several lines of a column, because nobody ever thought of a shorter one, and so on"


def test_a_table_that_fits_a_page_is_one():
    table = TextTable("short", HEAD, (("a", "b"),) * LINES)
    assert in_parts(table) == [table]


@pytest.mark.parametrize("reason", ["b", LONG])
def test_rows_and_marks_of_a_longer_one_are_all_there_in_order(reason):
    rows = tuple((f"p{at}", reason) for at in range(3 * LINES))
    table = TextTable("long", HEAD, rows, marked=((0, -1), (LINES, 1), (3 * LINES - 1, 0)))
    parts = in_parts(table)
    assert len(parts) == 3 if reason == "b" else len(parts) > 3
    assert tuple(row for part in parts for row in part.rows) == rows
    assert [part.caption for part in parts] == [f"long (part {at + 1} of {len(parts)})" for at in range(len(parts))]
    assert {part.head for part in parts} == {HEAD}
    found = [(part.rows[at][0], column) for part in parts for at, column in part.marked]
    assert found == [("p0", -1), (f"p{LINES}", 1), (f"p{3 * LINES - 1}", 0)]


@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex on this machine: tables are not compiled")
def test_each_part_fits_a_page_of_an_article(tmp_path):
    rows = tuple((f"p{at}", *[LONG] * 3, "12,345.678 to 23,456.789") for at in range(2 * LINES))
    parts = in_parts(TextTable("long", ("person", "one", "two", "three", "90 % interval"), rows, numeric=(4,)))
    placed_parts = [placed(part.caption, f"tab:{at}", tabular(part)) for at, part in enumerate(parts)]
    assert complaints([NEEDED, *placed_parts], tmp_path) == []
