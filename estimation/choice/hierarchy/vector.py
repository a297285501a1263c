"""A population as a vector that a climb moves, and the bounds within which it may move it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg

from estimation.arrays import Array
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation

LIMIT = 8.0
"""How far the log of a spread goes from the prior's, at most.

At a three-thousandth of that spread people's utilities differ by a thousandth of a logit, which no sample tells from
nothing; at three thousand times as much all their choices are certain, and more spread changes none. The likelihood is
flat beyond, and a climb goes where rounding errors lead it.
"""
REACH = 1.0
"""How far it goes while nodes stay the same: few of the nodes made for a population count for a distant one."""
AT = 1e-6  # of the width of a box: so near, a parameter is at its bound


class Box(NamedTuple):
    """The least and the largest of each parameter, (parameter,)."""

    low: Array
    high: Array

    def ends_at(self, x: Array) -> bool:
        """Return whether any parameter is at a bound."""
        return bool((np.minimum(x - self.low, self.high - x) < AT * (self.high - self.low)).any())


def parameters(population: TastePopulation, diagonal: bool) -> Array:
    """Return a population as a vector: shift, log diagonal of the precision's root, and the root below it."""
    root = linalg.cholesky(population.precision, lower=True)
    below = root[np.tril_indices(len(root), -1)]
    return np.concatenate([population.shift.ravel(), np.log(np.diag(root)), below[: 0 if diagonal else None]])


def unfolded(x: Array, problem: MixedLogit) -> tuple[Array, Array]:
    """Return the shift and the root of the precision for which a vector stands."""
    size, columns = len(problem.random), problem.covariates.shape[1]
    shift, log_diagonal, below = np.split(x, [size * columns, size * (columns + 1)])
    root = np.diag(np.exp(log_diagonal))
    root[problem.below] = below
    return shift.reshape(size, columns), root


def population_of(x: Array, problem: MixedLogit) -> TastePopulation:
    """Return the population that a vector stands for."""
    shift, root = unfolded(x, problem)
    return TastePopulation(shift, root @ root.T, np.empty(0))


def start_of(problem: MixedLogit) -> Array:
    """Return the population that the prior expects, (parameter,)."""
    return parameters(problem.prior.middle, problem.diagonal)


def units_of(problem: MixedLogit) -> Array:
    """Return what to measure each parameter in, (parameter,), so that no climb depends on the units of attributes."""
    spread = problem.prior.spread
    shift = np.repeat(spread, problem.covariates.shape[1])
    return np.concatenate([shift, np.ones(len(spread)), 1 / spread[problem.below[0]]])


def limits_of(problem: MixedLogit) -> Box:
    """Return the bounds of all climbs, around the start: see `LIMIT`."""
    far, prior = np.exp(LIMIT), problem.prior
    return _around(start_of(problem), far * prior.shift_sd, LIMIT, far / prior.spread, problem)


def within_reach(x: Array, problem: MixedLogit) -> Box:
    """Return the bounds of a climb from a population for which nodes were made: see `REACH`."""
    limits, (shift, root) = limits_of(problem), unfolded(x, problem)
    rows = np.linalg.norm(root, axis=1)  # the root of what is certain of a taste if the others are known
    near = _around(x, np.full(shift.shape, np.inf), REACH, np.expm1(REACH) * rows, problem)
    return Box(np.maximum(limits.low, near.low), np.minimum(limits.high, near.high))


def _around(x: Array, shift: Array, log_diagonal: float, below: Array, problem: MixedLogit) -> Box:
    """Return the box within so much of each parameter; `below` is of rows of the root."""
    width = np.concatenate([shift.ravel(), np.full(len(below), log_diagonal), below[problem.below[0]]])
    return Box(x - width, x + width)
