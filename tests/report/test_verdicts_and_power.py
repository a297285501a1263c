"""What a verdict hangs on: the people who carry it, how many would settle it, and the power of the design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.report.power import power_part, table_of
from estimation.report.reversals import carried_by, is_clear, needed_for
from estimation.text.table import TextTable


def test_the_people_who_carry_a_verdict_are_counted_from_the_top():
    gap = np.array([30.0, 5.0, *np.full(30, 0.2)])
    count = carried_by(gap)
    ordered = np.sort(gap)[::-1]
    assert not is_clear(ordered[count:])
    assert count == 0 or is_clear(ordered[count - 1 :])
    assert carried_by(np.array([1.0, -1.0])) == 0


def test_the_people_needed_are_those_at_which_the_lead_would_be_two_standard_errors():
    rng = np.random.default_rng(4)
    gap = 0.2 + rng.normal(size=50)
    needed = needed_for(gap)
    lead, error = needed * gap.mean(), np.sqrt(needed) * gap.std(ddof=1)
    assert lead >= 2 * error
    assert needed_for(-np.abs(gap)) > 100_000


def test_power_stands_next_to_the_comparison_or_is_said_to_be_missing():
    frame = pd.DataFrame({"found": [0.9, 0.8]}, index=pd.Index(["alike", "classes"], name="true_model"))
    part = power_part(frame)
    (shown,) = [block for block in part.blocks if isinstance(block, TextTable)]
    assert shown.head == ("true model", "found")
    assert shown.rows == (("alike", "0.900"), ("classes", "0.800"))
    assert "not computed" in power_part(None).blocks[0].text


def test_a_table_of_power_writes_counts_and_truth_values_as_a_reader_does():
    frame = pd.DataFrame({"people": [1200, 80], "is_enough": [True, False], "power": [0.9, 0.25], "who": ["a", "b"]})
    shown = table_of(frame, "Power")
    assert shown.head == ("people", "is enough", "power", "who")
    assert shown.rows == (("1,200", "yes", "0.900", "a"), ("80", "no", "0.250", "b"))
    assert shown.numeric == (0, 2)
