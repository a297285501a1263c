"""The two ends of the frontier: largest revenue and largest attraction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.vertex import DIGITS, ROUNDING, Interval, Vertex, best_at, has_less, vertex


def largest_revenue(
    catalogue: Catalogue, oracle: Oracle, shift: float = 0.0, slope: float = 0.0
) -> tuple[Vertex, float]:
    """Maximise revenue - shift (money) x chance of no purchase, by Dinkelbach's (1967) iteration from a slope.

    Returns the menu and an upper bound on the value; the value of a good menu as slope saves steps.
    """

    def at(slope: float) -> tuple[Vertex, float]:
        found = vertex(catalogue, best_at(oracle, catalogue.weight, catalogue.revenue, slope), slope)
        return found, (found.proceeds - shift) / (1.0 + found.attraction)

    largest = float(np.abs(catalogue.revenue).max(initial=0.0))
    best, value = at(slope)
    step = 0.0
    while True:
        slope = value + step * max(abs(value), 1e-3 * largest)
        found, reached = at(slope)
        excess = found.proceeds - shift - slope * (1.0 + found.attraction)
        noise = ROUNDING * (abs(found.proceeds) + abs(shift) + abs(slope) * (1.0 + found.attraction))
        is_better = reached > value and excess > noise
        if reached >= value:
            best, value = found, reached
        if is_better:
            step = 0.0
        elif noise <= DIGITS * abs(slope) + ROUNDING * largest or excess <= -noise:
            return replace(best, slope=slope), max(value, slope + max(excess, 0.0))
        else:  # gains of a menu cancel: at a slope a little larger they do not
            step = max(2.0 * step, ROUNDING)


def whole_interval(catalogue: Catalogue, oracle: Oracle) -> Interval:
    """Find the corners of largest revenue and of largest attraction; more revenue breaks ties."""
    left, _ = largest_revenue(catalogue, oracle)
    right = vertex(catalogue, best_at(oracle, catalogue.weight, catalogue.revenue, -np.inf, left.attraction), -np.inf)
    columns = catalogue.weight, catalogue.revenue, catalogue.proceeds
    interval = Interval(left, right, *columns, oracle)
    while not is_point(interval):
        found, is_better = interval.corner(interval.chord)
        again = vertex(catalogue, found.chosen, -np.inf)
        if not is_better or has_less(again, right) or again.proceeds <= right.proceeds:
            return interval
        right = again
        interval = Interval(left, right, *columns, oracle)
    return Interval(left, left, *columns, oracle)


def is_point(interval: Interval) -> bool:
    """Tell whether both corners have the same attraction, up to rounding."""
    return not has_less(interval.left, interval.right)
