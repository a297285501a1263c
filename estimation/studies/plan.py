"""How a study is carried out: how often, with what settings, by whom, and where results are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from estimation.counts import count_problems, seed_problems
from estimation.data.choices.table import ChoiceTable
from estimation.data.tables.table import Table
from estimation.errors import StudyError, raise_all
from estimation.fits.job import code_version
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit, Work
from estimation.jobs.workers import AnyExecutor


@dataclass(frozen=True)
class StudyPlan:
    """How a study is carried out; `StudyError` if there are too few simulations, or none can be.

    Executor, store and progress are those of `estimation.jobs.run.run_units`.
    """

    simulations: int  # of each theory, where there are several
    seed: int = 0  # root of all randomness
    executor: AnyExecutor = None
    store: str | Path | None = None
    progress: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the fits, where they differ from the study's own
    least: int = 1  # simulations below which the study says nothing

    def __post_init__(self) -> None:
        problems = count_problems(least=self.least, simulations=self.simulations) + seed_problems(self.seed)
        raise_all(problems, StudyError, "The study cannot be run:")
        for name in ("simulations", "seed"):  # NumPy's whole numbers are none of JSON's
            object.__setattr__(self, name, int(getattr(self, name)))

    @property
    def keys(self) -> list[str]:
        """The names of the simulations."""
        return [f"simulation {number + 1}" for number in range(self.simulations)]

    def run(self, units: Sequence[Unit], work: Work, job: Mapping[str, Any], what: str) -> dict[str, Result]:
        """Return the result of every unit by its key; those that are stored are not done again."""
        how = {"executor": self.executor, "store": self.store, "progress": self.progress}
        return run_units(units, work, job=job, what=what, **how)  # type: ignore[arg-type]


def facts_of(job: Mapping[str, Any], data: Table | ChoiceTable | None, simulations: int) -> dict[str, Any]:
    """Return what a study says about itself."""
    label = {} if data is None else {"data": data.label}
    return {**job, **label, "simulations": simulations, "code": code_version()}
