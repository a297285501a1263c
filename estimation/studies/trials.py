"""Many trials: given out, collected, and laid out in frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.choices.table import ChoiceTable
from estimation.data.table import Table
from estimation.errors import StudyError, raise_all
from estimation.inference.problem import Problem
from estimation.jobs.code import code_version
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor
from estimation.studies.trial import LEVELS, QUICK, Trial
from estimation.studies.truths import Origin, origin_spec, truths
from estimation.theories.theory import Theory


def check_simulations(count: int, least: int = 1) -> None:
    """Raise `StudyError` unless `count` is a number of simulations."""
    wrong = not isinstance(count, int) or isinstance(count, bool) or count < least
    problem = f"simulations must be a whole number of at least {least}, not {count!r}"
    raise_all([problem] if wrong else [], StudyError, "The study cannot be run:")


def theory_trials(
    theory: Theory,
    table: Table,
    origin: Origin,
    *,
    simulations: int,
    seed: int,
    executor: AnyExecutor,
    store: str | Path | None,
    progress: bool,
    settings: Mapping[str, Any],
    is_added: bool = False,
) -> tuple[list[Result], dict[str, Any]]:
    """Return the results of trials of a theory, and what makes the study what it is."""
    problem = Problem(theory, table)
    problem.check()
    keys = [f"simulation {number + 1}" for number in range(simulations)]
    units = [
        Unit(key, {"truth": truth})
        for key, truth in zip(keys, truths(problem, origin, keys, seed), strict=True)
    ]
    job = {
        "theory": theory.spec(),
        "design": table.fingerprint,
        "truth": origin_spec(origin),
        "added": is_added,
        "settings": QUICK | dict(settings),
        "seed": seed,
    }
    work = Trial(theory, table, dict(settings), seed, is_added)
    found = run_units(units, work, job=job, executor=executor, store=store, progress=progress, what="simulating and fitting")
    return list(found.values()), facts_of(job, table, simulations)


def facts_of(job: Mapping[str, Any], table: Table | ChoiceTable, simulations: int) -> dict[str, Any]:
    """Return what a study says about itself."""
    return {**job, "data": table.label, "simulations": simulations, "code": code_version()}


def long_frame(results: Sequence[Result]) -> pd.DataFrame:
    """Return one row per simulation and quantity: truth, mean, sd, rank, and the ends of intervals by level."""
    rows = []
    for number, result in enumerate(results, 1):
        for name, found in result["quantities"].items():
            ends = {
                f"{side}_{level:.0%}": found[side][place]
                for place, level in enumerate(LEVELS)
                for side in ("low", "high")
            }
            plain = {key: found[key] for key in ("truth", "mean", "sd", "rank")}
            rows.append({"simulation": number, "quantity": name, **plain, **ends, "ok": result["ok"]})
    return pd.DataFrame(rows).set_index(["simulation", "quantity"])


def coverage(trials: pd.DataFrame) -> pd.DataFrame:
    """Return, by quantity, the share of intervals of each level that hold the truth."""
    inside = pd.DataFrame(
        {
            f"coverage_{level:.0%}": (trials[f"low_{level:.0%}"] <= trials["truth"])
            & (trials["truth"] <= trials[f"high_{level:.0%}"])
            for level in LEVELS
        }
    )
    return inside.groupby("quantity", sort=False).mean()


def coverage_error(level: float, count: int) -> float:
    """Return the standard error of a coverage over so many simulations, if intervals are right."""
    return float(np.sqrt(level * (1 - level) / count))
