"""Choice tables: what is accepted, what is refused and in which words, and what a fingerprint sees."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table

import estimation as est


def changed(row: int, column: str, value: object):
    """Return how to spoil one cell."""

    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
        return frame

    return spoil


def chosen_everywhere(frame):
    return frame.assign(chosen=1)


MALFORMED = {
    "no choice": (
        lambda f: f.assign(chosen=np.where(f.situation == "1-1", 0, f.chosen)),
        ["'situation'", "has no choice", "row 0 has '1-1'"],
    ),
    "two choices": (
        lambda f: f.assign(chosen=np.where(f.situation == "1-1", 1, f.chosen)),
        ["has more than one choice", "row 0 has '1-1'", "row 1"],
    ),
    "chosen alternative not available": (
        lambda f: f.drop(index=f.index[(f.situation == "1-1") & (f.chosen == 1)]),
        ["has no choice", "if it is missing, it was not available"],
    ),
    "infinite attribute": (changed(2, "price", np.inf), ["column 'price'", "must be finite", "row 2 has inf"]),
    "text in a numeric column": (
        changed(4, "price", "cheap"),
        ["column 'price'", "must be a number", "row 4 has 'cheap'"],
    ),
    "one alternative": (
        lambda f: f.drop(index=f.index[(f.situation == "1-1") & (f.chosen == 0)]),
        ["offers one alternative only", "'1-1'"],
    ),
    "duplicated row": (
        lambda f: pd.concat([f, f.iloc[[0]]], ignore_index=True),
        ["'a' in situation '1-1'", "rows 0, 60", "keep one"],
    ),
    "choice that is no flag": (
        changed(1, "chosen", "maybe"),
        ["column 'chosen'", "must be 0 or 1", "row 1 has 'maybe'"],
    ),
    "no alternative": (changed(1, "alternative", " "), ["column 'alternative'", "is empty", "row 1 has ' '"]),
    "label that is no label": (
        changed(1, "alternative", 1.5),
        ["column 'alternative'", "must be a label", "row 1 has 1.5"],
    ),
    "missing column": (lambda f: f.drop(columns="chosen"), ["column 'chosen'", "is missing", "chosen=…"]),
    "empty table": (lambda f: f.head(0), ["no rows"]),
    "weight of zero": (
        lambda f: f.assign(situation_weight=np.where(f.situation == "1-1", 0.0, 1.0)),
        ["'situation_weight'", "must be positive", "row 0 has 0"],
    ),
    "weights that differ": (
        lambda f: f.assign(situation_weight=np.arange(len(f)) + 1.0),
        ["'situation_weight'", "differs within a situation", "row 1 has 2"],
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_whatever_is_wrong_is_said_with_column_row_and_value(case):
    spoil, fragments = MALFORMED[case]
    with pytest.raises(est.DataError) as caught:
        est.read_choices(spoil(choice_frame()))
    for fragment in fragments:
        assert fragment in str(caught.value), str(caught.value)


def test_every_problem_is_said_at_once():
    frame = choice_frame()
    for spoil in (changed(2, "price", np.inf), changed(4, "quality", "good"), changed(9, "alternative", None)):
        frame = spoil(frame)
    frame.loc[frame["situation"] == "6-1", "chosen"] = 1
    with pytest.raises(est.DataError) as caught:
        est.read_choices(frame)
    assert len(caught.value.problems) == 4


def test_a_file_is_read_like_the_frame_and_problems_name_its_lines(tmp_path):
    frame, path = choice_frame(), tmp_path / "mine.csv"
    frame.to_csv(path, index=False)
    read = est.read_choices(path)
    assert read.name == "mine"
    assert read.fingerprint == est.read_choices(frame).fingerprint
    changed(3, "price", "cheap")(frame).to_csv(path, index=False)
    with pytest.raises(est.DataError, match="line 5 has 'cheap'"):
        est.read_choices(path)


def test_the_order_of_rows_and_columns_leaves_no_trace_but_every_value_does():
    frame = choice_frame()
    table = est.read_choices(frame)
    shuffled = frame.sample(frac=1, random_state=1)[frame.columns[::-1]]
    assert est.read_choices(shuffled).fingerprint == table.fingerprint
    for column, value in (("price", 9.0), ("income", 3.5), ("alternative", "z"), ("subject", "s9")):
        rows = frame["situation"] == "1-1" if column in ("subject", "income") else frame.index == 0
        other = frame.assign(**{column: np.where(rows, value, frame[column])})
        assert est.read_choices(other).fingerprint != table.fingerprint, column
    assert est.read_choices(frame, outside="c").fingerprint != table.fingerprint


def test_a_table_cannot_be_changed_from_outside():
    table = choice_table()
    copy = table.frame
    copy.loc[0, "price"] = 99.0
    assert table.frame["price"].max() < 6


def test_situations_that_start_anew_with_every_person_are_told_apart():
    frame = choice_frame()
    anew = frame.assign(situation=frame["situation"].str.split("-").str[1])
    table = est.read_choices(anew)
    assert len(table) == 24
    assert table.situations[:2] == ["s1/1", "s1/2"]


def test_columns_are_found_under_other_names_and_people_may_be_left_out():
    frame = choice_frame().rename(
        columns={"subject": "who", "situation": "task", "alternative": "brand", "chosen": "bought"}
    )
    named = est.read_choices(frame, subject="who", situation="task", alternative="brand", chosen="bought")
    assert named.fingerprint == choice_table().fingerprint
    alone = est.read_choices(frame.drop(columns="who"), situation="task", alternative="brand", chosen="bought")
    assert len(alone.subjects) == len(alone) == 24
    with pytest.raises(est.DataError, match="'seen' is missing"):
        est.read_choices(frame, chosen="seen")


def test_attributes_are_told_from_what_describes_people():
    table = choice_table()
    assert table.covariates == ["income"]
    assert table.attributes == ["price", "quality", "income"]


def test_an_outside_option_is_added_where_nothing_was_taken():
    frame = choice_frame()
    frame.loc[frame["situation"] == "1-1", "chosen"] = 0
    table = est.read_choices(frame, outside="nothing")
    rows = table.frame
    added = rows[rows["alternative"] == "nothing"]
    assert len(added) == len(table) == 24
    assert list(added["situation"][added["chosen"]].astype(str)) == ["1-1"]
    assert set(added["price"]) == {0.0}
    assert table.covariates == ["income"]


@pytest.mark.parametrize("pattern", ["{attribute}.{alternative}", "{alternative}_{attribute}"])
def test_wide_and_long_say_the_same(pattern):
    frame = choice_frame()
    wide = frame.groupby("situation", as_index=False, sort=False)[["subject", "income"]].first()
    for label in "abc":
        rows = frame[frame["alternative"] == label].set_index("situation")
        wide[f"open.{label}"] = wide["situation"].isin(rows.index).astype(int)
        for attribute in ("price", "quality"):
            wide[pattern.format(attribute=attribute, alternative=label)] = wide["situation"].map(rows[attribute])
    taken = frame[frame["chosen"] == 1].set_index("situation")["alternative"]
    wide["choice"] = wide["situation"].map(taken).map({"a": 1, "b": 2, "c": 3})
    table = est.choices_from_wide(
        wide,
        alternatives={1: "a", 2: "b", 3: "c"},
        attributes=["price", "quality"],
        columns=pattern,
        available="open.{alternative}",
        subject="subject",
        situation="situation",
        covariates=["income"],
    )
    assert table.fingerprint == choice_table().fingerprint
    with pytest.raises(est.DataError) as caught:
        est.choices_from_wide(
            wide.assign(choice=[9, 3, *wide["choice"][2:]], **{"open.c": 0}),
            alternatives={1: "a", 2: "b", 3: "c"},
            attributes=["price", "quality"],
            columns=pattern,
            available="open.{alternative}",
        )
    assert "row 0 has 9" in str(caught.value)
    assert "row 1 has 3" in str(caught.value)
    assert "was not available ('open.c' is 0)" in str(caught.value)


def test_columns_missing_from_a_wide_table_are_listed():
    with pytest.raises(est.DataError) as caught:
        est.choices_from_wide(pd.DataFrame({"x": [1]}), alternatives=["a", "b"], attributes=["price"], subject="who")
    assert len(caught.value.problems) == 4
    assert "'price.a', 'price.b'" in str(caught.value)


def test_an_alternative_is_left_out_with_the_situations_in_which_it_was_taken():
    table = choice_table(30)
    left = table.without("c")
    frame = table.frame
    kept = frame.groupby("situation", observed=True).filter(
        lambda rows: not rows["chosen"][rows["alternative"] == "c"].any()
    )
    assert len(left) == kept["situation"].nunique()
    assert left.alternatives == ["a", "b"]
    assert left.label == "made_up [without c]"
    with pytest.raises(est.DataError, match="none of the alternatives"):
        table.without("z")


def test_people_are_selected_by_name():
    table = choice_table()
    assert table.of(["s1", "s2"]).subjects == ["s1", "s2"]
    assert table.of(table.subjects) == table
    with pytest.raises(est.DataError, match="'x' made no choice"):
        table.of("x")


def test_synthetic_choices_say_so_wherever_they_are_named():
    table = choice_table(synthetic=True)
    assert table.label == "made_up (SYNTHETIC)"
    assert "SYNTHETIC" in repr(table)
    assert table.of(["s1", "s2"]).label == "made_up [2 of 6 people] (SYNTHETIC)"


def test_truth_values_are_numbers_of_zero_and_one():
    """A program's column of truth values is the same attribute as ones and zeros."""
    frame = choice_frame().assign(sale=lambda rows: rows["price"] > 3)
    as_number = frame.assign(sale=frame["sale"].astype(int))
    table = est.read_choices(frame)
    assert set(table.frame["sale"]) == {0.0, 1.0}
    assert table.fingerprint == est.read_choices(as_number).fingerprint


def test_an_outside_option_is_refused_like_any_other_table_where_columns_are_missing():
    with pytest.raises(est.DataError, match=r"column 'chosen'.* is missing"):
        est.read_choices(choice_frame().drop(columns="chosen"), outside="nothing")


def test_the_outside_option_that_is_added_has_the_weight_of_its_situation():
    frame = choice_frame().assign(times=lambda rows: rows.groupby("situation", sort=False).ngroup() + 1)
    table = est.read_choices(frame, weight="times", counts=True, outside="nothing")
    expected = frame.groupby("situation")["times"].first()
    added = table.frame[table.frame["alternative"] == "nothing"]
    assert len(added) == 24
    assert dict(zip(added["situation"].astype(str), added["situation_weight"], strict=True)) == expected.to_dict()


def test_as_many_equal_situations_tell_as_much_as_weighted_ones():
    """Kish (1965): of weights 1 and 3 in turn, (Σw)² / Σw² = 48² / 120; without weights, all of them."""
    frame = choice_frame().assign(times=lambda rows: 1 + 2 * (rows.groupby("situation", sort=False).ngroup() % 2))
    assert est.read_choices(frame, weight="times", counts=True).effective_situations == pytest.approx(48**2 / 120)
    assert choice_table().effective_situations == 24
