"""What the stage of a choice means: whether it is of the best or of the worst, of all or of what was left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.names import STAGE, WORST


def direction_of(frame: pd.DataFrame) -> Array:
    """Return 1, and -1 where the worst was chosen: the sign with which utilities count, (row,)."""
    return np.where(frame[STAGE.name] == WORST, -1.0, 1.0) if STAGE.name in frame else np.ones(len(frame))


def later_choices(frame: pd.DataFrame, first_row: Indices) -> str:
    """Say how many choices are of the worst, or of what earlier ones had left."""
    if STAGE.name not in frame:
        return ""
    stage = frame[STAGE.name].to_numpy()[first_row[:-1]]
    counts = {"of the worst": (stage == WORST).sum(), "of what was left": (stage > 1).sum()}
    return "".join(f", {count:,} {what}" for what, count in counts.items() if count)
