"""The two ends of the frontier: largest revenue and largest attraction."""

from __future__ import annotations

import numpy as np

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.vertex import ROUNDING, Interval, Vertex, vertex


def largest_revenue(
    catalogue: Catalogue, oracle: Oracle, shift: float = 0.0, slope: float = 0.0
) -> tuple[Vertex, float]:
    """Maximise revenue - shift (money) x chance of no purchase, by Dinkelbach's (1967) iteration from a slope.

    Returns the menu and an upper bound on the value; the value of a good menu as slope saves steps.
    """

    def at(slope: float) -> tuple[Vertex, float]:
        found = vertex(catalogue, oracle.best(catalogue.proceeds - slope * catalogue.weight), slope)
        return found, (found.proceeds - shift) / (1.0 + found.attraction)

    value = at(slope)[1]
    while True:
        slope = value
        found, value = at(slope)
        excess = found.proceeds - shift - slope * (1.0 + found.attraction)
        scale = abs(found.proceeds) + abs(shift) + abs(slope) * (1.0 + found.attraction)
        if excess <= ROUNDING * scale or value <= slope:
            return found, slope + max(excess, 0.0)


def whole_interval(catalogue: Catalogue, oracle: Oracle) -> Interval:
    """Find the corners of largest revenue and of largest attraction; more revenue breaks ties."""
    left, _ = largest_revenue(catalogue, oracle)
    right = vertex(catalogue, oracle.best(catalogue.weight), -np.inf)
    interval = Interval(left, right, catalogue.weight, catalogue.proceeds, oracle)
    while not is_point(interval):
        found, is_better = interval.corner(interval.chord)
        again = vertex(catalogue, found.chosen, -np.inf)
        if not is_better or _has_less(again, right) or again.proceeds <= right.proceeds:
            return interval
        right = again
        interval = Interval(left, right, catalogue.weight, catalogue.proceeds, oracle)
    return Interval(left, left, catalogue.weight, catalogue.proceeds, oracle)


def is_point(interval: Interval) -> bool:
    """Tell whether both corners have the same attraction, up to rounding."""
    return not _has_less(interval.left, interval.right)


def _has_less(one: Vertex, other: Vertex) -> bool:
    return bool(other.attraction - one.attraction > ROUNDING * (1.0 + other.attraction))
