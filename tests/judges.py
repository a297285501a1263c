"""Judges who estimate a number before and after advice: a small design."""

from __future__ import annotations

import numpy as np
import pandas as pd

import estimation as est

ERRORS = {"near": 4.0, "far": 20.0}
GAME = est.JudgeAdvisor(lowest=0, highest=100, step=1, advisers=list(ERRORS))


def judged(people=3, decisions=12, seed=1, game=GAME):
    """Return a table of people who meet a near and a far adviser in turn; second estimates are placeholders."""
    rng, rows = np.random.default_rng(seed), []
    for person in range(people):
        for turn in range(decisions):
            who, true = list(ERRORS)[(turn + person) % 2], rng.integers(20, 81)
            first, said = np.clip(np.rint(true + rng.normal(0, [12, ERRORS[who]])), 0, 100)
            rows.append(
                {"subject": f"s{person:02d}", "role": "receiver", "period": turn + 1, "condition": "dates"}
                | {"partner": who, "state": float(true), "message": said, "action": rng.integers(0, 101)}
                | {"first_estimate": first}
            )
    return est.Table.from_frame(pd.DataFrame(rows), {"dates": game}, name="judged", synthetic=True)
