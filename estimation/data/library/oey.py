"""The experiments of Oey and others, an estimation game and an accusation game: their columns to ours.

Each experiment comes in raw files by role, in any order. There is no partner: it was a computer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

COSTS = {"unif": "linear", "linear": "quadratic"}
"""The raw label tells how one more marble is priced, the authors' names how the total grows: a uniform price
makes the total cost of a lie linear in its size, a linearly rising price makes it quadratic."""

COLUMNS = {"subjID": "subject", "trialNumber": "period", "k": "state", "ksay": "message"}
ESTIMATION = COLUMNS | {"roleCurrent": "role", "kest": "action"}
ACCUSATION = COLUMNS | {"role": "role", "callBS": "action"}

COVARIATES = ["goal", "cost", "accuracy"]

MET = {0.3: "met-honest", 8.1: "met-small", 21.9: "met-big"}
"""Mean exaggeration of the sender whom people met, in marbles → their condition."""
TOLD = {"honest": "honest", "dishonest_small": "small", "dishonest_big": "big"}
"""What people were told about the sender, as the raw file and as the column ``told`` have it."""


def read_what_is_reality(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return both roles of the estimation game (Oey and Vul) in the standard columns.

    State, message and action are in red marbles out of 100; ``goal`` is what the sender wants (over- or
    under-estimates), ``cost`` how the effort of a lie grows with its size, ``accuracy`` the share of attention
    questions that the person answered correctly.
    """
    raw = _rows(paths)
    named = raw.assign(cost=raw["cost"].map(COSTS)).rename(columns=ESTIMATION)
    named["condition"] = named["goal"] + "-" + named["cost"]
    return named[[*ESTIMATION.values(), "condition", *COVARIATES]]


def read_liars(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return receivers of the estimation game who met liars of known size (Oey and Vul) in the standard columns.

    State, message and action are in red marbles out of 100. The condition says whom people met; ``liar`` is the mean
    exaggeration of that sender (marbles), ``told`` what people had been told about it (honest, small or big lies), and
    ``accuracy`` the share of attention questions answered correctly. ``outcome`` is empty: in no round were people
    shown what was true.
    """
    raw = _rows(paths)
    liar, told = raw["trialLambda"], raw["instructedLambda"].map(TOLD)
    named = raw.rename(columns=ESTIMATION).assign(condition=liar.map(MET), outcome=np.nan, liar=liar, told=told)
    return named[[*ESTIMATION.values(), "condition", "outcome", "liar", "told", "accuracy"]]


def read_rational_lying(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return both roles of the accusation game (Oey, Schachner and Vul) in the standard columns.

    State and message are in red marbles out of 10; the action is 1 for an accusation. Conditions are named after the
    colour that scores for the sender and the share of red marbles, such as ``red-0.2``.
    """
    raw = _rows(paths)
    named = raw.assign(callBS=raw["callBS"].astype(float)).rename(columns=ACCUSATION)
    named["condition"] = raw["util"] + "-" + raw["p"].astype(str)
    return named[[*ACCUSATION.values(), "condition"]]


def _rows(paths: Mapping[str, Path]) -> pd.DataFrame:
    return pd.concat([pd.read_csv(path) for path in paths.values()], ignore_index=True)


TALK_READERS: dict[str, Callable[[Mapping[str, Path]], pd.DataFrame]] = {
    "oey_liars": read_liars,
    "oey_rational_lying": read_rational_lying,
    "oey_what_is_reality": read_what_is_reality,
}
