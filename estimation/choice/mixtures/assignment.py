"""Move people between the components of a mixture, along with their tastes."""

from __future__ import annotations

import math

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.hierarchy.cholesky import solve_upper
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.likelihood import log_likelihood, scratch
from estimation.choice.hierarchy.people import conditional, misfit
from estimation.choice.hierarchy.sites import Sites


@compiled
def assign(
    crowd: Crowd,
    sites: Sites,
    theta: Array,
    label: Indices,
    weight: Array,
    mean: Array,
    precision: Array,
    normal: Array,
    uniform: Array,
) -> None:
    """Move every person's component and tastes, leaving their posterior as it is; writes `theta` and `label`.

    A component is drawn by what the person's Gaussian site says with tastes integrated out, and tastes from the
    Gaussian posterior there; both are accepted or not by the misfit of the site (an independence sampler). So people
    leave a component although their present tastes suit it. Then the component is drawn once more, given tastes: that
    moves where sites fit badly.

    Parameters
    ----------
    label : (person,)
    weight : (component,)
        log (share × √|precision|).
    mean : (component, random)
    precision : (component, random, random)
    normal : (person, random)
    uniform : (person, 3)
    """
    count, size = mean.shape
    room, trial, step = scratch(crowd), np.empty(theta.shape[1]), np.empty(size)
    lower, centre = np.zeros((count, size, size)), np.empty((count, size))
    score = np.empty(count)
    for n in range(len(theta)):
        for k in range(count):
            score[k] = weight[k] + conditional(sites, n, theta[n], mean[k], precision[k], lower[k], centre[k])
        new = drawn(score, uniform[n, 0])
        solve_upper(lower[new], normal[n], step)
        trial[:] = theta[n]
        for i in range(size):
            trial[i] = centre[new, i] + step[i]
        now = misfit(sites, n, theta[n], log_likelihood(crowd, n, theta[n], room))
        there = misfit(sites, n, trial, log_likelihood(crowd, n, trial, room))
        if math.log(uniform[n, 1]) < there - now:
            theta[n] = trial
        for k in range(count):
            score[k] = weight[k]
            for i in range(size):
                pull = 0.0
                for j in range(size):
                    pull += precision[k, i, j] * (theta[n, j] - mean[k, j])
                score[k] -= 0.5 * (theta[n, i] - mean[k, i]) * pull
        label[n] = drawn(score, uniform[n, 2])


@compiled
def drawn(score: Array, uniform: float) -> int:
    """Return a place with probabilities proportional to exp(score), which is overwritten."""
    top, total = score[0], 0.0
    for k in range(len(score)):
        top = max(top, score[k])
    for k in range(len(score)):
        score[k] = math.exp(score[k] - top)
        total += score[k]
    reached = 0.0
    for k in range(len(score)):
        reached += score[k]
        if uniform * total < reached:
            return k
    return len(score) - 1
