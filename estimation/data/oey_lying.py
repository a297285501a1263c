"""Oey, Schachner and Vul's accusation game: their columns to ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

COLUMNS = {
    "subjID": "subject",
    "role": "role",
    "trialNumber": "period",
    "k": "state",
    "ksay": "message",
    "callBS": "action",
}


def read_rational_lying(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return both roles of the experiment in the standard columns.

    Parameters
    ----------
    paths
        Where the two raw files are; the order does not matter.

    Returns
    -------
    pandas.DataFrame
        State and message in red marbles out of 10; the action is 1 for an accusation. Conditions are named after the
        colour that scores for the sender and the share of red marbles, such as ``red-0.2``. There is no partner: it was
        a computer.
    """
    raw = pd.concat([pd.read_csv(path) for path in paths.values()], ignore_index=True)
    named = raw.assign(callBS=raw["callBS"].astype(float)).rename(columns=COLUMNS)
    named["condition"] = raw["util"] + "-" + raw["p"].astype(str)
    return named[[*COLUMNS.values(), "condition"]]
