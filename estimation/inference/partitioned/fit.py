"""Fit a theory to people in partitions: the posterior of their population by proposals around its mode, as otherwise.

Nodes stay where they are made. What travels are populations, and sums over the people of a partition; so the memory
that it takes is that of one partition for whoever works on one, however many people there are.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.data.partitions.parquet import read_parquet
from estimation.data.partitions.partitions import Partition
from estimation.errors import FitError, raise_all
from estimation.fits.checks import GOOD_K
from estimation.fits.fit import Fit
from estimation.fits.job import Settings, code_version, known_settings, manifest_of
from estimation.fits.storage import save
from estimation.inference.importance import Weighted
from estimation.inference.partitioned.crowd import Crowd, Judgement
from estimation.inference.partitioned.files import FLAT, START, Files, digest
from estimation.inference.partitioned.finished import STARTING, refuse_another
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.partitioned.work import SAVING, Work
from estimation.inference.population_sampler import COVERED, FAILED, PLENTY, ROUGHLY
from estimation.inference.remedies import Remedy, remedy
from estimation.jobs.unit import Result
from estimation.jobs.workers import AnyExecutor, workers
from estimation.locking import alone_in
from estimation.population.fineness import fineness
from estimation.population.likelihoods import excess_error
from estimation.population.normal import Population
from estimation.saving import make_folder

FILE, WORK, PEOPLE = "fit.nc", "work-", "people"
GONE = "The fit's files are gone:"
MOST = 16  # times more nodes than at first; more than elsewhere, since a partition has to hold its own alone
ATTEMPTS = 6  # times that nodes are made anew: the narrower a posterior, the longer they have to follow it


@dataclass(frozen=True, eq=False, repr=False)
class PartitionedFit(Fit[PartitionedProblem]):
    """A theory fitted to people in partitions: a `Fit` whose people stand in files.

    `est.diagnose`, `est.compare`, `summary`, `draws`, and predictions and simulations for another table work as of any
    fit. Whatever needs the rows of all people at once refuses.

    Attributes
    ----------
    store
        The folder in which the fit is, with its nodes and the rows about people.
    """

    store: Path

    @property
    def work_folder(self) -> Path:
        """Where nodes, and rows about people, are; `FitError` if that is gone."""
        folder = self.store / str(self.manifest["work"]["folder"])
        if not folder.is_dir():
            advice = f"{folder} is not there; read the fit where its store is now (est.load_fit), or fit it again"
            raise FitError(GONE, [advice])
        return folder

    @property
    def people_folder(self) -> Path:
        """The folder of Parquet files with a row about each person, one file for each partition.

        They hold what `people` holds, and may be read without this package.
        """
        return self.work_folder / PEOPLE

    @property
    def people(self) -> pd.DataFrame:  # type: ignore[override] # read anew: it may be large
        """One row per person, as of any fit, with ``k``, ``effective`` and ``error`` of the person's integral.

        All rows are read into the memory; where they are too many, read the files in `people_folder` one by one.
        """
        files = {part.name: self.people_folder / f"{part.key}.parquet" for part in self.table.parts}
        missing = [name for name, file in files.items() if not file.exists()]
        raise_all([f"rows about the people of {name!r} are missing; fit it again" for name in missing], FitError, GONE)
        rows = pd.concat([read_parquet(file, GONE)[0] for file in files.values()])
        return rows.set_index("subject").sort_index()

    def files_of(self, part: Partition) -> Files:
        """Return the files of one partition."""
        return Files(self.work_folder, part)

    @property
    def stage(self) -> str:
        """What the nodes are called that the fit stands on."""
        return str(self.manifest["work"]["stage"])

    def save(self, path: str | Path) -> Path:
        """Refuse: the fit is in its store, with all that belongs to it."""
        raise FitError(SAVING, [f"it is kept in {self.store}, beside its nodes; copy that folder instead of {path}"])


def fit_partitions(
    problem: PartitionedProblem,
    settings: Settings,
    path: str | Path | None,
    progress: bool = False,
    executor: AnyExecutor = None,
) -> PartitionedFit:
    """Fit a theory of messages to people in partitions.

    Parameters
    ----------
    path
        The store: a folder, made if need be, in which whoever works must be able to write. What was finished there,
        by the same theory, settings and code, is not done again; of a partition whose file is another one than before,
        everything is.
    executor
        Who works: see `estimation.jobs.run.run_units`.

    Raises
    ------
    FitError
        If there is no store, or it holds another finished fit; if another process works there; or if partitions
        failed: each is named, with the reason.
    """
    started = time.perf_counter()
    if path is None:
        raise FitError(STARTING, ["people in partitions need a store for their nodes; give a folder, path='store'"])
    store = make_folder(path, FitError, SAVING).resolve()
    with alone_in(store, FitError, STARTING), workers(executor) as crew:
        refuse_another(store / FILE, problem, settings)
        folder = make_folder(store / f"{WORK}{digest(_job(problem, settings))}", FitError, SAVING)
        people = make_folder(folder / PEOPLE, FitError, SAVING)
        slim = PartitionedProblem(problem.model, problem.table.without_parts())
        work = Work(slim, settings, settings.cores if executor is None else 1, folder, people)
        found = _found(Crowd(problem.table.parts, work, crew, progress), settings)
        more = {
            "sampler": {"name": found.sampler},
            "draws_per_chain": found.posterior.sizes["draw"],
            "work": {"folder": folder.name, "stage": found.stage},
        }
        manifest = manifest_of(problem, settings, time.perf_counter() - started, **more)
        result = PartitionedFit(problem, found.tree(slim), manifest, store)
        tree = result.tree.copy()
        tree["table"] = xr.DataTree(xr.Dataset())
        save(tree, manifest, store / FILE)
        _tidied(result)
    return result


@dataclass(frozen=True, eq=False)
class _Found:
    """Draws of the population, and what the people of each partition are like at worst."""

    posterior: xr.Dataset
    weighted: Weighted
    stage: str
    judgement: Judgement
    worst: list[Result]

    @property
    def sampler(self) -> str:
        how = COVERED if self.weighted.reliable else FAILED
        return f"{how} (Pareto k {self.weighted.k:.2f}, {self.weighted.effective:.0f} effective draws)"

    def tree(self, problem: PartitionedProblem) -> xr.DataTree:
        names = self.worst[0]
        integration = xr.Dataset({name: ("partition", [one[name] for one in self.worst]) for name in names})
        groups = {
            "/": xr.Dataset(),
            "posterior": problem.named(self.posterior),
            "sample_stats": xr.Dataset(),
            "log_likelihood": xr.Dataset(),
            "integration": integration.merge(self.judgement.moved),
            "proposals": self.weighted.quality(),
        }
        return xr.DataTree.from_dict(groups)


def _found(crowd: Crowd, settings: Settings) -> _Found:
    """Draw the population; make nodes anew until integrals are good enough, as `PopulationSampler.importance` does."""
    slim, guess, rng = crowd.work.problem, crowd.built(), np.random.default_rng([settings.seed, 3])
    target = crowd.target(START)
    rough = Weighted.of(target.explored(guess, rng), target.coordinates).resampled(1, ROUGHLY, rng)
    least = fineness(slim.table.people, settings.accuracy)
    stage, middle = _remade(crowd, START, rough, Remedy("polish", least))
    for attempt in range(ATTEMPTS + 1):
        rng, target = np.random.default_rng([settings.seed, 2, attempt]), crowd.target(stage)
        explored = target.explored(middle, rng)
        each = max(1, ROUGHLY // settings.chains)
        posterior = Weighted.of(explored, target.coordinates).resampled(settings.chains, each, rng)
        needed = _needed(crowd.judged(stage, posterior), slim.named(posterior), settings, least, attempt)
        is_last = attempt == ATTEMPTS
        if is_last or needed is None:  # a rough posterior shows what nodes lack; the rest of them is for good ones
            weighted = target.weighed(explored, rng, PLENTY)
            posterior = weighted.resampled(settings.chains, settings.draws, rng)
            judgement = crowd.judged(stage, posterior)
            needed = _needed(judgement, slim.named(posterior), settings, least, attempt)
        if is_last or needed is None:
            break
        stage, middle = _remade(crowd, stage, posterior, needed)
    return _Found(posterior, weighted, stage, judgement, crowd.described(stage, posterior))


def _remade(crowd: Crowd, stage: str, posterior: xr.Dataset, by: Remedy) -> tuple[str, Population]:
    """Let nodes be made that suit a posterior; return the name of their stage, and a population in its middle."""
    draws = crowd.structure.draws(posterior)
    return crowd.remade(stage, draws, by.how, by.fineness), draws.middle


def _needed(judgement: Judgement, posterior: xr.Dataset, settings: Settings, least: int, attempt: int) -> Remedy | None:
    """Return what should be done about nodes; who asks for less accuracy gets no more, as in other fits."""
    error = excess_error(judgement.moved, posterior) if settings.accuracy >= 1 else 0.0
    return remedy(error, judgement.strayed, judgement.k >= GOOD_K, (judgement.fineness, MOST * least), attempt > 0)


def _job(problem: PartitionedProblem, settings: Settings) -> dict[str, Any]:
    """Return what the work on a partition depends on, but its own content."""
    games = {name: game.described() for name, game in problem.table.games.items()}
    about = {
        "games": games,
        "roles": problem.table.roles,
        "fineness": fineness(problem.table.people, settings.accuracy),
    }
    known = {name: value for name, value in known_settings(problem, settings).items() if name != "cores"}
    return {"model": problem.model.spec(), "data": about, "settings": known, "code": code_version()}


def _tidied(fit: PartitionedFit) -> None:
    """Remove what a finished fit does not need: nodes that others were made of, and other work in the store."""
    needed = {fit.files_of(part).file(fit.stage, FLAT).name for part in fit.table.parts}
    for file in fit.work_folder.glob("*.npz"):
        if file.name not in needed:
            file.unlink()
    keys = {f"{part.key}.parquet" for part in fit.table.parts}
    for file in fit.people_folder.iterdir():
        if file.name not in keys:
            file.unlink()
    for folder in fit.store.glob(f"{WORK}*"):
        if folder.name != fit.work_folder.name:
            shutil.rmtree(folder, ignore_errors=True)
