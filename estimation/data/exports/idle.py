"""What to say of rows without a decision: who left and when, whom that left alone, and who did not play at times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.data.cells.rows import list_some, show
from estimation.data.tables.rules import MOST_NAMED
from estimation.names import PARTNER, PERIOD, SUBJECT
from estimation.text.sentences import counted

LEFT = 2  # rows without a decision at somebody's end from which on they are said to have left


def idle(rows: pd.DataFrame, here: Mask, lacks: pd.Series) -> str:
    """Say how many rows hold no decision; who made none at all, who left after which round, and what others lack when.

    `here` says which rows hold a decision, `lacks` what is missing of the others.
    """
    gone, deciding = rows[~here].assign(lacks=lacks[~here].to_numpy()), set(rows[SUBJECT.name][here])
    everybody = rows[SUBJECT.name].unique()
    nobody = [show(who) for who in everybody if who not in deciding]
    parts = []
    if nobody:
        named = list_some(nobody, "participants", MOST_NAMED)
        parts.append(f"{len(nobody):,} of {len(everybody):,} participants made none: {named}")
    gone = gone[gone[SUBJECT.name].isin(deciding)]
    last = leavers(rows, here)
    if last:
        named = list_some([f"{show(who)} after round {round_}" for who, round_ in last.items()], "people", MOST_NAMED)
        parts.append(f"{counted(len(last), 'person')} left: {named}")
        after = _after(gone, last)
        alone = gone[PARTNER.name].isin(list(last)) & ~after & _after(gone, last, PARTNER.name)
        if alone.any():
            parts.append(f"{counted(int(alone.sum()), 'row')} of people who were to play with them then")
        gone = gone[~after & ~alone]
    times = [
        f"{show(row[SUBJECT.name])}{_in(row['round'])} (no {row['lacks']}{_with(row[PARTNER.name])})"
        for row in gone.to_dict("records")
    ]
    if times:
        parts.append(f"somebody did not play: {list_some(times, 'rows', MOST_NAMED)}")
    text = f"{(~here).sum():,} of {len(rows):,} rows hold no decision and are left out"
    return f"{text}{': ' if parts else ''}{'; '.join(parts)}."


def leavers(rows: pd.DataFrame, here: Mask) -> dict[str, Any]:
    """Return who made no decision after some round, in `LEFT` rounds or more: person → the last round they played."""
    rounds = pd.to_numeric(rows["round"], errors="coerce")
    if rounds.isna().any() or rows[PERIOD.name].isna().any():
        return {}
    period = pd.to_numeric(rows[PERIOD.name]).to_numpy()
    found = {}
    for who, found_at in rows.groupby(SUBJECT.name, sort=False).indices.items():
        places = np.asarray(found_at)
        played = places[here[places]]
        if len(played) and (period[places] > period[played].max()).sum() >= LEFT:
            found[str(who)] = rows["round"].iloc[played[np.argmax(period[played])]]
    return dict(sorted(found.items(), key=lambda item: float(item[1])))


def _after(gone: pd.DataFrame, last: Mapping[str, Any], column: str = SUBJECT.name) -> pd.Series:
    """Return which rows are later than the last round of the person in a column."""
    ends = gone[column].map(lambda who: float(last[who]) if who in last else np.inf)
    return pd.to_numeric(gone["round"]) > ends


def _in(round_: Any) -> str:
    return f" in round {round_}" if round_ != "" else ""


def _with(partner: Any) -> str:
    return f", with {show(partner)}" if isinstance(partner, str) else ""
