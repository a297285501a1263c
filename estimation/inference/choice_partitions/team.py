"""All partitions and who works on them: what is asked of each, and the answers in their order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.data.partitions.partitions import Partition
from estimation.errors import FitError, StudyError
from estimation.inference.partitioned.crowd import BROKE_OFF
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit, Work
from estimation.jobs.workers import AnyExecutor, Workers, workers


@dataclass(frozen=True, eq=False)
class Team:
    """Partitions, and who works on them.

    Attributes
    ----------
    parts, work
        The partitions, and what is done with each; a unit names the ``partition`` and what to ``do``.
    crew, progress
        Who does it, and whether progress is shown.
    """

    parts: tuple[Partition, ...]
    work: Work
    crew: Workers
    progress: bool

    def ask(self, do: str, what: str = "", **inputs: Any) -> list[Result]:
        """Return what a piece of work comes to, partition by partition; progress is shown if it is said `what`.

        Raises
        ------
        FitError
            With every partition that failed, and why.
        """
        units = [Unit(part.name, {"partition": part, "do": do, **inputs}) for part in self.parts]
        how: dict[str, Any] = {"executor": self.crew, "progress": self.progress and bool(what), "what": what}
        try:
            found = run_units(units, self.work, job={}, **how)
        except StudyError as problem:
            raise FitError(BROKE_OFF, problem.problems) from problem
        return [found[unit.key] for unit in units]

    @property
    def largest(self) -> Partition:
        """The partition with the most choices."""
        return max(self.parts, key=lambda part: part.decisions)


@contextmanager
def crew_of(executor: AnyExecutor) -> Iterator[Workers]:
    """Yield who works: if nobody is named, a thread of this process for each processor."""
    if executor is not None:
        with workers(executor) as crew:
            yield crew
        return
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads, workers(threads) as crew:
        yield crew


def arrays_file(folder: Path, part: Partition, what: str) -> Path:
    """Return where arrays of a partition are."""
    return folder / f"{part.key}-{what}.arrays"


def summed(told: list[Result], name: str) -> Array:
    """Return the sum of what all partitions told under a name."""
    return np.asarray(np.sum([one[name] for one in told], axis=0))
