"""Tasks of files in long form that nobody answered: left out, and counted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.data.choices.columns import read_flags
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT


def without_answer(count: int) -> str:
    """Return the caveat that counts tasks without an answer."""
    return f"{count:,} tasks without an answer are left out." if count > 1 else "1 task without an answer is left out."


def answered(frame: pd.DataFrame, outside: str | None) -> tuple[pd.DataFrame, int]:
    """Return the rows of the tasks that were answered, and how many tasks were not.

    A task was not answered if all its rows are empty where they say what was chosen, or if they all say 0 although the
    outside option has a row among them: whoever wanted none of the others would have taken that. If nobody ever took
    it, that may be how the file says "none of these", and the zeros stay, to be asked about. Frames without the columns
    that are needed are returned as they are: the schema says what is missing.
    """
    keys = [name for name in (SUBJECT.name, SITUATION.name) if name in frame]
    if frame.columns.has_duplicates or not {SITUATION.name, ALTERNATIVE.name, CHOSEN.name} <= set(frame.columns):
        return frame, 0
    flags = read_flags(CHOSEN, frame[CHOSEN.name])
    unclear = flags.content | flags.bad
    if not flags.missing.any() and (outside is None or unclear.all()):
        return frame, 0
    if not all(map(pd.api.types.is_hashable, frame[keys].to_numpy().ravel())):
        return frame, 0
    is_outside = np.zeros(len(frame), dtype=bool)
    if outside is not None:
        is_outside = (frame[ALTERNATIVE.name].astype(str).str.strip() == outside).to_numpy()
    is_none = is_outside & ~flags.missing & (flags.content & is_outside).any()
    about = pd.DataFrame({"taken": unclear, "said": ~flags.missing, "none": is_none}, index=frame.index)
    of_task = about.groupby([frame[name] for name in keys], sort=False, dropna=False, observed=True)
    some = of_task.transform("any")
    lacking = ~some["taken"] & (~some["said"] | (some["none"] & of_task["said"].transform("all")))
    count = int(of_task.ngroup()[lacking].nunique())
    return (frame[~lacking.to_numpy()], count) if count > 0 and not lacking.all() else (frame, 0)
