"""Oey and Vul's estimation game: their columns to ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

COSTS = {"unif": "linear", "linear": "quadratic"}
"""The raw label tells how one more marble is priced, the authors' names how the total grows: a uniform price
makes the total cost of a lie linear in its size, a linearly rising price makes it quadratic."""

COLUMNS = {
    "subjID": "subject",
    "roleCurrent": "role",
    "trialNumber": "period",
    "k": "state",
    "ksay": "message",
    "kest": "action",
}

COVARIATES = ["goal", "cost", "accuracy"]


def read_what_is_reality(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return both roles of the experiment in the standard columns.

    Parameters
    ----------
    paths
        Where the two raw files are; the order does not matter.

    Returns
    -------
    pandas.DataFrame
        State, message and action in red marbles out of 100; ``goal`` is what the sender wants (over- or
        under-estimates), ``cost`` how the effort of a lie grows with its size, ``accuracy`` the share of
        attention questions that the person answered correctly. There is no partner: it was a computer.
    """
    raw = pd.concat([pd.read_csv(path) for path in paths.values()], ignore_index=True)
    named = raw.assign(cost=raw["cost"].map(COSTS)).rename(columns=COLUMNS)
    named["condition"] = named["goal"] + "-" + named["cost"]
    return named[[*COLUMNS.values(), "condition", *COVARIATES]]
