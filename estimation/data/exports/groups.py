"""What members of a group know of each other: each value is that of the member whose decision it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.data.cells.rows import row_problem
from estimation.data.exports.layout import Layout
from estimation.data.exports.strategy import answer_to_what_was_sent
from estimation.names import ACTION, MESSAGE, PARTNER, ROLE, STATE, SUBJECT, Column

KEYS = ["session", "app", "round", "group"]
VALUES = (STATE.name, MESSAGE.name, ACTION.name)


def in_both_roles(rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, list[str]]:
    """Return each group of two twice, each member as sender once, and what keeps groups from being read like that."""
    size = rows.groupby(KEYS)[SUBJECT.name].transform("nunique")
    played = rows[list(VALUES)].notna().any(axis=1)
    problems = row_problem(
        ROLE,
        "is of nobody, so that everybody would send and receive, in a group that is not of two",
        size.astype(str) + " members",
        (played & (size != 2)).to_numpy(),
        "name the field that says who sends",
    )
    first = rows[SUBJECT.name] == rows.groupby(KEYS)[SUBJECT.name].transform("first")
    parts = []
    for name, sends in (("first", first), ("second", ~first)):
        part = rows.assign(group=rows["group"] + f", {name} sends")
        part[ROLE.name] = np.where(sends, layout.sender, layout.receiver)
        part[[STATE.name, MESSAGE.name]] = part[[STATE.name, MESSAGE.name]].where(sends, None)
        part[ACTION.name] = part[ACTION.name].where(~sends, None)
        parts.append(part)
    return pd.concat(parts), problems


def told(rows: pd.DataFrame, layout: Layout, answers: Mapping[str, str]) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return rows with what others in the group entered, problems, and what to know.

    State and message are the sender's, actions those of each receiver. Where the column lies on the rows of others,
    it is read there, unless it holds other values beside those of the member whose decision it is.
    """
    known, problems, caveats = rows.copy(), _shared_actions(rows, layout), []
    sends, hears = rows[ROLE.name] == layout.sender, rows[ROLE.name] == layout.receiver
    for column, owner, role in ((STATE, sends, "sender"), (MESSAGE, sends, "sender"), (ACTION, hears, "receiver")):
        if column is ACTION and answers:
            known[ACTION.name] = answer_to_what_was_sent(known, answers)
        values, wrong, strange = _of_owner(known, column, owner)
        field = getattr(layout, column.name)
        advice = "name a field that holds it for the group, or for one member only"
        rule = f"({field}) differs between members of a group"
        problems += row_problem(column, rule, known[column.name], wrong.to_numpy(), advice)
        if strange.any():
            caveats.append(
                f"{strange.sum():,} rows hold another {column.name} ({field}) than their group's {role} entered; what "
                f"the {role} entered is taken."
            )
        known[column.name] = values
    known[PARTNER.name] = _partners(known, sends, hears)
    return known, problems, caveats


def _of_owner(rows: pd.DataFrame, column: Column, owner: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return what is known of a value in each row, where members differ, and which rows hold another value."""
    keys = [rows[key] for key in KEYS]
    own, others = rows[column.name].where(owner, None), rows[column.name].where(~owner, None)
    theirs = own.groupby(keys)
    one = own.groupby(keys).transform("count") == 1
    first = theirs.transform("first")
    if column is ACTION:  # each receiver has an action of their own
        values, wrong = own.where(owner, first.where(one, None)), pd.Series(data=False, index=rows.index)
    else:
        values, wrong = first, owner & (theirs.transform("nunique") > 1)
    strange = others.notna() & first.notna() & (others != first)
    if column is ACTION:
        strange &= one
    if not strange.any():
        alone = owner.groupby(keys).transform("sum") <= 1
        elsewhere = others.groupby(keys)
        missing = values.isna() & alone
        wrong |= missing & (elsewhere.transform("nunique") > 1)
        values = values.where(~missing, elsewhere.transform("first"))
    return values, wrong, strange


def _shared_actions(rows: pd.DataFrame, layout: Layout) -> list[str]:
    """Say where one field of the group would be the action of several receivers."""
    if not layout.action.startswith("group."):
        return []
    hears = (rows[ROLE.name] == layout.receiver) & rows[ACTION.name].notna()
    several = hears & (hears.groupby([rows[key] for key in KEYS]).transform("sum") > 1)
    rule = f"({layout.action}) is one value for several receivers"
    return row_problem(ACTION, rule, rows[ACTION.name], several.to_numpy(), "name the field of the player")


def _partners(rows: pd.DataFrame, sends: pd.Series, hears: pd.Series) -> pd.Series:
    """Return the one member of the group on the other side; nobody where there are several."""
    keys = [rows[key] for key in KEYS]
    found = pd.Series(None, index=rows.index, dtype=object)
    for mine, other in ((hears, sends), (sends, hears)):
        facing = rows[SUBJECT.name].where(other, None).groupby(keys)
        found = found.where(~(mine & (facing.transform("nunique") == 1)), facing.transform("first"))
    return found if PARTNER.name not in rows else found.fillna(rows[PARTNER.name])
