"""Coordinates of the population in which its posterior is nearly a standard normal, and the density there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.hierarchy.transport import Carried

LEAST_SHARE = 0.02  # of the information about a taste: a floor, so that steps stay finite where data say nothing

FARTHEST = 8.0
"""Logs of the factor's diagonal, and of ratios to it, up to which a density is more than rounding error."""


class TasteCoordinates:
    """A map between populations and vectors: shifts and shared coefficients, then the factor of the precision.

    Means are measured from a reference in the middle of the posterior, in units of their posterior covariance under
    the sites. The precision is E'⁻¹ A A' E⁻¹, where Σ = E E' at the reference and the columns of E are directions of
    taste, ordered by how much people's choices tell about them; A is lower triangular and the identity at the
    reference. Its coordinates are the logs of its diagonal and the ratios of each row to it, which depend on
    correlations only: where spreads go to zero, A grows without bound and the ratios do not.

    Attributes
    ----------
    scale : (dimension,)
        Standard deviation of each coordinate, from the information in the sites.
    """

    def __init__(self, problem: MixedLogit, told: Told, reference: TastePopulation) -> None:
        self.problem, self.people, self.reference = problem, told.people, reference
        self.random, self.columns = reference.shift.shape
        prior = np.concatenate([problem.prior.shift_sd.T.ravel(), problem.prior.fixed_sd])
        information, weight = told.information + np.diag(1 / prior**2), told.weight / told.people
        self.frame = np.linalg.inv(np.linalg.cholesky(information)).T
        self.basis, share = _basis(reference.precision, weight, problem.diagonal)
        self.inverse = np.linalg.inv(self.basis)
        self.below, people = problem.below, told.people
        spread = 1 / (np.sqrt(2 * people) * share)
        mixed = 1 / np.sqrt(people * share[self.below[0]] * share[self.below[1]])
        self.scale = np.concatenate([np.ones(len(information)), spread, mixed])

    def of(self, population: TastePopulation) -> Array:
        """Return the coordinates of a population, (dimension,)."""
        factor = np.linalg.cholesky(self.basis.T @ population.precision @ self.basis)
        shift = np.linalg.solve(self.frame, _stacked(population) - _stacked(self.reference))
        ratio = factor[self.below] / np.diag(factor)[self.below[0]]
        return np.concatenate([shift, np.log(np.diag(factor)), ratio])

    def population(self, q: Array) -> TastePopulation:
        """Return the population at some coordinates."""
        return self._unfold(q)[0]

    def is_possible(self, q: Array) -> bool:
        """Return whether the density can be told from rounding error at some coordinates; moves stay where it can.

        The populations elsewhere are reached by draws given people.
        """
        logs, below = np.split(np.abs(q[len(self.frame) :]), [self.random])
        return bool((logs < FARTHEST).all() and (below < np.exp(FARTHEST)).all())

    def density(self, q: Array, people: Carried) -> tuple[float, Array]:
        """Return the log density of choices, people and population at coordinates, given people's u, and its gradient.

        Parameters
        ----------
        q : (dimension,)
        people
            Sums over people at `population`.
        """
        population, factor, turned = self._unfold(q)
        prior, by_shift, by_shared = _log_prior(self.problem, population)
        spread, by_diagonal, by_log = self._log_prior_of_precision(population.precision, q)
        by_shift = by_shift + people.by_shift
        by_factor = 2 * self.inverse @ (people.by_precision + np.diag(by_diagonal)) @ turned
        slope = np.concatenate(
            [
                self.frame.T @ np.concatenate([by_shift.T.ravel(), by_shared + people.by_fixed]),
                (np.tril(by_factor) * factor).sum(axis=1) + by_log,
                by_factor[self.below] * np.diag(factor)[self.below[0]],
            ]
        )
        return people.value + prior + spread, np.asarray(slope)

    def _unfold(self, q: Array) -> tuple[TastePopulation, Array, Array]:
        """Return the population, the factor A, and E'⁻¹ A."""
        size, means = self.random, len(self.frame)
        stacked = _stacked(self.reference) + self.frame @ q[:means]
        factor = np.eye(size)
        factor[self.below] = q[means + size :]
        factor *= np.exp(q[means : means + size])[:, None]
        turned = self.inverse.T @ factor
        shift = stacked[: size * self.columns].reshape(self.columns, size).T
        return TastePopulation(shift, turned @ turned.T, stacked[size * self.columns :]), factor, turned

    def _log_prior_of_precision(self, precision: Array, q: Array) -> tuple[float, Array, Array]:
        """Return the log prior with the people's determinant, and its gradients by the diagonal and by log A_kk.

        Huang and Wand's density of Σ with the auxiliary scales integrated out, times the determinants of the maps
        from Σ to the precision and from there to q; N/2 log |precision| belongs to the density of people.
        """
        size, people = self.random, self.people
        logs = q[len(self.frame) : len(self.frame) + size]
        wide = 1 if self.problem.diagonal else size
        inner = DEGREES * np.diag(precision) + 1 / self.problem.prior.spread**2
        by_log = np.full(size, DEGREES - 2 + people + wide + 1)
        value = float(by_log @ logs - (DEGREES + wide) / 2 * np.log(inner).sum())
        return value, np.asarray(-(DEGREES + wide) / 2 * DEGREES / inner), np.asarray(by_log)


