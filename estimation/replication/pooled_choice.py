"""Pooled logits whose published tables are maximum likelihood: Biogeme, Greene, logitr, mlogit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from estimation.choice.maximum.mode import Mode
from estimation.choice.model import ChoiceModel
from estimation.choice.models import CrossNestedLogit, HeteroscedasticLogit, MultinomialLogit, NestedLogit
from estimation.data import ChoiceTable
from estimation.inference.mode import mode
from estimation.replication import loaded
from estimation.replication.route import Answer, Route, by_quantity

TIME, COST = "I(time / 100)", "I(cost / 100)"
TRAVEL = ["gc", "ttme", "hinc:air"]
SUPPLIERS = ["pf", "cl", "loc", "wk", "tod", "seas"]
NESTS = {"fly": ["air"], "ground": ["train", "bus", "car"]}


def maximum_of(model: ChoiceModel, choices: ChoiceTable, names: Mapping[str, str] | None = None) -> dict[str, float]:
    """Return the numbers of a maximum as tables name them; `names` are the tables' names of coefficients."""
    found = mode(model, choices)
    assert isinstance(found, Mode)
    table = found.with_errors("robust").summary.rename(dict(names or {}))
    sizes = {"log likelihood": found.log_likelihood, "choices": float(len(found.table))}
    errors = {f"robust error of {name}": float(value) for name, value in table["standard_error"].items()}
    return sizes | {str(name): float(value) for name, value in table["estimate"].items()} | errors


def commuters() -> ChoiceTable:
    """Return the choices of Biogeme's and xlogit's examples: commuters and business travellers."""
    choices = loaded.choices("swissmetro")
    return choices.where(choices.frame["purpose"].isin([1, 3]), "commuters and business")


def four_modes() -> ChoiceTable:
    """Return the choices of mlogit's third vignette: trips for which all four modes can be had, without the bus."""
    choices = loaded.choices("modecanada")
    return choices.where(choices.frame["noalt"] == 4, "four modes").without("bus")


def travel_in_nests() -> dict[str, float]:
    """Greene's nested logit; he lets income enter the branch, where the coefficient is ours times τ[fly]."""
    model = NestedLogit(TRAVEL, constants=True, reference="car", nests=NESTS, unscaled=True)
    found = maximum_of(model, loaded.choices("travelmode"))
    return found | {"hinc:air times τ[fly]": found["hinc:air"] * found["τ[fly]"]}


def swiss(model: type[ChoiceModel], **options: Any) -> dict[str, float]:
    """Compute a model of Biogeme's examples; it writes nests as μ = 1 / τ."""
    shared: dict[str, Any] = {"constants": True, "reference": "swissmetro"}
    names = {TIME: "time", COST: "cost", "scale[C(group)[T.3.0]]": "scale of group 3"}
    found = maximum_of(model([TIME, COST], **shared, **options), commuters(), names)
    for label in [name for name in found if name.startswith("τ")]:
        nest, error = label.removeprefix("τ"), found[f"robust error of {label}"]
        found |= {f"μ{nest}": 1 / found[label], f"robust error of μ{nest}": error / found[label] ** 2}
    return found


def cameras() -> dict[str, float]:
    """Compute everybody's weights of cameras."""
    choices = loaded.choices("camera")
    return maximum_of(MultinomialLogit(choices.attributes), choices)


def maximum(
    terms: list[str], choices: Callable[[], ChoiceTable], names: Mapping[str, str] | None = None, **options: Any
) -> Answer:
    """Return what looks numbers up in the maximum of a multinomial logit; `options` are the model's."""
    return by_quantity(lambda: maximum_of(MultinomialLogit(terms, **options), choices(), names))


SWISSMETRO = maximum([TIME, COST], commuters, {TIME: "time", COST: "cost"}, constants=True, reference="swissmetro")
GREENE = maximum(TRAVEL, partial(loaded.choices, "travelmode"), constants=True, reference="car")
CANADA = maximum(
    ["cost", "freq", "income:alternative", "I(ivt + ovt):alternative"],
    four_modes,
    {f"I(ivt + ovt):{label}": f"time:{label}" for label in ("car", "train", "air")},
    constants=True,
    reference="car",
)
ELECTRICITY = maximum(SUPPLIERS, partial(loaded.choices, "electricity"))
YOGURT = maximum(["price", "feat"], partial(loaded.choices, "yogurt"), constants=True, reference="dannon")

EXISTING = {"existing": ["train", "car"]}
SCALED = by_quantity(partial(swiss, HeteroscedasticLogit, scale=["C(group)"]))
SWISS_NESTS = by_quantity(partial(swiss, NestedLogit, nests=EXISTING))
CROSSED = by_quantity(partial(swiss, CrossNestedLogit, nests=EXISTING | {"public": ["train", "swissmetro"]}))

LOGIT, NESTED = "maximum of a multinomial logit", "maximum of a nested logit"
ROUTES: dict[str, Route] = {
    "swissmetro/biogeme-01logit": Route(SWISSMETRO, LOGIT, "swissmetro"),
    "swissmetro/biogeme-03scale": Route(SCALED, "maximum of a heteroscedastic logit", "swissmetro"),
    "swissmetro/biogeme-09nested": Route(SWISS_NESTS, NESTED, "swissmetro"),
    "swissmetro/biogeme-11cnl": Route(CROSSED, "maximum of a cross-nested logit", "swissmetro"),
    "swissmetro/own": Route(SWISSMETRO, LOGIT, "swissmetro"),
    "travelmode/conditional-logit": Route(GREENE, LOGIT, "travelmode"),
    "travelmode/own-conditional-logit": Route(GREENE, LOGIT, "travelmode"),
    "travelmode/nested-logit": Route(by_quantity(travel_in_nests), NESTED, "travelmode"),
    "travelmode/own-nested-logit": Route(by_quantity(travel_in_nests), NESTED, "travelmode"),
    "modecanada/mlogit-c3": Route(CANADA, LOGIT, "modecanada"),
    "electricity/own": Route(ELECTRICITY, LOGIT, "electricity"),
    "yogurt/logitr-multinomial-logit": Route(YOGURT, LOGIT, "yogurt"),
    "yogurt/own": Route(YOGURT, LOGIT, "yogurt"),
    "camera/own": Route(by_quantity(cameras), LOGIT, "camera"),
}
