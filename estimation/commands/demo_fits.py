"""The fits of the demo: which theories, and several side by side, each in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.commands.compare import busy

if TYPE_CHECKING:
    from estimation.data import Table
    from estimation.inference.problem import MessageFit
    from estimation.theories import Theory

SEED = 20110611
SAMPLING: dict[str, Any] = {"draws": 500, "chains": 4}
MOST = 4  # processes: each holds about a gigabyte


@dataclass(frozen=True)
class NeededFit:
    """A fit that the demo needs, and the file that keeps it."""

    name: str
    theory: Theory
    table: Table
    path: Path


def needed_fits(table: Table, stem: Path) -> list[NeededFit]:
    """Return the fits that a comparison on a table needs; their files begin with `stem`.

    Babbling is compared on the simulated experiment only: on the real one it is more than ten thousand nats behind, and
    the time is better spent. Other rules of level-k are a matter of ``estimation fit --option off_path=literal``.
    """
    from estimation.theories import Babbling, LevelK, TrustEmbedded

    theories: dict[str, Theory] = {"trust-embedded": TrustEmbedded(), "level-k": LevelK()}
    if table.synthetic:
        theories["babbling"] = Babbling()
    files = {name: stem.with_name(f"{stem.name}-{name}.nc") for name in theories}
    return [NeededFit(name, theory, table, files[name]) for name, theory in theories.items()]


@contextmanager
def side_by_side(jobs: list[NeededFit]) -> Iterator[dict[str, Future[None]]]:
    """Yield, by file, when each fit will be there; what is there already is not made again.

    A fit keeps one processor busy for much of its time, so several are made at once, as many as there are processors.
    """
    from estimation.inference.kept import kept_fit
    from estimation.jobs.workers import workers

    settings = {"seed": SEED, **SAMPLING}
    missing = [job for job in jobs if kept_fit(job.path, job.theory, job.table, **settings) is None]
    processors = os.cpu_count() or 1
    count = max(1, min(MOST, processors, len(missing)))
    cores = max(1, processors // count)
    done: dict[str, Future[None]] = {str(job.path): Future() for job in jobs if job not in missing}
    for future in done.values():
        future.set_result(None)
    with workers(count) as crew:
        for job in missing:
            done[str(job.path)] = crew.submit(_make, job, SAMPLING, cores)
        yield done


def collect_fits(jobs: list[NeededFit], done: dict[str, Future[None]]) -> dict[str, MessageFit]:
    """Return the fits of a comparison by name once they are there."""
    from estimation.inference.load import load_fit

    with busy(f"{jobs[0].table.label}: fitting {', '.join(job.name for job in jobs)}"):
        for job in jobs:
            done[str(job.path)].result()
    return {job.name: load_fit(job.path) for job in jobs}


def _make(job: NeededFit, sampling: dict[str, Any], cores: int) -> None:
    from estimation.inference.fit import fit

    fit(job.theory, job.table, seed=SEED, path=job.path, cores=cores, progress=False, **sampling)
