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
from estimation.choice.hierarchy.vector import Box, limits_of, population_of, start_of, unfolded, units_of, within_reach

NODES = 1000  # of each person
ROUNDS = 20  # times that nodes are made, at most
STEPS = {"maxiter": 500}  # of each climb
LEAST = 1e-3  # information that people give about the log of a spread, at least, each
FLAT = 1e12  # condition of the information above which some direction is not determined
SINGULAR = 1e-3  # least eigenvalue of the correlations: two tastes that correlate by more than .999 are one
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
        Of `parameters` at the maximum, from outer products of people's scores (Berndt, Hall, Hall and Hausman 1974);
        where people count by weights, these are the bread of a sandwich.
    converged
        Whether another round of nodes gained next to nothing, and no spread went to zero, nor a correlation to one.
    """

    population: TastePopulation
    log_likelihood: float
    error: float
    covariance: Array
    converged: bool


def maximum(problem: MixedLogit, seed: int = 0, weight: Array | None = None) -> Maximum:
    """Return the maximum of the likelihood of people who differ in every coefficient.

    Each stands for so many people, (person,); for one if that is left out.
    """
    weight = np.ones(problem.choices.people) if weight is None else weight
    x, limits, before = start_of(problem), limits_of(problem), -np.inf
    for _ in range(ROUNDS):
        crowd, box = evaluated(problem, population_of(x, problem), seed, weight), within_reach(x, problem)
        x, value = _climbed(crowd, x, box)
        gain, before, there = value - before, value, crowd.people(x)
        settled = -there.error < gain < SETTLED  # after a larger fall, what rose before it were a few nodes
        if settled and (limits.ends_at(x) or not box.ends_at(x)):
            break
    information, moved = ((there.score * power[:, None]).T @ there.score for power in (weight, weight**2))
    scale = np.sqrt(np.diag(information).clip(1e-300))
    scaled = information / np.outer(scale, scale)
    is_seen = bool((crowd.about_spreads(x) > LEAST).all()) and not limits.ends_at(x) and not _is_singular(x, problem)
    is_clear = is_seen and bool(np.linalg.cond(scaled) < FLAT)
    inverse = linalg.inv(scaled) / np.outer(scale, scale) if is_clear else np.full_like(scaled, np.nan)
    covariance = inverse if (weight == 1).all() else inverse @ moved @ inverse
    return Maximum(population_of(x, problem), before, there.error, covariance, settled and is_clear)


def _climbed(crowd: Evaluated, x: Array, box: Box) -> tuple[Array, float]:
    """Return the best population in a box, and its log likelihood, nats."""
    units = units_of(crowd.problem)

    def negative(u: Array) -> tuple[float, Array]:
        value, slope = crowd.negative(u * units)
        return value, slope * units

    bounds = optimize.Bounds(box.low / units, box.high / units)
    found = optimize.minimize(negative, x / units, jac=True, method="L-BFGS-B", bounds=bounds, options=STEPS)
    there = found.x * units
    return there, -crowd.negative(there)[0]  # a climb that is broken off tells the height of another point


def _is_singular(x: Array, problem: MixedLogit) -> bool:
    """Return whether some taste is next to a sum of others."""
    _, root = unfolded(x, problem)
    covariance = linalg.inv(root @ root.T)
    scale = np.sqrt(np.diag(covariance))
    return bool(linalg.eigvalsh(covariance / np.outer(scale, scale))[0] < SINGULAR)


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
    weight : (person,)
        How many people each stands for.
    nodes : (person, node, random)
    log_ratio : (person, node)
        Likelihood over proposal.
    information : (person, random, random)
        Minus the second derivative of each person's log likelihood, where the nodes are.
    """

    problem: MixedLogit
    weight: Array
    nodes: Array
    log_ratio: Array
    information: Array

    def negative(self, x: Array) -> tuple[float, Array]:
        """Return minus the log likelihood, nats, and its gradient."""
        found = self.people(x)
        return -float(self.weight @ found.value), -self.weight @ found.score

    def people(self, x: Array) -> Scored:
        """Return each person's log likelihood and its gradient."""
        shift, root = unfolded(x, self.problem)
        size, inverse = len(root), linalg.inv(root)
        gap = self.nodes - (self.problem.covariates @ shift.T)[:, None]
        white = gap @ root
        log_density = np.log(np.diag(root)).sum() - 0.5 * size * np.log(2 * np.pi) - 0.5 * (white**2).sum(axis=-1)
        terms = log_density + self.log_ratio
        total = special.logsumexp(terms, axis=1)
        weight = np.exp(terms - total[:, None])
        mean = np.einsum("ns,nsr->nr", weight, gap)
        scatter = np.swapaxes(gap * weight[..., None], 1, 2) @ gap
        of_shift = np.einsum("nr,nz->nrz", mean @ root @ root.T, self.problem.covariates)
        of_root = (inverse.T @ inverse - scatter) @ root
        rows, columns = self.problem.below
        of_diagonal = np.diagonal(of_root, axis1=1, axis2=2) * np.diag(root)
        score = np.concatenate([of_shift.reshape(len(mean), -1), of_diagonal, of_root[:, rows, columns]], axis=1)
        error = np.sqrt(self.weight**2 @ ((weight**2).sum(axis=1) - 1 / weight.shape[1]).clip(0))
        return Scored(total - np.log(weight.shape[1]), score, float(error))

    def about_spreads(self, x: Array) -> Array:
        """Return the information that an average person gives about the log of each spread, (random,).

        As if each likelihood were normal with the curvature that it has among the nodes: sums of squared scores hold
        the noise of the nodes, in which information about a spread near zero drowns.
        """
        _, root = unfolded(x, self.problem)
        inverse = linalg.inv(root)
        told = inverse.T @ inverse - np.linalg.inv(root @ root.T + self.information)  # of a taste's covariance
        turned = told @ root
        of_both = np.diagonal(turned, axis1=1, axis2=2) ** 2
        of_each = np.diagonal(told, axis1=1, axis2=2) * np.einsum("ik,nik->nk", root, turned)
        return np.asarray(np.diag(root) ** 2 * (of_both + of_each).mean(axis=0))


def evaluated(problem: MixedLogit, population: TastePopulation, seed: int, weight: Array | None = None) -> Evaluated:
    """Make nodes for a population; the same random numbers each time, so that rounds settle."""
    integral = integral_of_new(problem, population, [population])
    streams = np.random.default_rng(seed).spawn(problem.choices.people)
    made = [integral.nodes(n, NODES, rng) for n, rng in enumerate(streams)]
    nodes, log_ratio = (np.array(part) for part in zip(*made, strict=True))
    weight = np.ones(len(nodes)) if weight is None else weight
    return Evaluated(problem, weight, nodes, log_ratio, integral.sites.information)
