"""Moves of one spread with everybody's standardised taste held: where a spread is near zero, nothing else is quick.

Given people, a spread moves by no more than people can tell of it, which is nothing where they hardly differ; the move
of all coordinates together has one step size, and directions that mix tastes. Here the deviations of one taste and its
spread are multiplied by the same number, drawn from its own density on the group of scalings (Liu and Sabatti 2000,
Biometrika 87:353-369; interweaving: Yu and Meng 2011, JCGS 20:531-570) by slice sampling (Neal 2003).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import log_likelihood, scratch
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation

WIDEST = 4.0  # of a slice to begin with, in logs
WIDER = 8.0  # a slice to begin with than moves: likelihoods are dear, and steps out of a slice are spared
IN = 30  # most steps back into a slice
FOLLOW = 0.1  # weight of the newest move in the running size of moves


class Scalings:
    """Moves of each spread; `width` (random,) of slices follows the size of moves as long as chains adapt."""

    def __init__(self, problem: MixedLogit) -> None:
        self.problem = problem
        self.width = np.full(len(problem.random), WIDEST)

    def move(
        self, population: TastePopulation, theta: Array, rng: np.random.Generator, *, adapt: bool
    ) -> TastePopulation:
        """Return the population with every spread moved; people move along in `theta` (person, coefficient)."""
        problem, precision = self.problem, population.precision.copy()
        mean = problem.means(population)
        trial, now = theta.copy(), of_everybody(problem.crowd, theta)
        for k in range(problem.free):
            middle, gap = mean[:, k], theta[:, k] - mean[:, k]

            def likelihood(log: float, k: int = k, middle: Array = middle, gap: Array = gap) -> float:
                trial[:, k] = middle + math.exp(log) * gap
                return of_everybody(problem.crowd, trial)

            prior = partial(_log_prior, problem, precision, k)
            log, now = _sliced(likelihood, prior, now, self.width[k], rng)
            theta[:, k] = trial[:, k] = middle + math.exp(log) * gap
            precision[k] *= math.exp(-log)
            precision[:, k] *= math.exp(-log)
            if adapt:
                self._follow(k, log)
        fixed = self._move_triangles(population.fixed, theta, now, rng, adapt)
        return population._replace(precision=precision, fixed=fixed)

    def _move_triangles(self, fixed: Array, theta: Array, now: float, rng: np.random.Generator, adapt: bool) -> Array:
        """Return shared coefficients with the spread of every triangle moved, everybody's z held."""
        problem, free = self.problem, self.problem.free
        fixed, trial = fixed.copy(), theta.copy()
        for k in range(free, len(problem.random)):
            place = len(fixed) - len(problem.random) + k
            column, middle = len(problem.random) + place, fixed[place]

            def likelihood(step: float, column: int = column, middle: float = middle) -> float:
                trial[:, column] = middle + step
                return of_everybody(problem.crowd, trial)

            step, now = _sliced(likelihood, partial(_log_normal, middle), now, self.width[k], rng)
            fixed[place] = theta[:, column] = trial[:, column] = middle + step
            if adapt:
                self._follow(k, step)
        return fixed

    def _follow(self, k: int, step: float) -> None:
        """Let the width of slices follow the size of moves."""
        self.width[k] = min(WIDEST, (1 - FOLLOW) * self.width[k] + FOLLOW * WIDER * abs(step))


@compiled
def of_everybody(crowd: Crowd, theta: Array) -> float:
    """Return the log likelihood of all choices at people's tastes (person, coefficient), nats."""
    room, total = scratch(crowd), 0.0
    for n in range(len(theta)):
        total += log_likelihood(crowd, n, theta[n], room)
    return total


def _log_normal(middle: float, step: float) -> float:
    """Return the log prior of the coordinate of a triangle's spread, a step away from where it is, nats."""
    return -0.5 * (middle + step) ** 2


def _log_prior(problem: MixedLogit, precision: Array, k: int, log: float) -> float:
    """Return the log prior of a spread that is multiplied by exp(log), times the volume of covariances, nats.

    Huang and Wand (2013), eq. 4; people's density and the volume of their tastes cancel.
    """
    wide = 1 if problem.diagonal else len(precision)
    degrees = problem.prior.degrees
    inner = degrees * precision[k, k] * math.exp(-2 * log) + 1 / problem.prior.spread[k] ** 2
    return (1 - degrees - wide) * log - (degrees + wide) / 2 * math.log(inner)


def _sliced(
    likelihood: Callable[[float], float],
    prior: Callable[[float], float],
    now: float,
    width: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return a draw by one slice around 0, where the log likelihood is `now`, and the log likelihood there."""
    level = now + prior(0.0) - rng.exponential()
    low = -width * rng.random()
    high = low + width
    for _ in range(IN):
        log = rng.uniform(low, high)
        there = likelihood(log)
        if there + prior(log) >= level:
            return log, there
        low, high = (log, high) if log < 0 else (low, log)
    return 0.0, now
