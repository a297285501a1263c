"""Real numbers that are given: text, truth values, arrays and what is missing or infinite are refused by name."""

from __future__ import annotations

import inspect
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from builders import make_table
from choice_builders import choice_table

import estimation as est
from estimation.arrays import is_real
from estimation.errors import EstimationError

NO_NUMBERS = (float("nan"), "x", "3", None, True, 1 + 2j, [1.0], 10**400, np.array([0.5]), np.array([0.5, 0.6]))
LOGIT = est.MultinomialLogit(["price", "quality"])
PARAMETER = {"symbol": "a", "meaning": "a weight", "unit": "1", "scale": "log", "why": "as in the paper"}
PARAMETER |= {"centre": 1.0, "centre_sd": 1.0, "spread": 0.5}
FORECASTS = {"mean_demand": 250.0, "retail_price": 100.0, "wholesale_price": 75.0, "unit_cost": 0.0}
FORECASTS |= {"capacity_cost": 40.0, "state_range": 150.0, "noise_range": 75.0, "step": 1.0}
LADDER = {"appeal": {"tea": 1.0, "coffee": 2.0}, "prices": [1.0, 2.0], "sensitivity": 1.0, "unit_cost": 0.0}
MENUS = est.Assortment([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
UNCERTAIN = est.under_draws(MENUS, np.random.default_rng(1).lognormal(size=(5, 3)))

MADE_OF_NUMBERS = {
    "beta_binomial": (lambda **given: est.beta_binomial(**{"trials": 5, "a": 2.0, "b": 2.0} | given), "trials a b"),
    "money_request": (est.money_request, "low high bonus"),
    "CrawfordSobel": (lambda **given: est.CrawfordSobel(**{"bias": 1.0} | given), "bias points slope power"),
    "AccusationGame": (est.AccusationGame, "share caught wronged binomial_weight"),
    "ForecastSharing": (lambda **given: est.ForecastSharing(**FORECASTS | given), " ".join(FORECASTS)),
    "BeautyContest": (lambda **given: est.BeautyContest(**{"target": 0.7} | given), "target low high"),
    "Guesser": (lambda **given: est.Guesser(**{"target": 0.7, "low": 0.0, "high": 9.0} | given), "target low high"),
    "JudgeAdvisor": (est.JudgeAdvisor, "lowest highest step"),
    "EstimationGame": (est.EstimationGame, "prior_a prior_b lie_power lie_reference"),
    "Parameter": (lambda **given: est.Parameter("a", **PARAMETER | given), "centre centre_sd spread"),
    "TrustEmbedded": (est.TrustEmbedded, "believed_trust"),
    "RecursiveAccusation": (est.RecursiveAccusation, "typical_mean_level"),
    "MultinomialLogit": (lambda **given: est.MultinomialLogit(["price"], **given), "prior_scale"),
    "logit_equilibrium": (lambda **given: est.logit_equilibrium(est.money_request(), **given), "precision"),
    "TailMean": (est.TailMean, "share"),
    "Assortment": (lambda **given: est.Assortment([1.0], [1.0], **given), "outside_weight"),
    "price_ladder": (
        lambda **given: est.price_ladder(**LADDER | given),
        "appeal prices sensitivity unit_cost outside_weight",
    ),
    "PriceWindow": (
        lambda **given: MENUS.subject_to(
            est.PriceWindow(**{"price": [1.0, 2.0, 3.0], "low": 0.0, "high": 2.0, "at_most": 1} | given)
        ).solve(),
        "low high",
    ),
    "solve": (MENUS.solve, "utility_weight tolerance"),
    "frontier best": (lambda **given: MENUS.frontier().best(**given), "utility_weight"),
    "frontier within": (
        lambda **given: MENUS.frontier().within(**{"revenue_loss": 0.1} | given),
        "revenue_loss seconds",
    ),
    "uncertain solve": (UNCERTAIN.solve, "utility_weight seconds"),
    "uncertain bound": (
        lambda **given: UNCERTAIN.lagrangian_bound(**{"products": MENUS.solve().products} | given),
        "utility_weight seconds steps",
    ),
    "value_of_information": (UNCERTAIN.value_of_information, "utility_weight spread"),
    "Settings": (lambda **given: est.fit(est.Babbling(), make_table(), **given), "accuracy target_accept"),
}
OF_A_FIT = {"predict": "interval", "effect": "interval", "price_curve": "prices", "design_precision": "level"}
RIGHT = {("Settings", "accuracy"): None, ("Settings", "target_accept"): None, ("PriceWindow", "high"): NO_NUMBERS[7]}
"""What is right in one place: nothing, which stands for the usual, and a window without upper end."""


@pytest.mark.parametrize(
    ("made", "name"), [(made, name) for made, (_, names) in MADE_OF_NUMBERS.items() for name in names.split()]
)
def test_what_is_no_number_is_refused_by_name(made, name):
    for value in NO_NUMBERS:
        if (made, name) in RIGHT and value is RIGHT[made, name]:
            continue
        if name in ("appeal", "prices") and isinstance(value, list | np.ndarray):
            value = ["x"] if name == "prices" else value  # noqa: PLW2901 - a list of numbers is right here
        with pytest.raises(EstimationError, match=name):
            MADE_OF_NUMBERS[made][0](**{name: value})


@pytest.mark.parametrize("name", ["utility_weight", "seconds"])
def test_what_is_negative_is_refused_where_it_cannot_be(name):
    with pytest.raises(est.AssortmentError, match=f"{name} is -1.0; it is .*finite and >= 0"):
        UNCERTAIN.solve(**{name: -1.0})


def test_precisions_below_zero_have_no_equilibrium():
    with pytest.raises(est.TheoryError, match=r"precision must be a finite number of at least zero, not -1\.0"):
        est.logit_equilibrium(est.money_request(), -1.0)


def test_every_problem_of_a_parameter_is_listed_at_once():
    with pytest.raises(est.TheoryError, match=r"(?s)1\. scale .*2\. centre .*3\. centre_sd .*4\. spread"):
        est.Parameter("a", **PARAMETER | {"scale": "probit", "centre": "x", "centre_sd": -1.0, "spread": 0})


@pytest.fixture(scope="module")
def asked():
    table, choices = make_table(), choice_table()
    fit = est.fit(est.Babbling(), table, draws=50, chains=1, progress=False)
    chosen = est.fit(LOGIT, choices, draws=50, chains=1, progress=False)
    products = pd.DataFrame({"alternative": ["a", "b"], "price": 1.0, "quality": [1.0, 2.0]})
    design = est.efficient_design(LOGIT, {"price": [1, 2], "quality": [1, 2]}, tasks=4, versions=1, seed=1)
    return {
        "predict": lambda interval: est.predict(fit, what="follow", interval=interval),
        "effect": lambda interval: est.effect(fit, table, table, what="follow", interval=interval),
        "price_curve": lambda prices: est.price_curve(chosen, "a", prices, est.scenario(choices, products)),
        "design_precision": lambda level: est.design_precision(design, {"price": -1.0, "quality": 1.0}, level=level),
    }


@pytest.mark.parametrize(("function", "name"), OF_A_FIT.items())
def test_numbers_asked_of_fits_are_refused_by_name_too(asked, function, name):
    for value in NO_NUMBERS:
        given = ["x"] if name == "prices" and isinstance(value, list | np.ndarray) else value
        with pytest.raises(EstimationError, match=name):
            asked[function](given)


@pytest.mark.parametrize("value", [1, 0.5, -2.0, np.float32(0.5), np.int64(3), 10**300])
def test_finite_numbers_of_python_and_of_numpy_are_numbers(value):
    assert is_real(value)


def test_settings_of_numpy_can_be_written_down():
    fit = est.fit(est.Babbling(), make_table(), accuracy=np.float32(1), draws=50, chains=1, progress=False)
    assert type(fit.manifest["settings"]["accuracy"]) is float


def test_the_functions_that_ask_for_an_interval_or_a_level_are_all_asked():
    functions = {name: getattr(est, name) for name in est.__all__ if inspect.isfunction(getattr(est, name))}
    given = {name for name, one in functions.items() if {"interval", "level"} & set(inspect.signature(one).parameters)}
    assert given == {"predict", "effect", "design_precision", "effect_by_partition"}


def test_fractions_are_numbers_of_a_ladder():
    half, whole = (est.price_ladder(**LADDER | {"appeal": {"tea": one}}) for one in (Fraction(1, 2), 0.5))
    np.testing.assert_array_equal(half.weight, whole.weight)
