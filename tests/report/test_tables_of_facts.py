"""Facts of several models stand beside each other by what they are about."""

from __future__ import annotations

import pandas as pd

from estimation.report.theories.tables import check_table


def checked(**predicted):
    """A predictive check of some facts: statistic → predicted mean."""
    rows = {"statistic": list(predicted), "group": "over", "role": "sender", "observed": 0.5, "left_out": ""}
    rows |= {"predicted": list(predicted.values()), "tail": 0.5, "surprising": False}
    found = pd.DataFrame(rows)
    return found.assign(low=found["predicted"] - 0.1, high=found["predicted"] + 0.1)


def test_a_fact_that_one_model_has_nothing_to_say_about_moves_no_other():
    checks = {"one": checked(mean=0.1, link=0.2, share=0.3), "other": checked(share=0.6, mean=0.4, slope=0.9)}
    table = check_table(checks, 50, "data")
    rows = {row[0]: [float(cell.partition(" ")[0]) for cell in row[-2:]] for row in table.rows}
    assert rows == {"mean": [0.1, 0.4], "share": [0.3, 0.6]}
