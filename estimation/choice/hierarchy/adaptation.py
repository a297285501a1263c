"""Warm-up: find the posterior, and Gaussians that fit each person's likelihood where it matters."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.chain import TasteChain
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.hierarchy.people import move_people
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation, middle_of
from estimation.choice.hierarchy.sites import Sites, sites_at, sites_at_modes

ROUGH = (6, 10, 20, 30)  # sweeps between expansions at modes, while the population is still on its way
FINE = (40, 60, 100)  # sweeps between expansions around posterior means
LEARN = (60, 120)  # sweeps from whose gradients moves are learned, with the sites that remain
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
        crowd, mean = problem.crowd, problem.means(middle)
        chain.settle(around_means(crowd, chain.sites, chain.theta, mean, middle, chain.rng), middle)
    for sweeps in LEARN:
        for _ in range(sweeps):
            chain.sweep(adapt=True)
        chain.learn()
    return chain


def started(problem: MixedLogit, rng: np.random.Generator) -> TasteChain:
    """Return a chain at people's modes under a population as the prior has it."""
    begin = problem.whole(problem.prior.middle)
    mean = problem.means(begin)
    theta = np.column_stack([mean, np.tile(begin.fixed, (len(mean), 1))])
    sites, theta = sites_at_modes(problem.crowd, theta, mean, begin.precision)
    return TasteChain(problem, begin, theta, rng, sites)


def _middle(chain: TasteChain, sweeps: int) -> TastePopulation:
    """Sweep, and return the average population of the second half."""
    seen = []
    for sweep in range(sweeps):
        chain.sweep(adapt=True)
        if sweep >= sweeps // 2:
            seen.append(chain.population)
    shift, precision, fixed = (np.array(part) for part in zip(*seen, strict=True))
    return middle_of(shift, precision, fixed)


def around_means(
    crowd: Crowd, sites: Sites, theta: Array, mean: Array, middle: TastePopulation, rng: np.random.Generator
) -> Sites:
    """Return sites whose Gaussians have the posterior mean of each person, and the average curvature around it.

    A mode is not a mean where choices are few, and hundreds of people who are each off by a little put the population
    off by a lot.

    Parameters
    ----------
    theta : (person, coefficient)
        Where people are.
    mean : (person, random)
        What is expected of each under the population in the middle of the posterior.
    """
    size = len(middle.precision)
    theta, white = theta.copy(), np.zeros_like(mean)
    theta[:, size:] = middle.fixed
    total, slope, information = (np.zeros_like(theta), np.zeros_like(theta), np.zeros((*theta.shape, theta.shape[1])))
    for draw in range(MOMENTS):
        move_people(crowd, sites, theta, mean, middle.precision, 1, rng, white)
        total += theta / MOMENTS
        if draw % EVERY == EVERY - 1:
            _, pull, curve = expansion(crowd, theta)
            slope += pull * EVERY / MOMENTS
            information += curve * EVERY / MOMENTS
    slope[:, :size] = (total[:, :size] - mean) @ middle.precision  # exact at the posterior
    return sites_at(total, slope, information)
