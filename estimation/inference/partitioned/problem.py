"""A theory applied to people in partitions: one population, and people who are looked at a partition at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.data.partitions.partitions import Partition, Partitions
from estimation.data.tables.table import Table
from estimation.errors import FitError, TheoryError, raise_all
from estimation.games.game import Game
from estimation.inference.problem import MessageProblem
from estimation.population.design import Design
from estimation.population.ensemble import Team
from estimation.population.fineness import fineness
from estimation.population.participants import Participants
from estimation.theories.messages.theory import Theory


@dataclass(frozen=True, eq=False)
class PartitionedProblem(MessageProblem):
    """A theory of messages applied to people in partitions.

    The posterior's variables are those of `MessageProblem`.

    Raises
    ------
    TheoryError
        If the theory has formulas, or parameters of roles that are unrelated: these need all people at once.
    """

    table: Partitions  # type: ignore[assignment] # what is asked of all people together, it knows as a table does

    settings: ClassVar[tuple[str, ...]] = ("seed", "draws", "chains", "cores", "accuracy", "samples")

    def __post_init__(self) -> None:
        is_apart = isinstance(self.model, Theory) and self.model.unrelated and len(self.table.roles) > 1
        problems = [
            "formulas read columns of all people at once, and are not offered yet; fit a sample of them"
        ] * bool(isinstance(self.model, Theory) and self.model.formulas)
        problems += ["roles that are unrelated are two fits; write senders and receivers into two folders"] * is_apart
        raise_all(problems, TheoryError, f"{self.model} cannot be fitted to people in partitions:")

    @property
    def crowd(self) -> Participants:  # type: ignore[override] # there is none
        """Nobody: people are looked at a partition at a time (`part`)."""
        advice = "this needs all people at once; take a table of some, such as partitions.read(partitions.parts[0])"
        raise FitError(f"People of {self.table.label} are never together:", [advice])

    def part(self, partition: Partition) -> PartProblem:
        """Return the theory applied to the people of one partition, who belong to the population of all.

        Raises
        ------
        DataError
            If the partition cannot be read; the message begins with its name.
        """
        return PartProblem(self.model, self.table.read(partition), whole=self)

    def people(self, tree: xr.DataTree) -> pd.DataFrame:  # noqa: ARG002 - they stand in files
        """Say where people are: rows about them are written by partition, and never stand in a tree."""
        raise FitError("People stand beside the fit:", ["read them with fit.people, or the Parquet files of its store"])


@dataclass(frozen=True, eq=False)
class PartProblem(MessageProblem):
    """A theory applied to one partition. Games, roles and parameters are those of all people."""

    table: Table
    whole: PartitionedProblem | None = None

    @property
    def _all(self) -> PartitionedProblem:
        assert self.whole is not None
        return self.whole

    @property
    def games(self) -> list[Game]:
        """The games that anybody plays."""
        return self._all.games

    @property
    def roles(self) -> tuple[str, ...]:  # type: ignore[override] # of all people, not of these
        """The roles that anybody plays."""
        return self._all.roles

    @property
    def design(self) -> Design:  # type: ignore[override] # as above
        """What differs between people."""
        return self._all.design

    def builder(self, rng: np.random.Generator, cores: int, accuracy: float = 1.0) -> Team:
        """Return the builder of these people's nodes, as many as suit the number of all people."""
        return Team(self.crowd, self.structure, rng, cores, fineness(self._all.table.people, accuracy))

    def arrays(self, found: dict[str, Array], chains: int) -> xr.Dataset:
        """Return draws of the population that came as arrays (draw, ...), chains one after another, by name."""
        data = {
            name: (("chain", "draw", f"{name}_dim_0"), value.reshape(chains, -1, value.shape[-1]))
            for name, value in found.items()
        }
        draws = len(found["mean"]) // chains
        coords = {"chain": np.arange(chains), "draw": np.arange(draws)}
        return self.named(xr.Dataset(data, coords=coords))
