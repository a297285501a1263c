"""Where a list of names is asked for, one text is one name, and never its letters."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of

import estimation as est
from estimation.data.files.selection import YES

LETTERS = dict.fromkeys("price", 1.0)
LONG = pd.DataFrame({"situation": [1, 1, 2, 2], "alternative": list("abab"), "chosen": [1, 0, 0, 1], **LETTERS})
LONG = LONG.assign(price=[1.0, 2, 3, 5], rank=[1, 2, 2, 1], market=["m", "m", "n", "n"], count=[3, 4, 5, 6])
WIDE = pd.DataFrame({"choice": ["a", "b"], "price.a": [1.0, 2], "price.b": [2.0, 1], "c": 1.0, "age": [20, 30]})
TASKS = pd.DataFrame({"best": ["a"], "worst": ["c"], "o": ["a"], "p": ["b"], "q": ["c"], "age": [20.0], "g": 1.0})
SURVEY = pd.DataFrame({"F-1-x-price": [1, 2], "F-1-y-price": [2, 1], "Q1": ["x", "y"], "age": [20, 30]})


def wide(**given):
    return est.choices_from_wide(WIDE, **{"alternatives": ["a", "b"], "attributes": ["price"]} | given)


READ = {
    "long": lambda names: est.read_choices(LONG, attributes=names),
    "counts": lambda names: est.choices_from_counts(LONG.drop(columns="situation"), attributes=names),
    "ranks": lambda names: est.read_ranks(LONG, attributes=names),
    "layout": lambda names: est.ChoiceLayout(covariates=names).table(LONG),
    "layout of attributes": lambda names: est.ChoiceLayout(attributes=names).table(LONG),
    "wide": lambda names: wide(attributes=names),
}


@pytest.mark.parametrize("read", READ)
def test_one_attribute_is_the_column_of_that_name(read):
    assert READ[read]("price").attributes == ["price"]
    assert READ[read]("price") == READ[read](["price"])


def test_one_covariate_is_the_column_of_that_name():
    assert wide(covariates="age") == wide(covariates=["age"])
    assert "age" in wide(covariates="age").attributes
    asked = est.read_best_worst(TASKS, offered=["o", "p", "q"], attributes="age")
    assert asked.attributes == ["age"]
    assert est.choices_from_survey(SURVEY, covariates="age") == est.choices_from_survey(SURVEY, covariates=["age"])


def test_alternatives_are_a_list_and_one_text_is_refused():
    for read in (lambda: wide(alternatives="ab"), lambda: est.read_ranks(LONG, alternatives="ab")):
        with pytest.raises(est.DataError, match=r"alternatives must be their names, or a mapping.*not 'ab'"):
            read()


def test_codes_of_a_layout_may_be_numbers():
    frame = pd.DataFrame({"choice": ["a", "b"], "1.a": [1.0, 2], "1.b": [2.0, 1]})
    layout = est.ChoiceLayout(wide="{attribute}.{alternative}", attributes={1: "price"})
    assert layout.table(frame).attributes == ["price"]
    assert layout.attributes == {"1": "price"}


def test_one_caveat_and_one_selection_are_one_sentence():
    assert est.Source("talk", caveats="A session was interrupted.").caveats == ("A session was interrupted.",)
    assert est.ChoiceTable.from_frame(LONG, selection="women").label == "choices [women]"


def test_a_selection_takes_one_value_and_one_person():
    one = est.Selection(keep={"session": "main"}, leave_out="late", exclude="p7")
    assert one == est.Selection(keep={"session": ("main",)}, leave_out={"late": YES}, exclude=("p7",))
    assert est.Selection().with_options(leave_out="late", exclude="p7") == est.Selection(leave_out="late", exclude="p7")
    with pytest.raises(est.DataError, match="keep must be a table of column"):
        est.Selection(keep="session")


def test_alternatives_and_games_are_left_out_and_picked_by_one_name_of_any_kind():
    choices = est.read_choices(
        pd.DataFrame({"situation": [1, 1, 1, 2, 2, 2], "alternative": [1, 2, 3] * 2, "chosen": [1, 0, 0, 0, 1, 0]})
    )
    assert choices.without(3) == choices.without("3") == choices.without([3.0])
    with pytest.raises(est.DataError, match=r"\['7'\] are none of the alternatives"):
        choices.without(7)
    with pytest.raises(est.DataError, match="game '3' is none of"):
        est.load("arad_rubinstein_2012").of(3)


def test_a_condition_that_is_there_as_text_and_as_a_number_is_refused():
    frame = pd.DataFrame({"subject": ["a"], "role": "sender", "period": 1, "condition": 1, "state": 3, "message": 4})
    (game, *_) = games_of().values()
    with pytest.raises(est.DataError, match="games has condition '1' twice"):
        est.Table.from_frame(frame.assign(action=5), {1: game, "1": game})
