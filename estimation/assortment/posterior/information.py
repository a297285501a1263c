"""What it would be worth to know more before the menu is chosen."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.posterior.draws import Draws

BLOCK = 2**21  # numbers at a time


def value_of_information(draws: Draws, menus: Mask, utility_weight: float, spread: float) -> float:
    """Find the expected gain from choosing among menus after the spread of the posterior has shrunk.

    With utilities u of draw d and their mean m over draws, an experiment that leaves the share s of the spread
    would move the centre to m + sqrt(1 - s^2) (u_d - m), with draws m_d + s (u_j - m) around it; for a normal
    posterior this is preposterior analysis (Raiffa and Schlaifer 1961). The value is

        mean_d max_x mean_j objective(x; d, j)  -  max_x mean_dj objective(x; d, j),

    over menus (menu, product), which is never negative, zero at s = 1, and the expected value of perfect information at
    s = 0. Each person has the same position in every draw; `spread` is s, in [0, 1].
    """
    utilities = np.log(draws.weights)
    centre = draws.mean(utilities)
    away = utilities - centre
    block = max(1, BLOCK // (draws.logits.size + draws.logits.shape[0] * len(menus)))
    scores = []
    for first in range(0, len(draws), block):
        moved = centre + np.sqrt(1.0 - spread**2) * away[first : first + block, None]
        later = moved + spread * away if spread else moved
        scores.append(_scores(draws, later, menus, utility_weight))
    values = np.concatenate(scores)
    return max(0.0, float(draws.mean(values.max(axis=1)) - draws.mean(values).max()))


def _scores(draws: Draws, utilities: Array, menus: Mask, utility_weight: float) -> Array:
    """(centre, menu) mean objective of (centre, later draw, person, product) utilities."""
    outcomes, later, people, width = utilities.shape
    weights, parts = np.exp(utilities).reshape(outcomes * later, people, width), np.tile(draws.parts, outcomes)
    flat = Draws(draws.catalogue, weights, draws.shares, parts / outcomes)
    values = flat.objective(menus, utility_weight).reshape(outcomes, later, len(menus))
    return np.asarray(np.einsum("ojm,j->om", values, draws.parts))
