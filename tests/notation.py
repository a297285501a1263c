"""NOTATION.md, made from the declarations in the code: `make notation` writes it, a test compares."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from estimation.games import AdviceGame, EstimationGame, ForecastSharing, JudgeAdvisor, money_request
from estimation.names import CHEAP_TALK, CHOICE, HYPOTHETICAL, OUTCOME, PLAYS, REQUIRED, ROLES, STAGE, SUBJECT, WEIGHT
from estimation.theories import (
    PLAY_THEORIES,
    THEORIES as EVERY,
    AdviceTaking,
    AdviceWeighting,
    AdviserLearning,
    AdviserMotives,
    CognitiveHierarchy,
    CostlyLying,
    DynamicTrust,
    FixedDiscount,
    LevelK,
    LevelKLying,
    NormalFormCognitiveHierarchy,
    NormalFormLevelK,
    QuantalResponse,
    TrustEmbedded,
)
from estimation.theories.messages.accusation import Accusation
from estimation.theories.parameter import Parameter

GAMES = [ForecastSharing(250, 100, 75, 0, 60), EstimationGame(), AdviceGame(own="experience"), JudgeAdvisor()]
VARIANTS = {
    AdviceTaking: [{}, {"combine": "log-odds"}],
    AdviceWeighting: [{"follows": "record", "distance": True, "chooses": True}],
    AdviserMotives: [{"forgetting": True}],
    AdviserLearning: [{"news": "apart", "forgetting": True, "combine": "log-odds"}],
    TrustEmbedded: [{}, {"believed_trust": "separate"}, {"discount": "personal", "default_belief": "personal"}],
    FixedDiscount: [{"slope": "free"}],
    DynamicTrust: [{}, {"rule": "counts"}, {"rule": "accuracy"}],
    QuantalResponse: [{"believed_precision": "separate"}],
    CostlyLying: [{"believed_cost": "separate"}],
    LevelK: [{"beliefs": "separate"}],
    LevelKLying: [{}, {"beliefs": "separate", "believed_cost": "separate"}],
    CognitiveHierarchy: [{"beliefs": "separate"}],
}
"""Options without which some parameters of a theory would not be shown."""
THEORIES = [
    theory(response=response, habits="all", **options)
    for theory in EVERY.values()
    for options in VARIANTS.get(theory, [{}])
    for response in (
        ("logit",) if issubclass(theory, Accusation | AdviceTaking) else ("logit", "normal", "spike-logit")
    )
]
PLAYED = [
    *(make() for make in PLAY_THEORIES.values()),
    NormalFormLevelK(2, "choice"),
    NormalFormCognitiveHierarchy("logit"),
]

DIMS = {
    "chain": "independent run of the sampler",
    "draw": "kept iteration of a chain",
    "sample": "draw from the posterior, chains one after another",
    "subject": "person",
    "parameter": "parameter that differs between people",
    "number": "what describes a population of which few numbers are estimated: a mean, a spread, a shared parameter",
    "kind": "discrete kind of person: a level or a step of thought, a theory of a mixture; one kind in most theories",
    "pair": "two parameters that are correlated over people",
    "state": "value of what the sender alone knows",
    "message": "option of the sender",
    "action": "option of the receiver",
    "situation": "choice that somebody made",
    "alternative": "thing that could be chosen",
    "coefficient": "weight of the utility",
    "nest": "group of alternatives that share unobserved utility",
    "membership": "alternative in one of its nests",
    "group": "people or situations whose utilities have a scale of their own",
    "class": "latent class of people with the same weights",
    "covariate": "column that describes people: it shifts a mean from person to person",
}

UTILITY = [
    ("utility", "U = V + ε", "what an alternative is worth to a person; ε is Gumbel, V = x'β", "logits"),
    ("coefficients", "β", "weights of the attributes x in the utility", "logits per unit of the attribute"),
    ("mean, covariance", "b, Σ", "of β over people; of log |β| where β has one sign by construction", "as β"),
    ("half-width", "s", "of a triangular β: nobody is farther from b; √6 standard deviations over people", "as β"),
    ("shift", "Γ", "how a covariate of people moves the mean of β", "as β, per unit of the covariate"),
    (
        "dissimilarity",
        "τ",
        "of a nest: 1 where it does not matter, near 0 where its members are all but the same",
        "in (0, 1]",
    ),
    (
        "allocation",
        "α",
        "of an alternative in one of its nests: the part that belongs there",
        "shares that add up to 1",
    ),
    (
        "scale",
        "μ",
        "by which utilities of a group are multiplied: 2 if errors have half of the standard deviation",
        "ratio",
    ),
    ("inclusive value", "I", "log Σ exp V over what is offered: the expected best utility", "logits"),
    ("willingness to pay", "-βₖ / β of price", "price that makes up for one unit of an attribute", "units of price"),
    ("surplus", "-I / β of price", "inclusive value in money", "units of price"),
    ("diversion", "", "share of the buyers of a withdrawn alternative who go to another one", "share"),
]

SYMBOLS = [
    ("mean_demand", "μ", "mean of demand", "units"),
    ("retail_price", "r", "price at which the sender sells", "money per unit"),
    ("wholesale_price", "w", "price that the sender pays to the receiver", "money per unit"),
    ("unit_cost", "c", "what a delivered unit costs the receiver", "money per unit"),
    ("capacity_cost", "$c_K$", "what a unit of capacity costs the receiver, used or not", "money per unit"),
    ("state_range", "b", "the private forecast ξ is uniform on ±b", "units"),
    ("noise_range", "e", "the noise ε in demand is uniform on ±e", "units"),
    ("critical_ratio", "ρ", "$(w - c - c_K) / (w - c)$: how often the best capacity covers demand", "probability"),
    ("margin", "r - w", "what the sender earns on a unit sold", "money per unit"),
]

HEAD = """# Notation

