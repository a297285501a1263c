"""An upper bound that lets each draw have its own menu, at a price for differing from the others."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.program import objective_row, sales_program


def lagrangian_bound(
    draws: Draws, oracle: Oracle, rows: Rows, utility_weight: float, *, chosen: Mask, steps: int
) -> float:
    """Bound the mean objective by mean_m max_x [objective_m(x) + price_m'x], where prices have mean zero.

    Here m runs over the logits of the mixture, people in draws. Prices start at the gradient of the objective
    at a good menu `chosen`, by which each logit is charged for what it alone likes, and move by Polyak's (1969)
    steps. Each logit is an integer program of its own, so that the effort is linear in their number; its tangents
    leave a small slack.
    """
    one = np.ones(1)
    singles = [Draws(draws.catalogue, weight[None, None], one) for weight in draws.logits]
    programs = [sales_program(single, oracle, rows) for single in singles]
    gains = [objective_row(single, utility_weight) for single in singles]
    target = float(draws.objective(chosen[None], utility_weight).mean())
    price, best = _gradient_price(draws, utility_weight, chosen), np.inf
    width = len(chosen)
    for _ in range(steps):
        menus, bounds = [], []
        for program, gain, charge in zip(programs, gains, price, strict=True):
            charged = np.concatenate([charge, gain[width:]])
            menus.append(program.maximise(charged)[:width] > 0.5)
            bounds.append(program.bound)
        bound = float(draws.probability @ bounds)
        best = min(best, bound)
        apart = np.array(menus, dtype=float) - draws.probability @ menus
        if not apart.any() or bound <= target:
            break
        price = price - (bound - target) / (draws.probability @ (apart**2).sum(axis=1)) * apart
    return best


def _gradient_price(draws: Draws, utility_weight: float, chosen: Mask) -> Array:
    """(logit, product) mean worth of a product beside the chosen menu, less its worth in the logit."""
    eye = np.eye(len(chosen), dtype=np.bool_)
    with_it, without = (draws.logit_objective(menus, utility_weight) for menus in (chosen | eye, chosen & ~eye))
    worth = with_it - without
    return np.asarray(draws.probability @ worth - worth)
