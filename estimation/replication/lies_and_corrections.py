"""What people do in the estimation game, as the scripts of Oey and Vul (2024) describe it: lies and corrections."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from estimation.names import RECEIVER, SENDER
from estimation.replication import loaded
from estimation.replication.route import Route
from estimation.replication.target import Found, Question

NAME = "oey_what_is_reality"
LIE, CORRECTION = "message minus state", "action minus message"
COLUMNS = {LIE: (SENDER, "message", "state"), CORRECTION: (RECEIVER, "action", "message")}

Number = Callable[[str], float]
"""From a group, a goal or condition or ``all``, to the number."""


def answer(question: Question) -> Found:
    """Return one number of the experiment."""
    return Found(float(NUMBERS[question.quantity](question.group)))


def gaps(kind: str, group: str = "all") -> pd.DataFrame:
    """Return the senders' lies or the receivers' corrections, one row per decision, in ``gap``, marbles."""
    role, high, low = COLUMNS[kind]
    rows = loaded.talk(NAME).only(role).frame
    chosen = rows[(rows["goal"] == group) | (rows["condition"] == group) | (group == "all")]
    return chosen.assign(gap=chosen[high] - chosen[low])


def mean_of(kind: str) -> Number:
    """Return the mean gap."""
    return lambda group: gaps(kind, group)["gap"].mean()


def t_of(kind: str) -> Number:
    """Return the t of the mean gap."""

    def t(group: str) -> float:
        gap = gaps(kind, group)["gap"]
        return float(gap.mean() / (gap.std() / np.sqrt(len(gap))))

    return t


def effect_of_cost(kind: str) -> Number:
    """Return the mean gap where lies cost linearly minus where they cost quadratically."""

    def effect(group: str) -> float:
        by_cost = gaps(kind, group).groupby("cost")["gap"].mean()
        return float(by_cost["linear"] - by_cost["quadratic"])

    return effect


def truth_in_messages(_group: str) -> float:
    """Return the correlation of state and message over senders' decisions."""
    rows = loaded.talk(NAME).only(SENDER).frame
    return float(rows["state"].corr(rows["message"]))


def t_of_truth(group: str) -> float:
    """Return the t of that correlation."""
    r, n = truth_in_messages(group), len(loaded.talk(NAME).only(SENDER))
    return float(r * np.sqrt((n - 2) / (1 - r**2)))


def by(*columns: str) -> pd.DataFrame:
    """Return mean lies and corrections by some columns."""
    return pd.DataFrame({kind: gaps(kind).groupby(list(columns))["gap"].mean() for kind in COLUMNS})


def of_people(_group: str) -> float:
    """Return the correlation over people of their lies as senders and their corrections as receivers."""
    return _correlation(by("condition", "subject"))


def of_people_within_conditions(_group: str) -> float:
    """Return the same after each condition's means are taken off."""
    people, cells = by("condition", "subject"), by("condition")
    centre = cells.reindex(people.index.get_level_values("condition")).to_numpy()
    return _correlation(people.sub(centre))


def of_conditions(_group: str) -> float:
    """Return the correlation over conditions."""
    return _correlation(by("condition"))


def _correlation(means: pd.DataFrame) -> float:
    return float(means[LIE].corr(means[CORRECTION]))


NUMBERS: dict[str, Number] = {
    "sender rows": lambda _: loaded.talk(NAME).decisions[SENDER],
    "receiver rows": lambda _: loaded.talk(NAME).decisions[RECEIVER],
    "people": lambda _: len(loaded.talk(NAME).subjects),
    "correlation of state and message": truth_in_messages,
    "t of correlation of state and message": t_of_truth,
    f"mean {LIE}": mean_of(LIE),
    f"mean {CORRECTION}": mean_of(CORRECTION),
    f"mean {CORRECTION} in the earlier run": mean_of(CORRECTION),
    f"t of mean {LIE}": t_of(LIE),
    f"t of mean {CORRECTION}": t_of(CORRECTION),
    f"linear minus quadratic {LIE}": effect_of_cost(LIE),
    f"linear minus quadratic {CORRECTION}": effect_of_cost(CORRECTION),
    "correlation of own lie and correction": of_people,
    "correlation of own lie and correction within cells": of_people_within_conditions,
    "correlation of mean lie and mean correction over cells": of_conditions,
}

FACTS = "means, tests and correlations of decisions"
ROUTES = {f"{NAME}/{table}": Route(answer, FACTS, NAME) for table in ("scripts", "own")}
