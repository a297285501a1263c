"""The population given its people: conjugate draws, cheap and never wrong, if slow to mix alone."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePopulation


def draw_population(
    problem: MixedLogit, theta: Array, now: TastePopulation, rng: np.random.Generator
) -> TastePopulation:
    """Return shifts given the covariance, then the covariance given the shifts; shared coefficients stay.

    `theta` is (person, coefficient).
    """
    size = len(now.precision)
    tastes = theta[:, :size]
    shift = _draw_shift(problem, tastes, now.precision, rng)
    gap = tastes - problem.covariates @ shift.T
    wide = 1 if problem.diagonal else size
    rate = DEGREES * np.diag(now.precision) + 1 / problem.prior.spread**2
    auxiliary = rate / rng.gamma((DEGREES + wide) / 2, size=size)  # Huang and Wand's a_k given Σ: inverse gamma
    draw = _draw_variances if problem.diagonal else _draw_precision
    return TastePopulation(shift, draw(gap, 2 * DEGREES / auxiliary, rng), now.fixed)


def _draw_shift(problem: MixedLogit, tastes: Array, precision: Array, rng: np.random.Generator) -> Array:
    """Draw from N(…): the regression of tastes on covariates, (random, 1 + covariate)."""
    z, prior = problem.covariates, problem.prior
    certainty = 1 / prior.shift_sd.T.ravel() ** 2
    information = np.kron(z.T @ z, precision) + np.diag(certainty)
    pull = (precision @ tastes.T @ z).T.ravel()
    pull[: len(precision)] += prior.location * certainty[: len(precision)]
    lower = np.linalg.cholesky(information)
    white = np.linalg.solve(lower, pull) + rng.standard_normal(len(pull))
    return np.asarray(np.linalg.solve(lower.T, white).reshape(z.shape[1], -1).T)


def _draw_precision(gap: Array, added: Array, rng: np.random.Generator) -> Array:
    """Draw from the Wishart with N + ν + d - 1 degrees of freedom, by Bartlett's decomposition."""
    people, size = gap.shape
    root = np.linalg.inv(np.linalg.cholesky(gap.T @ gap + np.diag(added))).T
    factor = np.tril(rng.standard_normal((size, size)), -1)
    factor[np.diag_indices(size)] = np.sqrt(rng.chisquare(people + DEGREES + size - 1 - np.arange(size)))
    product = root @ factor
    return np.asarray(product @ product.T)


def _draw_variances(gap: Array, added: Array, rng: np.random.Generator) -> Array:
    """Draw each precision from its gamma, (random, random)."""
    rate = ((gap**2).sum(axis=0) + added) / 2
    return np.diag(rng.gamma((len(gap) + DEGREES) / 2, size=len(rate)) / rate)
