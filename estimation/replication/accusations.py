"""The accusation experiment and the models that Oey, Schachner and Vul (2023) fitted to it by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import numpy as np
from scipy import optimize, special

from estimation.arrays import Array
from estimation.games.accusation import AccusationGame
from estimation.names import RECEIVER, SENDER
from estimation.replication import loaded
from estimation.replication.listing import printed_values
from estimation.replication.route import Route, by_quantity
from estimation.theories.replies.accusation_levels import (
    mindless_receiver,
    mindless_sender,
    recursive_receiver,
    recursive_sender,
)

NAME = "oey_rational_lying"
WEIGHT, DEVIANCE = "logit of careful lies", "-2 log likelihood"
MOTIVES = ["precision", "lie aversion", "accusation aversion"]
NAMES = {"recursive": [*MOTIVES, "log mean level", WEIGHT], "naive": [*MOTIVES, WEIGHT]}
STARTS = {"recursive": [0.15, 10.0, 10.0, 1.8, 4.0], "naive": [0.15, 15.0, 10.0, -2.0]}
SEARCH = {"xatol": 1e-3, "fatol": 1e-2, "maxiter": 3000, "adaptive": True}
CLIPPED = {"recursive": 8.0, "naive": 10.0}
"""Where the authors' code cuts the weight off before it becomes a share."""
MODELS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "recursive": (recursive_sender, recursive_receiver),
    "naive": (mindless_sender, mindless_receiver),
}


def sizes() -> dict[str, float]:
    """Return how many decisions and people the files hold."""
    table = loaded.talk(NAME)
    rows = {f"{role} rows": float(table.decisions[role]) for role in (SENDER, RECEIVER)}
    return rows | {"people": float(len(table.subjects))}


@cache
def counts() -> dict[tuple[str, str], Array]:
    """Return how often each report followed each state, and each call each report, by condition and role."""
    found = {}
    for (condition, role), rows in loaded.talk(NAME).frame.groupby(["condition", "role"]):
        what, did, size = ("state", "message", 11) if role == SENDER else ("message", "action", 2)
        table = np.zeros((11, size))
        np.add.at(table, (rows[what].to_numpy(int), rows[did].to_numpy(int)), 1)
        found[str(condition), str(role)] = table
    return found


def deviance(model: str, x: Sequence[float]) -> float:
    """Return twice (minus the log likelihood plus |weight|), which the authors call -2 log L, nats.

    `x` has the parameters of `NAMES`; only people who reason about each other have a mean level.
    """
    sender, receiver = MODELS[model]
    precision, lie, accusation, *log_level, weight = x
    level, careful = np.exp(log_level), special.expit(np.clip(weight, -CLIPPED[model], CLIPPED[model]))
    total = 0.0
    for (condition, role), table in counts().items():
        game = loaded.talk(NAME).games[condition]
        assert isinstance(game, AccusationGame)
        if role == SENDER:
            chance = sender(game, precision, lie, *level, careful)
        else:
            accuse = receiver(game, precision, accusation, *level)
            chance = np.stack([1 - accuse, accuse], axis=-1)
        total -= float((table * np.log(chance)).sum())
    return 2 * (total + abs(weight))


def optimum(model: str) -> dict[str, float]:
    """Return the estimates at our optimum, and the deviance at the printed estimates."""
    goal, table = partial(deviance, model), printed_values(f"{NAME}/{model}")
    found = optimize.minimize(goal, STARTS[model], method="Nelder-Mead", options=SEARCH)
    at_printed = goal([table[name] for name in NAMES[model]])
    return dict(zip(NAMES[model], map(float, found.x), strict=True)) | {DEVIANCE: at_printed}


SEARCHED = "optimum by our own search; -2 log L at the printed estimates"
ROUTES = {f"{NAME}/size": Route(by_quantity(sizes), "rows and people of the files", NAME)} | {
    f"{NAME}/{model}": Route(by_quantity(partial(optimum, model)), SEARCHED, NAME) for model in MODELS
}
