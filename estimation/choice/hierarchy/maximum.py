"""The maximum of a mixed logit's likelihood, people's tastes integrated out by importance sampling.

Nodes around each person's mode are weighed anew while the population climbs, for their likelihoods do not depend on it.
Then they are made anew around where it arrived, until that changes nothing. Draws from the population, over which other
packages average, mostly miss a person's posterior: a few hundred of them bias the likelihood down and spreads with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize, special

from estimation.arrays import Array
from estimation.choice.hierarchy.integral import integral_of_new
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation

NODES = 1000  # of each person
ROUNDS = 20  # times that nodes are made, at most
LEAST = 1e-3  # information that people give about the log of a spread, at least, each
FLAT = 1e12  # condition of the information above which some direction is not determined
SETTLED = 0.02  # nats by which another round of climbing may still gain


class Maximum(NamedTuple):
    """Where the likelihood is highest.

    Attributes
    ----------
    population
        The most likely one.
    log_likelihood, error
        At the maximum, and its Monte-Carlo standard error, nats.
    covariance
        Of `parameters` at the maximum, from outer products of people's scores (Berndt, Hall, Hall and Hausman 1974).
    converged
        Whether another round of nodes gained next to nothing, and no spread went to zero.
    """

    population: TastePopulation
    log_likelihood: float
    error: float
    covariance: Array
    converged: bool


def maximum(problem: MixedLogit, seed: int = 0) -> Maximum:
    """Return the maximum of the likelihood of people who differ in every coefficient."""
    x = parameters(
        TastePopulation(_start(problem), np.diag(problem.prior.spread**-2.0), np.empty(0)), problem.diagonal
    )
    before = -np.inf
    for turn in range(ROUNDS):
        crowd = evaluated(problem, population_of(x, problem), seed)
        found = optimize.minimize(crowd.negative, x, jac=True, method="L-BFGS-B", options={"maxiter": 500})
        x, gain, before = found.x, -found.fun - before, -found.fun
        if gain < SETTLED and turn:
            break
    there = crowd.people(x)
    information, places = there.score.T @ there.score, len(problem.random)
    first = places * problem.covariates.shape[1]
    of_spreads = np.diag(information)[first : first + places]
    is_clear = bool((of_spreads > LEAST * len(there.value)).all()) and np.linalg.cond(information) < FLAT
    covariance = linalg.inv(information) if is_clear else np.full_like(information, np.nan)
    converged = bool(gain < SETTLED and is_clear)
    return Maximum(population_of(x, problem), before, there.error, covariance, converged)


def parameters(population: TastePopulation, diagonal: bool) -> Array:
    """Return a population as a vector: shift, log diagonal of the precision's root, and the root below it."""
    root = linalg.cholesky(population.precision, lower=True)
    below = root[np.tril_indices(len(root), -1)]
    return np.concatenate([population.shift.ravel(), np.log(np.diag(root)), below[: 0 if diagonal else None]])


def population_of(x: Array, problem: MixedLogit) -> TastePopulation:
    """Return the population that a vector stands for."""
    size, columns = len(problem.random), problem.covariates.shape[1]
    shift, log_diagonal, below = np.split(x, [size * columns, size * (columns + 1)])
    root = np.diag(np.exp(log_diagonal))
    if len(below):
        root[np.tril_indices(size, -1)] = below
    return TastePopulation(shift.reshape(size, columns), root @ root.T, np.empty(0))


def _start(problem: MixedLogit) -> Array:
    shift = np.zeros((len(problem.random), problem.covariates.shape[1]))
    shift[:, 0] = problem.prior.location
    return shift


class Scored(NamedTuple):
    """Log likelihood of each person (person,), its gradient (person, parameter), and the error of their sum, nats."""

    value: Array
    score: Array
    error: float


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Everybody's nodes.

    Attributes
    ----------
    problem
    nodes : (person, node, random)
    log_ratio : (person, node)
        Likelihood over proposal.
    """

    problem: MixedLogit
    nodes: Array
    log_ratio: Array

    def negative(self, x: Array) -> tuple[float, Array]:
        """Return minus the log likelihood, nats, and its gradient."""
        found = self.people(x)
        return -float(found.value.sum()), -found.score.sum(axis=0)

    def people(self, x: Array) -> Scored:
        """Return each person's log likelihood and its gradient."""
        population = population_of(x, self.problem)
        root, size = linalg.cholesky(population.precision, lower=True), len(population.precision)
        gap = self.nodes - self.problem.means(population)[:, None]
        white = gap @ root
        log_density = (
            np.log(np.diag(root)).sum() - 0.5 * size * np.log(2 * np.pi) - 0.5 * (white**2).sum(axis=-1)
        )
        terms = log_density + self.log_ratio
        total = special.logsumexp(terms, axis=1)
        weight = np.exp(terms - total[:, None])
        mean = np.einsum("ns,nsr->nr", weight, gap)
        scatter = np.swapaxes(gap * weight[..., None], 1, 2) @ gap
        of_shift = np.einsum("nr,nz->nrz", mean @ population.precision, self.problem.covariates)
        of_root = (linalg.inv(population.precision) - scatter) @ root
        below = np.tril_indices(size, -1)
        of_below = of_root[:, below[0], below[1]][:, : 0 if self.problem.diagonal else None]
        of_diagonal = np.diagonal(of_root, axis1=1, axis2=2) * np.diag(root)
        score = np.concatenate([of_shift.reshape(len(mean), -1), of_diagonal, of_below], axis=1)
        error = np.sqrt(((weight**2).sum(axis=1) - 1 / weight.shape[1]).clip(0).sum())
        return Scored(total - np.log(weight.shape[1]), score, float(error))


def evaluated(problem: MixedLogit, population: TastePopulation, seed: int) -> Evaluated:
    """Make nodes for a population; the same random numbers each time, so that rounds settle."""
    integral = integral_of_new(problem, population, [population])
    people = problem.choices.people
    streams = [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(people)]
    made = [integral.nodes(n, NODES, rng) for n, rng in enumerate(streams)]
    return Evaluated(problem, np.array([nodes for nodes, _ in made]), np.array([ratio for _, ratio in made]))
