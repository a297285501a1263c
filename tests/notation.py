"""NOTATION.md, made from the declarations in the code: `make notation` writes it, a test compares."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from estimation.games import EstimationGame, ForecastSharing, money_request
from estimation.names import CHEAP_TALK, OUTCOME, PLAYS, REQUIRED, ROLES
from estimation.strategic import (
    THEORIES as STRATEGIC,
    CognitiveHierarchy as Hierarchy,
    LevelK as Levels,
)
from estimation.theories import (
    Babbling,
    CognitiveHierarchy,
    CostlyLying,
    DynamicTrust,
    Honest,
    LevelK,
    LevelKLying,
    NaiveAccusation,
    QuantalResponse,
    RecursiveAccusation,
    TrustEmbedded,
)
from estimation.theories.parameter import Parameter

GAMES = [ForecastSharing(250, 100, 75, 0, 60), EstimationGame()]
THEORIES = [
    make(response=response)
    for make in (
        TrustEmbedded,
        lambda **options: TrustEmbedded("separate", **options),
        DynamicTrust,
        lambda **options: DynamicTrust(rule="counts", **options),
        lambda **options: DynamicTrust(rule="accuracy", **options),
        LevelK,
        CognitiveHierarchy,
        lambda **options: QuantalResponse("separate", **options),
        lambda **options: CostlyLying("separate", **options),
        LevelKLying,
        Honest,
        Babbling,
    )
    for response in ("logit", "normal")
] + [RecursiveAccusation(), NaiveAccusation()]
PLAYED = [*(make() for make in STRATEGIC.values()), Levels(2, "choice"), Hierarchy("logit")]

DIMS = {
    "chain": "independent run of the sampler",
    "draw": "kept iteration of a chain",
    "sample": "draw from the posterior, chains one after another",
    "subject": "person",
    "parameter": "parameter that differs between people",
    "kind": "discrete kind of person: a level or a step of thought, a theory of a mixture; one kind in most theories",
    "covariate": "column of a formula that shifts a mean from person to person",
    "pair": "two parameters that are correlated over people",
    "state": "value of what the sender alone knows",
    "message": "option of the sender",
    "action": "option of the receiver",
}

SYMBOLS = [
    ("mean_demand", "μ", "mean of demand", "units"),
    ("retail_price", "r", "price at which the sender sells", "money per unit"),
    ("wholesale_price", "w", "price that the sender pays to the receiver", "money per unit"),
    ("unit_cost", "c", "what a delivered unit costs the receiver", "money per unit"),
    ("capacity_cost", "c_K", "what a unit of capacity costs the receiver, used or not", "money per unit"),
    ("state_range", "b", "the private forecast ξ is uniform on ±b", "units"),
    ("noise_range", "e", "the noise ε in demand is uniform on ±e", "units"),
    (
        "critical_ratio",
        "ρ",
        "(w - c - c_K) / (w - c): how often the best capacity covers demand",
        "probability",
    ),
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


def played() -> list[tuple[str, ...]]:
    """Return a row for each distinct parameter of theories of games without communication."""
    found: dict[str, tuple[Parameter, list[str]]] = {}
    for theory in PLAYED:
        for p in theory.parameters([money_request()]):
            _, names = found.setdefault(p.name, (p, []))
            if theory.name not in names:
                names.append(theory.name)
    return [
        (f"`{p.name}`", p.symbol, p.meaning, p.unit, p.scale, ", ".join(n), p.why) for p, n in found.values()
    ]


def notation() -> str:
    """Return the whole file."""
    columns = [
        (f"`{c.name}`", c.meaning, c.unit, c.kind, "yes" if c.name in REQUIRED else "")
        for c in (*CHEAP_TALK, OUTCOME)
    ]
    persons = [
        (f"`{p.name}`", p.symbol, p.meaning, p.unit, p.scale, ", ".join(names), p.why)
        for p, names in parameters().items()
    ]
    parts = [
        HEAD,
        "## Columns of an experiment\n",
        table(("column", "meaning", "unit", "kind", "required"), columns),
        f"Roles are `{'` and `'.join(ROLES)}`.\n",
        "## Dimensions\n",
        table(("dimension", "one entry is a"), [(f"`{name}`", meaning) for name, meaning in DIMS.items()]),
        "## Parameters of a person\n",
        "Over people they are normal on the scale given (`mean` and `sd` are on that scale); `share` (π) says how\n"
        "many people are of each kind. Where a prior speaks of payoffs or spreads, those of the games played are\n"
        "meant.\n",
        table(("parameter", "symbol", "meaning", "unit", "scale", "theories", "prior"), persons),
        "## Games without communication\n",
        table(
            ("column", "meaning", "unit", "kind"), [(f"`{c.name}`", c.meaning, c.unit, c.kind) for c in PLAYS]
        ),
        table(("parameter", "symbol", "meaning", "unit", "scale", "theories", "prior"), played()),
        "## Forecast sharing\n",
        "In the symbols of Özer, Zheng and Chen (2011). States and messages are relative to mean demand; capacity\n"
        "is in units of demand.\n",
        table(("name", "symbol", "meaning", "unit"), [(f"`{name}`", *rest) for name, *rest in SYMBOLS]),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(notation())
