"""A malformed table gives one error that lists everything; a good one gives one canonical form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import MALFORMED, estimation_game, expected, games_of, make_frame, with_cell
from hypothesis import given, strategies as st

from estimation.data.tables.rules import nearest_option
from estimation.data.tables.schema import validate
from estimation.errors import DataError
from estimation.names import CHEAP_TALK


def complaint(frame, games=None, subjects=None):
    with pytest.raises(DataError) as caught:
        validate(frame, games or games_of(), subjects)
    return caught.value


@pytest.mark.parametrize(("spoil", "fragments"), MALFORMED.values(), ids=list(MALFORMED))
def test_a_malformed_table_is_refused_with_column_row_value_and_advice(spoil, fragments):
    error = complaint(spoil(make_frame()))
    assert len(error.problems) == 1
    for fragment in expected(fragments, "row", 0):
        assert fragment in str(error)


def test_problems_in_different_columns_are_all_listed_at_once():
    spoilt = make_frame()
    for name in ("unknown role", "non-numeric state", "receiver without action", "period that is not whole"):
        spoilt = MALFORMED[name][0](spoilt)
    spoilt = spoilt.drop(columns="condition")
    problems = complaint(spoilt).problems
    assert len(problems) == 5
    for name, problem in zip(["condition", "state", "period", "role", "action"], problems, strict=True):
        assert f"column '{name}'" in problem


@given(st.sets(st.integers(0, 23), min_size=1))
def test_a_problem_of_many_rows_names_the_first_and_counts_the_rest(rows):
    frame = make_frame()
    frame["message"] = frame["message"].astype(object)
    frame.loc[sorted(rows), "message"] = "abc"
    (problem,) = complaint(frame).problems
    assert problem.count("has 'abc'") == min(3, len(rows))
    assert f"row {min(rows)} has 'abc'" in problem
    assert (f"({len(rows)} in all)" in problem) == (len(rows) > 3)


@pytest.mark.parametrize(
    "values",
    [
        pd.date_range("2020-01-01", periods=24),
        pd.timedelta_range("1h", periods=24),
        np.arange(24) % 2 == 0,
        np.arange(24) + 1j,
    ],
    ids=["dates", "durations", "truth values", "complex numbers"],
)
def test_columns_of_an_unexpected_type_are_refused_by_name(values):
    (problem,) = complaint(make_frame().assign(state=values)).problems
    assert "column 'state' (game units) holds" in problem
    assert "convert it to numbers" in problem


@pytest.mark.parametrize("value", [True, [1, 2], pd.Timestamp("2020-01-01"), 1.5])
def test_a_subject_that_is_no_label_is_refused(value):
    frame = make_frame()
    frame["subject"] = pd.Series([value, *frame["subject"][1:]], dtype=object)
    (problem,) = complaint(frame).problems
    assert "column 'subject' (identifier) must be a label: row 0 has" in problem


def test_a_listed_person_without_a_decision_is_named():
    (problem,) = complaint(make_frame(), subjects=["s01", "s02", "s03", "s04", "s99"]).problems
    assert "no decision of 's99'" in problem


def test_a_list_of_one_person_is_a_name_and_not_its_letters():
    (problem,) = complaint(make_frame(), subjects="s99").problems[:1]
    assert "no decision of 's99'; add" in problem
    assert len(validate(make_frame(subjects=1), games_of(), subjects="s01")) == 6


def test_a_person_who_is_not_on_the_list_is_named():
    (problem,) = complaint(make_frame(), subjects=["s01", "s02", "s03"]).problems
    assert "'s04', not on the list" in problem


def test_the_same_column_twice_is_refused():
    frame = make_frame()
    doubled = pd.concat([frame, frame[["state"]]], axis=1)
    assert any("column 'state' is there 2 times" in problem for problem in complaint(doubled).problems)


@pytest.mark.parametrize("games", [None, {}, {"over": {"family": "estimation"}, "under": 3}])
def test_games_that_are_no_games_are_refused(games):
    with pytest.raises(DataError, match="game"):
        validate(make_frame(), games)


def test_something_that_is_no_frame_is_refused():
    assert "DataFrame" in str(complaint([{"subject": 1}]))


@pytest.mark.parametrize("family", ["estimation", "forecast-sharing"])
def test_a_good_table_comes_out_in_canonical_order_and_types(family):
    frame = make_frame(family).sample(frac=1.0, random_state=1)
    checked = validate(frame, games_of(family))
    assert list(checked.columns) == [column.name for column in CHEAP_TALK]
    assert checked["period"].dtype == np.int64
    assert {str(checked[name].dtype) for name in ("state", "message", "action")} == {"float64"}
    pd.testing.assert_frame_equal(checked, checked.sort_values(["subject", "period", "role"], ignore_index=True))
    assert checked["partner"].isna().all()


def test_what_a_role_does_not_need_may_be_empty():
    frame = make_frame()
    frame.loc[frame["role"] == "sender", "action"] = np.nan
    frame.loc[frame["role"] == "receiver", "state"] = np.nan
    checked = validate(frame, games_of())
    assert checked["action"].isna().sum() == 12
    assert checked["state"].isna().sum() == 12


def test_what_a_role_does_not_need_must_still_be_an_option():
    frame = with_cell(make_frame(), 1, "state", 101)
    assert "column 'state' (game units) is outside" in str(complaint(frame))


def test_extra_columns_are_kept_as_covariates_after_the_standard_ones():
    frame = make_frame()
    frame.insert(0, "age", range(24))
    frame["country"] = "NL"
    checked = validate(frame, games_of())
    assert list(checked.columns[-2:]) == ["age", "country"]


def test_numbers_may_come_as_text_and_labels_as_numbers():
    frame = make_frame()
    as_text = frame.assign(state=frame["state"].astype(str), subject=[row // 6 + 1 for row in range(24)])
    checked = validate(as_text, games_of())
    assert sorted(checked["subject"].unique()) == ["1", "2", "3", "4"]
    np.testing.assert_array_equal(checked["state"], frame["state"])


def test_nullable_integers_are_numbers_and_their_gaps_are_empty_cells():
    frame = make_frame()
    frame.loc[0, "state"] = np.nan
    (problem,) = complaint(frame.astype({"state": "Int64"})).problems
    assert "is empty where a sender's row needs it: row 0 has nothing" in problem


def test_blanks_around_labels_do_not_make_another_person():
    checked = validate(with_cell(make_frame(), 0, "subject", " s01 "), games_of())
    assert checked["subject"].nunique() == 4


def test_values_rounded_in_a_text_file_become_the_options_that_they_stand_for():
    game = estimation_game()
    frame = make_frame(games={"over": game})
    checked = validate(with_cell(frame, 0, "state", 33.0000000001), {"over": game})
    assert checked.loc[0, "state"] == 33.0


def test_the_nearest_option_is_found_on_any_grid():
    values = np.array([-9.0, 0.4, 0.5, 0.6, 2.0, 99.0])
    np.testing.assert_array_equal(nearest_option(values, np.array([0.0, 1.0, 3.0])), [0, 0, 0, 1, 1, 3])
    np.testing.assert_array_equal(nearest_option(values, np.array([5.0])), np.full(6, 5.0))


def test_the_users_frame_is_left_as_it_was():
    frame = make_frame().assign(age=1)
    before = frame.copy(deep=True)
    validate(frame, games_of())
    pd.testing.assert_frame_equal(frame, before)
