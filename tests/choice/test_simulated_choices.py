"""Choices of people with known weights: weights are numbers of those people, and nothing that is given is ignored."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import WEIGHTS, choice_table

import estimation as est

TABLE = choice_table()
LOGIT = est.MultinomialLogit(["price", "quality"])
NESTED = est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]})


def of_people(**columns):
    return pd.DataFrame({name: [weight] * 6 for name, weight in WEIGHTS.items()}, index=TABLE.subjects).assign(
        **columns
    )


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (WEIGHTS | {"price": np.nan}, "weight of 'price' must be a finite number, not nothing for everybody"),
        (WEIGHTS | {"price": np.inf}, "weight of 'price' must be a finite number, not inf for everybody"),
        (WEIGHTS | {"price": "low"}, "weight of 'price' must be a finite number, not 'low' for everybody"),
        (WEIGHTS | {"price": True}, "weight of 'price' must be a finite number, not True for everybody"),
        (WEIGHTS | {"prize": 1.0}, "there is no coefficient 'prize'"),
        ([1.0, 2.0], "weights must be coefficient → weight, or a frame with a row per subject, not [1.0, 2.0]"),
        (pd.Series([1.0, 2.0]), "there is no coefficient 0"),
        (pd.Series([1.0, 2.0, 3.0], ["price", "quality", "price"]), "coefficient 'price' is there twice"),
        (of_people(price=[1.0, 2.0, np.nan, 3.0, 4.0, 5.0]), "not nothing for s3"),
        (pd.concat([of_people(), of_people().head(2)]), "the weights of 2 people are there twice: s1, s2"),
        (of_people().drop(index="s4"), "the weights of 1 people are missing: s4"),
    ],
)
def test_weights_that_are_no_weights_of_these_people_are_refused(weights, words):
    with pytest.raises(est.ChoiceError) as caught:
        est.simulate_choices(LOGIT, TABLE, weights)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("model", "further", "words"),
    [
        (LOGIT, {"dissimilarity": {"near": 0.5}}, "there is no dissimilarity of 'near'; there are []"),
        (NESTED, {"dissimilarity": {"near": 0.5, "far": 0.5}}, "there is no dissimilarity of 'far'"),
        (NESTED, {"dissimilarity": {"near": np.nan}}, "dissimilarity['near'] must be a positive number, not nan"),
        (NESTED, {"dissimilarity": {"near": 0.0}}, "dissimilarity['near'] must be a positive number, not 0.0"),
        (NESTED, {"dissimilarity": 0.5}, "dissimilarity must be label → value, not 0.5"),
    ],
)
def test_further_parameters_are_those_of_the_model_and_positive(model, further, words):
    with pytest.raises(est.ChoiceError) as caught:
        est.simulate_choices(model, TABLE, WEIGHTS, **further)
    assert words in str(caught.value)


def test_a_series_of_weights_as_of_a_mode_is_the_same_as_a_mapping():
    weights = est.mode(LOGIT, choice_table(30)).coefficients
    assert est.simulate_choices(LOGIT, TABLE, weights) == est.simulate_choices(LOGIT, TABLE, weights.to_dict())


def test_rows_of_weights_are_of_the_people_that_their_index_names():
    """Those of whom the table knows nothing may have any; the order of rows makes no difference."""
    weights = of_people(price=np.linspace(-9, 9, 6))
    more = pd.concat([weights, pd.DataFrame({"price": np.nan, "quality": 0.0}, index=["stranger"])])
    expected = est.simulate_choices(LOGIT, TABLE, weights, seed=4)
    assert est.simulate_choices(LOGIT, TABLE, more.iloc[::-1], seed=4) == expected
