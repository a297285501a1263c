"""How much of what can be explained a theory explains.

The share of the way from babbling, by which nobody says or hears anything, to a benchmark that knows no economics, by
log probabilities of new people (Fudenberg, Kleinberg, Liang and Mullainathan 2022, JPE 130(4):956-990). The benchmark
(`evaluation.benchmark`) is a lower bound of what can be explained: a theory may go beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.benchmark import benchmark_scores
from estimation.evaluation.comparable import check_comparable
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.loo import leave_people_out
from estimation.evaluation.scored import doubt_of
from estimation.fits.fit import MESSAGES, AnyFit
from estimation.inference.fit import fit
from estimation.theories.messages.babbling import Babbling

BENCHMARK, NOTHING = "flexible benchmark", "babbling"


def completeness(fits: Mapping[str, AnyFit], *, seed: int = 0, progress: bool = False) -> pd.DataFrame:
    """Return how much of what can be explained theories explain, the most first.

    Parameters
    ----------
    fits
        Name → fit of a theory of messages in which people differ; all of the same data.
    seed
        Of the folds in which the benchmark leaves people out.
    progress
        Whether to show progress on standard error.

    Returns
    -------
    DataFrame
        One row per theory, and one each for the benchmark and for babbling: ``elpd`` of new people, nats;
        ``explained``, the share of the way from babbling to the benchmark; its standard error ``se``, over people; and
        ``ok``, whether the checks of the fit and of its scores passed (of the benchmark: always).

    Raises
    ------
    ComparisonError
        If fits are not of the same data or of other models; or if the benchmark explains no more than babbling.
    """
    check_comparable(fits, ("subject",))
    others = [f"{name!r} is no theory of messages" for name, one in fits.items() if one.family != MESSAGES]
    raise_all(others, ComparisonError, "Completeness is about people who talk:")
    first = next(iter(fits.values()))
    nothing = fit(Babbling(), first.table, seed=seed, progress=progress)
    each = {**fits, NOTHING: nothing}
    scores = leave_people_out(each, progress=progress)
    by_person = pd.DataFrame({name: score.elpd for name, score in scores.items()})
    by_person[BENCHMARK] = pd.Series(benchmark_scores(first.table, seed), index=first.table.subjects)
    reach = by_person[BENCHMARK] - by_person[NOTHING]
    if reach.sum() <= 0:
        raise ComparisonError("There is no completeness:", ["the benchmark explains no more than babbling here"])
    rows = {name: _explained(by_person[name] - by_person[NOTHING], reach) for name in by_person}
    table = pd.DataFrame(rows, index=["explained", "se"]).T.assign(elpd=by_person.sum())
    doubts = {name: doubt_of(diagnose(each[name]), scores[name]) for name in scores}
    table["ok"] = [not doubts.get(name) for name in table.index]
    return table[["elpd", "explained", "se", "ok"]].sort_values("elpd", ascending=False).rename_axis("theory")


def _explained(gained: pd.Series, reach: pd.Series) -> tuple[float, float]:
    """Return the ratio of two sums over people, and its standard error (delta method)."""
    share = float(gained.sum() / reach.sum())
    spread = (gained - share * reach).std() * np.sqrt(len(reach))
    return share, float(spread / reach.sum())
