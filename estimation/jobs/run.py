"""Do every unit of a job once: results are kept as they come, and what is there already is not done again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, as_completed
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from estimation.errors import EstimationError, StudyError, raise_all
from estimation.fits.job import code_version
from estimation.jobs.store import Store
from estimation.jobs.unit import Result, Unit, Work, plain
from estimation.jobs.workers import AnyExecutor, Workers, is_lost, keep_memory, workers
from estimation.progress import progress_bars

IN_VAIN = 3
"""Times that workers may die in a row before a unit is finished."""
LOOKED_AFTER = 5.0
"""Seconds after which those who are silent are looked after."""


def run_units(
    units: Sequence[Unit],
    work: Work,
    *,
    job: Mapping[str, Any],
    executor: AnyExecutor | Workers = None,
    store: str | Path | None = None,
    progress: bool = True,
    what: str = "working",
) -> dict[str, Result]:
    """Return the result of every unit by its key, in the order of the units.

    Parameters
    ----------
    units
        What is to be done, in any order.
    work
        What is done with each: a function of a module, or a frozen dataclass that can be called, which returns plain
        data.
    job
        Everything that results depend on, as plain data: model, fingerprint of the data, settings, seed. The versions
        of the code are added.
    executor
        Who does the work: this process, one unit after another (`None`); so many processes; or any executor of
        `concurrent.futures`, such as ``dask.distributed.Client(...).get_executor()``; or `workers` of several jobs.
    store
        A folder to keep results in. Units that are finished there are not done again, however the last run ended.
    progress
        Whether to show what is done and how long the rest will take, on standard error.

    Raises
    ------
    StudyError
        If keys are not unique, the folder holds another job, workers die again and again, or units fail: every
        failure that was seen is listed, and finished units are kept.
    """
    keys = [unit.key for unit in units]
    twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
    raise_all([f"{key!r} is the key of two units" for key in twice], StudyError, "The study cannot be run:")
    with Store.open(store, {**job, "code": code_version()}) as kept:
        results = kept.finished(keys)
        open_units = [unit for unit in units if unit.key not in results]
        if open_units:
            before = f" ({len(results)} done before)" if results else ""
            with progress_bars(progress, what) as track, workers(executor) as crew:
                run = _Run(work, kept, track(f"{what}{before}", len(open_units)), crew)
                results |= run.all(open_units)
    return {key: results[key] for key in keys}


@dataclass
class _Run:
    """Units on their way."""

    work: Work
    store: Store
    show: Callable[[int], None]
    crew: Workers
    results: dict[str, Result] = field(default_factory=dict)
    failures: dict[str, BaseException] = field(default_factory=dict)
    lost: str = ""
    """What was told of the last worker that died."""

    def all(self, units: Sequence[Unit]) -> dict[str, Result]:
        """Do units until none is left; those whose worker died are given to another one."""
        left, in_vain = list(units), 0
        while left:
            before = len(self.results)
            is_broken = self._round(left)
            self._raise_failures()
            left = [unit for unit in left if unit.key not in self.results]
            in_vain = in_vain + 1 if len(self.results) == before else 0
            if left and in_vain >= IN_VAIN:
                problem = (
                    f"workers died {IN_VAIN} times in a row (the last one: {self.lost}; out of memory?); "
                    f"{len(left)} units are left"
                )
                advice = "use fewer workers or smaller units; finished ones are kept"
                raise StudyError("The study was given up:", [f"{problem}, such as {left[0].key!r}; {advice}"])
            if is_broken:
                self.crew.renew()
        return self.results

    def _raise_failures(self) -> None:
        if self.failures:
            kept = "" if self.store.folder is None else "; finished ones are kept"
            first = next(iter(self.failures.values()))
            raise StudyError(f"Some units failed{kept}:", list(self.failures)) from first

    def _round(self, units: Sequence[Unit]) -> bool:
        """Give out units and keep what comes back; return whether workers died."""
        is_broken = False
        with closing(self._given_out(units)) as given_out:
            for unit, future in given_out:
                problem = CancelledError() if future.cancelled() else future.exception()
                if problem is None:
                    self.store.keep(unit.key, future.result())
                    self.results[unit.key] = future.result()
                    self.show(len(self.results))
                elif is_lost(problem):
                    is_broken, self.lost = True, _error_line(problem)
                else:
                    self.failures[f"unit {unit.key!r}: {_error_line(problem)}"] = problem
        return is_broken

    def _given_out(self, units: Sequence[Unit]) -> Generator[tuple[Unit, Future[Result]]]:
        """Yield units with their futures as they finish; after a failure, and once closed, nothing new is begun."""
        if self.crew.executor is None:
            for unit in units:
                if not self.failures:
                    yield unit, self.crew.submit(_perform, self.work, unit)
            return
        given: dict[Future[Result], Unit] = {}
        generation = self.crew.generation
        with suppress(BrokenExecutor):  # what was given out before it broke comes back broken
            given.update((self.crew.submit(_perform, self.work, unit), unit) for unit in units)
        try:
            for future in self._ended(list(given), generation):
                yield given[future], future
                if self.failures:
                    _cancel(given)
        finally:
            _cancel(given)

    def _ended(self, given: Sequence[Future[Result]], generation: int) -> Generator[Future[Result]]:
        """Yield futures as they end, or as soon as it is known that they never will.

        Dask cancels what it had when it is restarted, but a result that is on its way then is forgotten: its future
        waits for ever.
        """
        left = set(given)
        while left:
            before = len(left)
            try:
                for future in as_completed(tuple(left), timeout=LOOKED_AFTER):
                    left.discard(future)
                    yield future
            except TimeoutError:
                if len(left) == before and self.crew.generation != generation:
                    _cancel(left)
                    yield from left
                    return


def _perform(work: Work, unit: Unit) -> Result:
    keep_memory()
    return plain(work(unit))


def _cancel(futures: Iterable[Future[Any]]) -> None:
    for future in futures:
        future.cancel()


def _error_line(problem: BaseException) -> str:
    """Return an error in one line, with its kind if it is none of ours."""
    if isinstance(problem, EstimationError):
        return "; ".join([problem.heading, *problem.problems])
    return f"{type(problem).__name__}: {problem}"
