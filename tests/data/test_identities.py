"""Who is who: labels never pass through floats, and what looks alike is told."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from builders import games_of
from choice_builders import choice_frame

import estimation as est
from estimation.data.cells.notices import look_alikes
from estimation.data.choices.columns import sorted_labels
from estimation.data.stored import from_dataset, to_dataset
from estimation.games.money_request import money_request

BIG = 2**53


def decisions(**columns):
    rows = len(next(iter(columns.values())))
    frame = pd.DataFrame({"subject": "a", "role": "sender", "period": np.arange(1, rows + 1), "condition": "over"})
    return frame.assign(state=3, message=4, action=5).assign(**columns)


def table(**columns):
    return est.Table.from_frame(decisions(**columns), games_of())


def choices(**columns):
    frame = {"subject": list("ppqq"), "situation": [1, 1, 2, 2], "alternative": list("abab"), "chosen": [1, 0, 0, 1]}
    return est.read_choices(pd.DataFrame(frame | {"price": [1.0, 2, 3, 5]} | columns))


def plays(**columns):
    frame = {"subject": ["a", "b"], "game": "g", "player": "row", "choice": ["11", "12"]}
    return est.PlayTable.from_frame(pd.DataFrame(frame | columns), {"g": money_request()})


@pytest.mark.parametrize("kind", ["int64", object])
def test_whole_numbers_of_sixteen_digits_stay_two_people(kind):
    ids = np.array([BIG, BIG + 1], dtype=kind)
    expected = [str(BIG), str(BIG + 1)]
    assert table(subject=ids).subjects == expected
    assert choices(subject=np.repeat(ids, 2)).subjects == expected
    assert plays(subject=ids).subjects == expected


@pytest.mark.parametrize("odd", [np.inf, 1.5, 2.0**60, True, 10**400, [1], "a\0b", pd.Timestamp("2020-01-01")])
def test_what_is_no_label_is_refused(odd):
    for make in (
        lambda: table(subject=pd.Series([odd, "b"], dtype=object)),
        lambda: choices(subject=pd.Series([odd, odd, "b", "b"], dtype=object)),
        lambda: plays(subject=pd.Series([odd, "b"], dtype=object)),
    ):
        with pytest.raises(est.DataError, match="must be a label"):
            make()


@pytest.mark.parametrize("number", [1, 1.0])
def test_a_label_as_text_and_as_a_number_is_not_guessed_about(number):
    for make in (
        lambda: table(subject=pd.Series(["1", number], dtype=object)),
        lambda: choices(situation=pd.Series(["1", "1", number, number], dtype=object)),
        lambda: plays(subject=pd.Series(["1", number], dtype=object)),
    ):
        with pytest.raises(est.DataError, match="'1' as text and as a number"):
            make()


def test_numbers_that_are_equal_are_one_label():
    assert table(subject=pd.Series([1, 1.0], dtype=object)).subjects == ["1"]
    assert plays(subject=pd.Series([1, 1.0], dtype=object)).subjects == ["1"]


@pytest.mark.parametrize(
    ("period", "fragment"),
    [
        (1e308, "beyond counting"),
        (10**20, "beyond counting"),
        (BIG + 1, "beyond counting"),
        (10**400, "must be finite"),
    ],
)
def test_periods_are_numbers_that_one_can_count_to(period, fragment):
    with pytest.raises(est.DataError, match=fragment):
        table(period=pd.Series([period, 1], dtype=object))


def test_nan_with_a_sign_is_nothing():
    with pytest.raises(est.DataError, match=r"'period' .* is empty: row 0 has '-nan'"):
        table(period=["-nan", "1"])
    receiver = table(state=["+nan", "3"], role="receiver")
    assert np.isnan(receiver.frame["state"].iloc[0])


@pytest.mark.parametrize("outside", [None, "none"])
def test_cells_that_are_lists_and_empty_columns_are_refused_in_a_sentence(outside):
    frame = choice_frame(4)
    for column, cell in product(("situation", "alternative", "chosen", "price"), ([1], None)):
        odd = frame.assign(**{column: pd.Series([cell] * len(frame), dtype=object)})
        if column == "price" and cell is None:  # an attribute is needed only where a term reads it
            assert est.read_choices(odd, outside=outside).gaps == {"price": len(frame)}
            continue
        with pytest.raises(est.DataError, match=f"column '{column}'"):
            est.read_choices(odd, outside=outside)
    with pytest.raises(est.DataError, match="'age'"):
        table(age=pd.Series([{1: 2}, 3], dtype=object))


def test_names_of_columns_are_told_apart_as_text():
    with pytest.raises(est.DataError, match="'1' is there 2 times"):
        est.Table.from_frame(decisions(x=[1]).assign(y=2).rename(columns={"x": 1, "y": "1"}), games_of())


@pytest.mark.parametrize(
    "subjects", [["a", "a/b", "a/0"], ["1", "10", "9", "x", "1/2"], ["/", "//", "a/"], ["2", "10", "1.0", "1"]]
)
def test_a_stored_table_of_choices_is_read_back_whatever_its_labels(subjects):
    parts = [
        choice_frame(2).assign(subject=subject, situation=situation)
        for subject in subjects
        for situation in ("1", "b/1")
    ]
    frame = pd.concat(
        [part[part["situation"].notna()].drop_duplicates("alternative") for part in parts], ignore_index=True
    )
    frame["chosen"] = ~frame.duplicated(["subject", "situation"])
    made = est.read_choices(frame)
    again = from_dataset(to_dataset(made), made.spec())
    assert again.fingerprint == made.fingerprint
    assert list(again.subjects) == list(made.subjects)
    part = made.of(subjects[:2])
    assert from_dataset(to_dataset(part), part.spec()).fingerprint == part.fingerprint


def test_a_person_and_a_situation_are_two_names():
    frame = pd.DataFrame(
        {"subject": ["a/b"] * 4 + ["a"] * 4, "situation": ["c", "c", "d", "d", "b/c", "b/c", "d", "d"]}
    )
    made = est.read_choices(frame.assign(alternative=["x", "y"] * 4, chosen=[1, 0] * 4, price=range(8)))
    assert len(made) == 4


def test_which_label_comes_first_does_not_depend_on_others():
    labels = ["b", "10", "9", "b/2", "a/b/1", "b/10", "1.0", "1", "9007199254740993", "9007199254740992", "-1"]
    ordered = sorted_labels(labels)
    assert ordered.index("9007199254740992") < ordered.index("9007199254740993")
    for one in labels:
        for other in labels:
            if one != other:
                assert sorted_labels([one, other]) == sorted([one, other], key=ordered.index)


def test_labels_that_look_alike_are_told_and_left():
    told = table(subject=["001", "1", "1.0", "Ann", "ann"]).caveats
    alike = "'001' and '1' and '1.0', 'Ann' and 'ann'"
    assert told == (f"Labels of subject look alike and are told apart: {alike}; spell what is one alike.",)
    assert look_alikes("subject", ["0", "00", "10", "100", "1e5", "a\u200b", "a"])[0].count(" and ") == 3
    assert not look_alikes("subject", ["9007199254740993", "9007199254740992", "1", "10", "100"])


def test_a_covariate_that_is_text_for_one_typing_error_is_told(tmp_path):
    file = tmp_path / "ages.csv"
    decisions(age=["20", ".", "2O"], code=["9007199254740993", "", "9007199254740992"]).to_csv(file, index=False)
    read = est.read_table(file, games_of())
    assert "Column 'age' is text: 2 cells spell numbers" not in str(read.caveats)
    assert any("'age' is text" in caveat and "'2O' does not" in caveat for caveat in read.caveats)
    assert list(read.frame["code"].dropna()) == ["9007199254740993", "9007199254740992"]
    file.write_text(file.read_text().replace("2O", "n/a"))
    table = est.read_table(file, games_of())
    ages = table.frame["age"]
    assert ages.dtype.kind == "f"
    assert ages.isna().sum() == 2
    with pytest.raises(
        est.TheoryError, match=r"column 'age' is empty where the formula needs it: subject .a. as sender in per"
    ):
        est.fit(est.TrustEmbedded(trust="~ age"), table, progress=False)


def test_messages_do_not_repeat_a_cell_of_a_hundred_thousand_characters():
    for column in ("subject", "role", "condition", "state"):
        with pytest.raises(est.DataError) as caught:
            table(**{column: ["x" * 100_000, "x" * 100_000]}, period=[1, 1])
        assert len(str(caught.value)) < 3000
    many = pd.DataFrame(np.zeros((1, 20_000)), columns=[f"c{number}" for number in range(20_000)])
    with pytest.raises(est.DataError) as caught:
        est.Table.from_frame(many, games_of())
    assert len(str(caught.value)) < 20_000
    assert "add it, or rename the column that holds it" in str(caught.value)


def test_people_and_items_in_columns_of_any_name_stay_as_many_as_are_written(tmp_path):
    """007 and 7 are two people, 01 and 1 two products, whatever their column is called."""
    file = tmp_path / "table.csv"
    file.write_text("id,task,product,taken,price\n007,1,01,1,2\n007,1,1,0,3\n7,1,01,0,4\n7,1,1,1,5\n")
    long = est.read_choices(file, subject="id", situation="task", alternative="product", chosen="taken")
    assert (long.subjects, long.alternatives) == (["007", "7"], ["01", "1"])
    file.write_text("id,pick,price.01,price.1\n007,01,1,2\n7,1,2,3\n")
    wide = est.choices_from_wide(file, alternatives=["01", "1"], attributes=["price"], choice="pick", subject="id")
    assert wide.subjects == ["007", "7"]
    assert wide.frame.loc[wide.frame["chosen"], "price"].tolist() == [1, 3]
    file.write_text("id;pick;price.a;price.b\n1,5;a;1,25;2\n2;b;2;3\n")
    commas = est.choices_from_wide(file, alternatives=["a", "b"], attributes=["price"], choice="pick", subject="id")
    assert (commas.subjects, commas.frame["price"].max(), commas.frame["price"].min()) == (["2", "1,5"], 3, 1.25)
    file.write_text("id,pick,price.a,price.b\n007,a,1,2\n8,b,2,3\n")
    alone = est.choices_from_wide(file, alternatives=["a", "b"], attributes=["price"], choice="pick", subject="id")
    assert alone.subjects == ["007", "8"]
    file.write_text("id,task,product,rank\n7,1,01,1\n7,1,1,2\n7,2,01,2\n7,2,1,1\n")
    ranks = est.read_ranks(file, subject="id", situation="task", alternative="product")
    assert ranks.alternatives == ["01", "1"]


def test_codes_that_are_numbers_may_be_written_with_a_point(tmp_path):
    """Spreadsheets write 1.0 where a column has empty cells: it is 1 all the same."""
    (tmp_path / "wide.csv").write_text("pick,price.a,price.b\n1.0,1,2\n2.0,2,3\n,1,1\n")
    codes = {"alternatives": {1: "a", 2: "b"}, "attributes": ["price"], "choice": "pick"}
    table = est.choices_from_wide(tmp_path / "wide.csv", **codes, outside="none")
    assert table.frame.loc[table.frame["chosen"], "alternative"].tolist() == ["a", "b", "none"]
