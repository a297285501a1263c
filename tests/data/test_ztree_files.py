"""Table files of z-Tree: practice before later treatments, and variables without a value."""

from __future__ import annotations

import pytest

import estimation as est

GAMES = """
[conditions.over]
family = "estimation"
direction = "over"
highest = 20
[ztree]
role = "Type"
sender = 1
receiver = 2
state = "Signal"
message = "Message"
action = "Guess"
condition = "over"
[ztree.covariates]
age = "Age"
"""
NAMES = "Period\tSubject\tGroup\tType\tSignal\tMessage\tGuess\tAge"


@pytest.fixture
def read(tmp_path):
    def run(periods, sender="7\t9\t-\t30", receiver="-\t-\t8\t-", **options):
        """A pair; `periods` are those of each treatment."""
        lines = []
        for treatment, numbers in enumerate(periods, start=1):
            for number in numbers:
                start = f"250203_1015\t{treatment}\tsubjects"
                lines += [f"{start}\t{NAMES}", f"{start}\t{number}\t1\t1\t1\t{sender}"]
                lines.append(f"{start}\t{number}\t2\t1\t2\t{receiver}")
        (tmp_path / "data.xls").write_text("\n".join(lines))
        (tmp_path / "games.toml").write_text(GAMES)
        return est.read_own(tmp_path / "data.xls", tmp_path / "games.toml", **options)

    return run


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([[1, 2], [1, 2]], [1, 2, 3, 4]),
        ([[-1, 0, 1, 2], [-1, 0, 1, 2]], [-1, 0, 1, 2, 3, 4, 5, 6]),
        ([[1, 2], [0, 1]], [1, 2, 3, 4]),
        ([[0, 1], [1, 2], [-1, 0, 1]], [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_practice_of_a_later_treatment_comes_after_the_earlier_one(read, periods, expected):
    table = read(periods)
    assert [*table.frame.loc[table.frame["role"] == "sender", "period"]] == expected


def test_practice_is_left_out_by_the_numbers_of_the_file(read):
    table = read([[0, 1, 2], [0, 1, 2]], rounds="1-")
    assert [*table.frame.loc[table.frame["role"] == "sender", "period"]] == [1, 2, 4, 5]


def test_a_dash_is_no_value_neither_of_the_others_nor_of_a_covariate(read):
    table = read([[1]])
    assert table.caveats == ()
    assert table.frame["age"].tolist()[0] == 30
    assert table.frame["age"].isna().tolist() == [False, True]


def test_who_did_not_answer_is_counted_where_a_dash_stands(read):
    table = read([[1]], receiver="-\t-\t-\t40")
    assert len(table) == 1
    (told,) = table.caveats
    assert told.startswith("Receivers: 1 of 1 rows hold no decision and are left out")