def _log_prior(problem: MixedLogit, population: TastePopulation) -> tuple[float, Array, Array]:
    """Return the log prior of shifts and shared coefficients, and its gradients."""
    prior = problem.prior
    gap = population.shift.copy()
    gap[:, 0] -= prior.location
    shared = population.fixed - prior.fixed_location
    value = -0.5 * ((gap / prior.shift_sd) ** 2).sum() - 0.5 * ((shared / prior.fixed_sd) ** 2).sum()
    return float(value), -gap / prior.shift_sd**2, -shared / prior.fixed_sd**2


def _stacked(population: TastePopulation) -> Array:
    """Return shifts, column by column, and shared coefficients as one vector."""
    return np.concatenate([population.shift.T.ravel(), population.fixed])


class Told(NamedTuple):
    """What people's choices tell, summed over people.

    Attributes
    ----------
    information : (dimension of means, same)
        About all means and shared coefficients, people integrated out.
    weight : (random, random)
        About each person's own taste.
    people
        How many they are.
    """

    information: Array
    weight: Array
    people: int


def told_by(covariates: Array, sites: Sites, population: TastePopulation) -> Told:
    """Return what people with covariates (person, 1 + covariate) tell under a population."""
    size, precision = len(population.precision), population.precision
    own = sites.information[:, :size, :size]
    cross, shared = sites.information[:, :size, size:], sites.information[:, size:, size:]
    cover = np.linalg.inv(own + precision)
    weight = precision - precision @ cover @ precision
    z = covariates
    columns = z.shape[1]
    means = np.einsum("na,nb,nij->aibj", z, z, weight).reshape(size * columns, size * columns)
    mixed = np.einsum("na,nij->aij", z, precision @ cover @ cross).reshape(size * columns, -1)
    rest = (shared - cross.transpose(0, 2, 1) @ cover @ cross).sum(axis=0)
    information = np.block([[means, mixed], [mixed.T, rest]])
    return Told(information, weight.sum(axis=0), len(z))


def _basis(precision: Array, weight: Array, diagonal: bool) -> tuple[Array, Array]:
    """Return E and, per column, the share of a taste that an average person's choices tell."""
    covariance = np.linalg.inv(precision)
    if diagonal:
        share = np.diag(weight) * np.diag(covariance)
        return np.diag(np.sqrt(np.diag(covariance))), np.maximum(share, LEAST_SHARE)
    root = np.linalg.cholesky(covariance)
    share, turn = np.linalg.eigh(root.T @ weight @ root)
    return root @ turn, np.maximum(share, LEAST_SHARE)
