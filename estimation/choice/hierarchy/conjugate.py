"""The population given its people: conjugate draws, cheap and never wrong, if slow to mix alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation


class Moments(NamedTuple):
    """Sums over people of tastes around a centre: all that draws of a population need to know of them.

    Attributes
    ----------
    centre : (random, 1 + covariate)
        Tastes are measured from centre z_n, z_n beginning with 1: what is left is r_n.
    within : (1 + covariate, 1 + covariate)
        Σ z z'.
    cross : (random, 1 + covariate)
        Σ r z'.
    product : (random, random)
        Σ r r'.
    """

    centre: Array
    within: Array
    cross: Array
    product: Array

    def around(self, shift: Array) -> Array:
        """Return Σ (θ - shift z)(θ - shift z)', (random, random)."""
        moved = shift - self.centre
        mixed = moved @ self.cross.T
        return np.asarray(self.product - mixed - mixed.T + moved @ self.within @ moved.T)


def moments(tastes: Array, covariates: Array, centre: Array) -> Moments:
    """Return the sums of tastes (person, random) of people with covariates (person, 1 + covariate)."""
    rest = tastes - covariates @ centre.T
    return Moments(centre, covariates.T @ covariates, rest.T @ covariates, rest.T @ rest)


def draw_population(
    problem: MixedLogit, theta: Array, now: TastePopulation, rng: np.random.Generator
) -> TastePopulation:
    """Return shifts given the covariance, then the covariance given the shifts; shared coefficients stay.

    `theta` is (person, coefficient).
    """
    sums = moments(theta[:, : len(now.precision)], problem.covariates, now.shift)
    return draw_given(problem, sums, now, rng)


def draw_given(problem: MixedLogit, sums: Moments, now: TastePopulation, rng: np.random.Generator) -> TastePopulation:
    """Return what `draw_population` returns, of people of whom sums are known."""
    size = len(now.precision)
    shift = _draw_shift(problem, sums, now.precision, rng)
    wide = 1 if problem.diagonal else size
    degrees = problem.prior.degrees
    rate = degrees * np.diag(now.precision) + 1 / problem.prior.spread**2
    auxiliary = rate / rng.gamma((degrees + wide) / 2, size=size)  # Huang and Wand's a_k given Σ: inverse gamma
    draw = _draw_variances if problem.diagonal else _draw_precision
    added, count = 2 * degrees / auxiliary, float(sums.within[0, 0]) + degrees
    return TastePopulation(shift, draw(sums.around(shift), count, added, rng), now.fixed)


def _draw_shift(problem: MixedLogit, sums: Moments, precision: Array, rng: np.random.Generator) -> Array:
    """Draw from N(…): the regression of tastes on covariates, (random, 1 + covariate)."""
    prior = problem.prior
    certainty = 1 / prior.shift_sd.T.ravel() ** 2
    information = np.einsum("ab,ij->aibj", sums.within, precision).reshape(len(certainty), len(certainty))
    information[np.diag_indices(len(certainty))] += certainty
    pull = (precision @ (sums.centre @ sums.within + sums.cross)).T.ravel()
    pull[: len(precision)] += prior.location * certainty[: len(precision)]
    lower = np.linalg.cholesky(information)
    white = np.linalg.solve(lower, pull) + rng.standard_normal(len(pull))
    return np.asarray(np.linalg.solve(lower.T, white).reshape(len(sums.within), -1).T)


def _draw_precision(product: Array, count: float, added: Array, rng: np.random.Generator) -> Array:
    """Draw from the Wishart with `count` = N + ν, plus d - 1 degrees of freedom, by Bartlett's decomposition."""
    size = len(product)
    root = np.linalg.inv(np.linalg.cholesky(product + np.diag(added))).T
    factor = np.tril(rng.standard_normal((size, size)), -1)
    factor[np.diag_indices(size)] = np.sqrt(rng.chisquare(count + size - 1 - np.arange(size)))
    found = root @ factor
    return np.asarray(found @ found.T)


def _draw_variances(product: Array, count: float, added: Array, rng: np.random.Generator) -> Array:
    """Draw each precision from its gamma, (random, random)."""
    rate = (np.diag(product) + added) / 2
    return np.diag(rng.gamma(count / 2, size=len(rate)) / rate)
