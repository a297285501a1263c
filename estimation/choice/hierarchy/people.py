"""Draw people given the population: one elliptical slice each, around the Gaussian that stands for their posterior."""

from __future__ import annotations

import math

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.cholesky import factorise, solve_lower, solve_upper
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import log_likelihood, scratch
from estimation.choice.hierarchy.sites import Sites

TRIES = 20  # proposals before a person stays; each halves the arc on average


@compiled
def conditional(
    sites: Sites, n: int, theta: Array, mean: Array, precision: Array, lower: Array, centre: Array
) -> float:
    """Write a person's Gaussian posterior; return log ∫ site × population over random coefficients, without constants.

    Parameters
    ----------
    theta : (coefficient,)
        Those after the random ones are read: the coefficients that everybody shares.
    lower, centre
        Out: Cholesky factor of its precision, and its mean.
    """
    size = len(precision)
    matrix, result = np.empty((size, size)), 0.0
    for k in range(size):
        pull, expected = sites.pull[n, k], 0.0
        for other in range(size):
            expected += precision[k, other] * mean[other]
            matrix[k, other] = sites.information[n, k, other] + precision[k, other]
        for other in range(size, len(theta)):
            pull -= sites.information[n, k, other] * theta[other]
        centre[k] = pull + expected
        result -= 0.5 * expected * mean[k]
    factorise(matrix, lower)
    solve_lower(lower, centre, centre)
    for k in range(size):
        result += 0.5 * centre[k] ** 2 - math.log(lower[k, k])
    solve_upper(lower, centre, centre)
    for k in range(size, len(theta)):
        result += sites.pull[n, k] * theta[k]
        for other in range(size, len(theta)):
            result -= 0.5 * theta[k] * sites.information[n, k, other] * theta[other]
    return result


@compiled
def misfit(sites: Sites, n: int, theta: Array, log_likelihood_there: float) -> float:
    """Return by how much the log likelihood exceeds its Gaussian stand-in, nats."""
    result = log_likelihood_there
    for k in range(len(theta)):
        product = 0.0
        for other in range(len(theta)):
            product += sites.information[n, k, other] * theta[other]
        result += theta[k] * (0.5 * product - sites.pull[n, k])
    return result


def move_people(
    crowd: Crowd,
    sites: Sites,
    theta: Array,
    mean: Array,
    precision: Array,
    slices: int,
    rng: np.random.Generator,
    white: Array,
) -> None:
    """Move every person so many times, as `draw_people` does; with none, only `white` is written."""
    shape = (slices, len(theta), len(precision))
    normal, uniform = rng.standard_normal(shape), rng.random((*shape[:2], TRIES + 2))
    draw_people(crowd, sites, theta, mean, precision, normal, uniform, white)


@compiled
def draw_people(
    crowd: Crowd, sites: Sites, theta: Array, mean: Array, precision: Array, normal: Array, uniform: Array, white: Array
) -> None:
    """Move every person once, leaving the posterior of their random coefficients as it is.

    Elliptical slice sampling (Murray, Adams and MacKay 2010) with the person's Gaussian as the prior and the misfit as
    the likelihood (Nishihara, Murray and Adams 2014): it has nothing to tune, and cannot get stuck in the tails.

    Parameters
    ----------
    theta : (person, coefficient)
        The first `random` move.
    mean : (person, random)
    precision : (random, random)
    normal : (sweep, person, random)
    uniform : (sweep, person, 2 + TRIES)
        Randomness, one move per sweep.
    white : (person, random)
        Out: where people are now, in units of their Gaussians.
    """
    size = len(precision)
    room = scratch(crowd)
    lower, centre, step, offset = np.zeros((size, size)), np.empty(size), np.empty(size), np.empty(size)
    for n in range(len(theta)):
        conditional(sites, n, theta[n], mean[n], precision, lower, centre)
        trial = theta[n].copy()
        present = misfit(sites, n, trial, log_likelihood(crowd, n, trial, room))
        for sweep in range(len(normal)):
            solve_upper(lower, normal[sweep, n], step)
            offset[:] = theta[n, :size] - centre
            chance = uniform[sweep, n]
            level = present + math.log(chance[0])
            angle = 2 * math.pi * chance[1]
            low, high = angle - 2 * math.pi, angle
            for attempt in range(2, len(chance)):
                cosine, sine = math.cos(angle), math.sin(angle)
                for k in range(size):
                    trial[k] = centre[k] + cosine * offset[k] + sine * step[k]
                there = misfit(sites, n, trial, log_likelihood(crowd, n, trial, room))
                if there > level:
                    theta[n, :size] = trial[:size]
                    present = there
                    break
                if angle < 0:
                    low = angle
                else:
                    high = angle
                angle = low + (high - low) * chance[attempt]
        for k in range(size):
            white[n, k] = 0.0
            for other in range(k, size):
                white[n, k] += lower[other, k] * (theta[n, other] - centre[other])
