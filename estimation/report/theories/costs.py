"""What the best theory misses of what people did, by what it costs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from estimation.evaluation.facts.missed import HABIT, missed
from estimation.fits.fit import AnyFit
from estimation.report import words
from estimation.report.blocks import Section, referred
from estimation.text.digits import ABSENT, number
from estimation.text.table import TextTable

NOT_SHOWN = "none shown"
"""A cost that is not above zero: it would be no lower bound of anything."""


def cost_sections(fits: Mapping[str, AnyFit], checks: Mapping[str, pd.DataFrame]) -> tuple[Section, ...]:
    """Return the section about the first theory; nothing if it misses nothing."""
    name = next(iter(fits))
    found = missed(fits[name], checks[name])
    if not len(found):
        return ()
    blocks = referred(words.COSTS, cost_table(found, name))
    return (Section("", f"What {name} misses, and what it costs", blocks),)


def cost_table(found: pd.DataFrame, name: str) -> TextTable:
    """Return what a theory misses (rows as from `missed`), the costly first."""
    head = ("what is missed", "role", "condition", "observed", "expected", "cost, nats", "SE", "goes with")
    rows = [
        (
            *(row["statistic"], row["role"], row["group"]),
            *(number(row[each]) for each in ("observed", "predicted")),
            NOT_SHOWN if row["cost"] <= 0 else _nats(row["cost"]),
            _nats(row["se"]),
            row["because"] or ("a habit beside any theory" if row["what"] == HABIT else ABSENT),
        )
        for row in found.to_dict("records")
    ]
    return TextTable(f"What {name} misses, by what it costs", head, tuple(rows), (3, 4, 5, 6))


def _nats(value: float) -> str:
    return number(value, error=0.5, significant=4)
