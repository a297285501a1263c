"""Few menus of guaranteed quality: a geometric grid of revenue shifts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from estimation.arrays import Array, in_reach, is_real
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.ends import largest_revenue, whole_interval
from estimation.assortment.frontier import Frontier
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.path import make_path
from estimation.assortment.vertex import ROUNDING, Interval, Vertex
from estimation.errors import AssortmentError

MOST = 100_000
"""Points of a grid: each is a menu to be found."""


def grid_frontier(catalogue: Catalogue, oracle: Oracle, tolerance: float, utility_weight: float | None) -> Frontier:
    """Keep the menus that maximise revenue after the shifts of a geometric grid.

    f(z) = max revenue - z x no-purchase is convex and the objective is f(z) + lever x log z up to a constant,
    so two neighbouring shifts of ratio q miss at most lever x G(q), with G(q) = log((q - 1) / log q) - 1 +
    log q / (q - 1), about (log q)^2 / 8. Every objective is at least lever x log(1 + largest attraction),
    which turns this into a share.

    Raises
    ------
    AssortmentError
        The tolerance is no share, or the menu of largest attraction loses money, so that no share is
        guaranteed.
    """
    whole = whole_interval(catalogue, oracle)
    if problem := _problem(whole, tolerance):
        raise AssortmentError("The frontier cannot be approximated:", [problem])
    shifts = _grid(whole, tolerance, utility_weight)
    menus = [whole.left, whole.right]
    for shift in shifts.tolist():
        start = (menus[-1].proceeds - shift) / (1.0 + menus[-1].attraction)
        menus.append(largest_revenue(catalogue, oracle, shift, start)[0])
    ordered = _by_attraction(menus)
    return Frontier(make_path(catalogue, [menu.chosen for menu in ordered]), 1.0 - tolerance, len(shifts))


def _problem(whole: Interval, tolerance: float) -> str | None:
    if not (is_real(tolerance) and 0.0 < tolerance < 1.0):
        return f"tolerance is {in_reach(tolerance)!r}; it is the share that may be lost and must lie in (0, 1)"
    if whole.right.revenue < 0.0:
        return (
            f"the menu of largest attraction has expected revenue {whole.right.revenue:.6g} < 0, so that "
            "no share of the objective can be guaranteed; leave out products with negative revenue, or use "
            "frontier()"
        )
    return None


def _grid(whole: Interval, tolerance: float, utility_weight: float | None) -> Array:
    """Shifts for one lever, or for all: beyond the smallest and the largest lever an end is good enough."""
    low, high = 1.0 + whole.left.attraction, 1.0 + whole.right.attraction
    top = float(np.log(high))
    if utility_weight is not None:
        levers = np.array([utility_weight, utility_weight])
    elif top > 0.0 and whole.left.revenue > 0.0:
        levers = whole.left.revenue / top * np.array([tolerance, 1.0 / tolerance])
    else:
        levers = np.zeros(2)
    if not levers.all():
        return np.empty(0)
    first, span = levers[0] * low, float(np.log(levers[1] / levers[0] * high / low))
    if span > MOST * np.sqrt(8.0 * tolerance * top):
        problem = f"tolerance {tolerance:g} needs more than {MOST:,} menus; allow more, or take the whole frontier"
        raise AssortmentError("The frontier cannot be approximated:", [problem])
    points = int(np.ceil(span / log_ratio(tolerance * top))) + 1 if span > 0.0 else 1
    return np.asarray(first * np.exp(np.linspace(0.0, span, points)))


def log_ratio(loss: float) -> float:
    """Log of the ratio q of a grid that misses G(q) = loss."""
    return float(brentq(lambda step: missed(step) - loss, 1e-9, 4.0 * (1.0 + loss) + np.sqrt(8.0 * loss)))


def missed(step: float) -> float:
    """G(q) at log q = step: what two neighbouring shifts can miss, in units of the lever."""
    if step < 1e-2:
        return step**2 / 8.0 * (1.0 - step**2 / 72.0)
    return float(np.log(np.expm1(step) / step) - 1.0 + step / np.expm1(step))


def _by_attraction(menus: list[Vertex]) -> list[Vertex]:
    """Distinct menus, by rising attraction."""
    ordered = sorted(menus, key=lambda menu: (menu.attraction, menu.proceeds))
    kept: list[Vertex] = []
    for menu in ordered:
        if kept and menu.attraction - kept[-1].attraction <= ROUNDING * (1.0 + menu.attraction):
            kept.pop()
        kept.append(menu)
    return kept
