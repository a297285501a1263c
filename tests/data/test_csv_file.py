"""A user's own file: labels stay as written, and complaints name the line."""

from __future__ import annotations

import pytest
from builders import games_of, make_frame, make_table

from estimation.data import read_table
from estimation.errors import DataError


@pytest.fixture
def saved(tmp_path):
    def save(frame):
        path = tmp_path / "mine.csv"
        frame.to_csv(path, index=False)
        return path

    return save


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "mine.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("family", ["estimation", "forecast-sharing"])
def test_a_table_that_is_written_and_read_again_is_the_same(saved, family):
    table = make_table(family)
    again = read_table(saved(table.frame), games_of(family))
    assert again.fingerprint == table.fingerprint
    assert again.name == "mine"


def test_covariates_keep_their_type(saved):
    frame = make_frame().assign(age=30, share=0.5, country="NL", gap=[None, *range(23)])
    read = read_table(saved(frame), games_of()).frame
    assert read["age"].dtype.kind == "i"
    assert read["share"].dtype.kind == "f"
    assert read["gap"].dtype.kind == "f"
    assert set(read["country"]) == {"NL"}


def test_leading_zeros_of_identifiers_are_kept(saved):
    frame = make_frame().assign(subject=lambda table: table["subject"].str.replace("s", "00"))
    assert read_table(saved(frame), games_of()).subjects == ["0001", "0002", "0003", "0004"]


def test_a_person_may_be_called_na(saved):
    frame = make_frame().replace({"subject": {"s01": "NA"}})
    assert "NA" in read_table(saved(frame), games_of()).subjects


def test_problems_name_the_line_of_the_file_even_after_blank_lines_and_line_breaks(written):
    text = (
        "subject,role,period,condition,state,message,action,note\n"
        's1,sender,1,over,3,4,5,"two\nlines"\n'
        "\n"
        "s1,sender,2,over,x,4,5,\n"
    )
    with pytest.raises(DataError, match="line 5 has 'x'"):
        read_table(written(text), games_of())


def test_a_byte_order_mark_and_blanks_in_the_first_line_do_no_harm(written):
    text = "subject, role ,period,condition,state,message,action\ns1,sender,1,over,3,4,\n\n"
    assert len(read_table(written(text, "utf-8-sig"), games_of())) == 1


@pytest.mark.parametrize(
    ("text", "encoding", "fragment"),
    [
        ("", "utf-8", "the file is empty"),
        ("subject,role\ns1\ns2,sender,3\n", "utf-8", "line 2 has 1 cells, line 3 has 3 cells"),
        ("subject,role\nJosé,sender\n", "latin-1", "utf-8"),
        ('subject,role\n"s1,sender\n', "utf-8", "unexpected end of data"),
        ("subject,role,period,condition,state,message,action\n", "utf-8", "the table has no rows"),
    ],
    ids=["empty", "ragged", "not UTF-8", "open quote", "first line only"],
)
def test_a_file_that_is_no_table_is_refused(written, text, encoding, fragment):
    with pytest.raises(DataError) as caught:
        read_table(written(text, encoding), games_of())
    assert fragment in str(caught.value)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="absent"):
        read_table(tmp_path / "absent.csv", games_of())


def test_a_roster_and_a_label_can_be_given(saved):
    path = saved(make_frame())
    assert read_table(path, games_of(), name="pilot", synthetic=True).label == "pilot (SYNTHETIC)"
    with pytest.raises(DataError, match="'s05'"):
        read_table(path, games_of(), subjects=["s01", "s02", "s03", "s04", "s05"])
