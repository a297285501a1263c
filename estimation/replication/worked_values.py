"""Worked values: guesses, requests, logit equilibria of asymmetric matching pennies, and how trust moves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.data import PlayTable
from estimation.games.guessing import Guesser, GuessingGame
from estimation.games.normal_form import COLUMN, ROW, NormalForm
from estimation.inference.pooled.plays import PlayProblem
from estimation.replication import loaded
from estimation.replication.route import Route, by_quantity
from estimation.replication.target import Found, Question
from estimation.theories.beliefs.trust_rules import relative_accuracy, room
from estimation.theories.plays.logit_equilibrium import LogitEquilibrium, logit_equilibrium

REQUESTS = "arad_rubinstein_2012"
OPENING = GuessingGame(Guesser(1.5, 300, 900), Guesser(0.5, 100, 900))
PENNIES = NormalForm(np.array([[1.1141, 0], [0, 0.2785]]), np.array([[0, 1.1141], [1.1141, 0]]))
PLAYED = {ROW: 0.527, COLUMN: 0.366}
PAIRS = 128
"""How often each side's first option was played, and by how many pairs: the tutorial's data."""


def guesses() -> dict[str, float]:
    """Return equilibrium and level-k guesses of the opening example of Costa-Gomes and Crawford's slides."""
    equilibria = {
        "equilibrium of the player": OPENING.equilibrium(),
        "equilibrium of the opponent": OPENING.mirrored.equilibrium(),
    }
    return equilibria | {f"guess of L{level}": OPENING.level_k(level) for level in (1, 2, 3)}


def request_shares() -> dict[str, float]:
    """Return shares of the requests that answer one, two and three steps of thought."""
    frame = loaded.plays(REQUESTS).frame
    share = frame.groupby("choice")["count"].sum() / frame["count"].sum()
    return {
        "share of 17 to 19": float(share[["17", "18", "19"]].sum()),
        "share of 17 and 18": float(share[["17", "18"]].sum()),
    }


def equilibrium(question: Question) -> Found:
    """Return how often a side plays its first option in the logit equilibrium at a precision."""
    (row, column), _ = logit_equilibrium(PENNIES, float(question.group.removeprefix("precision ")))
    return Found(float((row if question.quantity.startswith(ROW) else column)[0]))


def estimate() -> dict[str, float]:
    """Return the precision that fits the play best, the equilibrium there, and its log likelihood, nats."""
    rows = [
        {"game": "pennies", "player": player, "choice": choice, "count": PAIRS * share}
        for player, first in PLAYED.items()
        for choice, share in zip(PENNIES.options(player), (first, 1 - first), strict=True)
    ]
    plays = PlayTable.from_frame(pd.DataFrame(rows), {"pennies": PENNIES})
    found = PlayProblem(LogitEquilibrium(), plays).mode(seed=0)
    precision = float(found.parameters["precision"])
    (row, column), _ = logit_equilibrium(PENNIES, precision)
    first = {"row plays 1": float(np.asarray(row)[0]), "column plays 1": float(np.asarray(column)[0])}
    return {"precision": precision, "log likelihood": found.log_likelihood} | first


def trust_update(question: Question) -> Found:
    """Return a worked value of the rules; the group names the case, as ``d = 50, q = 52, Q = 55`` or ``w = 0.5``."""
    case = {name.strip(): float(value) for name, value in (p.split("=") for p in question.group.split(","))}
    if question.quantity == "relative accuracy":
        own, told = abs(case["d"] - case["q"]), abs(case["d"] - case["Q"])
        return Found(float(relative_accuracy(np.float64(own), np.float64(told))))
    return Found(float(room(case["w"])))


GAMBIT = "ochs_matching_pennies"
ROUTES: dict[str, Route] = {
    "guessing_games/opening-example": Route(by_quantity(guesses), "equilibrium by dominance"),
    "guessing_games/own": Route(by_quantity(guesses), "level-k guesses"),
    f"{REQUESTS}/table-1": Route(by_quantity(request_shares), "totals of the shares by request", REQUESTS),
    f"{GAMBIT}/equilibria": Route(equilibrium, "logit equilibrium on the principal branch"),
    f"{GAMBIT}/estimate": Route(by_quantity(estimate), "maximum of the likelihood over the precision"),
    "fu_2016_trust_update/section-3-2": Route(trust_update, "the rule's formulas at the printed cases"),
}
