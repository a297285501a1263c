"""What a change of their situations would do to all people of a fit, summed partition by partition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, is_real
from estimation.counts import count_problems, seed_problems
from estimation.data.tables.table import Table
from estimation.errors import FitError, StudyError
from estimation.fits.fit import Fit
from estimation.inference.partitioned.fit import PartitionedFit
from estimation.inference.problem import MessageFit
from estimation.inference.simulation.predict import FOLLOW, RESULTS, expected, groups_of, summary_of
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.jobs.workers import AnyExecutor
from estimation.population.flat import people_draws, some_draws
from estimation.threads import one_thread

Change = Callable[[Table], Table]
"""The people of a partition → the same people in other situations."""
NOTHING = "The effect cannot be told:"
OVER = "over"


@dataclass(frozen=True, eq=False)
class _Effect:
    """Sum expectations over the people of a partition, before and after a change, for each of some draws."""

    fit: PartitionedFit
    change: Change
    what: str
    by: tuple[str, ...]
    chosen: Any
    seed: int

    def __call__(self, unit: Unit) -> Result:
        part = unit.inputs["partition"]
        problem = self.fit.problem.part(part)
        draws = self.fit.problem.structure.draws(self.fit.posterior)
        rng = np.random.default_rng(seed_of(self.seed, f"effect {part.name}"))
        with one_thread():
            flats = self.fit.files_of(part).flats(self.fit.stage)
            people = people_draws(flats, draws, problem.table.subjects, rng, self.chosen)
            groups = {"/": xr.Dataset(), "posterior": self.fit.posterior, "people": people}
            known = Fit(problem, xr.DataTree.from_dict(groups), self.fit.manifest)
            changed = self.change(problem.table)
            if changed.subjects != problem.table.subjects:
                raise FitError(NOTHING, ["the change names people otherwise; leave them as they are"])
            (keys, after), (others, before) = (self._summed(known, table) for table in (changed, problem.table))
        if not keys.equals(others):
            raise FitError(NOTHING, [f"the change has other groups of {self.by}"])
        return {"keys": keys.to_numpy().tolist(), "after": after, "before": before}

    def _summed(self, known: MessageFit, table: Table) -> tuple[pd.DataFrame, Array]:
        """Return groups of decisions, and the sum and the number of expectations in each, (2, draw, group)."""
        rows, value = expected(known, table, self.what, (), "known", len(self.chosen), self.seed)
        missing = [name for name in self.by if name not in rows]
        if missing:
            raise FitError(NOTHING, [f"there is no column {name!r} to average by" for name in missing])
        keys = rows[list(self.by)] if self.by else pd.DataFrame({OVER: ["all decisions"] * len(rows)})
        groups, number = groups_of(keys)
        inside = np.eye(len(groups))[number]
        return groups, np.stack([np.nan_to_num(value) @ inside, np.isfinite(value) @ inside])


def effect_by_partition(
    fit: PartitionedFit,
    change: Change,
    *,
    what: str = FOLLOW,
    by: str | Sequence[str] = (),
    draws: int = 200,
    seed: int = 0,
    interval: float = 0.9,
    executor: AnyExecutor = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Return what a change of situations would do to the people of a fit in partitions, given what each of them did.

    The twin of `effect` with known people: expectations after and before the change, draw by draw for the same people,
    summed over the people of each partition where their nodes are.

    Parameters
    ----------
    change
        A function from the table of some people to the table of the same people in other situations, such as
        ``lambda table: est.with_accuracy(table, 0.1)``. It is called for each partition, by whoever works on it.
    what, by, interval
        As in `effect`; averages over all decisions if `by` is left out.
    draws
        Number of posterior draws, the same ones in all partitions.
    executor, progress
        Who works, and whether progress is shown: see `estimation.jobs.run.run_units`.

    Returns
    -------
    One row per group: `by`; ``scenario`` and ``baseline`` (means); ``mean``, ``low`` and ``high`` of the difference
    (posterior of the mean over these people's decisions).

    Raises
    ------
    FitError
        If an option makes no sense, or partitions failed: each is named, with the reason.
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    problems = [f"interval must be between 0 and 1, not {interval!r}"] * (not (is_real(interval) and 0 < interval < 1))
    problems += count_problems(draws=draws) + seed_problems(seed)
    problems += [f"rename column {name!r}: the result has one of that name" for name in columns if name in RESULTS]
    problems += ["fit is of one table; use effect"] * (not isinstance(fit, PartitionedFit))
    if problems:
        raise FitError(NOTHING, problems)
    chosen = some_draws(fit.problem.structure.draws(fit.posterior), draws, np.random.default_rng([seed, 10]))
    slim = replace(fit, tree=xr.DataTree.from_dict({"posterior": fit.posterior}))
    units = [Unit(part.name, {"partition": part}) for part in fit.table.parts]
    work = _Effect(slim, change, what, columns, chosen, seed)
    try:
        told = run_units(units, work, job={}, executor=executor, progress=progress, what="changing situations")
    except StudyError as problem:
        raise FitError(NOTHING, problem.problems) from problem
    return _together(list(told.values()), columns or (OVER,), interval)


def _together(told: list[Result], names: Sequence[str], interval: float) -> pd.DataFrame:
    """Return effects in each group, from sums over the decisions of each partition."""
    keys = pd.concat([pd.DataFrame(one["keys"], columns=list(names)) for one in told], ignore_index=True)
    both = np.concatenate([np.array([one["after"], one["before"]]) for one in told], axis=-1)
    groups, number = groups_of(keys)
    # (after or before, sum or number, draw, group): numbers may differ, if the change moves decisions between groups
    (after, counted), (before, counted_before) = both @ np.eye(len(groups))[number]
    with np.errstate(invalid="ignore"):  # a draw without any value is NaN, as it should be
        after, before = after / counted, before / counted_before
    means = {"scenario": summary_of(after, interval)["mean"], "baseline": summary_of(before, interval)["mean"]}
    return groups.assign(**means, **summary_of(after - before, interval))
