"""Attributes and covariates that are called as the table's own columns are refused: they would take their place."""

from __future__ import annotations

import pandas as pd
import pytest

import estimation as est

OWN = ["subject", "situation", "alternative", "chosen", "situation_weight", "choice_stage"]
RANKED = pd.DataFrame(
    {"task": [1, 1, 2, 2], "alternative": list("abab"), "rank": [1, 2, 2, 1], "price": [1.0, 2, 3, 4]}
)
SURVEY = pd.DataFrame({"F-1-x-price": [1, 2], "F-1-y-price": [2, 1], "Q1": ["x", "y"], "age": [20, 30]})


def wide(own, **given):
    frame = pd.DataFrame({"who": ["p", "q"], "choice": ["a", "b"], "price.a": [1.0, 2], "price.b": [2.0, 1], own: 9})
    frame = frame.assign(**{f"{own}.a": 3.0, f"{own}.b": 4.0})
    return est.choices_from_wide(
        frame, **{"alternatives": ["a", "b"], "attributes": ["price"], "subject": "who"} | given
    )


FORMS = {
    "wide": lambda own: wide(own, attributes=["price", own]),
    "covariate": lambda own: wide(own, covariates=[own]),
    "ranks": lambda own: est.read_ranks(
        RANKED.rename(columns={"alternative": "item"}).assign(**{own: 1.0}),
        situation="task",
        alternative="item",
        subject="task",
        attributes=[own],
    ),
    "covariate of a survey": lambda own: est.choices_from_survey(SURVEY.assign(**{own: 1}), covariates=[own]),
    "survey": lambda own: est.choices_from_survey(SURVEY.rename(columns=lambda name: name.replace("price", own))),
}


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("form", FORMS)
def test_no_attribute_or_covariate_takes_the_place_of_a_column(form, own):
    with pytest.raises(est.DataError, match=f"column '{own}' is called as one that the table of choices has"):
        FORMS[form](own)


def test_a_name_stands_for_one_column():
    with pytest.raises(est.DataError, match="'price' is named 2 times; name it once"):
        wide("price", covariates=["price"])


def test_attributes_of_surveys_may_be_called_task_and_row():
    for name in ("task", "row"):
        found = est.choices_from_survey(SURVEY.rename(columns=lambda column, to=name: column.replace("price", to)))
        assert found.frame[name].tolist() == [1.0, 2.0, 2.0, 1.0]


def test_people_may_be_named_among_the_covariates_once_more():
    frame = SURVEY.assign(subject=["p", "q"])
    asked = {"covariates": ["subject", "age"], "subject": "subject"}
    assert est.choices_from_survey(frame, **asked).subjects == ["p", "q"]
    assert wide("subject", subject="subject", covariates=["subject"]).subjects == ["9"]
