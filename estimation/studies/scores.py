"""A theory fitted to a table and scored by people who are left out, as plain data; and how such scores compare."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.errors import EstimationError, TheoryError
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.scores.loo import leave_people_out
from estimation.evaluation.scores.scored import doubt_of
from estimation.evaluation.words import is_clear
from estimation.inference.fit import fit
from estimation.jobs.unit import Result, Unit, seed_of


@dataclass(frozen=True)
class Scoring:
    """Fit the theory of a unit, and score it."""

    table: Table
    settings: Mapping[str, Any]  # of fits
    seed: int = 0  # root of all randomness

    def __call__(self, unit: Unit) -> Result:
        """Return ``elpd`` (by person) and its Monte-Carlo ``error``, nats, and the ``doubt`` there is about them.

        If the theory cannot be applied to the table, only ``refused``: why. A fit that breaks off is a doubt.
        """
        settings = {"seed": seed_of(self.seed, unit.key), **self.settings}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                found = fit(unit.inputs["theory"], self.table, **settings)
                score = leave_people_out({unit.key: found})[unit.key]
        except TheoryError as problem:
            return {"refused": "; ".join(problem.problems)}
        except EstimationError as problem:
            missing = dict.fromkeys(self.table.subjects, float("nan"))
            return {"elpd": missing, "error": float("nan"), "doubt": f"{problem.heading} {'; '.join(problem.problems)}"}
        return {"elpd": score.elpd.to_dict(), "error": score.error, "doubt": doubt_of(diagnose(found), score)}


def compared(scores: Mapping[str, Result]) -> Result:
    """Return how scored theories compare: ``elpd`` and ``ok`` of each, and what `gaps` says of pairs."""
    pointwise = pd.DataFrame({name: pd.Series(score["elpd"]) for name, score in scores.items()})
    integrals = np.array([score["error"] for score in scores.values()])
    return {
        "elpd": pointwise.sum(skipna=False).to_dict(),
        "ok": {name: not score["doubt"] for name, score in scores.items()},
        **gaps(pointwise.to_numpy(), integrals),
    }


def gaps(pointwise: Array, integrals: Array) -> dict[str, Array]:
    """Return by pairs of theories (theory, rival) by how much the first is ahead.

    ``difference`` and its standard error ``error``, nats, and whether the difference is ``clear``.

    Parameters
    ----------
    pointwise : (person, theory) array, nats
    integrals : (theory,) array
        Monte-Carlo errors of the sums, nats.
    """
    apart = pointwise[:, :, None] - pointwise[:, None, :]
    difference, error = apart.sum(axis=0), np.sqrt(len(apart)) * apart.std(axis=0, ddof=1)
    error = np.sqrt(error**2 + integrals[:, None] ** 2 + integrals**2)
    pairs = zip(difference.ravel(), error.ravel(), strict=True)
    clear = np.array([is_clear(*pair, len(apart)) for pair in pairs]).reshape(difference.shape)
    return {"difference": difference, "error": error, "clear": clear}
