"""The menu of most utility that keeps a revenue: a knapsack over what the frontier leaves open.

Expected revenue W / (1 + V) is at least a floor exactly if the sum of (revenue - floor) x weight over the menu is at
least the floor, so that the most utility, log(1 + V), is an integer program with one row beside the constraints. Its
Lagrangian relaxation is solved by the two menus of the frontier on either side of the floor.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Rows
from estimation.assortment.menu import Menu, make_menu
from estimation.assortment.oracles.base import InfeasibleError
from estimation.assortment.oracles.by_size import RESOLVED
from estimation.assortment.oracles.highs import Program
from estimation.assortment.path import Path
from estimation.assortment.vertex import ROUNDING

SLACK = 1e-9
"""Share of the largest size in the row of the floor that counts as rounding."""

ENOUGH = 1e-9
"""Utility that a menu may lack and still be called the best."""

MOST = 20_000
"""Products that the integer program may choose from: with more, the bound is close and the program takes long."""


def most_utility(path: Path, rows: Rows, last: int, menu: Menu, floor: float, seconds: float) -> Menu:
    """Find the menu of most utility with expected revenue >= floor (money), and bound the utility of all such menus.

    Parameters
    ----------
    path
        The frontier; its menu number `last`, which is `menu`, reaches the floor, and the next one does not.
    rows
        The constraints.
    seconds
        Time limit of the integer program.

    Returns
    -------
    The menu with its `utility_bound`.
    """
    catalogue, start = path.catalogue, path.chosen(last)
    slope = float(path.table["slope"].loc[last + 1])
    gain = (catalogue.revenue - slope) * catalogue.weight / (floor - slope)
    extra, relaxed = _relaxation(rows, gain)
    chosen = start if len(rows) else _filled(catalogue, floor, start, gain)
    best, bound = float(catalogue.weight[chosen].sum()), relaxed - floor / (floor - slope)
    affordable = _affordable(catalogue, floor)
    fixed = affordable & (extra > 0)
    free = np.flatnonzero(affordable & (np.abs(extra) <= bound - best + SLACK * (1.0 + abs(bound))))
    if not len(free):  # whatever is better is these
        bound = min(bound, max(best, float(catalogue.weight[fixed].sum())))
    elif len(free) <= MOST and bound - best > ENOUGH * (1.0 + best):
        fixed[free] = False
        chosen, ceiling = _knapsack(catalogue, rows, floor, chosen, fixed, free, seconds)
        bound = min(bound, ceiling)
    if not np.array_equal(chosen, start):
        menu = make_menu(catalogue, chosen, shift=float("nan"))
    return replace(menu, utility_bound=max(menu.utility, float(np.log1p(max(bound, best)))))


def _affordable(catalogue: Catalogue, floor: float) -> Mask:
    """(product,) what could be offered beside everything that earns more than the floor."""
    worth = (catalogue.revenue - floor) * catalogue.weight
    most = float(worth[worth > 0].sum())
    return np.asarray(worth >= floor - most - ROUNDING * (most + np.abs(worth) + abs(floor)))


def _filled(catalogue: Catalogue, floor: float, start: Mask, gain: Array) -> Mask:
    """(product,) a menu with what the floor still allows added, the cheapest attraction first; without constraints."""
    chosen = start.copy()
    cost = floor * catalogue.weight - catalogue.proceeds
    left = -float(cost[start].sum()) - floor
    others = np.flatnonzero(~start)
    for product in others[np.argsort(-gain[others] / catalogue.weight[others])].tolist():
        if cost[product] <= left:
            chosen[product] = True
            left -= float(cost[product])
    return chosen if make_menu(catalogue, chosen).revenue >= floor else start


def _relaxation(rows: Rows, gain: Array) -> tuple[Array, float]:
    """(product,) what each adds beyond what the rows charge for it, and the largest sum of gains (product,).

    To put a product on the menu, or to take it off, against its sign costs at least its size. Whatever rows charge,
    this is so (weak duality): nothing hangs on how exactly the program is solved.
    """
    if not len(rows):
        return gain.copy(), float(gain[gain > 0].sum())
    width = len(gain)
    limits = np.zeros(width), np.ones(width)
    program = Program(rows.matrix, (rows.lower, rows.upper), limits, np.zeros(width, dtype=np.bool_))
    program.maximise(gain)
    charges = program.charges
    charges[~np.isfinite(np.where(charges > 0, rows.upper, rows.lower))] = 0.0
    paid = charges * np.where(charges > 0, rows.upper, np.where(charges < 0, rows.lower, 0.0))
    extra = gain - rows.matrix.T @ charges
    size = np.abs(gain).sum() + (abs(rows.matrix).T @ np.abs(charges)).sum() + np.abs(paid).sum()
    return extra, float(paid.sum() + extra[extra > 0].sum() + ROUNDING * size)


def _knapsack(
    catalogue: Catalogue, rows: Rows, floor: float, start: Mask, fixed: Mask, free: Indices, seconds: float
) -> tuple[Mask, float]:
    """(product,) the best menu of those that hold the fixed products and some of the free, and a bound on attraction.

    If the tolerance of the program lets its menu end below the floor, it is solved again a little inside.
    """
    worth, weight = (catalogue.revenue - floor) * catalogue.weight, catalogue.weight[free]
    scale = float(np.abs(worth[free]).max()) or 1.0
    needed = (floor - float(worth[fixed].sum())) / scale
    unseen = float(worth[free].clip(0.0, SLACK * scale).sum(where=worth[free] < 10.0 * SLACK * scale)) / scale
    matrix = sparse.csr_array(sparse.vstack([sparse.csr_array(worth[free][None] / scale), rows.matrix[:, free]]))
    held = rows.matrix @ fixed.astype(np.float64)
    limits, whole = (np.zeros(len(free)), np.ones(len(free))), np.ones(len(free), dtype=np.bool_)
    best, ceiling = start, np.inf
    for margin in (-unseen, SLACK * (1.0 + abs(needed))):
        bounds = np.append(needed + margin, rows.lower - held), np.append(np.inf, rows.upper - held)
        program = Program(matrix, bounds, limits, whole)
        program.limit(seconds)
        program.accept(ENOUGH * (1.0 + float(catalogue.weight[start].sum())))
        try:
            share = program.maximise(weight)
        except InfeasibleError:
            return best, min(ceiling, float(catalogue.weight[best].sum()))
        if margin <= 0.0:
            ceiling = program.bound + RESOLVED * float(weight.max()) + float(catalogue.weight[fixed].sum())
        if not program.has_solution:
            break
        found = fixed.copy()
        found[free] = share > 0.5
        if make_menu(catalogue, found).revenue >= floor and rows.met(found[None])[0]:
            return (found if catalogue.weight[found].sum() > catalogue.weight[best].sum() else best), ceiling
    return best, ceiling
