"""Everybody, a partition at a time: what is asked of all partitions, and how their answers are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.data.partitions.partitions import Partition
from estimation.errors import FitError, StudyError
from estimation.fits.checkpoint import Checkpoint
from estimation.inference.importance import Target
from estimation.inference.partitioned.files import Stage, digest, written_down
from estimation.inference.partitioned.work import Work
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import Workers
from estimation.population.likelihoods import thinned
from estimation.population.normal import Population
from estimation.population.structure import PopulationDraws, Structure

AT_ONCE = 4_096  # populations that are asked about at a time: answers of all partitions are held together
BROKE_OFF = "The fit broke off; what is finished is kept, and it goes on from there when it is started again:"


@dataclass(frozen=True, eq=False)
class Judgement:
    """How far the integrals of all people can be trusted.

    Attributes
    ----------
    k, fineness, strayed
        The worst Pareto shape of weights, how many times more nodes than the least there are, and how far the posterior
        is from the populations that nodes serve (`Ensemble.strayed`).
    moved
        ``mean_error``, ``sd_error`` and the like, as `population_error` names them, with what integrals that are off
        on average add; ``any_error`` and ``bias`` (that part of it alone), posterior standard deviations.
    """

    k: float
    fineness: int
    strayed: float
    moved: xr.Dataset


@dataclass(frozen=True, eq=False)
class Crowd:
    """People in partitions, who are asked through units of work.

    Attributes
    ----------
    parts, work
        The partitions, and what is done with each.
    crew, progress
        Who does it, and whether progress is shown.
    """

    parts: tuple[Partition, ...]
    work: Work
    crew: Workers
    progress: bool

    @property
    def structure(self) -> Structure:
        """What a population is."""
        return self.work.problem.structure

    def built(self) -> Population:
        """Let nodes be made from scratch; return a population that people suggest, those of each partition alone."""
        told = self._asked("build", "evaluating the theory at nodes")
        weight = np.array([one["people"] for one in told], float)
        weight /= weight.sum()
        mean, sd, share = (np.array([one[name] for one in told]) for name in ("mean", "sd", "share"))
        middle = weight @ mean
        return Population(middle, np.sqrt(weight @ (sd**2 + (mean - middle) ** 2)), weight @ share)

    def remade(self, before: str, draws: PopulationDraws, how: str, fineness: int) -> str:
        """Let nodes be made that suit populations; return the name of their stage."""
        found = written_down(self.work.folder, draws.found)
        stage = Stage.after(before, found, how, fineness)
        self._asked("remake", "re-centring nodes", stage=stage, found=found)
        return stage.name

    def target(self, stage: str) -> Target:
        """Return the posterior of the population given everybody's nodes of a stage."""

        def everybody(draws: PopulationDraws) -> Array:
            starts = range(0, len(draws), AT_ONCE)
            pieces = ({name: value[at : at + AT_ONCE] for name, value in draws.found.items()} for at in starts)
            return np.concatenate([self._summed(stage, piece) for piece in pieces])

        return Target(everybody, self.work.problem.table.people, self.structure)

    def _summed(self, stage: str, populations: Mapping[str, Array]) -> Array:
        """Return the log likelihood of everybody together, (draw,), nats; what was asked before is kept."""
        found, kept = written_down(self.work.folder, populations), Checkpoint(self.work.folder)
        name = f"sum-{digest([stage, found, [part.key for part in self.parts]])}"
        total = kept.arrays(name, lambda arrays: arrays["total"])
        if total is None:
            count = len(populations["mean"])
            told = self._asked("sum", f"likelihoods under {count:,} populations", stage=stage, found=found)
            total = np.zeros(count)
            for one in told:
                total += np.frombuffer(bytes.fromhex(one))
            kept.keep_arrays(name, {"total": total})
        return total

    def judged(self, stage: str, posterior: xr.Dataset) -> Judgement:
        """Return how far integrals over nodes of a stage can be trusted under a posterior."""
        problem, found = self.work.problem, written_down(self.work.folder, self.structure.draws(posterior).found)
        told = self._asked("judge", "judging integrals", stage=stage, found=found)
        some = thinned(problem.named(posterior))
        bias = np.sum([one["bias"] for one in told], axis=0)
        moved: dict[str, Any] = {"bias": float(bias.std())}
        for name in told[0]["squares"]:
            random = np.sum([one["squares"][name] for one in told], axis=0)
            if name == "any_error":
                moved[name] = float(np.sqrt(random + bias.var()))
                continue
            about = some[name.removesuffix("_error")]
            value = about.to_numpy().reshape(len(bias), -1)
            shift = (value - value.mean(axis=0)).T @ bias / (len(bias) - 1)
            moved[name] = (about.dims[-1], np.sqrt(random + shift**2))
        names = {dim: some[dim] for dim in ("parameter", "covariate", "pair") if dim in some.coords}
        k, fineness, strayed = (max(one[name] for one in told) for name in ("k", "fineness", "strayed"))
        return Judgement(k, fineness, strayed, xr.Dataset(moved, coords=names))

    def described(self, stage: str, posterior: xr.Dataset) -> list[Result]:
        """Let rows about people be written; return of each partition what its worst person is like."""
        found = written_down(self.work.folder, self.structure.draws(posterior).found)
        return self._asked("describe", "describing people", stage=stage, found=found)

    def _asked(self, do: str, what: str, **inputs: Any) -> list[Result]:
        """Return what a piece of work comes to, partition by partition.

        Raises
        ------
        FitError
            With every partition that failed, and why; what others came to is kept.
        """
        units = [Unit(part.name, {"partition": part, "do": do, **inputs}) for part in self.parts]
        try:
            found = run_units(units, self.work, job={}, executor=self.crew, progress=self.progress, what=what)
        except StudyError as problem:
            raise FitError(BROKE_OFF, problem.problems) from problem
        return [found[unit.key] for unit in units]