Written by `make notation` from the declarations in the code; a test fails where this file and the code differ. Names
are singular and spelled out; arrays name their dimensions in this order in every docstring.
"""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), ["---"] * len(list(head)), *map(list, rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def parameters() -> dict[Parameter, list[str]]:
    """Return each distinct parameter with the theories that have it; units and scales do not depend on the game."""
    found: dict[str, tuple[Parameter, list[str]]] = {}
    for theory in THEORIES:
        for parameter in theory.parameters(GAMES, ROLES):
            _, names = found.setdefault(parameter.name, (parameter, []))
            if theory.name not in names:
                names.append(theory.name)
    return dict(found.values())


def named(names: list[str]) -> str:
    """Return the theories that have a parameter: their names, or those of the others if these are few."""
    others = [name for name in dict.fromkeys(theory.name for theory in THEORIES) if name not in names]
    if len(others) > len(names) / 2:
        return ", ".join(names)
    return f"all but {', '.join(others)}" if others else "all"


def played() -> list[tuple[str, ...]]:
    """Return a row for each distinct parameter of theories of games without communication."""
    found: dict[str, tuple[Parameter, list[str]]] = {}
    for theory in PLAYED:
        for p in theory.parameters([money_request()]):
            _, names = found.setdefault(p.name, (p, []))
            if theory.name not in names:
                names.append(theory.name)
    return [(f"`{p.name}`", p.symbol, p.meaning, p.unit, p.scale, ", ".join(n), p.why) for p, n in found.values()]


def notation() -> str:
    """Return the whole file."""
    columns = [
        (f"`{c.name}`", c.meaning, c.unit, c.kind, "yes" if c.name in REQUIRED else "")
        for c in (*CHEAP_TALK, OUTCOME, HYPOTHETICAL)
    ]
    optional = (SUBJECT, WEIGHT, STAGE)
    choices = [(f"`{c.name}`", c.meaning, c.unit, c.kind, "" if c in optional else "yes") for c in CHOICE]
    persons = [
        (f"`{p.name}`", p.symbol, p.meaning, p.unit, p.scale, named(names), p.why) for p, names in parameters().items()
    ]
    parts = [
        HEAD,
        "## Columns of an experiment\n",
        table(("column", "meaning", "unit", "kind", "required"), columns),
        f"Roles are `{'` and `'.join(ROLES)}`.\n",
        "## Columns of choices\n",
        "One row per alternative that was available; every other column is an attribute or a covariate.\n",
        table(("column", "meaning", "unit", "kind", "required"), choices),
        "## Dimensions\n",
        table(("dimension", "one entry is a"), [(f"`{name}`", meaning) for name, meaning in DIMS.items()]),
        "## Parameters of a person\n",
        "Over people they are normal on the scale given (`mean` and `sd` are on that scale); `share` (π) says how\n"
        "many people are of each kind. Where a prior speaks of payoffs or spreads, those of the games played are\n"
        "meant.\n",
        table(("parameter", "symbol", "meaning", "unit", "scale", "theories", "prior"), persons),
        "## Games without communication\n",
        table(("column", "meaning", "unit", "kind"), [(f"`{c.name}`", c.meaning, c.unit, c.kind) for c in PLAYS]),
        table(("parameter", "symbol", "meaning", "unit", "scale", "theories", "prior"), played()),
        "## Utility\n",
        table(("quantity", "symbol", "meaning", "unit"), UTILITY),
        "## Forecast sharing\n",
        "In the symbols of Özer, Zheng and Chen (2011). States and messages are relative to mean demand; capacity\n"
        "is in units of demand.\n",
        table(("name", "symbol", "meaning", "unit"), [(f"`{name}`", *rest) for name, *rest in SYMBOLS]),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(notation())
