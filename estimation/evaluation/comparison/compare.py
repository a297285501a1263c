"""Scoring fits of the same data by what they predict of whom they have not seen, and putting them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from estimation.evaluation.comparison.benchmark import benchmark as benchmark_of
from estimation.evaluation.comparison.comparable import BY_REFITS, are_parted, check_comparable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.comparison.completeness import check_benchmark, explained
from estimation.evaluation.comparison.distance import predictive_distance
from estimation.evaluation.comparison.shared_roles import unrelated_benchmark
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.facts.play_predictive import play_distance
from estimation.evaluation.scores.loo import LeaveOneOut, leave_one_decision_out, leave_people_out
from estimation.evaluation.scores.scored import comparison_table, ranked
from estimation.evaluation.words import FEWEST
from estimation.fits.fit import MESSAGES, PLAYS, AnyFit
from estimation.jobs.store import check_place, folder_within
from estimation.jobs.workers import AnyExecutor, check_executor
from estimation.listed import listed


def compare(
    fits: Mapping[str, AnyFit],
    unit: str | Sequence[str] = "subject",
    *,
    roles_apart: bool = True,
    benchmark: bool | pd.DataFrame = False,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
) -> Comparison:
    """Compare theories, or models of choice, by how well they predict what they have not seen.

    Parameters
    ----------
    fits
        Name → fit; all of the same data.
    unit
        What is left out: ``"subject"``, a new person; for models of choice also ``"decision"``, another decision of a
        person who is known; for theories also ``"condition"``, each condition in turn, and ``"period"``, the later half
        of the periods, both by refits. These are different questions, and may have different winners: with several
        units the first one is compared, the others are its `others`, and the verdict says whether they agree.
    roles_apart
        Whether to say, of the best theory of people who play both roles, how well it predicts if their roles are
        unrelated: by a fit of senders and one of receivers, which takes about as long as the fit of both. It is not
        said of people in partitions.
    benchmark
        Whether to say how much of what can be explained theories of messages explain, of new people: of ``"subject"``,
        the first unit. It takes as long as a fit; ``est.benchmark(table)`` makes one that can be given here again.
    executor, store, progress
        Who does the refits (by role, by condition and period, and without single people where weights cannot leave them
        out), where finished ones are kept (a folder for each unit), and whether to show progress: see
        `estimation.jobs.run.run_units`.

    Raises
    ------
    ComparisonError
        If there are fewer than two fits, they are of different data, or a unit or benchmark is not offered.
    StudyError
        If `executor` is no executor, the folder in which `store` should be made does not exist, or refits fail.
    """
    units = listed(unit)
    check_comparable(fits, units)
    check_executor(executor)
    check_place(store)
    check_benchmark(fits, benchmark, units[0])
    how = (executor, store, progress)
    studies = [_comparison(fits, one, _scores(fits, one, *how)) for one in units]
    first = studies[0] if benchmark is False else _measured(studies[0], benchmark, progress)
    is_asked = roles_apart and first.unit == "subject" and len(first.sound) >= FEWEST and not are_parted(fits)
    unrelated = unrelated_benchmark(fits, first.sound[0], first.scores, *how) if is_asked else None
    return replace(first, others=tuple(studies[1:]), unrelated=unrelated)


def _measured(study: Comparison, benchmark: bool | pd.DataFrame, progress: bool) -> Comparison:
    """Return a comparison that says how much of what a benchmark explains each theory explains."""
    table = next(iter(study.fits.values())).table
    scale = benchmark if isinstance(benchmark, pd.DataFrame) else benchmark_of(table, progress=progress)
    shares = explained(study.by_person, scale).rename(columns={"se": "explained_se"})
    return replace(study, table=study.table.join(shares), benchmark=scale)


def _scores(
    fits: Mapping[str, AnyFit], unit: str, executor: AnyExecutor, store: str | Path | None, progress: bool
) -> dict[str, LeaveOneOut]:
    if unit in BY_REFITS:
        from estimation.evaluation.scores.left_out import leave_groups_out  # noqa: PLC0415 - needed for these units only

        theories = {name: fit for name, fit in fits.items() if fit.family == MESSAGES}
        return leave_groups_out(theories, unit, executor, folder_within(store, unit), progress)
    if unit == "decision":
        from estimation.choice.quantities.decisions import decision_likelihoods  # noqa: PLC0415 - as above

        return {name: leave_one_decision_out(decision_likelihoods(fit)) for name, fit in fits.items()}
    return leave_people_out(fits, executor=executor, store=store, progress=progress)


def _comparison(fits: Mapping[str, AnyFit], unit: str, scores: Mapping[str, LeaveOneOut]) -> Comparison:
    diagnoses = {name: diagnose(fit) for name, fit in fits.items()}
    order = ranked(scores, diagnoses)
    # aligned by person, not position
    pointwise = pd.DataFrame({name: scores[name].elpd for name in order})
    distances = {name: _distance(fits[order[0]], fits[name]) for name in order}
    table = comparison_table(pointwise, scores, diagnoses, distances)
    ordered, label = {name: fits[name] for name in order}, next(iter(fits.values())).table.label
    return Comparison(table, pointwise, ordered, diagnoses, dict(scores), label, unit)


def _distance(one: AnyFit, other: AnyFit) -> float:
    """Return how differently two theories predict; missing for models of choice."""
    if one.family == other.family == PLAYS:
        return play_distance(one, other)
    return predictive_distance(one, other) if one.family == other.family == MESSAGES else float("nan")
