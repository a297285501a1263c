"""Choice tables that are wrong are refused: every problem at once, with its column, row and value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est


def changed(row: int, column: str, value: object):
    """Return how to spoil one cell."""

    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
        return frame

    return spoil


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


def test_columns_missing_from_a_wide_table_are_listed():
    with pytest.raises(est.DataError) as caught:
        est.choices_from_wide(pd.DataFrame({"x": [1]}), alternatives=["a", "b"], attributes=["price"], subject="who")
    assert len(caught.value.problems) == 4
    assert "'price.a', 'price.b'" in str(caught.value)


def test_an_outside_option_is_refused_like_any_other_table_where_columns_are_missing():
    with pytest.raises(est.DataError, match=r"column 'chosen'.* is missing"):
        est.read_choices(choice_frame().drop(columns="chosen"), outside="nothing")


READERS = {
    "long": est.read_choices,
    "wide": lambda data, **about: est.choices_from_wide(data, alternatives=["a", "b"], attributes=["price"], **about),
    "survey": est.choices_from_survey,
    "counts": est.choices_from_counts,
    "ranks": est.read_ranks,
    "best and worst": est.read_best_worst,
    "layout": lambda data, **about: est.ChoiceLayout().table(data, **about),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("data", [{"price": [1.0]}, [{"price": 1.0}], np.ones((2, 2)), 5, None], ids=type)
def test_what_is_neither_a_frame_nor_a_file_is_no_table(reader, data):
    with pytest.raises(est.DataError, match="give a frame of pandas, or the name of a file"):
        READERS[reader](data)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": 5}, "name must be a text, not 5"),
        ({"source": "our study"}, r"as est\.Source\(title='our study'\), not 'our study'"),
        ({"subject": np.array(["subject"])}, "columns are named by texts, not array"),
        ({"chosen": ["chosen"]}, r"the column of 'chosen' must be named by a text, not \['chosen'\]"),
    ],
)
def test_what_is_said_about_a_table_is_said_in_texts(options, words):
    with pytest.raises(est.DataError, match=words):
        est.read_choices(choice_frame(), **options)


def test_one_person_may_be_named_by_a_number_and_nobody_by_what_is_none():
    table = est.read_choices(choice_frame().assign(subject=lambda rows: rows["subject"].str[1:].astype(int)))
    assert table.of(3).subjects == table.of([3]).subjects == ["3"]
    with pytest.raises(est.DataError, match="subject '9' made no choice"):
        table.of(9)
