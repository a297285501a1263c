"""Fit a logit to choices in partitions, or find its mode: choices stay where they are, sums over people travel."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import xarray as xr

from estimation.data.stored import to_dataset
from estimation.errors import ChoiceError, FitError
from estimation.fits.job import Settings, code_version, known_settings, manifest_of
from estimation.fits.storage import save
from estimation.inference.choice_partitions.logit import draws_of, mode_of
from estimation.inference.choice_partitions.logit_work import LogitWork
from estimation.inference.choice_partitions.mode import SummedMode
from estimation.inference.choice_partitions.problem import PartitionedLogit, PartitionedTastes
from estimation.inference.choice_partitions.tastes import tastes_of
from estimation.inference.choice_partitions.team import Team, crew_of
from estimation.inference.partitioned.files import digest
from estimation.inference.partitioned.finished import STARTING, refuse_another
from estimation.inference.partitioned.fit import FILE, PEOPLE, WORK, PartitionedFit
from estimation.inference.partitioned.work import SAVING
from estimation.jobs.workers import AnyExecutor
from estimation.locking import alone_in
from estimation.saving import make_folder

PartitionedChoice = PartitionedLogit | PartitionedTastes


class PartitionedChoiceFit(PartitionedFit):
    """A logit fitted to choices in partitions: a `Fit` whose people stand in files beside it.

    `est.diagnose`, `summary`, `draws`, and whatever asks for new people (``people="new"``) work as of any fit.
    `people_folder` holds a row about each person, one Parquet file for each partition, where weights differ.
    """

    problem: PartitionedChoice  # type: ignore[assignment]

    @property
    def people(self) -> pd.DataFrame:  # type: ignore[override] # read anew: it may be large
        """One row per person: the posterior mean of each weight, and its standard deviation (``sd of ...``)."""
        if isinstance(self.problem, PartitionedLogit):
            return self.problem.people(self.tree)
        return super().people

    @property
    def stage(self) -> NoReturn:
        """There are no nodes."""
        raise FitError("There are no nodes:", ["tastes of people are drawn, not integrated out"])


def fit_choice_partitions(
    problem: PartitionedChoice,
    settings: Settings,
    path: str | Path | None,
    progress: bool = False,
    executor: AnyExecutor = None,
) -> PartitionedChoiceFit:
    """Fit a logit to choices in partitions.

    Parameters
    ----------
    path
        The store: a folder, made if need be, in which whoever works must be able to write. What was finished there,
        by the same model, settings and code, is not done again.
    executor
        Who works: see `estimation.jobs.run.run_units`; threads of this process, one a processor, if left out.

    Raises
    ------
    FitError
        If there is no store, or it holds another finished fit; if another process works there; or if partitions
        failed: each is named, with the reason.
    ChoiceError
        If something cannot be identified from these choices.
    """
    started = time.perf_counter()
    if path is None:
        raise FitError(STARTING, ["choices in partitions need a store for their numbers; give a folder, path='store'"])
    store = make_folder(path, FitError, SAVING).resolve()
    with alone_in(store, FitError, STARTING):
        refuse_another(store / FILE, problem, settings)
        folder = make_folder(store / f"{WORK}{digest(_job(problem, settings))}", FitError, SAVING)
        if isinstance(problem, PartitionedTastes):
            people = make_folder(folder / PEOPLE, FitError, SAVING)
            with crew_of(executor) as crew:
                found = tastes_of(problem, settings, folder, people, crew, progress)
        else:
            with _team(problem, folder, executor, progress) as team:
                found = draws_of(problem, team, settings)
        facts = dict(found.facts)
        more = {"prior_sd": facts.pop("prior_sd"), "sampler": facts, "work": {"folder": folder.name}}
        manifest = manifest_of(problem, settings, time.perf_counter() - started, **more)
        tree = xr.DataTree.from_dict({"/": xr.Dataset(), **found.groups})
        result = PartitionedChoiceFit(problem, tree, manifest, store)  # type: ignore[arg-type]
        _saved(result)
    return result


def mode_of_partitions(
    problem: PartitionedChoice, path: str | Path | None, progress: bool = False, executor: AnyExecutor = None
) -> SummedMode:
    """Return the maximum-likelihood estimate on choices in partitions.

    Parameters
    ----------
    path
        A folder for the numbers of the terms, 8 bytes each, which a fit with the same path takes up; a temporary one
        (`TMPDIR`) if left out.
    executor
        As for `fit_choice_partitions`.

    Raises
    ------
    ChoiceError
        If weights differ between people, or the search does not end.
    FitError
        If partitions failed: each is named, with the reason.
    """
    if isinstance(problem, PartitionedTastes):
        advice = "there is no mode of weights that differ in partitions; use est.fit, or a sample of people"
        raise ChoiceError("There is no quick mode:", [advice])
    with _folder(path) as store, alone_in(store, FitError, STARTING):
        folder = make_folder(store / f"{WORK}{digest(_job(problem, None))}", FitError, SAVING)
        with _team(problem, folder, executor, progress) as team:
            return mode_of(problem, team)


@contextmanager
def _folder(path: str | Path | None) -> Iterator[Path]:
    if path is not None:
        yield make_folder(path, FitError, SAVING).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="estimation-") as made:
        yield Path(made)


@contextmanager
def _team(problem: PartitionedLogit, folder: Path, executor: AnyExecutor, progress: bool) -> Iterator[Team]:
    slim = PartitionedLogit(problem.model, problem.table.without_parts(), problem.likelihood)
    with crew_of(executor) as crew:
        yield Team(problem.table.parts, LogitWork(slim, folder), crew, progress)


def _job(problem: PartitionedChoice, settings: Settings | None) -> dict[str, Any]:
    """Return what the work on a partition depends on, but its own content; where weights differ, on all of it."""
    about: dict[str, Any] = {"reading": dict(problem.table.reading), "coefficients": list(problem.design.names)}
    if settings is not None and isinstance(problem, PartitionedTastes):
        about |= {"settings": known_settings(problem, settings), "data": problem.table.fingerprint}
    return {"model": problem.model.spec(), **about, "code": code_version()}


def _saved(fit: PartitionedChoiceFit) -> None:
    """Write the fit, and remove what a finished one does not need."""
    tree = fit.tree.copy()
    tree["table"] = xr.DataTree(to_dataset(fit.table))
    save(tree, fit.manifest, fit.store / FILE)
    for folder in fit.store.glob(f"{WORK}*"):
        if folder.name != fit.work_folder.name:
            shutil.rmtree(folder, ignore_errors=True)
    for made in fit.work_folder.iterdir():
        if made.name != PEOPLE:
            made.unlink()
