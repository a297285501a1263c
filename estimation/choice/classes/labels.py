"""Which class is which: draws get the labels of the mode, whose classes go from the largest to the smallest."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from estimation.arrays import Array
from estimation.choice.classes.target import Classes


def by_share(target: Classes, parameters: Array) -> Array:
    """Return the same mixture with its classes in order of their share, largest first; (parameter,)."""
    weights, odds = target.split(parameters)
    order = np.argsort(-target.natural(parameters)[1], kind="stable")
    return target.joined(weights[order], odds[order])


def relabelled(target: Classes, draws: Array, mode: Array) -> tuple[Array, int]:
    """Return draws (draw, parameter) with the labels of the nearest classes of the mode, and how many were changed.

    The posterior is the same for every order of the classes, so a chain may change it on its way. Distance is that of
    the weights in units of their prior (the pivot of Marin, Mengersen and Robert 2005, Handbook of Statistics 25).
    """
    pivot = target.split(mode)[0] / target.prior_sd
    result, changed = draws.copy(), 0
    for place, draw in enumerate(draws):
        weights, odds = target.split(draw)
        distance = ((pivot[:, None] - (weights / target.prior_sd)[None]) ** 2).sum(axis=-1)
        order = linear_sum_assignment(distance)[1]
        if not np.array_equal(order, np.arange(target.classes)):
            result[place], changed = target.joined(weights[order], odds[order]), changed + 1
    return result, changed
