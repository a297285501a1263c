"""How probable it is that one theory predicts better than another, and when that number can be believed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from estimation.evaluation.words import MANY, SAME_PREDICTIONS, SMALL_DIFFERENCE, error_of
from estimation.text.sentences import per_cent

ALONE = 0.25  # share of the sum of squared differences that one person may have before it speaks for itself


def better_probabilities(table: pd.DataFrame, by_person: pd.DataFrame) -> pd.DataFrame:
    """Return, for each theory but the best, the probability that the best predicts better, and its conditions.

    Parameters
    ----------
    table, by_person
        As in `Comparison`; theories that are sound.

    Returns
    -------
    ``probability`` (Student's t over people, Monte-Carlo errors included) and ``conditions``: why the number
    may be off (Sivula, Magnusson, Matamoros and Vehtari 2025, Bayesian Analysis), in words; empty if nothing is known.
    """
    rows = {}
    for name, row in table.iloc[1:].iterrows():
        error = error_of(table, str(name))
        difference = (by_person[table.index[0]] - by_person[name]).to_numpy()
        rows[name] = {
            "probability": float(stats.t.cdf(-row["elpd_diff"] / max(error, 1e-12), max(len(difference) - 1, 1))),
            "conditions": "; ".join(_conditions(row, difference)),
        }
    return pd.DataFrame(rows, index=["probability", "conditions"]).T.rename_axis("theory")


def _conditions(row: pd.Series, difference: np.ndarray) -> list[str]:  # type: ignore[type-arg]
    found = []
    if len(difference) < MANY:
        found.append(f"only {len(difference)} people: the error itself is uncertain, and usually too small")
    if -row["elpd_diff"] < SMALL_DIFFERENCE:
        found.append(
            f"a difference below {SMALL_DIFFERENCE:.0f} nats: its distribution is skewed, and the number too sure"
        )
    if row["distance"] < SAME_PREDICTIONS:
        found.append("both predict nearly the same: what differs is how, not whether, they are wrong")
    centred = (difference - difference.mean()) ** 2
    if centred.sum() > 0 and centred.max() / centred.sum() > ALONE:
        share = centred.max() / centred.sum()
        found.append(f"one person has {per_cent(share)} of the squared differences: both may be wrong about that one")
    return found
