"""Predict decisions that a theory has not seen, by fits to the others: new conditions, and later periods from earlier.

A person who also did something that the fit has seen is known by it, and the score is that of their other decisions
given these, log p(all) - log p(seen) under each population; whoever did nothing else is a new person. Every fold is an
exact refit, and people's decisions in it are scored together, never one by one given their own parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.errors import ComparisonError, TheoryError, raise_all
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.scores.loo import LeaveOneOut
from estimation.evaluation.scores.smoothed import effective_draws
from estimation.fits.checks import GOOD_K, averaged, error_of_mean
from estimation.inference.elsewhere import check_constant
from estimation.inference.fit import fit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.refit import integrated_anew
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.jobs.workers import AnyExecutor
from estimation.names import CONDITION, PERIOD, ROLE, SUBJECT
from estimation.theories.messages.theory import Theory

REFIT: dict[str, Any] = {
    "draws": 500,
    "chains": 2,  # one would have no R-hat where proposals fail
    "cores": 1,
    "samples": 1,
    "progress": False,
}
"""Settings of the refits."""


def folds(table: Table, unit: str) -> dict[str, Any]:
    """Return name → rows that are left out (a mask): each condition in turn, or the later half of the periods.

    `ComparisonError` if there is only one condition, or one period.
    """
    frame = table.frame
    values = frame[(CONDITION if unit == "condition" else PERIOD).name]
    if values.nunique() < 2:
        advice = f"{table.label} has only one {unit}; compare by 'subject'"
        raise ComparisonError("The fits cannot be compared:", [advice])
    if unit == "condition":
        return {str(name): (values == name).to_numpy() for name in sorted(values.unique())}
    periods = np.sort(values.unique())
    first = periods[len(periods) // 2]
    return {f"periods from {first:g}": (values >= first).to_numpy()}


@dataclass(frozen=True)
class Fold:
    """Score what people did in rows that are left out."""

    theories: Mapping[str, Theory]
    table: Table
    left: Mapping[str, Any]  # fold → rows that are left out (a mask)
    accuracy: float = 1.0  # of the refits, as in `Settings`
    seed: int = 0  # root of all randomness

    def __call__(self, unit: Unit) -> Result:
        """Return the score of each person who decides in the fold, nats, and whether the refit is sound.

        With the ``error`` and Pareto ``k`` of each integral, and the error of their sum from what was ``drawn``.
        """
        theory, rows = self.theories[unit.inputs["theory"]], self.left[unit.inputs["fold"]]
        seed = seed_of(self.seed, unit.key)
        seen = _rows_of(self.table, ~rows, "seen")
        found = fit(theory, seen, seed=seed, accuracy=self.accuracy, **REFIT)
        deciding = self.table.frame.loc[rows, SUBJECT.name].unique()
        everything = _rows_of(self.table, np.ones(len(rows), dtype=bool), "all").of(sorted(deciding))
        problem, posterior = (MessageProblem(theory, everything, like=found.problem), found.tree["posterior"].dataset)
        whole, quality = integrated_anew(problem, posterior, [seed])
        before, quality_seen = _seen_likelihood(found, everything.subjects)
        scores, relative = averaged(whole - before, posterior.sizes["chain"])
        values = {"elpd": scores, "error": np.hypot(quality["error"], quality_seen), "k": quality["k"]}
        by_person = pd.DataFrame(values, index=everything.subjects).to_dict()
        drawn = error_of_mean(relative.sum(axis=-1), effective_draws(found.tree))
        return {**by_person, "drawn": drawn, "ok": diagnose(found).comparable}


def _seen_likelihood(found: MessageFit, subjects: list[str]) -> tuple[Array, Array]:
    """Return log p(what a refit has seen of people), (draw, person), and the errors of these integrals (person,).

    Of whom it has seen nothing both are zero.
    """
    known = found.tree["log_likelihood"].dataset["people"].stack(draw_=("chain", "draw"))
    before, error = np.zeros((known.sizes["draw_"], len(subjects))), np.zeros(len(subjects))
    for place, subject in enumerate(subjects):
        if subject in found.table.subjects:
            before[:, place] = known.sel(subject=subject)
            error[place] = found.tree["integration"].dataset["error"].sel(subject=subject)
    return before, error


def _rows_of(table: Table, rows: Any, note: str) -> Table:
    return Table.from_frame(
        table.frame[rows],
        table.games,
        name=table.name,
        source=table.source,
        synthetic=table.synthetic,
        selection=(*table.selection, note),
    )


def leave_groups_out(
    fits: Mapping[str, MessageFit], unit: str, executor: AnyExecutor, store: str | Path | None, progress: bool
) -> dict[str, LeaveOneOut]:
    """Score every theory on decisions that its refits have not seen; one person in one fold is one score.

    Units are ``"condition"`` or ``"period"``. Refits take their seed and their accuracy from the fits: the first seed,
    the highest accuracy. `ComparisonError` if nothing can be left out, or a role would be seen in no fold.
    """
    table = next(iter(fits.values())).table
    left = folds(table, unit)
    _check_roles(table, left)
    theories = {name: one.theory for name, one in fits.items()}
    _check_formulas(theories, table, left)
    units = [Unit(f"{name}, without {fold}", {"theory": name, "fold": fold}) for name in fits for fold in left]
    given = [one.manifest["settings"] for one in fits.values()]
    taken = {"accuracy": max(each["accuracy"] for each in given), "seed": given[0]["seed"]}
    job = {
        "unit": unit,
        "theories": {name: theory.spec() for name, theory in theories.items()},
        "data": table.fingerprint,
        "settings": REFIT | taken,
    }
    work = Fold(theories, table, left, **taken)
    what = "refitting without parts of the data"
    found = run_units(units, work, job=job, executor=executor, store=store, progress=progress, what=what)
    results = {name: {fold: found[f"{name}, without {fold}"] for fold in left} for name in fits}
    return {name: _score(by_fold) for name, by_fold in results.items()}


def _score(by_fold: Mapping[str, Result]) -> LeaveOneOut:
    def collected(what: str) -> pd.Series:
        rows = [(fold, who, value) for fold, found in by_fold.items() for who, value in found[what].items()]
        return pd.Series({f"{fold}: {who}": value for fold, who, value in rows}, dtype=float)

    refitted = tuple(f"without {fold}" for fold in by_fold)
    error = float(np.linalg.norm([*collected("error"), *(found["drawn"] for found in by_fold.values())]))
    is_sound = all(found["ok"] for found in by_fold.values())
    whose = pd.Series({f"{fold}: {who}": who for fold, found in by_fold.items() for who in found["elpd"]})
    return LeaveOneOut(collected("elpd"), collected("k"), refitted, GOOD_K, error, is_sound, whose)


def _check_roles(table: Table, left: Mapping[str, Any]) -> None:
    role = table.frame[ROLE.name]
    problems = [
        f"without {fold}, nobody is seen as {missing}; compare by 'subject', or select one role"
        for fold, rows in left.items()
        for missing in sorted(set(role) - set(role[~rows]))
    ]
    raise_all(problems, ComparisonError, "The fits cannot be compared:")


def _check_formulas(theories: Mapping[str, Theory], table: Table, left: Mapping[str, Any]) -> None:
    """Raise `ComparisonError` if a formula reads what is left out: of a condition that is not seen nothing is known."""
    problems = []
    for name, theory in theories.items():
        for fold, rows in left.items() if theory.formulas else ():
            try:
                seen = MessageProblem(theory, _rows_of(table, ~rows, "seen"))
                seen.design  # noqa: B018 - whether it can be made is the question
                check_constant(MessageProblem(theory, table, like=seen).design, table.label)
            except TheoryError as refusal:
                told = "; ".join(refusal.problems)
                problems.append(
                    f"without {fold} the formulas of {name!r} cannot be used ({told}); compare by 'subject'"
                )
    raise_all(problems, ComparisonError, "The fits cannot be compared:")
