"""A normal population on the transformed scale, as plain numbers: for adapting nodes and for simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices

SINGULAR = 1e-8  # eigenvalue of a correlation matrix, below which its inverse has too few digits
NARROWEST = 1e-30  # spread below which the distance of any node has no digits left
NOBODY = np.finfo(float).tiny  # share of a kind of people, below which it counts as this
WIDEST = 1e100  # spread beyond which no sum of squares is safe


@dataclass(frozen=True, eq=False)
class Population:
    """How parameters vary over people.

    Attributes
    ----------
    mean : (dim,) or (person, dim) array, transformed scale
        Of everybody, or of each person, where it depends on what is known of the person.
    sd : (dim,) array, transformed scale
    share : (kind,) array, probability
        Shares of the kinds of people.
    correlation : (dim, dim) array, optional
        Of a person's parameters; independent if left out.
    """

    mean: Array
    sd: Array
    share: Array
    correlation: Array | None = None

    @property
    def is_impossible(self) -> bool:
        """Whether spreads or correlations are so extreme that densities would have no digits."""
        is_singular = self.correlation is not None and np.linalg.eigvalsh(self.correlation)[0] < SINGULAR
        return bool(is_singular or not are_possible(self.sd))

    @property
    def log_share(self) -> Array:
        """Logs of the shares, (kind,); of a kind that nobody is, the log of the smallest number."""
        return np.asarray(np.log(np.maximum(self.share, NOBODY)))

    @cached_property
    def root(self) -> Array:
        """Lower Cholesky factor of the covariance, (dim, dim)."""
        if self.correlation is None:
            return np.diag(self.sd)
        return self.sd[:, None] * np.linalg.cholesky(self.correlation)

    @cached_property
    def whitener(self) -> Array:
        """Inverse of `root`, (dim, dim)."""
        return np.diag(1 / self.sd) if self.correlation is None else np.linalg.inv(self.root)

    def of(self, person: Any) -> Population:
        """Return the population from which some people come (positions), with a mean for each of them."""
        return self if self.mean.ndim == 1 else replace(self, mean=self.mean[person])

    def part(self, dims: Any, kinds: Any) -> Population:
        """Return the marginal population of some parameters, and the shares of some kinds (not normalised)."""
        dims, kinds = list(dims), list(kinds)
        correlation = None if self.correlation is None else self.correlation[np.ix_(dims, dims)]
        return Population(self.mean[..., dims], self.sd[dims], self.share[kinds], correlation)

    def log_density(self, theta: Array, widened: float = 1.0) -> Array:
        """Return the log density of theta (..., [person,] dim, node) → (..., [person,] node)."""
        gap = theta - self.mean[..., None]
        white = gap / (widened * self.sd[:, None]) if self.correlation is None else self.whitener @ gap / widened
        constant = np.log(np.diag(self.root)).sum() + len(self.sd) * np.log(widened * np.sqrt(2 * np.pi))
        return np.asarray(-0.5 * np.einsum("...dn,...dn->...n", white, white) - constant)

    def sample(self, count: int, rng: np.random.Generator) -> tuple[Any, Array]:
        """Draw people: kinds (person,) and parameters (person, dim), transformed scale."""
        kinds = rng.choice(len(self.share), size=count, p=self.share)
        return kinds, self.mean + rng.standard_normal((count, len(self.sd))) @ self.root.T

    def points(self, count: int, rng: np.random.Generator) -> Array:
        """Draw parameters alone, (dim, person)."""
        return self.sample(count, rng)[1].T


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
        return mean + (self.value * coefficient) @ self._to_dim(len(mean)) if len(self.of) else mean

    def shifted(self, value: Array, mean: Array, coefficient: Array) -> Array:
        """Return the means (draw, dim) of people with the columns `value` (column,), of many populations at once."""
        return mean + (value * coefficient) @ self._to_dim(mean.shape[-1])

    def variance(self, dims: int) -> Array:
        """Return how much the prior lets means of people differ, (dim,), squared transformed scale."""
        return np.asarray((self.value**2).mean(axis=0) * self.sd**2 @ self._to_dim(dims))

    def data(self, dims: int) -> dict[str, Array]:
        """Return the named arrays that the PyMC models read; nothing if there are no columns."""
        data = {"covariate": self.value, "to_dim": self._to_dim(dims), "coefficient_sd": self.sd}
        return data if len(self.of) else {}

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


def are_possible(sd: Array) -> Any:
    """Return whether all spreads (..., dim) are of a size that can be squared."""
    return ((sd >= NARROWEST) & (sd <= WIDEST)).all(axis=-1)
