"""Moves of the ends of triangles with everybody's weight held: where choices tell much of each person.

With z held, means and spreads of triangles move by no more than everybody's weight may; with weights held, by what
weights tell of the ends, whatever the choices (interweaving: Yu and Meng 2011, JCGS 20:531-570). Given weights, the
density of a mean is zero beyond some bounds, and so is that of a half-width: slices between them, nothing to tune.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.triangular import WIDEST, coordinate, quantiles, spreads, standard

IN = 60  # most steps back into a slice


def move_ends(
    problem: MixedLogit, population: TastePopulation, theta: Array, rng: np.random.Generator
) -> TastePopulation:
    """Return the population with the ends of every triangle moved; z moves along in `theta` (person, coefficient)."""
    count, fixed = len(problem.half_width), population.fixed.copy()
    if not count:
        return population
    for i, scale in enumerate(problem.half_width):
        mean, wide = len(fixed) - 2 * count + i, len(fixed) - count + i
        prior = problem.prior.fixed_location[mean], problem.prior.fixed_sd[mean]
        half = scale * float(spreads(fixed[wide]))
        gap = half * quantiles(theta[:, problem.free + i])
        step = _mean_moved(gap, half, fixed[mean] - prior[0], prior[1], rng)
        gap -= step
        fixed[mean] += step
        fixed[wide] = _spread_moved(np.abs(gap), fixed[wide], scale, rng)
        theta[:, problem.free + i] = standard(gap / (scale * float(spreads(fixed[wide]))))
    theta[:, len(problem.random) :] = fixed
    return population._replace(fixed=fixed)


def _mean_moved(gap: Array, half: float, above: float, sd: float, rng: np.random.Generator) -> float:
    """Return the step of a mean that people exceed by `gap` (person,), and that is so much above its prior mean."""

    def density(step: float) -> float:
        return float(np.log1p(-np.abs(gap - step) / half).sum()) - 0.5 * ((above + step) / sd) ** 2

    return _between(density, 0.0, gap.max() - half, gap.min() + half, rng)


def _spread_moved(reach: Array, now: float, scale: float, rng: np.random.Generator) -> float:
    """Return a new coordinate of a spread; people's weights are `reach` (person,) away from the mean."""

    def density(t: float) -> float:
        half = scale * float(spreads(t))
        return float(np.log1p(-reach / half).sum()) - len(reach) * math.log(half) - 0.5 * t * t

    return _between(density, now, coordinate(reach.max() / scale), WIDEST, rng)


def _between(density: Callable[[float], float], now: float, low: float, high: float, rng: np.random.Generator) -> float:
    """Return a draw by one slice from a log density that is zero outside two bounds (Neal 2003)."""
    level = density(now) - rng.exponential()
    with np.errstate(divide="ignore", invalid="ignore"):  # at the bounds, or beyond by a rounding error
        for _ in range(IN):
            there = rng.uniform(low, high)
            if density(there) >= level:
                return there
            low, high = (there, high) if there < now else (low, there)
    return now
