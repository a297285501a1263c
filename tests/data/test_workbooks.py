"""Workbooks: the one sheet that holds something is read as the same table in text is; anything doubtful is refused."""

from __future__ import annotations

from zipfile import ZipFile

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
