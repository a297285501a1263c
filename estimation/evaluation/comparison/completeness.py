"""How much of what can be explained a theory explains.

The share of the way from babbling, by which nobody says or hears anything, to a benchmark that knows no economics, by
log probabilities of new people (Fudenberg, Kleinberg, Liang and Mullainathan 2022, JPE 130(4):956-990). The benchmark
(`evaluation.comparison.benchmark`) is a lower bound of what can be explained: a theory may go beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.counts import seed_problems
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.comparison.benchmark import BENCHMARK, NOTHING, benchmark as benchmark_of
from estimation.evaluation.comparison.comparable import check_comparable
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.scores.loo import leave_people_out
from estimation.evaluation.scores.scored import doubt_of
from estimation.fits.fit import MESSAGES, AnyFit

HEADING = "There is no completeness:"


def completeness(
    fits: Mapping[str, AnyFit], *, benchmark: pd.DataFrame | None = None, seed: int = 0, progress: bool = False
) -> pd.DataFrame:
    """Return how much of what can be explained theories explain, the most first.

    Parameters
    ----------
    fits
        Name → fit of a theory of messages in which people differ; all of the same data.
    benchmark
        The benchmark of these data, from `estimation.benchmark`; computed if left out.
    seed
        Of the folds in which the benchmark leaves people out.
    progress
        Whether to show progress on standard error.

    Returns
    -------
    DataFrame
        One row per theory, and one each for the benchmark and for babbling: ``elpd`` of new people, nats;
        ``explained``, the share of the way from babbling to the benchmark; its standard error ``se``, over people; and
        ``ok``, whether the checks of the fit and of its scores passed (of the benchmark and of babbling: always).

    Raises
    ------
    ComparisonError
        If fits are not of the same data or of other models; or if the benchmark is of other people, or explains no more
        than babbling.
    """
    raise_all(seed_problems(seed), ComparisonError, "There is no completeness:")
    check_comparable(fits, ("subject",))
    check_benchmark(fits, True if benchmark is None else benchmark)
    first = next(iter(fits.values()))
    scale = benchmark_of(first.table, seed=seed, progress=progress) if benchmark is None else benchmark
    scores = leave_people_out(fits, progress=progress)
    by_person = pd.DataFrame({name: score.elpd for name, score in scores.items()} | dict(scale))
    table = explained(by_person, scale).assign(elpd=by_person.sum())
    doubts = {name: doubt_of(diagnose(fits[name]), scores[name]) for name in scores}
    table["ok"] = [not doubts.get(name) for name in table.index]
    return table[["elpd", "explained", "se", "ok"]].sort_values("elpd", ascending=False).rename_axis("theory")


def check_benchmark(fits: Mapping[str, AnyFit], benchmark: pd.DataFrame | bool, unit: str = "subject") -> None:
    """Raise `ComparisonError` if a benchmark is wanted of fits that have none, or is not of these people."""
    problems = []
    if benchmark is not False:
        problems = [f"{name!r} is no theory of messages" for name, one in fits.items() if one.family != MESSAGES]
        problems += [f"it is about new people; compare by 'subject' first, not by {unit!r}"] * (unit != "subject")
    if isinstance(benchmark, pd.DataFrame):
        subjects = {str(subject) for one in fits.values() for subject in one.table.subjects}
        if not {BENCHMARK, NOTHING} <= set(benchmark.columns) or set(benchmark.index) != subjects:
            problems.append("the benchmark is not of these people; make it by est.benchmark(table) from their table")
    raise_all(problems, ComparisonError, HEADING)


def explained(by_person: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the way from babbling to the benchmark that theories go.

    Parameters
    ----------
    by_person, scale
        Scores, nats: (person, theory), and of the benchmark and of babbling as from `estimation.benchmark`.

    Returns
    -------
    One row per theory: ``explained``, and its standard error ``se`` over people (delta method).

    Raises
    ------
    ComparisonError
        If the benchmark explains no more than babbling.
    """
    scale = scale.loc[by_person.index]
    reach = scale[BENCHMARK] - scale[NOTHING]
    if reach.sum() <= 0:
        raise ComparisonError(HEADING, ["the benchmark explains no more than babbling here"])
    rows = {name: _ratio(by_person[name] - scale[NOTHING], reach) for name in by_person}
    return pd.DataFrame(rows, index=["explained", "se"]).T


def _ratio(gained: pd.Series, reach: pd.Series) -> tuple[float, float]:
    """Return the ratio of two sums over people, and its standard error (delta method)."""
    share = float(gained.sum() / reach.sum())
    spread = (gained - share * reach).std() * np.sqrt(len(reach))
    return share, float(spread / reach.sum())
