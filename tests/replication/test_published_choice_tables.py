"""Published tables of choice models, each reproduced to its printed digits; named after the table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import estimation as est

DATASETS = Path(__file__).parents[2] / "datasets"


def printed(name: str, *tables: str) -> list[tuple[str, float, int]]:
    """Return (quantity, value, digits) of some tables of a data set."""
    with (DATASETS / name / "published.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["table"] in tables]
    assert {row["table"] for row in rows} == set(tables)
    return [(row["quantity"], float(row["value"]), int(row["digits"])) for row in rows]


def assert_reproduced(mode, targets, names: dict[str, str] | None = None) -> None:
    """Hold a mode against printed values, each to half a unit of its last digit."""
    found = {"log likelihood": mode.log_likelihood, **mode.coefficients}
    found |= {f"τ[{nest}]": value for nest, value in mode.dissimilarity.items()}
    for product in [quantity for quantity, *_ in targets if " times " in quantity]:
        found[product] = np.prod([found[factor] for factor in product.split(" times ")])
    wrong = {
        quantity: (found[(names or {}).get(quantity, quantity)], value)
        for quantity, value, digits in targets
        if abs(found[(names or {}).get(quantity, quantity)] - value) > 0.5001 * 10.0**-digits
    }
    assert wrong == {}


def test_swissmetro_biogeme_01logit():
    choices = est.load("swissmetro")
    choices = choices.where(choices.frame["purpose"].isin([1, 3]), "commuters and business")
    assert (len(choices), len(choices.subjects)) == (6768, 752)
    model = est.MultinomialLogit(["I(time / 100)", "I(cost / 100)"], constants=True, reference="swissmetro")
    names = {"time": "I(time / 100)", "cost": "I(cost / 100)"}
    assert_reproduced(
        est.mode(model, choices), printed("swissmetro", "biogeme 01logit", "own computation"), names
    )


TRAVEL = {"attributes": ["gc", "ttme", "hinc:air"], "constants": True, "reference": "car"}


def test_travelmode_greene_conditional_logit():
    mode = est.mode(est.MultinomialLogit(**TRAVEL), est.load("travelmode"))
    assert_reproduced(mode, printed("travelmode", "conditional logit", "own computation: conditional logit"))


def test_travelmode_greene_nested_logit():
    nests = {"fly": ["air"], "ground": ["train", "bus", "car"]}
    mode = est.mode(est.NestedLogit(**TRAVEL, nests=nests, unscaled=True), est.load("travelmode"))
    assert_reproduced(mode, printed("travelmode", "nested logit", "own computation: nested logit"))


def test_electricity_multinomial_logit():
    model = est.MultinomialLogit(["pf", "cl", "loc", "wk", "tod", "seas"])
    assert_reproduced(est.mode(model, est.load("electricity")), printed("electricity", "own computation"))


def test_modecanada_mlogit_c3():
    choices = est.load("modecanada")
    choices = choices.where(choices.frame["noalt"] == 4, "four modes").without("bus")
    assert len(choices) == 2769
    terms = ["cost", "freq", "income:alternative", "I(ivt + ovt):alternative"]
    mode = est.mode(est.MultinomialLogit(terms, constants=True, reference="car"), choices)
    names = {f"time:{label}": f"I(ivt + ovt):{label}" for label in ("car", "train", "air")}
    assert_reproduced(mode, printed("modecanada", "mlogit c3"), names)


@pytest.mark.data("yogurt")
def test_yogurt_logitr_multinomial_logit():
    model = est.MultinomialLogit(["price", "feat"], constants=True, reference="dannon")
    targets = printed("yogurt", "logitr multinomial logit", "own computation")
    assert_reproduced(est.mode(model, est.load("yogurt")), targets)


@pytest.mark.data("camera")
def test_camera_pooled_multinomial_logit():
    choices = est.load("camera")
    assert_reproduced(
        est.mode(est.MultinomialLogit(choices.attributes), choices), printed("camera", "own computation")
    )


@pytest.mark.parametrize(
    ("name", "people", "situations", "rows"),
    [
        ("electricity", 361, 4308, 17232),
        ("modecanada", 4324, 4324, 15520),
        ("swissmetro", 1191, 10719, 30474),
        ("travelmode", 210, 210, 840),
        pytest.param("yogurt", 100, 2412, 9648, marks=pytest.mark.data("yogurt")),
        pytest.param("camera", 332, 5312, 26560, marks=pytest.mark.data("camera")),
    ],
)
def test_data_sets_have_the_sizes_that_their_sources_state(name, people, situations, rows):
    choices = est.load(name)
    assert (len(choices.subjects), len(choices), len(choices.frame)) == (people, situations, rows)
