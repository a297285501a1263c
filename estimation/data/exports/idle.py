"""What to say of rows without a decision: who left and when, whom that left alone, and who did not play at times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.data.cells.rows import list_some, show
from estimation.data.tables.rules import MOST_NAMED
from estimation.data.tables.source import about_role
from estimation.names import PARTNER, PERIOD, ROLE, ROLES, SUBJECT
from estimation.text.sentences import counted

LEFT = 2  # rows without a decision at somebody's end from which on they are said to have left


def idle_by_role(rows: pd.DataFrame, here: Mask, lacks: pd.Series, roles: Mapping[str, str]) -> list[str]:
    """Say what `idle` says of each role by itself, for who looks at receivers need not know which senders left.

    `roles` says what the words for roles mean. If somebody has both roles, it is said of everybody together.
    """
    role = rows[ROLE.name].map(roles)
    played = role.groupby(rows[SUBJECT.name])
    if len(set(role.dropna())) < len(ROLES) or played.nunique().max() > 1:
        return [idle(rows, here, lacks)]
    whose = played.transform("first").fillna("")
    parts = {one: (whose == one).to_numpy() for one in (*ROLES, "")}
    return [about_role(one, idle(rows, here, lacks, mine)) for one, mine in parts.items() if (mine & ~here).any()]


def idle(rows: pd.DataFrame, here: Mask, lacks: pd.Series, mine: Mask | None = None) -> str:
    """Say how many rows hold no decision; who made none at all, who left after which round, and what others lack when.

    `here` says which rows hold a decision, `lacks` what is missing of the others, `mine` of which rows this is said.
    """
    mine = np.ones(len(rows), dtype=bool) if mine is None else mine
    empty = ~here & mine
    gone, deciding = rows[empty].assign(lacks=lacks[empty].to_numpy()), set(rows[SUBJECT.name][here & mine])
    everybody = rows[SUBJECT.name][mine].unique()
    nobody = [show(who) for who in everybody if who not in deciding]
    parts = []
    if nobody:
        named = list_some(nobody, "participants", MOST_NAMED)
        parts.append(f"{len(nobody):,} of {len(everybody):,} participants made none: {named}")
    gone = gone[gone[SUBJECT.name].isin(deciding)]
    last = leavers(rows, here)
    own = {who: round_ for who, round_ in last.items() if who in deciding}
    if own:
        named = list_some([f"{show(who)} after round {round_}" for who, round_ in own.items()], "people", MOST_NAMED)
        parts.append(f"{counted(len(own), 'person')} left: {named}")
    if last:
        after = _after(gone, last)
        alone = gone[PARTNER.name].isin(list(last)) & ~after & _after(gone, last, PARTNER.name)
        if alone.any():
            parts.append(f"{counted(int(alone.sum()), 'row')} of people whose partner had left")
        gone = gone[~after & ~alone]
    times = [
        f"{show(row[SUBJECT.name])}{_in(row['round'])} (no {row['lacks']}{_with(row[PARTNER.name])})"
        for row in gone.to_dict("records")
    ]
    if times:
        parts.append(f"somebody did not play: {list_some(times, 'rows', MOST_NAMED)}")
    text = f"{empty.sum():,} of {mine.sum():,} rows hold no decision and are left out"
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
