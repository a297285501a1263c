"""Warm-up: find the posterior, and Gaussians that fit each person's likelihood where it matters."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.chain import TasteChain
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites, expansion, sites_at_modes

ROUGH = (6, 10, 20, 30)  # sweeps between expansions at modes, while the population is still on its way
FINE = (40, 60, 100)  # sweeps between expansions around posterior means
MOMENTS, EVERY = (120, 6)  # draws of each person behind an expansion, and how many of them per second derivative


def adapted(problem: MixedLogit, rng: np.random.Generator) -> TasteChain:
    """Return a chain in the posterior, with sites and a step size made there."""
    chain = started(problem, rng)
    for sweeps in ROUGH:
        middle = _middle(chain, sweeps)
        sites, _ = sites_at_modes(problem.crowd, chain.theta, problem.means(middle), middle.precision)
        chain.settle(sites, middle)
    for sweeps in FINE:
        middle = _middle(chain, sweeps)
        chain.settle(_around_means(chain, middle), middle)
    return chain


def started(problem: MixedLogit, rng: np.random.Generator) -> TasteChain:
    """Return a chain at people's modes under a population as the prior has it."""
    prior, size = problem.prior, len(problem.random)
    shift = np.zeros_like(prior.shift_sd)
    shift[:, 0] = prior.location
    begin = TastePopulation(shift, np.diag(1 / prior.spread**2), np.zeros(len(problem.fixed)))
    theta = np.zeros((problem.choices.people, size + len(problem.fixed)))
    theta[:, :size] = problem.means(begin)
    sites, theta = sites_at_modes(problem.crowd, theta, problem.means(begin), begin.precision)
    return TasteChain(problem, begin, theta, rng, sites)


def _middle(chain: TasteChain, sweeps: int) -> TastePopulation:
    """Sweep, and return the average population of the second half."""
    seen = []
    for sweep in range(sweeps):
        chain.sweep(adapt=True)
        if sweep >= sweeps // 2:
            seen.append(chain.population)
    shift = np.mean([population.shift for population in seen], axis=0)
    covariance = np.mean([np.linalg.inv(population.precision) for population in seen], axis=0)
    fixed = np.mean([population.fixed for population in seen], axis=0)
    return TastePopulation(shift, np.linalg.inv(covariance), fixed)


def _around_means(chain: TasteChain, middle: TastePopulation) -> Sites:
    """Return sites whose Gaussians have the posterior mean of each person, and the average curvature around it.

    A mode is not a mean where choices are few, and hundreds of people who are each off by a little put the population
    off by a lot.
    """
    size = len(middle.precision)
    theta = chain.theta.copy()
    theta[:, size:] = middle.fixed
    total, slope, information = (np.zeros_like(theta), np.zeros_like(theta), np.zeros((*theta.shape, theta.shape[1])))
    for draw in range(MOMENTS):
        chain.move_people(middle, theta, 1)
        total += theta / MOMENTS
        if draw % EVERY == EVERY - 1:
            _, pull, curve = expansion(chain.problem.crowd, theta)
            slope += pull * EVERY / MOMENTS
            information += curve * EVERY / MOMENTS
    slope[:, :size] = (total[:, :size] - chain.problem.means(middle)) @ middle.precision  # exact at the posterior
    return Sites(slope + _times(information, total), information)


def _times(information: Array, theta: Array) -> Array:
    return np.asarray(np.einsum("nij,nj->ni", information, theta))
