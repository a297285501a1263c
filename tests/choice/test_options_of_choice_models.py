"""Options of models of choice: what each may be, whatever form it comes in, and a sentence where it is not that."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table

import estimation as est


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        (est.MultinomialLogit, {"attributes": "price"}, "attributes must be a list of terms, not 'price'"),
        (est.MultinomialLogit, {"attributes": None}, "attributes must be a list of terms, not None"),
        (est.MultinomialLogit, {"attributes": {"price": -1}}, "attributes must be a list of terms, not {'price': -1}"),
        (est.MultinomialLogit, {"constants": "yes"}, "constants must be True or False, not 'yes'"),
        (est.MultinomialLogit, {"constants": ["a"]}, "constants must be True or False, not ['a']"),
        (est.MultinomialLogit, {"reference": ["a"]}, "reference must be a name or None, not ['a']"),
        (est.MultinomialLogit, {"fixed": ["price"]}, "fixed must be a mapping as {'price': -1.0}, not ['price']"),
        (est.MultinomialLogit, {"random": True}, 'random must be "all", a list of coefficients '),
        (est.MultinomialLogit, {"random": {"price": "lognormal"}}, "their kinds go to distributions="),
        (est.MultinomialLogit, {"random": "all", "distributions": "lognormal"}, "distributions must be a mapping"),
        (est.MultinomialLogit, {"random": "all", "covariates": None}, "covariates must be a name or a list of names"),
        (est.MultinomialLogit, {"random": "all", "components": True}, "components must be 1 or a larger whole number"),
        (est.MultinomialLogit, {"error_components": ["a"]}, "error_components must be a mapping of names"),
        (est.MultinomialLogit, {"wtp_space": ["price"]}, "wtp_space must be a name or None, not ['price']"),
        (est.NestedLogit, {"nests": ["a", "b"]}, "nests must be a mapping of names to alternatives"),
        (est.NestedLogit, {"nests": {"near": None}}, "nests must be a mapping of names to alternatives"),
        (est.NestedLogit, {"nests": {"near": ["a", "b"]}, "unscaled": "no"}, "unscaled must be True or False"),
        (est.NestedLogit, {"nests": {"near": ["a", "b"]}, "shared": None}, "shared must be True, False or a list"),
        (est.CrossNestedLogit, {"nests": None}, "nests must be a mapping of names to alternatives"),
        (est.HeteroscedasticLogit, {"scale": None}, "scale must be a name or a list of names"),
        (est.LatentClassLogit, {"classes": True}, "classes must be a whole number of at least 1, not True"),
        (est.LatentClassLogit, {"covariates": 5}, "covariates must be a name or a list of names"),
    ],
)
def test_an_option_of_another_form_is_refused_with_the_form_that_it_has(model, options, said):
    with pytest.raises(est.ChoiceError) as caught:
        model(**{"attributes": ["price"]} | options)
    assert said in str(caught.value)


def test_all_options_of_another_form_are_told_at_once():
    with pytest.raises(est.ChoiceError) as caught:
        est.MultinomialLogit("price", constants="yes", random=True)
    assert len(caught.value.problems) == 3


def test_options_are_kept_in_one_form_whatever_form_they_come_in():
    given = est.MultinomialLogit(
        np.array(["price", "quality"]),
        constants=np.True_,
        random=pd.Index(["price"]),
        components=np.int64(1),
        distributions=pd.Series({"price": "-lognormal"}),
        covariates="income",
    )
    plain = est.MultinomialLogit(
        ["price", "quality"],
        constants=True,
        random=["price"],
        distributions={"price": "-lognormal"},
        covariates=["income"],
    )
    assert given == plain
    assert given.spec() == plain.spec()
    assert est.LatentClassLogit(["price"], classes=np.int64(3)).spec() == (
        est.LatentClassLogit(["price"], classes=3).spec()
    )


def test_alternatives_that_are_numbers_may_be_named_by_numbers():
    numbers = {"a": 1, "b": 2, "c": 3}
    table = est.read_choices(choice_table(20).frame.assign(alternative=lambda rows: rows["alternative"].map(numbers)))
    terms = ["price", "quality"]
    named = est.mode(est.NestedLogit(terms, nests={"near": ["1", "2"]}, constants=True, reference="2"), table)
    for nest, reference in (([1, 2], 2), ([1.0, 2.0], 2.0), (np.array([1, 2]), np.int64(2))):
        model = est.NestedLogit(terms, nests={"near": nest}, constants=True, reference=reference)
        assert model == named.model
