"""What differs between people, and what shifts it: effects, covariates of people, columns that vary within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices
from estimation.theories.description import Parameter


@dataclass(frozen=True, eq=False)
class Covariates:
    """Columns that shift means: the mean of dimension ``of[j]`` of a person grows by coefficient j times column j.

    Attributes
    ----------
    names : (column,) text
        Such as ``trust: capacity_cost``.
    value : (person, column) array
        Centred, in the units of the covariate.
    of : (column,) integer array
        The dimension whose mean the column shifts.
    sd : (column,) array
        Of the normal prior of its coefficient, about zero.
    """

    names: tuple[str, ...]
    value: Array
    of: Indices
    sd: Array

    @classmethod
    def none(cls) -> Covariates:
        """Return no columns."""
        return cls((), np.zeros((1, 0)), np.zeros(0, dtype="int64"), np.zeros(0))

    def part(self, dims: list[int]) -> Covariates:
        """Return the columns that shift some dimensions, counted anew."""
        kept = [j for j, dim in enumerate(self.of) if dim in dims]
        where = np.array([dims.index(int(self.of[j])) for j in kept], dtype="int64")
        return Covariates(tuple(self.names[j] for j in kept), self.value[:, kept], where, self.sd[kept])

    def mean(self, mean: Array, coefficient: Array) -> Array:
        """Return (person, dim) means; (dim,) as they are, if there are no columns."""
        if not len(self.of):
            return mean
        return mean + (self.value * coefficient) @ self._to_dim(len(mean))

    def variance(self, dims: int) -> Array:
        """Return how much the prior lets means of people differ, (dim,), squared transformed scale."""
        return np.asarray((self.value**2).mean(axis=0) * self.sd**2 @ self._to_dim(dims))

    def data(self, dims: int) -> dict[str, Array]:
        """Return the named arrays that the PyMC models read; nothing if there are no columns."""
        if not len(self.of):
            return {}
        return {"covariate": self.value, "to_dim": self._to_dim(dims), "coefficient_sd": self.sd}

    def most_likely(self, centre: Array, centre_sd: Array, weight: Array, first: Array, sd: Array) -> Array:
        """Return the most likely means given people's expected parameters, by ridge regression dimension by dimension.

        `centre` and `centre_sd`, (dim,), are the prior of the means, the others as in `Prior.most_likely`;
        (person, dim), or (dim,) if there are no columns.
        """
        mean, coefficient = np.empty(len(sd)), np.empty(len(self.of))
        for dim in range(len(sd)):
            columns = np.flatnonzero(self.of == dim)
            shape = (len(weight), len(columns))
            x = np.column_stack([np.ones(len(weight)), np.broadcast_to(self.value[:, columns], shape)])
            precision = np.diag([centre_sd[dim] ** -2, *self.sd[columns] ** -2])
            pull = np.array([centre[dim] / centre_sd[dim] ** 2, *np.zeros(len(columns))])
            solved = np.linalg.solve(
                (x * weight[:, [dim]]).T @ x / sd[dim] ** 2 + precision, x.T @ first[:, dim] / sd[dim] ** 2 + pull
            )
            mean[dim], coefficient[columns] = solved[0], solved[1:]
        return self.mean(mean, coefficient)

    def _to_dim(self, dims: int) -> Array:
        return np.eye(dims)[self.of].reshape(len(self.of), dims)


@dataclass(frozen=True)
class Slope(Parameter):
    """How a parameter of a person changes with a column that varies within people; `of` names the parameter."""

    of: str = ""


@dataclass(frozen=True)
class Shift:
    """A column that shifts the mean of an effect from person to person.

    Attributes
    ----------
    name, effect
        What it is called, and the effect whose mean it shifts: a parameter, or a slope.
    column, base
        The column of the formula's matrix; for a shift of a slope, it is divided by the slope's column `base`.
    centre, sd : float
        What is subtracted, and the standard deviation of the coefficient's prior.
    """

    name: str
    effect: str
    column: str
    base: str
    centre: float
    sd: float


@dataclass(frozen=True, eq=False)
class Formula:
    """The formula of one parameter, with all that is needed to apply it to another table.

    Attributes
    ----------
    parameter, spec
        The parameter, and formulaic's specification of the matrix.
    shifts, slopes
        Columns that shift means; slopes by name, with the matrix column and its centre.
    """

    parameter: Parameter
    spec: Any
    shifts: tuple[Shift, ...]
    slopes: tuple[tuple[Slope, str, float], ...]


@dataclass(frozen=True, eq=False)
class Design:
    """Everything that differs between people, and what it depends on.

    Attributes
    ----------
    effects
        The dimensions of a person: parameters, each followed by its slopes.
    covariates
        What shifts the means of the effects.
    slopes
        Slope → its centred column, (row,) of the table.
    """

    effects: tuple[Parameter, ...]
    covariates: Covariates = field(default_factory=Covariates.none)
    slopes: Mapping[str, Array] = field(default_factory=dict)
    formulas: tuple[Formula, ...] = field(default=(), repr=False)
