"""A model of choice on a table: what is sampled, and what only the model can say of its draws."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, Indices, Mask
from estimation.choice.design import Design, arrays_of, design_of
from estimation.choice.identification import check_identified
from estimation.choice.mode import MixedMode, Mode
from estimation.choice.settings import Settings
from estimation.choice.target import prior_sd
from estimation.choice.utility import Row, Utility
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError
from estimation.text.digits import number
from estimation.text.table import TextTable

KNOWN, NEW = PEOPLE = ("known", "new")


@dataclass(frozen=True, eq=False)
class Tastes:
    """Draws of weights.

    Parameters
    ----------
    weights : (sample, person, coefficient)
        As they enter the utility; one entry for all people where everybody has the same.
    dissimilarity : (sample, nest)
        No columns for models without nests.
    people
        Whose they are, in words.
    """

    weights: Array
    dissimilarity: Array
    people: str


class Fitted(NamedTuple):
    """The posterior as a fit holds it: ``posterior``, ``log_likelihood`` and further groups; and how it went."""

    groups: dict[str, xr.Dataset]
    facts: dict[str, Any]


class Truth(NamedTuple):
    """Parameters that were drawn from the prior.

    Attributes
    ----------
    weights
        Of everybody, by coefficient; or one row per person.
    dissimilarity
        Of each nest.
    quantities
        What is to be found again: the values of `ChoiceProblem.quantities`.
    """

    weights: Mapping[str, float] | pd.DataFrame
    dissimilarity: dict[str, float]
    quantities: dict[str, float]


@dataclass(frozen=True, eq=False)
class ChoiceProblem(ABC):
    """A model of choice on a table.

    Attributes
    ----------
    model, table
        What is fitted to what.
    """

    model: Utility
    table: ChoiceTable

    references: ClassVar[tuple[str, ...]] = ()
    """What a report on such a model cites besides the model's own source."""

    @abstractmethod
    def sampled(self, settings: Settings) -> Fitted:
        """Return draws of the posterior, see `ChoiceFit` for their groups."""

    @abstractmethod
    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people, (draw, person), nats, by draws that have not seen them.

        And whether draws and integrals passed their checks. Priors stay as they are; `out` is (person,).
        """

    @abstractmethod
    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of people whom nobody has seen, as many as are in the data, (sample, person, coefficient)."""

    @abstractmethod
    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw everything that choices depend on from the prior."""

    @abstractmethod
    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the draws of each quantity that `truth` names, (draw,)."""

    @abstractmethod
    def parameter_rows(self) -> list[Row]:
        """Return a row per parameter."""

    @abstractmethod
    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return what the posterior says of everybody, with as many digits as the Monte-Carlo error allows."""

    def mode(self, seed: int) -> Mode | MixedMode:
        """Return the maximum of the likelihood."""
        advice = f"the {self.model.name} has several; use estimation.fit, whose draws describe its posterior"
        raise ChoiceError("There is no quick mode:", [advice])

    def tastes(self, tree: xr.DataTree, people: str, draws: int, seed: int) -> Tastes:
        """Return draws of the weights of people, see `tastes_of`."""
        if people == KNOWN:
            own = tree["people"].dataset["coefficients"].transpose("sample", "subject", "coefficient")
            weights = own.to_numpy()[spread(own.sizes["sample"], draws)]
            return Tastes(weights, weights[:, 0, :0], "the people in the data")
        weights = self.new_people(tree["posterior"].dataset, draws, np.random.default_rng(seed))
        return Tastes(weights, weights[:, 0, :0], "new people like those in the data")

    def varying(self, posterior: xr.Dataset) -> list[str]:
        """Return the coefficients whose spread over people a report shows."""
        return []

    def is_negative(self, name: str) -> bool:
        """Return whether a coefficient is negative by construction."""
        return False

    def check(self) -> None:
        """Raise a `ChoiceError` that lists every coefficient that the choices cannot tell."""
        check_identified(arrays_of(self.model, self.table), self.table)

    @property
    def design(self) -> Design:
        """How terms become columns."""
        return design_of(self.model, self.table)

    @property
    def prior_sd(self) -> Array:
        """Prior standard deviation of each coefficient, (coefficient,)."""
        return prior_sd(arrays_of(self.model, self.table), self.model.prior_scale)

    def coefficient_rows(self, suffix: str = "") -> list[Row]:
        """Return a row per coefficient with a normal prior; `suffix` says of whom each is."""
        names, sds = self.design.names, self.prior_sd
        return [self.coefficient_row(name, float(sd), suffix) for name, sd in zip(names, sds, strict=True)]

    def coefficient_row(self, name: str, sd: float, suffix: str = "") -> Row:
        """Return the row of a coefficient with the prior Normal(0, sd²)."""
        is_constant = name in self.design.constants
        reference = self.model.reference or self.table.outside or self.table.alternatives[0]
        meaning = f"utility of one more unit of {name}"
        if is_constant:
            meaning = f"utility of {name} against {reference} beyond its attributes"
        reach = number(1.96 * self.model.prior_scale, significant=2)
        what = "being there or not" if is_constant else "the attribute within situations"
        why = f"one standard deviation of {what} is worth up to ±{reach} logits, with 95 %"
        unit = "logits" if is_constant else "logits per unit"
        return name, meaning + suffix, unit, f"Normal(0, {number(sd)})", why

    def covariate_rows(self, shifted: str) -> list[Row]:
        """Return a row per covariate; `shifted` is what they shift."""
        why = "one standard deviation may matter as much as tastes differ"
        return [
            (str(name), f"shifts {shifted}", "logits per unit", "Normal, around zero", why)
            for name in self.model.covariates
        ]


def flat(draws: xr.DataArray, count: int | None = None) -> Array:
    """Return draws, or so many of them evenly spread, chains one after another, (sample, …)."""
    stacked = draws.stack(sample=("chain", "draw")).transpose("sample", ...).to_numpy()
    return np.asarray(stacked if count is None else stacked[spread(len(stacked), count)])


def spread(there: int, wanted: int) -> Indices:
    """Return which of so many are taken if fewer are wanted, evenly spread."""
    return np.unique(np.linspace(0, there - 1, min(there, wanted)).round().astype(np.int64))
