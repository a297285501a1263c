"""Covariates: one spelling is one category, nothing written is nothing, and what may be meant otherwise is told."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of, make_frame
from choice_builders import choice_frame

import estimation as est
from estimation.inference.problem import MessageProblem

GAMES = games_of()


def with_values(values, dtype=object):
    """A table of four people with one value each."""
    frame = make_frame()
    people = sorted(set(frame["subject"]))
    held = dict(zip(people, values, strict=True))
    column = pd.Series([held[who] for who in frame["subject"]], index=frame.index, dtype=dtype)
    return est.Table.from_frame(frame.assign(x=column), GAMES)


def columns_of(table):
    return MessageProblem(est.TrustEmbedded(trust="~ x"), table).labels["covariate"]


@pytest.mark.parametrize("dtype", [object, "str", "category", pd.CategoricalDtype(["NL ", "DE", "NL"], ordered=True)])
def test_blanks_around_text_make_no_category_of_their_own(dtype):
    table = with_values(["DE", "NL ", "NL", "DE"], dtype)
    assert len(columns_of(table)) == 1
    assert table.caveats == ()
    ordered = isinstance(dtype, pd.CategoricalDtype)
    assert list(table.frame["x"].cat.categories if ordered else sorted(set(table.frame["x"]))) == sorted(
        ["DE", "NL"], reverse=ordered
    )


def test_a_file_and_a_frame_say_the_same(tmp_path):
    frame = make_frame().assign(x=lambda held: held["subject"].map(lambda who: f" {who[-1] > '2'} "), y=" ")
    frame.to_csv(tmp_path / "data.csv", index=False)
    read = est.read_table(tmp_path / "data.csv", GAMES).frame
    assert set(read["x"]) == set(est.Table.from_frame(frame, GAMES).frame["x"]) == {"True", "False"}
    assert read["y"].isna().all()


@pytest.mark.parametrize("dtype", [object, "str", "category"])
def test_where_nothing_is_written_there_is_nothing_and_no_category(dtype):
    table = with_values(["DE", "", "NL", "NL"], dtype)
    assert table.frame["x"].isna().sum() == 6
    with pytest.raises(est.TheoryError, match="column 'x' is empty where the formula needs it"):
        columns_of(table)


def test_a_value_as_number_and_as_text_is_refused_since_nobody_knows_whether_it_is_one():
    for values in ([1, "1", 2, 2], [1.0, "1", 2, 2], ["a", 2.5, " 2.5", "b"]):
        with pytest.raises(est.DataError, match=r"column 'x' .* as text and as a number"):
            with_values(values)
    assert with_values([1, "b", 2, 2]).caveats != ()


def test_what_may_be_one_category_and_text_of_digits_are_told():
    (told,) = with_values(["Female", "female", "male", "male"]).caveats
    assert told == "Labels of x look alike and are told apart: 'Female' and 'female'; spell what is one alike."
    (told,) = with_values(["30", "41", "30", "50"]).caveats
    assert told.startswith("Column 'x' is text though all its cells spell numbers, as '30': each is a category")


def test_levels_of_attributes_that_look_alike_are_told():
    frame = choice_frame()
    table = est.read_choices(frame.assign(colour=["red", "Red"] * (len(frame) // 2)))
    (told,) = table.caveats
    assert told.startswith("Labels of colour look alike and are told apart: 'Red' and 'red'")
