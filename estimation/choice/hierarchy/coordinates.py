"""Coordinates of the population in which its posterior is nearly a standard normal, and the density there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.hierarchy.transport import Carried

LEAST_SHARE = 0.02  # of the information about a taste: a floor, so that steps stay finite where data say nothing

STIFF = 1.0
"""Gradients that the diagonal of the curvature counts for, as a multiple of the dimension."""

FARTHEST = 8.0
"""Logs of the factor's diagonal, and of ratios to it, up to which a density is more than rounding error."""

UNIT = float(np.log(2))
"""softplus(0): a spread of 1, that of the reference, has the coordinate 0."""


class TasteCoordinates:
    """A map between populations and vectors: shifts and shared coefficients, spreads, then how tastes go together.

    Means are measured from a reference in the middle of the posterior, in units of their posterior covariance under
    the sites. The Cholesky factor of the precision, diag(a) (I + R) with R below the diagonal, has the coordinates R
    and t: each a is that of the reference divided by log(1 + exp(t)) / log(2). So t moves one spread, no correlation.
    Any other direction would run against the prior where that spread nears zero, for spreads of mixtures of tastes
    avoid zero (Huang and Wand's density), and those of tastes do not; and in t, unlike in the log of the spread, what
    may be zero has neither a long tail nor an edge that no step size suits.

    Attributes
    ----------
    scale : (dimension,)
        Standard deviation of each coordinate, from the information in the sites.
    root : (dimension, dimension)
        Root of the covariance that moves suppose, people's u held: diagonal, until `learn`.
    """

    def __init__(self, problem: MixedLogit, told: Told, reference: TastePopulation) -> None:
        self.problem, self.people, self.reference = problem, told.people, reference
        self.random, self.columns = reference.shift.shape
        prior = np.concatenate([problem.prior.shift_sd.T.ravel(), problem.prior.fixed_sd])
        information, weight = told.information + np.diag(1 / prior**2), told.weight / told.people
        self.frame = np.linalg.inv(np.linalg.cholesky(information)).T
        self.middle = np.diag(np.linalg.cholesky(reference.precision))
        self.below, people = problem.below, told.people
        share = np.maximum(np.diag(weight) * np.diag(np.linalg.inv(reference.precision)), LEAST_SHARE)
        spread = 2 * UNIT / (np.sqrt(2 * people) * share)  # d log spread / dt = 1 / (2 log 2) at the reference
        mixed = 1 / np.sqrt(people * share[self.below[0]] * share[self.below[1]])
        self.sizes = self.middle[self.below[1]] / self.middle[self.below[0]]
        self.scale = np.concatenate([np.ones(len(information)), spread, mixed * self.sizes])
        self.root = np.diag(self.scale)

    def learn(self, slopes: Array) -> None:
        """Make `root` from gradients of the density (point, dimension) at points of a chain.

        Their second moments are the mean curvature, people's u held, whatever the density. Those of few points are
        drawn towards their diagonal.
        """
        scaled = slopes * self.scale
        curvature = scaled.T @ scaled / len(scaled)
        share = len(scaled) / (len(scaled) + STIFF * len(self.scale))
        drawn = share * curvature + (1 - share) * np.diag(np.diag(curvature))
        self.root = self.scale[:, None] * np.linalg.inv(np.linalg.cholesky(drawn)).T

    def of(self, population: TastePopulation) -> Array:
        """Return the coordinates of a population, (dimension,)."""
        factor = np.linalg.cholesky(population.precision)
        shift = np.linalg.solve(self.frame, _stacked(population) - _stacked(self.reference))
        ratio = factor[self.below] / np.diag(factor)[self.below[0]]
        x = UNIT * self.middle / np.diag(factor)
        return np.concatenate([shift, x + np.log(-np.expm1(-x)), ratio])

    def population(self, q: Array) -> TastePopulation:
        """Return the population at some coordinates."""
        return self._unfold(q)[0]

    def is_possible(self, q: Array) -> bool:
        """Return whether the density can be told from rounding error at some coordinates; moves stay where it can.

        The populations elsewhere are reached by draws given people.
        """
        spread, below = _spread(self._of_spreads(q)), np.abs(q[len(self.frame) + self.random :]) / self.sizes
        far = np.exp(FARTHEST)
        return bool((spread > 1 / far).all() and (spread < far).all() and (below < far).all())

    def density(self, q: Array, people: Carried) -> tuple[float, Array]:
        """Return the log density of choices, people and population at coordinates, given people's u, and its gradient.

        Parameters
        ----------
        q : (dimension,)
        people
            Sums over people at `population`.
        """
        population, factor = self._unfold(q)
        prior, by_shift, by_shared = _log_prior(self.problem, population)
        spread, by_diagonal, by_log = self._log_prior_of_precision(population.precision, np.diag(factor))
        steep, volume, by_volume = _steepness(self._of_spreads(q))
        by_shift = by_shift + people.by_shift
        by_factor = 2 * (people.by_precision + np.diag(by_diagonal)) @ factor
        slope = np.concatenate(
            [
                self.frame.T @ np.concatenate([by_shift.T.ravel(), by_shared + people.by_fixed]),
                by_volume - steep * ((np.tril(by_factor) * factor).sum(axis=1) + by_log),
                by_factor[self.below] * np.diag(factor)[self.below[0]],
            ]
        )
        return people.value + prior + spread + volume, np.asarray(slope)

    def _unfold(self, q: Array) -> tuple[TastePopulation, Array]:
        """Return the population and the Cholesky factor of its precision."""
        size, means = self.random, len(self.frame)
        stacked = _stacked(self.reference) + self.frame @ q[:means]
        factor = np.eye(size)
        factor[self.below] = q[means + size :]
        factor *= (self.middle / _spread(self._of_spreads(q)))[:, None]
        shift = stacked[: size * self.columns].reshape(self.columns, size).T
        return TastePopulation(shift, factor @ factor.T, stacked[size * self.columns :]), factor

    def _of_spreads(self, q: Array) -> Array:
        """Return the coordinates of the factor's diagonal, (random,)."""
        return q[len(self.frame) : len(self.frame) + self.random]

    def _log_prior_of_precision(self, precision: Array, diagonal: Array) -> tuple[float, Array, Array]:
        """Return the log prior with the people's determinant, and its gradients by the diagonal and by log A_kk.

        Huang and Wand's density of Σ with the auxiliary scales integrated out, times the determinants of the maps
        from Σ to the precision and from there to log A_kk; N/2 log |precision| belongs to the density of people.
        """
        size, people = self.random, self.people
        logs = np.log(diagonal)
        wide = 1 if self.problem.diagonal else size
        inner = DEGREES * np.diag(precision) + 1 / self.problem.prior.spread**2
        by_log = np.full(size, DEGREES - 2 + people + wide + 1)
        value = float(by_log @ logs - (DEGREES + wide) / 2 * np.log(inner).sum())
        return value, np.asarray(-(DEGREES + wide) / 2 * DEGREES / inner), np.asarray(by_log)


def _spread(t: Array) -> Array:
    """Return the spreads at their coordinates, (random,)."""
    return np.logaddexp(0, t) / UNIT


def _steepness(t: Array) -> tuple[Array, float, Array]:
    """Return d log spread / dt (random,), the sum of its logs, and the gradient of that."""
    rise = special.expit(t)
    steep = rise / (UNIT * _spread(t))
    return steep, float(np.log(steep).sum()), 1 - rise - steep


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


def told_by(covariates: Array, sites: Sites, population: TastePopulation, known: int = 0) -> Told:
    """Return what people with covariates (person, 1 + covariate) tell under a population.

    Of the last `known` tastes the population is no question.
    """
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
    asked = np.arange(size) < size - known
    kept = np.append(np.tile(asked, columns), np.ones(len(rest), dtype=bool))
    return Told(information[kept][:, kept], weight.sum(axis=0)[asked][:, asked], len(z))
