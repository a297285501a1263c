"""Which theory predicts a new person better, by how much, and whether that is beyond doubt."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.choice.fitted import ChoiceFit
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.diagnosis import Diagnosis, diagnose
from estimation.evaluation.distance import predictive_distance
from estimation.evaluation.loo import LeaveOneOut, leave_one_decision_out, leave_one_out
from estimation.evaluation.stacking import stacking_weights
from estimation.evaluation.words import verdict
from estimation.inference.artifact import Fit

AnyFit = Fit | ChoiceFit
UNITS = ("subject", "decision")


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Theories side by side on the same data.

    Attributes
    ----------
    table
        One row per theory, best first: ``elpd`` (expected log predictive density of new people, nats, higher is
        better), ``se``, ``elpd_diff`` to the best, ``dse`` (its standard error over people), ``weight`` (stacking),
        ``pareto_k`` (worst), ``refitted`` (people scored by exact refits), ``mc_error`` (Monte-Carlo error of elpd),
        ``ok`` (every diagnostic passed that a comparison needs), ``distance`` (to the best theory's predictions,
        from 0, the same, to 1; none for models of choice).
    pointwise
        elpd of each person or decision (rows) under each theory (columns), nats.
    fits, diagnoses, scores
        By theory.
    label
        The data, with SYNTHETIC where a simulation made them.
    """

    table: pd.DataFrame
    pointwise: pd.DataFrame
    fits: dict[str, Any]
    diagnoses: dict[str, Diagnosis]
    scores: dict[str, LeaveOneOut]
    label: str
    unit: str = "subject"

    @property
    def verdict(self) -> str:
        """One sentence: who wins and by how much, that nobody does, or why no winner can be named."""
        return verdict(self.table, len(self.pointwise), self.label, self.unit)

    @property
    def reservations(self) -> list[str]:
        """What to know of fits that can be compared, but whose estimates are not to be used yet."""
        return [found.verdict for found in self.diagnoses.values() if found.comparable and not found.ok]

    def plot(self, ax: Any = None) -> Any:
        """Draw each person's elpd difference between the two best theories; return the axes."""
        if ax is None:
            from matplotlib.figure import Figure  # noqa: PLC0415 - drawing is optional and slow to import

            ax = Figure(figsize=(6, 3.5), layout="constrained").subplots()
        first, second = self.table.index[:2]
        difference = (self.pointwise[first] - self.pointwise[second]).sort_values()
        colours = np.where(difference > 0, "#0072B2", "#D55E00")
        ax.scatter(np.arange(1, len(difference) + 1), difference, s=10, c=colours)
        ax.axhline(0, color="black", linewidth=0.8)
        whose = "people" if self.unit == "subject" else "decisions"
        ax.set_xlabel(f"{whose}, in order of the difference")
        ax.set_ylabel(f"elpd of {first}\nminus {second} (nats)")
        ax.set_title(self.label, fontsize="medium")
        return ax

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.round(2).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self.verdict}</p>{self.table.round(2).to_html()}"


def compare(fits: Mapping[str, AnyFit], unit: str = "subject") -> Comparison:
    """Compare theories, or models of choice, by how well they predict what they have not seen.

    Parameters
    ----------
    fits
        Name → fit; all of the same data.
    unit
        What is left out: ``"subject"``, a new person; for models of choice also ``"decision"``, another decision of a
        person who is known. The two are different questions, and may have different winners.

    Raises
    ------
    ComparisonError
        If there are fewer than two fits, they are of different data, or the unit is not offered.
    """
    _check(fits, unit)
    diagnoses = {name: diagnose(fit) for name, fit in fits.items()}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # high Pareto k is answered by refits and told in the table
        scores = {name: _score(fit, unit) for name, fit in fits.items()}
    pointwise = pd.DataFrame(
        {name: score.elpd for name, score in scores.items()}
    )  # aligned by person, not position
    order = pointwise.sum().sort_values(ascending=False).index
    pointwise = pointwise[order]
    distances = {name: _distance(fits[order[0]], fits[name]) for name in order}
    table = _table(pointwise, scores, diagnoses, distances)
    ordered = {name: fits[name] for name in order}
    return Comparison(
        table, pointwise, ordered, diagnoses, scores, next(iter(fits.values())).table.label, unit
    )


def _score(fit: AnyFit, unit: str) -> LeaveOneOut:
    if unit == "decision" and isinstance(fit, ChoiceFit):
        from estimation.choice.decisions import decision_likelihoods  # noqa: PLC0415 - needed for this unit only

        return leave_one_decision_out(decision_likelihoods(fit))
    return leave_one_out(fit)


def _distance(one: AnyFit, other: AnyFit) -> float:
    """Return how differently two theories predict; missing for models of choice."""
    if isinstance(one, Fit) and isinstance(other, Fit):
        return predictive_distance(one, other)
    return float("nan")


def _check(fits: Mapping[str, AnyFit], unit: str) -> None:
    problems = []
    theories = [fit for fit in fits.values() if isinstance(fit, Fit)]
    if unit not in UNITS:
        problems.append(f"unit {unit!r} is not offered; choose one of {UNITS}")
    elif unit == "decision" and theories:
        problems.append("unit 'decision' is offered for models of choice only; compare theories by 'subject'")
    problems += [
        f"the fit of {name!r} holds no likelihoods of people: the table was too large to keep them"
        for name, fit in fits.items()
        if unit == "subject" and "people" not in fit.tree["log_likelihood"].dataset
    ]
    if len(fits) < 2:
        problems.append(f"give at least two fits, not {len(fits)}")
    fingerprints = {fit.fingerprint for fit in fits.values()}
    if len(fingerprints) > 1:
        which = ", ".join(f"{name!r} {fit.table.label} {fit.fingerprint[:8]}…" for name, fit in fits.items())
        problems.append(f"the fits use different data ({which}); fit every theory to the same table")
    options = {fit.theory.lapse for fit in theories}
    if len(options) > 1:
        problems.append(
            "some theories have lapses and others not; give all of them the same chance to explain mistakes"
        )
    raise_all(problems, ComparisonError, "The fits cannot be compared:")


def _table(
    pointwise: pd.DataFrame,
    scores: Mapping[str, LeaveOneOut],
    diagnoses: Mapping[str, Diagnosis],
    distances: Mapping[str, float],
) -> pd.DataFrame:
    people = len(pointwise)
    best = pointwise.iloc[:, 0]
    weights = stacking_weights(pointwise.to_numpy())
    rows = []
    for name, weight in zip(pointwise.columns, weights, strict=True):
        score, difference = scores[name], best - pointwise[name]
        unresolved = bool((score.pareto_k.drop(list(score.refitted)) > score.good_k).any())
        rows.append(
            {
                "theory": name,
                "elpd": pointwise[name].sum(),
                "se": np.sqrt(people) * pointwise[name].std(),
                "elpd_diff": -difference.sum(),
                "dse": np.sqrt(people) * difference.std(),
                "weight": weight,
                "distance": distances[name],
                "pareto_k": score.pareto_k.max(),
                "refitted": len(score.refitted),
                "mc_error": score.error,
                "ok": diagnoses[name].comparable and not unresolved,
            }
        )
    return pd.DataFrame(rows).set_index("theory")
