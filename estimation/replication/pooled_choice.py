"""Pooled logits whose published tables are maximum likelihood: Biogeme, Greene, logitr, mlogit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from estimation.choice.mode import Mode
from estimation.choice.model import ChoiceModel
from estimation.choice.models import MultinomialLogit, NestedLogit
from estimation.data import ChoiceTable
from estimation.inference.fit import mode
from estimation.replication import loaded
from estimation.replication.route import Route, by_quantity

TIME, COST = "I(time / 100)", "I(cost / 100)"
TRAVEL: dict[str, Any] = {"attributes": ["gc", "ttme", "hinc:air"], "constants": True, "reference": "car"}
NESTS = {"fly": ["air"], "ground": ["train", "bus", "car"]}


def maximum_of(model: ChoiceModel, choices: ChoiceTable, names: Mapping[str, str] | None = None) -> dict[str, float]:
    """Return the numbers of a maximum as tables name them; `names` are the tables' names of coefficients."""
    found = mode(model, choices)
    assert isinstance(found, Mode)
    coefficients = found.coefficients.rename(dict(names or {})).to_dict()
    nests = {f"τ[{nest}]": value for nest, value in found.dissimilarity.items()}
    sizes = {"log likelihood": found.log_likelihood, "choices": float(len(found.table))}
    return sizes | {str(name): float(value) for name, value in coefficients.items()} | nests


def commuters() -> ChoiceTable:
    """Return the choices of Biogeme's and xlogit's examples: commuters and business travellers."""
    choices = loaded.choices("swissmetro")
    return choices.where(choices.frame["purpose"].isin([1, 3]), "commuters and business")


@cache
def swissmetro() -> dict[str, float]:
    """Biogeme's 01logit."""
    model = MultinomialLogit([TIME, COST], constants=True, reference="swissmetro")
    return maximum_of(model, commuters(), {TIME: "time", COST: "cost"})


@cache
def travel_by_mode() -> dict[str, float]:
    """Greene's conditional logit."""
    return maximum_of(MultinomialLogit(**TRAVEL), loaded.choices("travelmode"))


@cache
def travel_in_nests() -> dict[str, float]:
    """Greene's nested logit; he lets income enter the branch, where the coefficient is ours times τ[fly]."""
    model = NestedLogit(**TRAVEL, nests=NESTS, unscaled=True)
    found = maximum_of(model, loaded.choices("travelmode"))
    return found | {"hinc:air times τ[fly]": found["hinc:air"] * found["τ[fly]"]}


@cache
def canada() -> dict[str, float]:
    """Compute mlogit's third vignette."""
    choices = loaded.choices("modecanada")
    choices = choices.where(choices.frame["noalt"] == 4, "four modes").without("bus")
    terms = ["cost", "freq", "income:alternative", "I(ivt + ovt):alternative"]
    names = {f"I(ivt + ovt):{label}": f"time:{label}" for label in ("car", "train", "air")}
    return maximum_of(MultinomialLogit(terms, constants=True, reference="car"), choices, names)


@cache
def electricity() -> dict[str, float]:
    """Compute everybody's weights of suppliers."""
    choices = loaded.choices("electricity")
    return maximum_of(MultinomialLogit(["pf", "cl", "loc", "wk", "tod", "seas"]), choices)


@cache
def yogurt() -> dict[str, float]:
    """Compute logitr's vignette."""
    model = MultinomialLogit(["price", "feat"], constants=True, reference="dannon")
    return maximum_of(model, loaded.choices("yogurt"))


@cache
def cameras() -> dict[str, float]:
    """Compute everybody's weights of cameras."""
    choices = loaded.choices("camera")
    return maximum_of(MultinomialLogit(choices.attributes), choices)


LOGIT, NESTED = "maximum of a multinomial logit", "maximum of a nested logit"
ROUTES: dict[str, Route] = {
    "swissmetro/biogeme-01logit": Route(by_quantity(swissmetro), LOGIT, "swissmetro"),
    "swissmetro/own": Route(by_quantity(swissmetro), LOGIT, "swissmetro"),
    "travelmode/conditional-logit": Route(by_quantity(travel_by_mode), LOGIT, "travelmode"),
    "travelmode/own-conditional-logit": Route(by_quantity(travel_by_mode), LOGIT, "travelmode"),
    "travelmode/nested-logit": Route(by_quantity(travel_in_nests), NESTED, "travelmode"),
    "travelmode/own-nested-logit": Route(by_quantity(travel_in_nests), NESTED, "travelmode"),
    "modecanada/mlogit-c3": Route(by_quantity(canada), LOGIT, "modecanada"),
    "electricity/own": Route(by_quantity(electricity), LOGIT, "electricity"),
    "yogurt/logitr-multinomial-logit": Route(by_quantity(yogurt), LOGIT, "yogurt"),
    "yogurt/own": Route(by_quantity(yogurt), LOGIT, "yogurt"),
    "camera/own": Route(by_quantity(cameras), LOGIT, "camera"),
}
