"""What people do in the estimation game, as the scripts of Oey and Vul (2024) describe it: lies and corrections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

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


def mean(kind: str, group: str) -> float:
    """Return the mean gap."""
    return float(gaps(kind, group)["gap"].mean())


def t_of_mean(kind: str, group: str) -> float:
    """Return the t of the mean gap."""
    return float(stats.ttest_1samp(gaps(kind, group)["gap"], 0.0).statistic)


def effect_of_cost(kind: str, group: str) -> float:
    """Return the mean gap where lies cost linearly minus where they cost quadratically."""
    by_cost = gaps(kind, group).groupby("cost")["gap"].mean()
    return float(by_cost["linear"] - by_cost["quadratic"])


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


def of_people_within_conditions(_group: str) -> float:
    """Return the correlation over people of lies and corrections, after each condition's means are taken off."""
    people, cells = by("condition", "subject"), by("condition")
    centre = cells.reindex(people.index.get_level_values("condition")).to_numpy()
    return _correlation(people.sub(centre))


def _correlation(means: pd.DataFrame) -> float:
    return float(means[LIE].corr(means[CORRECTION]))


NUMBERS: dict[str, Number] = {
    "sender rows": lambda _: loaded.talk(NAME).decisions[SENDER],
    "receiver rows": lambda _: loaded.talk(NAME).decisions[RECEIVER],
    "people": lambda _: len(loaded.talk(NAME).subjects),
    "correlation of state and message": truth_in_messages,
    "t of correlation of state and message": t_of_truth,
    f"mean {LIE}": partial(mean, LIE),
    f"mean {CORRECTION}": partial(mean, CORRECTION),
    f"mean {CORRECTION} in the earlier run": partial(mean, CORRECTION),
    f"t of mean {LIE}": partial(t_of_mean, LIE),
    f"t of mean {CORRECTION}": partial(t_of_mean, CORRECTION),
    f"linear minus quadratic {LIE}": partial(effect_of_cost, LIE),
    f"linear minus quadratic {CORRECTION}": partial(effect_of_cost, CORRECTION),
    "correlation of own lie and correction": lambda _: _correlation(by("condition", "subject")),
    "correlation of own lie and correction within cells": of_people_within_conditions,
    "correlation of mean lie and mean correction over cells": lambda _: _correlation(by("condition")),
}

FACTS = "means, tests and correlations of decisions"
ROUTES = {f"{NAME}/{table}": Route(answer, FACTS, NAME) for table in ("scripts", "own")}
