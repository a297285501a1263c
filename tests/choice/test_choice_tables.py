"""Choice tables: what is read of them, in which words they are named, and what a fingerprint sees."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_frame, choice_table

import estimation as est


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
