"""The best menu for one lever, with a certificate: look where the upper bound is largest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count

import numpy as np

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.ends import is_point, largest_revenue, whole_interval
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.vertex import ROUNDING, Interval, Vertex


@dataclass(frozen=True, eq=False)
class Solution:
    """The best corner and an upper bound on the objective of any menu."""

    vertex: Vertex
    bound: float


def sandwich(catalogue: Catalogue, oracle: Oracle, utility_weight: float, tolerance: float) -> Solution:
    """Maximise revenue + utility_weight x utility.

    The objective is convex in (no-purchase probability, revenue) and rises in revenue, and the map from
    (attraction, proceeds) is projective, so that over the triangle between two corners and the meeting point
    of their supporting lines it is largest at one of the three. Best first, until bound and objective differ by no
    more than the tolerance, relative to |revenue| + utility_weight x utility, so that the unit of money does not
    matter; Sumida et al. (2021) for the problem.
    """
    if utility_weight == 0.0:
        return Solution(*largest_revenue(catalogue, oracle))
    search = _Search(utility_weight)
    whole = whole_interval(catalogue, oracle)
    for end in (whole.left, whole.right):
        search.offer(end)
    if not is_point(whole):
        _guess(search, whole)
    while search.open and search.bound - search.objective > tolerance * search.size:
        interval = heappop(search.open)[2]
        if found := interval.beyond():
            search.offer(found)
            search.split(interval, found)
    return Solution(search.best, max(search.objective, search.bound))


class _Search:
    """Best corner so far, and intervals by falling upper bound."""

    def __init__(self, utility_weight: float) -> None:
        self.utility_weight = utility_weight
        self.best: Vertex
        self.objective = -np.inf
        self.open: list[tuple[float, int, Interval]] = []
        self._ties = count()

    @property
    def size(self) -> float:
        """How much money the parts of the objective are, whatever their signs."""
        return abs(self.best.revenue) + self.utility_weight * float(np.log1p(self.best.attraction))

    @property
    def bound(self) -> float:
        """Largest objective that is not ruled out between corners."""
        return -self.open[0][0] if self.open else -np.inf

    def offer(self, corner: Vertex) -> None:
        """Remember the better corner."""
        if (value := corner.objective(self.utility_weight)) > self.objective:
            self.best, self.objective = corner, value

    def split(self, interval: Interval, found: Vertex) -> None:
        """Put both halves on the heap, unless nothing can lie in them."""
        for left, right in ((interval.left, found), (found, interval.right)):
            half = interval.between(left, right, few=True)
            if is_point(half):
                continue
            bound = _apex(half).objective(self.utility_weight)
            if bound > self.objective:
                heappush(self.open, (-bound, next(self._ties), half))


def _guess(search: _Search, whole: Interval) -> None:
    """Split where the optimum would be if its revenue were the largest: the best slope is revenue - lever."""
    slope = whole.left.revenue - search.utility_weight
    found, _ = whole.corner(slope)
    search.offer(found)
    left, right = whole.left, whole.right
    if found.attraction <= left.attraction:
        found = replace(left, slope=slope)
    elif found.attraction >= right.attraction:
        found = replace(right, slope=slope)
    search.split(whole, found)


def _apex(interval: Interval) -> Vertex:
    """Where the supporting lines of both corners meet, or a little beyond on that of the left one for rounding."""
    left, right = interval.left, interval.right
    attraction = right.attraction
    if right.slope > -np.inf and left.slope > right.slope:
        rise = right.proceeds - left.proceeds - right.slope * (right.attraction - left.attraction)
        size = abs(left.proceeds) + abs(right.proceeds) + abs(right.slope) * (left.attraction + right.attraction)
        ahead = (rise + ROUNDING * size) / (left.slope - right.slope)
        attraction = min(left.attraction + max(ahead, 0.0), right.attraction)
    proceeds = left.proceeds + left.slope * (attraction - left.attraction)
    return Vertex(left.chosen, attraction, proceeds, left.slope)
