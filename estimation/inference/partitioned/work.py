"""What is done with the people of one partition, by whoever has it: nodes stay in files there, and sums go back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from estimation.data.partitions.parquet import write_parquet
from estimation.errors import FitError
from estimation.fits.job import Settings
from estimation.inference.missed import missed_by_integrals
from estimation.inference.partitioned.files import FLAT, START, Files, Stage, digest, read_back
from estimation.inference.partitioned.problem import PartitionedProblem, PartProblem
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import flat_nodes, people_draws, some_draws
from estimation.population.integration_quality import integration_quality
from estimation.population.likelihoods import thinned
from estimation.population.structure import PopulationDraws
from estimation.population.unbiased import bias_left, unbiased_sums
from estimation.threads import one_thread

SAVING = "The fit cannot be saved:"


@dataclass(frozen=True, eq=False)
class Work:
    """Work on one partition at a time.

    A unit names the ``partition``, what to ``do`` (a method of this class) and with which nodes, the ``stage``;
    ``found`` says what populations are called that were written down (`files.written_down`).

    Attributes
    ----------
    problem
        The theory and what is known of all people, without the list of partitions.
    settings, cores
        Those of the fit, and how many people are handled side by side.
    folder, people
        Where nodes, and rows about people, are written.
    """

    problem: PartitionedProblem
    settings: Settings
    cores: int
    folder: Path
    people: Path

    def __call__(self, unit: Unit) -> Result:
        """Do what a unit says, with a library for matrices that keeps to one thread: products are small here."""
        with one_thread():
            return getattr(self, unit.inputs["do"])(unit)

    def build(self, unit: Unit) -> Result:
        """Make nodes from scratch; return the population that these people suggest by themselves."""
        files = self._files(unit)

        def made() -> Result:
            problem = self.problem.part(files.part)
            problem.check()
            nodes = self._builder(problem, files, START).build()
            files.keep(START, nodes)
            suggested = {name: getattr(nodes.population, name) for name in ("mean", "sd", "share")}
            return suggested | {"people": len(problem.crowd)}

        return files.once(START, files.file(START, FLAT), made)

    def remake(self, unit: Unit) -> Result:
        """Make the nodes of a stage."""
        files, stage = self._files(unit), unit.inputs["stage"]

        def made() -> Result:
            problem = self.problem.part(files.part)
            draws = self._draws(unit)
            team = replace(self._builder(problem, files, stage.name).meeting(draws), fineness=stage.fineness)
            files.keep(stage.name, getattr(team, stage.how)(self._before(problem, files, stage), draws.wide))
            return {}

        told = files.once(stage.name, files.file(stage.name, FLAT), made)
        files.forget_nodes(stage.before)
        return told

    def sum(self, unit: Unit) -> Result:
        """Return the log likelihood of these people together under each population, nats, as bytes in hexadecimals."""
        return unbiased_sums(self._files(unit).flats(unit.inputs["stage"]), self._draws(unit)).tobytes().hex()

    def judge(self, unit: Unit) -> Result:
        """Return how far these people's integrals can be trusted, and may have moved what is said of all people.

        It is kept, for a fit that goes on asks again when the nodes may have given way to those of the next stage.
        """
        files, about = self._files(unit), digest([unit.inputs["stage"], unit.inputs["found"]])

        def judged() -> Result:
            problem, nodes = self._opened(unit)
            draws = self._draws(unit)
            posterior = problem.arrays(draws.found, self.settings.chains)
            rng = np.random.default_rng(seed_of(self.settings.seed, f"halves {files.part.name}"))
            quality = integration_quality(nodes, draws.middle, problem.table.subjects)
            moved = problem.integral_errors(flat_nodes(nodes), posterior, rng)
            return {
                "k": float(quality["k"].max()),
                "fineness": nodes.fineness,
                "strayed": nodes.strayed(draws),
                "squares": {name: np.square(moved[name].to_numpy()) for name in map(str, moved.data_vars)},
                "bias": bias_left(flat_nodes(nodes), problem.structure.draws(thinned(posterior))),
            }

        return files.once(f"judged-{about}", files.file(unit.inputs["stage"], FLAT), judged)

    def describe(self, unit: Unit) -> Result:
        """Write a row about each person, and return what the worst of them are like.

        The rows are those of `MessageProblem.people`, with the Pareto ``k``, the ``effective`` nodes and the ``error``
        (nats) of the integral over the person's parameters.
        """
        files, about = self._files(unit), digest([unit.inputs["stage"], unit.inputs["found"], self.settings.samples])
        file = self.people / f"{files.part.key}.parquet"

        def written() -> Result:
            problem, nodes = self._opened(unit)
            subjects, draws = problem.table.subjects, self._draws(unit)
            chosen = some_draws(draws, self.settings.samples, np.random.default_rng([self.settings.seed, 1]))
            rng = np.random.default_rng(seed_of(self.settings.seed, f"people {files.part.name}"))
            drawn = people_draws(flat_nodes(nodes), draws, subjects, rng, chosen)
            quality = integration_quality(nodes, draws.middle, subjects)
            missed = missed_by_integrals(problem, draws.middle, nodes, rng)
            rows = problem.people(xr.DataTree.from_dict({"people": drawn}))
            rows = rows.join(quality[["k", "effective", "error"]].to_dataframe()).reset_index()
            write_parquet(rows, file, [problem.table.label], FitError, SAVING)
            worst = {"k": rows["k"].max(), "effective": rows["effective"].min(), "people": len(rows)}
            worst |= {str(name): float(value.max()) for name, value in missed.data_vars.items()}
            return worst | {"error": float(np.linalg.norm(rows["error"]))}

        return files.once(f"people-{about}", file, written)

    def _files(self, unit: Unit) -> Files:
        return Files(self.folder, unit.inputs["partition"])

    def _draws(self, unit: Unit) -> PopulationDraws:
        return PopulationDraws(self.problem.structure, read_back(self.folder, unit.inputs["found"]))

    def _opened(self, unit: Unit) -> tuple[PartProblem, Ensemble]:
        files = self._files(unit)
        nodes = files.nodes(unit.inputs["stage"])
        if nodes is None:
            raise files.lost()
        return self.problem.part(files.part), nodes

    def _before(self, problem: PartProblem, files: Files, stage: Stage) -> Ensemble:
        """Return the nodes that those of a stage are made of; the first ones are made again if they are gone."""
        found = files.nodes(stage.before)
        if found is not None:
            return found
        if stage.before != START:
            raise files.lost()
        return self._builder(problem, files, START).build()

    def _builder(self, problem: PartProblem, files: Files, stage: str) -> Team:
        rng = np.random.default_rng(seed_of(self.settings.seed, f"{stage} {files.part.name}"))
        return problem.builder(rng, self.cores, self.settings.accuracy)
