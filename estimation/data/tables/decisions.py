"""Words for decisions of a checked table: its rows are sorted, so that the numbers of a file's rows are gone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.data.cells.rows import LONGEST, SHOWN, list_some, show
from estimation.errors import shortened
from estimation.names import PERIOD, ROLE, SUBJECT


def describe_decisions(frame: pd.DataFrame, values: pd.Series, mask: Mask) -> str:
    """Return for example ``subject 's1' as receiver in period 3 has nothing and 8 more decisions (9 in all)``.

    Parameters
    ----------
    frame
        Decisions in the standard columns.
    values
        What is wrong in some of them, in the order of the frame.
    mask : (row,) bool
        In which.
    """
    found = np.flatnonzero(mask)
    shown = frame.iloc[found[:SHOWN]]
    names = zip(shown[SUBJECT.name], shown[ROLE.name], shown[PERIOD.name], strict=True)
    texts = [
        f"subject {shortened(repr(str(who)), LONGEST)} as {role} in period {period} has {show(values.iloc[row])}"
        for (who, role, period), row in zip(names, found.tolist(), strict=False)
    ]
    return list_some(texts + [""] * (len(found) - len(texts)), "decisions")
