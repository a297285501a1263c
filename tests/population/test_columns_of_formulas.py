"""What formulas read: columns of every type, functions of all rows, and no decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from engine import GAMES

import estimation as est
from estimation.inference.problem import MessageProblem


@pytest.fixture(scope="module")
def situations():
    """Receivers in one condition each, with a country and an age."""
    table = est.design(GAMES, people=12, decisions=6, seed=3, roles=("receiver",))
    number = table.frame["subject"].str[1:].astype(int)
    frame = table.frame.assign(country=np.where(number % 3 == 0, "B", "A"), age=20.0 + number)
    return est.Table.from_frame(frame, table.games)


def test_what_people_decide_does_not_explain_them(situations):
    """Receivers answer messages, which may then matter; of senders a message is the decision."""
    heard = MessageProblem(est.TrustEmbedded(trust="~ message"), situations)
    assert "trust: message" in [effect.name for effect in heard.parameters]
    both = est.design(GAMES, people=4, decisions=4, seed=3)
    with pytest.raises(est.TheoryError, match=r"formula of 'trust': 'message' is the sender's decision.*only\('rec"):
        MessageProblem(est.TrustEmbedded(trust="~ message"), both).design  # noqa: B018
    MessageProblem(est.TrustEmbedded(trust="~ message"), both.only("receiver")).check()


FUNCTIONS = ["scale(age)", "center(age)", "poly(age, 2)", "bs(age, df=4)", "cr(age, df=3, constraints='center')"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_of_all_rows_read_new_rows_by_those_of_the_first_table(situations, function):
    """By hand of the mean and the spread; of the others, two people have the columns that they had among all."""
    problem = MessageProblem(est.TrustEmbedded(trust=f"~ {function}"), situations)
    two = MessageProblem(problem.theory, situations.of(["s03", "s04"]), like=problem)
    np.testing.assert_allclose(two.design.covariates.value, problem.design.covariates.value[[2, 3]], atol=1e-12)
    age = situations.frame["age"].to_numpy()
    by_hand = {"scale(age)": (24.0 - age.mean()) / age.std(ddof=1), "center(age)": 24.0 - age.mean()}
    if function in by_hand:
        assert two.design.covariates.value[1, 0] == pytest.approx(by_hand[function])


@pytest.mark.parametrize(
    "kind", ["string", "string[pyarrow]", "object", "category", "boolean", "Int64", "Float64", "int64[pyarrow]"]
)
def test_columns_of_every_type_of_pandas_are_read_alike(situations, kind):
    is_b = (situations.frame["country"] == "B").astype(float)
    is_text = kind.startswith(("string", "object", "category"))
    values = situations.frame["country"] if is_text else is_b
    frame = situations.frame.assign(extra=values.astype(kind))
    problem = MessageProblem(est.TrustEmbedded(trust="~ extra"), est.Table.from_frame(frame, situations.games))
    people = is_b.groupby(situations.frame["subject"]).first()
    np.testing.assert_allclose(problem.design.covariates.value[:, 0], people - people.mean())
    assert list(problem.design.covariates.names) == ["trust: extra" + "[T.B]" * is_text]


def test_categories_of_people_who_were_not_selected_are_none(situations):
    number = situations.frame["subject"].str[1:].astype(int)
    frame = situations.frame.assign(site=pd.Categorical.from_codes(number % 3, ["Bonn", "Kiel", "Ulm"]))
    some = est.Table.from_frame(frame, situations.games).of(["s03", "s04", "s06"])
    problem = MessageProblem(est.TrustEmbedded(trust="~ site"), some)
    assert problem.design.covariates.names == ("trust: site[T.Kiel]",)


def test_a_decision_that_lacks_a_value_is_named_in_files_of_every_order(situations):
    frame = situations.frame.sample(frac=1, random_state=3).reset_index(drop=True)
    frame.loc[0, "age"] = np.nan
    where = "subject {subject!r} as receiver in period {period} has nothing".format(**frame.loc[0])
    with pytest.raises(est.TheoryError, match=where):
        MessageProblem(est.TrustEmbedded(trust="~ age"), est.Table.from_frame(frame, situations.games)).design  # noqa: B018


def test_a_parameter_has_one_formula_that_is_text():
    both = {"trust": "~ age", "formulas": {"trust": "~ period"}}
    with pytest.raises(est.TheoryError, match="'trust' has two formulas, '~ age' and '~ period'"):
        est.TrustEmbedded(**both)
    for formulas in (None, ["~ age"]):
        with pytest.raises(est.TheoryError, match="formulas are given by parameter, as in"):
            est.TrustEmbedded(formulas=formulas)
        with pytest.raises(est.TheoryError, match="formulas are given by parameter, as in"):
            est.TrustEmbedded(trust="~ age", formulas=formulas)
    with pytest.raises(est.TheoryError, match="the formula of 'trust' must be text"):
        est.TrustEmbedded(formulas={"trust": 3})
