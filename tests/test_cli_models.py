"""Models of choice that options of `estimation fit-choice` describe."""

from __future__ import annotations

import pytest

import estimation as est
from estimation.commands.choice_models import ModelOptions
from estimation.errors import ChoiceError

TERMS = ["price", "quality"]
SAID = {
    "correlated tastes": ({"random": ["all"]}, est.MultinomialLogit(TERMS, random="all")),
    "independent tastes": (
        {"random": ["quality"], "negative": ["price"], "independent": True},
        est.MultinomialLogit(
            TERMS, random=["quality", "price"], distributions={"price": "-lognormal"}, covariance="diagonal"
        ),
    ),
    "triangular tastes": (
        {"random": ["quality"], "triangular": ["price"]},
        est.MultinomialLogit(TERMS, random=["quality", "price"], distributions={"price": "triangular"}),
    ),
    "tastes by income": (
        {"random": ["all"], "covariates": ["income"]},
        est.MultinomialLogit(TERMS, random="all", covariates=["income"]),
    ),
    "a mixture of normals": (
        {"random": ["all"], "mixture": 2},
        est.MultinomialLogit(TERMS, random="all", components=2),
    ),
    "amounts of money": (
        {"random": ["all"], "wtp_space": "price"},
        est.MultinomialLogit(TERMS, random="all", wtp_space="price"),
    ),
    "amounts of money, alike for all": ({"wtp_space": "price"}, est.MultinomialLogit(TERMS, wtp_space="price")),
    "error components": (
        {"error_components": ["near=a,b"]},
        est.MultinomialLogit(TERMS, error_components={"near": ["a", "b"]}, covariance="diagonal"),
    ),
    "classes by income": (
        {"classes": 3, "covariates": ["income"]},
        est.LatentClassLogit(TERMS, classes=3, covariates=["income"]),
    ),
    "nests": ({"nests": ["near=a,b"]}, est.NestedLogit(TERMS, nests={"near": ["a", "b"]})),
    "crossing nests": (
        {"nests": ["near=a, b", "far=b,c"]},
        est.CrossNestedLogit(TERMS, nests={"near": ["a", "b"], "far": ["b", "c"]}),
    ),
    "noise by source": ({"scale": ["source"]}, est.HeteroscedasticLogit(TERMS, scale=["source"])),
}


@pytest.mark.parametrize(("options", "model"), SAID.values(), ids=SAID)
def test_options_make_the_model_that_python_makes(options, model):
    assert ModelOptions(TERMS, **options).model() == model


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"nests": ["near=a,b"], "mixture": 2}, "--nest and --mixture make different models"),
        ({"scale": ["source"], "classes": 2}, "--scale and --classes make different models"),
        ({"covariates": ["income"]}, "--covariate needs --random or --classes"),
        ({"nests": ["near=a,b"], "covariates": ["income"]}, "--covariate needs --random or --classes"),
        ({"error_components": ["near"]}, "--error-component 'near' is not of the form"),
        ({"mixture": 2}, "--mixture needs --random all"),
        ({"independent": True}, "--independent needs --random"),
    ],
)
def test_options_that_make_no_model_are_refused_in_their_own_words(options, said):
    with pytest.raises(ChoiceError, match=said):
        ModelOptions(TERMS, **options).model()


@pytest.mark.parametrize("option", ["nests", "error_components"])
def test_a_nest_that_is_named_twice_is_refused_and_not_halved(option):
    with pytest.raises(est.ChoiceError, match="gives 'pens' more than one list; say it once"):
        ModelOptions(["price"], **{option: ["pens=a,b", "pens =c,d"]}).model()
