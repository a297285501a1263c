"""What is done with the people of one partition whose tastes differ: they stay here, and sums over them go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.hierarchy.adaptation import adapted, around_means
from estimation.choice.hierarchy.conjugate import moments
from estimation.choice.hierarchy.coordinates import told_by
from estimation.choice.hierarchy.crowd import Crowd, crowd_of
from estimation.choice.hierarchy.people import move_people
from estimation.choice.hierarchy.problem import TastePopulation, natural
from estimation.choice.hierarchy.sites import Sites, sites_at_modes
from estimation.choice.hierarchy.transport import carried
from estimation.choice.utilities.design import arrays_with
from estimation.data.partitions.parquet import write_parquet
from estimation.data.partitions.partitions import Partition
from estimation.errors import FitError
from estimation.inference.choice_partitions.kept import SAVING, keep, opened
from estimation.inference.choice_partitions.logit_work import about, arrays_of
from estimation.inference.choice_partitions.problem import PartitionedTastes
from estimation.inference.choice_partitions.team import arrays_file
from estimation.inference.partitioned.files import Files
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.names import SUBJECT
from estimation.threads import one_thread

CROWD, SITES, STATE = "crowd", "sites", "state"
PILOTS = 1_000
"""People on whom the search for the middle of the posterior begins."""


class Place(NamedTuple):
    """Where people are after so many sweeps, on the Gaussians of a stage."""

    stage: int
    sweep: int

    @property
    def name(self) -> str:
        """What files about it are called."""
        return f"{STATE}-{self.stage}-{self.sweep}"


@dataclass(frozen=True, eq=False)
class Reading:
    """Work before the first sweep: choices are read, and laid out for the kernels.

    Attributes
    ----------
    problem
        The model and what is known of all choices, without the list of partitions.
    folder
        Where arrays are kept, partition by partition.
    """

    problem: PartitionedTastes
    folder: Path

    def __call__(self, unit: Unit) -> Result:
        """Do what a unit says."""
        with one_thread():
            return getattr(self, unit.inputs["do"])(unit)

    def build(self, unit: Unit) -> Result:
        """Read and check the rows, and keep the choices; return what is summed over all of them."""
        part: Partition = unit.inputs["partition"]
        file, hierarchy = arrays_file(self.folder, part, CROWD), self.problem.hierarchy

        def made() -> Result:
            arrays = arrays_of(self.problem, part, unit.inputs["checked"])
            order = (*hierarchy.random, *hierarchy.fixed)
            crowd = crowd_of(arrays, order, hierarchy.sign, hierarchy.price)
            laid = {name: np.asarray(value) for name, value in crowd._asdict().items()}
            keep(file, laid | {"covariates": np.ones((arrays.people, 1)), "subjects": np.array(arrays.subjects)})
            return about(arrays)

        return Files(self.folder, part).once(CROWD, file, made)

    def pilot(self, unit: Unit) -> Result:
        """Return a population in the middle of the posterior of some people of this partition."""
        table = self.problem.table.read(unit.inputs["partition"])
        arrays = arrays_with(self.problem.design, table)
        whole = self.problem.hierarchy_of(np.array(unit.inputs["spread"]))
        own = replace(whole, choices=arrays, covariates=np.ones((arrays.people, 1)))
        own = own.without(np.arange(arrays.people) >= PILOTS)
        return adapted(own, np.random.default_rng(unit.inputs["seed"])).coordinates.reference._asdict()


@dataclass(frozen=True, eq=False)
class Sweeping:
    """Work in sweeps: what a unit ``do``es is a method; populations come as a list, one of each chain.

    Attributes
    ----------
    seed
        Root of all randomness.
    folder, people
        Where arrays are kept, and where rows about people are written.
    """

    seed: int
    folder: Path
    people: Path

    def __call__(self, unit: Unit) -> Result:
        """Do what a unit says."""
        return getattr(self, unit.inputs["do"])(unit)

    def settle(self, unit: Unit) -> Result:
        """Make Gaussians for people under a population in the middle; return what choices tell on them.

        People who are nowhere yet go to their modes.
        """
        before, after, middle = unit.inputs["before"], unit.inputs["after"], unit.inputs["middle"]
        crowd, covariates = self._crowd(unit)
        mean = covariates @ middle.shift.T
        populations: list[TastePopulation] = unit.inputs["populations"]
        if before is None:
            start = np.column_stack([mean, np.tile(middle.fixed, (len(mean), 1))])
            sites, modes = sites_at_modes(crowd, start, mean, middle.precision)
            state = _nobody(len(populations), modes, mean.shape[1])
        else:
            state = self._arrived(unit, before)
            sites, _ = sites_at_modes(crowd, state["theta"][0].copy(), mean, middle.precision)
        rng = self._rng(unit, after, "sites")
        sites = around_means(crowd, sites, state["theta"][0], mean, middle, rng)
        for chain, population in enumerate(populations):
            own = covariates @ population.shift.T
            move_people(crowd, sites, state["theta"][chain], own, population.precision, 0, rng, state["white"][chain])
        keep(self._place(unit, f"{SITES}-{after.stage}"), sites._asdict())
        keep(self._place(unit, after.name), state)
        return told_by(covariates, sites, middle)._asdict()

    def move(self, unit: Unit) -> Result:
        """Let people arrive where trajectories ended, and draw them given the populations; return sums there."""
        before, after = unit.inputs["before"], unit.inputs["after"]
        crowd, covariates = self._crowd(unit)
        sites, state = self._sites(unit, before), self._arrived(unit, before)
        rng = self._rng(unit, after, "people")
        for chain, population in enumerate(unit.inputs["populations"]):
            theta, mean = state["theta"][chain], covariates @ population.shift.T
            slices, white = unit.inputs["slices"], state["white"][chain]
            move_people(crowd, sites, theta, mean, population.precision, slices, rng, white)
        if unit.inputs["counted"]:
            weights = natural(state["theta"], crowd.sign, crowd.price)
            state["total"] += np.array([weights.sum(axis=0), (weights**2).sum(axis=0)])
        keep(self._place(unit, after.name), state)
        for place in unit.inputs["drop"]:
            self._place(unit, place.name).unlink(missing_ok=True)
        return self._sums(crowd, sites, covariates, state, unit.inputs["populations"])

    def force(self, unit: Unit) -> Result:
        """Return sums over people carried along to other populations; None for a chain that asks for nothing."""
        crowd, covariates = self._crowd(unit)
        state = opened(self._place(unit, unit.inputs["after"].name))
        return self._sums(crowd, self._sites(unit, unit.inputs["after"]), covariates, state, unit.inputs["populations"])

    def describe(self, unit: Unit) -> Result:
        """Write a row about each person: the mean of each weight, and its standard deviation."""
        part, names, count = unit.inputs["partition"], unit.inputs["names"], unit.inputs["count"]
        total = opened(self._place(unit, unit.inputs["after"].name))["total"] / count
        back = np.argsort(unit.inputs["order"])
        mean, sd = total[0][:, back], np.sqrt(np.maximum(total[1] - total[0] ** 2, 0.0))[:, back]
        rows = pd.DataFrame({SUBJECT.name: opened(self._place(unit, CROWD))["subjects"]})
        rows = pd.concat(
            [rows, pd.DataFrame(mean, columns=names), pd.DataFrame(sd, columns=names).add_prefix("sd of ")], axis=1
        )
        write_parquet(rows, self.people / f"{part.key}.parquet", [unit.inputs["label"]], FitError, SAVING)
        return {"people": len(rows)}

    def _sums(
        self,
        crowd: Crowd,
        sites: Sites,
        covariates: Array,
        state: dict[str, Array],
        populations: Sequence[TastePopulation | None],
    ) -> Result:
        found: list[dict[str, Any] | None] = []
        for chain, population in enumerate(populations):
            if population is None:
                found.append(None)
                continue
            theta, size = state["theta"][chain].copy(), len(population.precision)
            sums = carried(crowd, sites, state["white"][chain], covariates, population, theta)
            seen = moments(theta[:, :size], covariates, population.shift)
            found.append(sums._asdict() | {"within": seen.within, "cross": seen.cross, "product": seen.product})
        return found

    def _arrived(self, unit: Unit, before: Place) -> dict[str, Array]:
        """Return where people are once those of chains whose trajectories were accepted have moved along."""
        crowd, covariates = self._crowd(unit)
        state, sites = opened(self._place(unit, before.name)), self._sites(unit, before)
        for chain, population in enumerate(unit.inputs["accepted"]):
            if population is not None:
                carried(crowd, sites, state["white"][chain], covariates, population, state["theta"][chain])
        return state

    def _crowd(self, unit: Unit) -> tuple[Crowd, Array]:
        found = opened(self._place(unit, CROWD))
        rows, situations = found["largest"].tolist()
        own = {name: found[name] for name in Crowd._fields if name not in Crowd._field_defaults} | {
            "price": int(found["price"]),
            "largest": (rows, situations),
        }
        return Crowd(**own), found["covariates"]

    def _sites(self, unit: Unit, place: Place) -> Sites:
        return Sites(**opened(self._place(unit, f"{SITES}-{place.stage}")))

    def _place(self, unit: Unit, what: str) -> Path:
        return arrays_file(self.folder, unit.inputs["partition"], what)

    def _rng(self, unit: Unit, place: Place, what: str) -> np.random.Generator:
        return np.random.default_rng(seed_of(self.seed, f"{what} {place.name} {unit.inputs['partition'].name}"))


def _nobody(chains: int, modes: Array, random: int) -> dict[str, Array]:
    """Return people of whom nothing was seen yet, at their modes in every chain."""
    theta = np.repeat(modes[None], chains, axis=0)
    return {"theta": theta, "white": np.zeros((chains, len(modes), random)), "total": np.zeros((2, *modes.shape))}
