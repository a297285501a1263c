"""Fits of theories with known draws, and what people do under them in plain loops: what quantities are compared on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

import estimation as est
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageProblem

DRAWS, SAMPLES = 3, 5  # of the population, by chain; of people
NATURAL = {"logit": lambda x: 1 / (1 + math.exp(-x)), "log": math.exp, "identity": lambda x: x}
NAMES = ["10", "2", "1", "x y", "é", "007"]


@dataclass(frozen=True, eq=False)
class Sale(est.Game):
    """Whole numbers; the sender earns a share of the action, so that payoffs have other units than the options."""

    highest: int = 6
    share: float = 0.5

    direction = 1

    @property
    def states(self):
        return np.arange(self.highest + 1.0)

    @property
    def prior(self):
        return np.full(self.highest + 1, 1 / (self.highest + 1))

    def sender_payoff(self, action, state, xp=np):  # noqa: ARG002
        return self.share * action + 0 * state

    def receiver_payoff(self, action, state, xp=np):  # noqa: ARG002
        return -((action - state) ** 2)


GAMES = {"sale": Sale(), "up": est.EstimationGame("over", highest=10), "down": est.EstimationGame("under", highest=8)}
MARGIN = {"sale": 0.5, "up": 1.0, "down": 1.0}  # what a unit of action can earn the sender
DIRECTION = {"sale": 1, "up": 1, "down": -1}
PULL = est.Parameter(
    "pull", "δ", "how far what is said or done is moved", "share of the range", "logit", -1.0, 1.0, 1.0, "any"
)


class Pulling(est.Theory):
    """Senders who move the truth by a personal share of the scale, and receivers who move messages back by it."""

    traits = (PULL,)
    name = "pulling"

    def sender_target(self, game, kind, values, state, xp=np):  # noqa: ARG002
        return state[:, None] + game.direction * values["pull"] * np.ptp(game.states)

    def receiver_target(self, game, kind, values, message, xp=np):  # noqa: ARG002
        return message[:, None] - game.direction * values["pull"] * np.ptp(game.states)


class Ends(est.Theory):
    """People of two kinds who always take an end of the scale."""

    types = ("low", "high")
    name = "ends"

    def sender_target(self, game, kind, values, state, xp=np):  # noqa: ARG002
        return 0 * state[:, None] + kind * game.states[-1]

    def receiver_target(self, game, kind, values, message, xp=np):  # noqa: ARG002
        return 0 * message[:, None] + kind * game.states[-1]


REACTING = Pulling(pull="~ age + country * late")
"""People who move with columns of theirs, one of which varies within people."""


def decisions(seed: int = 3, names: Any = NAMES, periods: int = 8) -> pd.DataFrame:
    """Decisions of six people with odd names, in no order: one of a person, one role of two; conditions differ."""
    rng, rows = np.random.default_rng(seed), []
    for place, who in enumerate(names):
        for period in range(1, 2 if who == "007" else periods + 1):
            condition = list(GAMES)[(place + period // 5) % 3]
            role = {"1": "sender", "é": "receiver"}.get(who, "sender" if period % 2 else "receiver")
            game = GAMES[condition]
            row = {"subject": who, "role": role, "period": period, "condition": condition}
            row |= {"state": rng.choice(game.states), "message": rng.choice(game.messages)}
            row |= {"action": rng.choice(game.actions), "partner": names[(place + 1) % len(names)]}
            rows.append(row | {"age": 20.0 + 7 * place, "country": "AB"[place % 2], "late": float(period > 4)})
    return pd.DataFrame(rows).sample(frac=1.0, random_state=seed, ignore_index=True)


def table_of(frame: pd.DataFrame, games: Any = None) -> Any:
    """Return a table, labelled SYNTHETIC."""
    return est.Table.from_frame(frame, games or GAMES, name="made up", synthetic=True)


def with_draws(theory: Any, table: Any, seed: int = 1, **held: Any) -> Any:
    """Return a fit whose draws are random numbers, of a population and of people who have nothing to do with it.

    Numbers that are ``held`` are the same in all draws: ``mean`` and ``theta`` (parameter → transformed value), and
    ``sd``.
    """
    problem, rng = MessageProblem(theory, table), np.random.default_rng(seed)
    names, shape = [p.name for p in problem.parameters], (2, DRAWS)
    centre = np.array([p.centre for p in problem.parameters])
    mean, theta = (centre + rng.normal(size=(*of, len(names))) for of in (shape, (SAMPLES, len(table.subjects))))
    for values, known in ((mean, held.get("mean", {})), (theta, held.get("theta", {}))):
        for name, value in known.items():
            values[..., names.index(name)] = value
    data = {
        "mean": mean,
        "sd": np.broadcast_to(held.get("sd", rng.uniform(0.2, 0.8, (*shape, len(names)))), mean.shape),
    }
    if columns := len(problem.design.covariates.of):
        data["coefficient"] = rng.normal(size=(*shape, columns))
    if problem.kinds > 1:
        data["share"] = rng.dirichlet(np.ones(problem.kinds), shape)
    if pairs := problem.structure.pairs:
        data["correlation"] = rng.uniform(-0.2, 0.2, (*shape, len(pairs)))
    flat = xr.Dataset({name: (("chain", "draw", f"{name}_dim"), value) for name, value in data.items()})
    posterior = problem.named(flat.assign_coords(chain=[0, 1], draw=np.arange(DRAWS)))
    own = {
        "theta": (("sample", "subject", "parameter"), theta),
        "kind": (("sample", "subject"), rng.integers(problem.kinds, size=theta.shape[:2])),
        "population": ("sample", rng.permutation(2 * DRAWS)[:SAMPLES]),
    }
    coords = {"subject": table.subjects, "parameter": names}
    groups = {"/": xr.Dataset(), "posterior": posterior, "people": xr.Dataset(own, coords)}
    return Fit(problem, xr.DataTree.from_dict(groups), {})


@cache
def drawn(fit: Any, sample: int, who: str) -> tuple[int, dict[str, float]]:
    """Return the kind of a person and their effects by name, transformed scale, in one draw."""
    one = fit.tree["people"].dataset.isel(sample=sample).sel(subject=who)
    names = map(str, one["parameter"].to_numpy())
    return int(one["kind"]), dict(zip(names, one["theta"].to_numpy().tolist(), strict=True))


@cache
def numbers(fit: Any, part: str) -> list[dict[str, float]]:
    """Return a part of the population by name, transformed scale, for each draw, chain by chain."""
    found = fit.posterior[part]
    names = [str(name) for name in found[found.dims[-1]].to_numpy()]
    return [dict(zip(names, found.to_numpy()[c, d].tolist(), strict=True)) for c in range(2) for d in range(DRAWS)]


def coefficients_of(fit: Any, sample: int) -> dict[str, float]:
    """Return coefficients of formulas in the population from which a draw of people comes."""
    return numbers(fit, "coefficient")[int(fit.tree["people"].dataset["population"][sample])]


@cache
def scales(fit: Any) -> dict[str, str]:
    """Return on which scale each parameter is normal."""
    return {p.name: p.scale for p in fit.problem.parameters}


def natural(fit: Any, effects: dict[str, float]) -> dict[str, float]:
    """Return effects on the natural scale."""
    return {name: NATURAL[scales(fit)[name]](value) for name, value in effects.items()}


def seen(row: dict[str, Any]) -> float:
    return row["state"] if row["role"] == "sender" else row["message"]


def done(row: dict[str, Any]) -> float:
    return row["message"] if row["role"] == "sender" else row["action"]


def pulled(row: dict[str, Any], value: dict[str, float]) -> float:
    """Where `Pulling` aims; `pull` may have a name for each role."""
    share = value["pull"] if "pull" in value else value[f"pull ({row['role']})"]
    sign = DIRECTION[row["condition"]] * (1 if row["role"] == "sender" else -1)
    return seen(row) + sign * share * GAMES[row["condition"]].highest


def chances(row: dict[str, Any], aim: float, value: dict[str, float]) -> dict[float, float]:
    """Return how likely each option is: a logit in the distance from the aim, the exact by habit, and lapses."""
    options = range(GAMES[row["condition"]].highest + 1)
    precision, unit = value[f"{row['role']}_precision"], MARGIN[row["condition"]]
    worth = {o: math.exp(-precision * unit * abs(o - aim)) for o in options}
    lapse = value["lapse"] if "lapse" in value else value.get(f"lapse ({row['role']})", 0.0)
    exact = value.get("sender_truth" if row["role"] == "sender" else "receiver_literal", 0.0)
    return {
        float(o): lapse / len(options)
        + (1 - lapse) * (exact * (o == seen(row)) + (1 - exact) * worth[o] / sum(worth.values()))
        for o in options
    }


def mean_of(chance: dict[float, float]) -> float:
    return sum(option * p for option, p in chance.items())


def acting(frame: pd.DataFrame, of_row: Any, seed: int = 5) -> pd.DataFrame:
    """Decisions drawn one by one from what plain loops say of them, given effects of a row on the natural scale."""
    rng, rows = np.random.default_rng(seed), []
    for row in frame.to_dict("records"):
        chance = of_row(row)
        choice = rng.choice(list(chance), p=list(chance.values()))
        rows.append(row | {"message" if row["role"] == "sender" else "action": choice})
    return pd.DataFrame(rows)
