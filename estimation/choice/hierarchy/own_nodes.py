"""A person's integral at single draws of the population, by nodes of that draw's own.

Nodes around the middle of the posterior miss what lies between them where a draw has a spread near zero: its population
is a needle there, or a thin line.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.cholesky import factorise, solve_upper
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import log_likelihood, scratch
from estimation.choice.hierarchy.people import conditional
from estimation.choice.hierarchy.proposals import around
from estimation.choice.hierarchy.sites import Sites

OWN = 64  # nodes of each draw
FEW, WORSE = 50.0, 4.0
"""A draw gets nodes of its own if the common ones count as fewer than this, and as so many times fewer than at the
middle of the posterior."""


def are_few(effective: Array, at_middle: float) -> Array:
    """Return whether effective numbers of nodes, (draw,), are too few, beside that at the middle of the posterior."""
    return np.asarray(effective < min(FEW, at_middle / WORSE))


def own_points(size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return nodes of a standard Gaussian's t, (node, random), and their log density: the same for every draw."""
    return around(np.zeros(size), np.eye(size)).nodes(OWN, rng)


@compiled
def own_integrals(
    crowd: Crowd,
    sites: Sites,
    n: int,
    mean: Array,
    precision: Array,
    fixed: Array,
    points: Array,
    log_density: Array,
    out: Array,
) -> None:
    """Write one person's log p(choices | population), (draw,), nats, each around the person's Gaussian under that draw.

    Parameters
    ----------
    mean : (draw, random)
        Of the person's tastes.
    precision : (draw, random, random)
    fixed : (draw, fixed)
    points, log_density
        What `own_points` returned.
    """
    size, room = mean.shape[1], scratch(crowd)
    theta, step, centre = np.empty(size + fixed.shape[1]), np.empty(size), np.empty(size)
    root, lower = np.zeros((size, size)), np.zeros((size, size))
    weight = np.empty(len(points))
    for draw in range(len(mean)):
        for k in range(fixed.shape[1]):
            theta[size + k] = fixed[draw, k]
        conditional(sites, n, theta, mean[draw], precision[draw], lower, centre)
        factorise(precision[draw], root)
        constant = -0.5 * size * math.log(2 * math.pi)
        for k in range(size):
            constant += math.log(root[k, k]) - math.log(lower[k, k])
        for node in range(len(points)):
            solve_upper(lower, points[node], step)
            for k in range(size):
                theta[k] = centre[k] + step[k]
            weight[node] = log_likelihood(crowd, n, theta, room) + constant - log_density[node]
            for k in range(size):
                along = 0.0
                for other in range(k, size):
                    along += root[other, k] * (theta[other] - mean[draw, other])
                weight[node] -= 0.5 * along * along
        top = weight.max()
        out[draw] = top + math.log(np.exp(weight - top).mean())
