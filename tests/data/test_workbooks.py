"""Workbooks: the one sheet that holds something is read as the same table in text is; anything doubtful is refused."""

from __future__ import annotations

from datetime import date, time
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest
from builders import games_of, make_frame

import estimation as est
from estimation.data.files import workbook


@pytest.fixture
def saved(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="an extra: pip install 'estimation[workbooks]'")

    def save(*sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets):
            sheet = book.create_sheet(f"sheet {number}")
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "data.xlsx")
        return tmp_path / "data.xlsx"

    return save


def cells(frame: pd.DataFrame) -> list[list]:
    return [list(frame.columns), *frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]


def test_a_workbook_says_the_same_as_the_table_in_text(saved, tmp_path):
    frame = make_frame()
    frame["subject"] = "0" + frame["subject"].astype(str)
    frame.to_csv(tmp_path / "data.csv", index=False)
    book = est.read_table(saved([], cells(frame), []), games_of())
    assert book.fingerprint == est.read_table(tmp_path / "data.csv", games_of()).fingerprint


@pytest.mark.parametrize(
    ("sheets", "fragment"),
    [
        (([["a"]], [["b"]]), r"2 sheets that hold something: \['sheet 0', 'sheet 1'\]"),
        (([],), "nothing in any sheet"),
        (([["a", "b"], [1, "=A2+1"]],), "line 2 has a formula without a result, '=A2"),
        (([["a"], [1234567890123456]],), "more than 15 digits"),
    ],
)
def test_what_is_doubtful_is_said(saved, sheets, fragment):
    with pytest.raises(est.DataError, match=fragment):
        est.read_table(saved(*sheets), games_of())


def test_without_the_library_one_sentence_says_how_to_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "find_spec", lambda _: None)
    with ZipFile(tmp_path / "data.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(est.DataError, match=r"save the sheet as CSV \(UTF-8\); or install `estimation\[workbooks\]`"):
        est.read_table(tmp_path / "data.xlsx", games_of())


def test_a_table_in_text_that_ends_as_an_archive_does_is_a_table(tmp_path):
    frame = make_frame().assign(note="PK\x05\x06 and eighteen signs more")
    frame.to_csv(tmp_path / "data.csv", index=False)
    found = est.read_table(tmp_path / "data.csv", games_of()).frame
    assert list(found["message"]) == list(frame["message"])
    assert set(found["note"]) == {"PK\x05\x06 and eighteen signs more"}


def test_a_cell_far_away_from_the_table_is_no_table_of_billions_of_cells(saved, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(saved(cells(make_frame())))
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "data.xlsx")
    with pytest.raises(est.DataError, match="reaches to row 1,048,576 and column 16,384"):
        est.read_table(tmp_path / "data.xlsx", games_of())


def test_a_file_that_unpacks_to_more_than_fits_into_memory_is_refused_before_it_is_unpacked(saved, tmp_path):
    with ZipFile(saved(cells(make_frame()))) as archive, ZipFile(tmp_path / "packed.xlsx", "w", ZIP_DEFLATED) as packed:
        for part in archive.namelist():
            packed.writestr(part, archive.read(part))
        with packed.open("xl/more.xml", "w") as more:
            for _ in range(1100):
                more.write(bytes(1_000_000))
    assert (tmp_path / "packed.xlsx").stat().st_size < 2_000_000
    with pytest.raises(est.DataError, match=r"it unpacks to 1,100,\d{3},\d{3} bytes"):
        est.read_table(tmp_path / "packed.xlsx", games_of())


def test_cells_are_read_as_they_are_shown(saved):
    """Truth values, halves, whole numbers stored with a point, and days; an error of the sheet is no number."""
    frame = make_frame().assign(yes=True, half=0.5, whole=2.0, day=date(2026, 3, 1), part=time(9, 30), none=None)
    found = est.read_table(saved(cells(frame)), games_of()).frame
    assert set(found["yes"]) == {"TRUE"}
    assert (set(found["half"]), set(found["whole"])) == ({0.5}, {2})
    assert (set(found["day"]), set(found["part"])) == ({"2026-03-01"}, {"09:30:00"})
    assert found["none"].isna().all()
    with pytest.raises(est.DataError, match=r"column 'message' .* must be a number: line 2 has '#N/A'"):
        est.read_table(saved(cells(make_frame().astype(object).assign(message="#N/A"))), games_of())


@pytest.mark.parametrize("made", [date(2026, 4, 3), time(1, 30)])
def test_a_date_among_other_cells_of_a_column_is_doubtful_for_it_may_have_been_3_4(saved, made):
    frame = make_frame()
    frame = frame.assign(level=pd.Series(["5-6", made, *["5-6"] * (len(frame) - 2)], dtype=object))
    with pytest.raises(est.DataError, match=rf"line 3 has a date, {made.isoformat()}, in a column .* dates of 3-4"):
        est.read_table(saved(cells(frame)), games_of())


def test_days_below_the_headings_of_a_survey_are_no_doubt(saved):
    head, *rows = cells(make_frame().assign(start=date(2026, 3, 1))[["start", *make_frame().columns]])
    below = [[f"text of {name}" for name in head], [f'{{"ImportId":"{name}"}}' for name in head]]
    assert set(est.read_table(saved([head, *below, *rows]), games_of()).frame["start"]) == {"2026-03-01"}


def test_an_archive_of_tables_is_told_from_a_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    with ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("data.csv", make_frame().to_csv(index=False))
    with pytest.raises(est.DataError, match=r"it is an archive of 'data\.csv'; unpack it first"):
        est.read_table(tmp_path / "data.zip", games_of())
