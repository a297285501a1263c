"""How probable it is that one theory predicts better than another, and when that number can be believed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from estimation.evaluation.words import SAME_PREDICTIONS, SMALL_DIFFERENCE

FEW = 100  # units below which the normal approximation of a difference's error is poor (Sivula et al. 2025)
ALONE = 0.25  # share of the sum of squared differences that one unit may have before it speaks for itself


def probably_better(table: pd.DataFrame, pointwise: pd.DataFrame, counted: str) -> pd.DataFrame:
    """Return, for each theory but the best, the probability that the best predicts better, and its conditions.

    Parameters
    ----------
    table, pointwise
        As in `Comparison`.
    counted
        What the rows of `pointwise` are, such as ``people``.

    Returns
    -------
    ``probability`` (normal approximation over units, Monte-Carlo errors included) and ``conditions``: why the number
    may be off (Sivula, Magnusson, Matamoros and Vehtari 2025, Bayesian Analysis), in words; empty if nothing is known.
    """
    best, rows = table.index[0], {}
    for name, row in table.iloc[1:].iterrows():
        error = np.hypot(row["dse"], row["mc_error"])
        difference = (pointwise[best] - pointwise[name]).to_numpy()
        rows[name] = {
            "probability": float(stats.norm.cdf(-row["elpd_diff"] / max(error, 1e-12))),
            "conditions": "; ".join(_conditions(row, difference, counted)),
        }
    frame = pd.DataFrame(rows, index=["probability", "conditions"]).T
    frame.index.name = "theory"
    return frame


def _conditions(row: pd.Series, difference: np.ndarray, counted: str) -> list[str]:  # type: ignore[type-arg]
    found = []
    if len(difference) < FEW:
        found.append(
            f"only {len(difference)} {counted}: the error itself is uncertain, and usually too small"
        )
    if -row["elpd_diff"] < SMALL_DIFFERENCE:
        found.append(
            f"a difference below {SMALL_DIFFERENCE:.0f} nats: its distribution is skewed, and the number too sure"
        )
    if row["distance"] < SAME_PREDICTIONS:
        found.append("both predict nearly the same: what differs is how, not whether, they are wrong")
    centred = (difference - difference.mean()) ** 2
    if centred.sum() > 0 and centred.max() / centred.sum() > ALONE:
        share = centred.max() / centred.sum()
        found.append(
            f"one of the {counted} has {share:.0%} of the squared differences: both may be wrong about it"
        )
    if not row["ok"]:
        found.append("its diagnostics failed")
    return found
