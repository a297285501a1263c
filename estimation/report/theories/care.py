"""People whose estimates are to be read with care, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from estimation.inference.problem import MessageFit
from estimation.report import words
from estimation.report.blocks import Section, referred
from estimation.text.digits import ABSENT
from estimation.text.table import TextTable

MOST = 40  # people in the table


def care_sections(fits: Mapping[str, MessageFit]) -> tuple[Section, ...]:
    """Return the list of people whose estimates rest on little under some theory; nothing if there is nobody."""
    marks = pd.DataFrame({name: fit.people["mark"] for name, fit in fits.items()})
    marks = marks[(marks != "").any(axis=1)]
    if marks.empty:
        return ()
    listed = marks.iloc[:MOST].replace("", ABSENT)
    rows = tuple((str(who), *map(str, row)) for who, row in zip(listed.index, listed.to_numpy(), strict=True))
    more = f" (the first {MOST} of {len(marks)})" if len(marks) > MOST else ""
    table = TextTable(f"People to be read with care{more}", ("person", *fits), rows)
    return (Section("", "To be read with care", referred(words.CARE, table)),)
