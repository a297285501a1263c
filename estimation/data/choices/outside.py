"""The outside option: "none of these", added where a table only shows that nothing was taken."""

from __future__ import annotations

from typing import Any

import pandas as pd

from estimation.data.choices.columns import read_flags
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT


def with_outside(frame: pd.DataFrame, outside: str) -> pd.DataFrame:
    """Return the frame with a row for the outside option in every situation that lacks one.

    The added option is the choice where nothing else was chosen. Frames without the columns that are needed are
    returned as they are: the schema says what is missing.
    """
    if not {SITUATION.name, ALTERNATIVE.name, CHOSEN.name} <= set(frame.columns):
        return frame
    keys = [name for name in (SUBJECT.name, SITUATION.name) if name in frame]
    if frame.columns.has_duplicates or not all(map(pd.api.types.is_hashable, frame[keys].to_numpy().ravel())):
        return frame
    tidy = {name: frame[name].map(lambda cell: cell.strip() if isinstance(cell, str) else cell) for name in keys}
    frame = frame.assign(**tidy)
    text = frame[ALTERNATIVE.name].astype(str).str.strip()
    about: dict[str, Any] = {"has": text == outside, "chosen": read_flags(CHOSEN, frame[CHOSEN.name]).content}
    found = frame[keys].assign(**about).groupby(keys, sort=False, observed=True)[["has", "chosen"]].any()
    lacking = found[~found["has"]].reset_index()
    if lacking.empty:
        return frame
    added = lacking[keys].copy()
    added[ALTERNATIVE.name] = outside
    added[CHOSEN.name] = ~lacking["chosen"]
    if WEIGHT.name in frame:
        added = added.merge(frame[[*keys, WEIGHT.name]].drop_duplicates(keys), on=keys, how="left")
    flags = frame.assign(**{CHOSEN.name: frame[CHOSEN.name].astype(object)})
    rows = pd.concat([flags, added.astype({CHOSEN.name: object})], ignore_index=frame.index.name is None)
    rows.index.name = frame.index.name
    return rows
