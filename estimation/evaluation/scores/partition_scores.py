"""Scores of people in partitions, each left out by weights: what is held together is two numbers a person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.evaluation.scores.smoothed import Smoothed
from estimation.fits.job import code_version
from estimation.inference.partitioned.files import Files, digest
from estimation.inference.partitioned.fit import PartitionedFit
from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor
from estimation.population.likelihoods import log_likelihoods
from estimation.population.structure import Structure
from estimation.population.unbiased import unbiased_likelihoods
from estimation.threads import one_thread


@dataclass(frozen=True, eq=False)
class PartitionScores:
    """Scores of everybody.

    Attributes
    ----------
    elpd, pareto_k : (subject,) Series
        log p(person | everybody else), nats, and how reliable it is: up to `good_k`.
    pull : (chain, draw) array
        How far each draw moves the total.
    error
        Standard error of the total from the integrals over people, nats.
    """

    elpd: pd.Series
    pareto_k: pd.Series
    good_k: float
    pull: Array
    error: float


@dataclass(frozen=True, eq=False)
class _Score:
    """Score the people of a partition, where their nodes are."""

    structure: Structure
    posterior: xr.Dataset
    folder: Path
    people: Path
    stage: str

    def __call__(self, unit: Unit) -> Result:
        files, draws = Files(self.folder, unit.inputs["partition"]), self.structure.draws(self.posterior)
        rows = pd.read_parquet(self.people / f"{files.part.key}.parquet", columns=["subject", "error"])
        with one_thread():
            who = self.posterior, rows["subject"].tolist()
            likelihood = log_likelihoods(files.flats(self.stage), draws, *who, unbiased_likelihoods)
        groups = {"/": xr.Dataset(), "posterior": self.posterior, "log_likelihood": likelihood}
        found = Smoothed.of(xr.DataTree.from_dict(groups), "people", "subject")
        return {
            "subject": list(found.elpd.index),
            "elpd": found.elpd.to_numpy(),
            "k": found.pareto_k.to_numpy(),
            "good_k": found.good_k,
            "pull": found.pull.sum("subject").to_numpy(),
            "error": float(np.linalg.norm(rows["error"])),
        }


def partition_scores(fit: PartitionedFit, executor: AnyExecutor, progress: bool) -> PartitionScores:
    """Return the scores of everybody; those of finished partitions are kept beside the fit.

    Raises
    ------
    StudyError
        If partitions fail: each is named, with the reason.
    """
    units = [Unit(part.name, {"partition": part}) for part in fit.table.parts]
    work = _Score(fit.problem.structure, fit.posterior, fit.work_folder, fit.people_folder, fit.stage)
    job, what = {"unit": "subject", "stage": fit.stage}, "leaving people out"
    store = fit.work_folder / f"scores-{digest([job, code_version()])}"
    found = run_units(units, work, job=job, executor=executor, store=store, progress=progress, what=what)
    told = list(found.values())
    who = [subject for one in told for subject in one["subject"]]
    elpd, k = (pd.Series([value for one in told for value in one[name]], index=who) for name in ("elpd", "k"))
    pull = np.sum([one["pull"] for one in told], axis=0)
    error = float(np.linalg.norm([one["error"] for one in told]))
    return PartitionScores(elpd.sort_index(), k.sort_index(), told[0]["good_k"], pull, error)
