"""Coordinates of the population in which its posterior is nearly a standard normal, and the density there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.frame import UNIT, Frame, add_prior, is_near, unfold
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.hierarchy.transport import Carried

LEAST_SHARE = 0.02  # of the information about a taste: a floor, so that steps stay finite where data say nothing

STIFF = 1.0
"""Gradients that the diagonal of the curvature counts for, as a multiple of the dimension."""


class Unfolded(NamedTuple):
    """Where coordinates lead.

    Attributes
    ----------
    q : (dimension,)
    population
        With its means as one vector, and the Cholesky factor of its precision.
    means : (mean,)
    factor : (random, random)
    """

    q: Array
    population: TastePopulation
    means: Array
    factor: Array


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
        self.reference, people = reference, told.people
        self.random, self.columns = reference.shift.shape
        self.frame, below = frame_of(problem, told, reference), problem.below
        weight = told.weight / people
        share = np.maximum(np.diag(weight) * np.diag(np.linalg.inv(reference.precision)), LEAST_SHARE)
        spread = 2 * UNIT / (np.sqrt(2 * people) * share)  # d log spread / dt = 1 / (2 log 2) at the reference
        mixed = 1 / np.sqrt(people * share[below[0]] * share[below[1]])
        self.scale = np.concatenate([np.ones(len(self.frame.origin)), spread, mixed * self.frame.sizes])
        self.root, self.below = np.diag(self.scale), below

    def learn(self, slopes: Array) -> None:
        """Make `root` from gradients of the density (point, dimension) at points of a chain."""
        self.whiten(whitening(slopes * self.scale))

    def whiten(self, white: Array) -> None:
        """Make `root` from what `whitening` returned."""
        self.root = self.scale[:, None] * white

    def of(self, population: TastePopulation) -> Array:
        """Return the coordinates of a population, (dimension,)."""
        factor, frame = np.linalg.cholesky(population.precision), self.frame
        means = np.linalg.solve(frame.axes, _stacked(population) - frame.origin)
        ratio = factor[self.below] / np.diag(factor)[self.below[0]]
        x = UNIT * frame.diagonal / np.diag(factor)
        return np.concatenate([means, x + np.log(-np.expm1(-x)), ratio])

    def population(self, q: Array) -> TastePopulation:
        """Return the population at some coordinates."""
        return self.unfolded(q).population

    def is_possible(self, q: Array) -> bool:
        """Return whether the density can be told from rounding error at some coordinates; moves stay where it can.

        The populations elsewhere are reached by draws given people.
        """
        return is_near(self.frame, q)

    def unfolded(self, q: Array) -> Unfolded:
        """Return the place of some coordinates, (dimension,)."""
        size, shifts = self.random, self.random * self.columns
        means, factor, precision = np.empty(len(self.frame.origin)), np.zeros((size, size)), np.empty((size, size))
        unfold(self.frame, q, means, factor, precision)
        shift = means[:shifts].reshape(self.columns, size).T
        return Unfolded(q, TastePopulation(shift, precision, means[shifts:]), means, factor)

    def density(self, place: Unfolded, people: Carried) -> tuple[float, Array]:
        """Return the log density of choices, people and population at a place, given people's u, and its gradient.

        `people` is their part at the place's population.
        """
        slope = np.empty(len(place.q))
        by_means = np.concatenate([people.by_shift.T.ravel(), people.by_fixed])
        value = add_prior(self.frame, place.q, place.means, place.factor, by_means, people.by_precision.copy(), slope)
        return people.value + value, slope


def whitening(scaled: Array) -> Array:
    """Return the root of a covariance, (dimension, dimension), from gradients by coordinates in units of their scale.

    Second moments of gradients (point, dimension) are the mean curvature, people's u held, whatever the density. Those
    of few points are drawn towards their diagonal.
    """
    curvature = scaled.T @ scaled / len(scaled)
    share = len(scaled) / (len(scaled) + STIFF * scaled.shape[1])
    drawn = share * curvature + (1 - share) * np.diag(np.diag(curvature))
    return np.asarray(np.linalg.inv(np.linalg.cholesky(drawn)).T)


def frame_of(problem: MixedLogit, told: Told, reference: TastePopulation) -> Frame:
    """Return what coordinates around a population are measured by."""
    prior, below = problem.prior, problem.below
    location = np.zeros_like(prior.shift_sd)
    location[:, 0] = prior.location
    certainty = 1 / np.concatenate([prior.shift_sd.T.ravel(), prior.fixed_sd]) ** 2
    diagonal = np.diag(np.linalg.cholesky(reference.precision)).copy()
    return Frame(
        origin=_stacked(reference),
        axes=np.linalg.inv(np.linalg.cholesky(told.information + np.diag(certainty))).T.copy(),
        diagonal=diagonal,
        sizes=diagonal[below[1]] / diagonal[below[0]],
        location=np.concatenate([location.T.ravel(), prior.fixed_location]),
        certainty=certainty,
        floor=1 / prior.spread**2,
        degrees=prior.degrees,
        people=told.people,
        wide=1 if problem.diagonal else len(diagonal),
    )


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
