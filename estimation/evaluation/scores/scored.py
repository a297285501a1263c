"""From scores to the table of a comparison: sums by person, errors of differences, and what makes scores doubtful."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.evaluation.diagnosis import Diagnosis
from estimation.evaluation.scores.loo import LeaveOneOut
from estimation.evaluation.scores.stacking import stacking_weights
from estimation.evaluation.words import DIAGNOSIS_FAILED


def comparison_table(
    pointwise: pd.DataFrame,
    scores: Mapping[str, LeaveOneOut],
    diagnoses: Mapping[str, Diagnosis],
    distances: Mapping[str, float],
) -> pd.DataFrame:
    """Return the table of a comparison, as `Comparison` describes it; columns of `pointwise` are `ranked`."""
    own = person_totals(pointwise, scores)
    sound = [name for name in map(str, pointwise) if not doubt_of(diagnoses[name], scores[name])]
    weights = dict(zip(sound, stacking_weights(pointwise[sound].to_numpy()), strict=True)) if sound else {}
    best, rows = own.iloc[:, 0], []
    for name in pointwise.columns:
        score, difference = scores[name], best - own[name]
        rows.append(
            {
                "theory": name,
                "elpd": own[name].sum(),
                "se": np.sqrt(len(own)) * own[name].std(),
                "elpd_diff": 0.0 - difference.sum(),
                "dse": np.sqrt(len(own)) * difference.std(),
                "weight": weights.get(name, np.nan),
                "distance": distances[name],
                "pareto_k": score.pareto_k.max(),
                "refitted": len(score.refitted),
                "mc_error": score.error,
                "ok": name in sound,
            }
        )
    return pd.DataFrame(rows).set_index("theory")


def ranked(scores: Mapping[str, LeaveOneOut], diagnoses: Mapping[str, Diagnosis]) -> list[str]:
    """Return theories in the order of a comparison: sound ones first, since the others are measured at the best."""
    return sorted(scores, key=lambda name: (bool(doubt_of(diagnoses[name], scores[name])), -scores[name].elpd.sum()))


def person_totals(pointwise: pd.DataFrame, scores: Mapping[str, LeaveOneOut]) -> pd.DataFrame:
    """Return the sums of each person's scores (person, theory): those of one person are not independent."""
    whose = next(iter(scores.values())).whose.loc[pointwise.index]
    return pointwise.groupby(whose.to_numpy(), sort=False).sum()


def doubt_of(diagnosis: Diagnosis, score: LeaveOneOut) -> str:
    """Return why a theory's scores are not to be trusted; nothing if they are."""
    if not diagnosis.comparable:
        return DIAGNOSIS_FAILED
    if score.unresolved:
        return f"{score.unresolved} scores have a Pareto k above {score.good_k:.2f} that nothing resolved"
    return "" if score.is_sound else "refits did not pass their checks; sample longer"
