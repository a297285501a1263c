"""Menus that are corners of the set of possible (attraction, proceeds), and the search between two of them.

A menu has attraction V = sum of weights and proceeds W = sum of revenue x weight; expected revenue is W / (1
+ V), the chance of no purchase 1 / (1 + V), utility log(1 + V). Maximising sum (revenue - slope) x weight
finds the corner where W = slope x V + constant supports the upper hull of all (V, W).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.oracles.base import Ends, Oracle

ROUNDING = 8 * np.finfo(float).eps

FINE, DIGITS = 1e-9, 1e-12
"""Share of the slope, and of the largest revenue, that a gain may be wrong by where there is little attraction."""


@dataclass(frozen=True, eq=False)
class Vertex:
    """A menu on the upper hull."""

    chosen: Mask  # (product,)
    attraction: float  # V
    proceeds: float  # W
    slope: float  # one for which the menu is optimal; minus infinity for the menu of largest attraction

    @property
    def revenue(self) -> float:
        """Expected revenue per customer."""
        return self.proceeds / (1.0 + self.attraction)

    def objective(self, utility_weight: float) -> float:
        """Revenue plus `utility_weight` times utility."""
        return self.revenue + utility_weight * float(np.log1p(self.attraction))


def vertex(catalogue: Catalogue, chosen: Mask, slope: float) -> Vertex:
    """Add up a menu."""
    return Vertex(chosen, float(catalogue.weight[chosen].sum()), float(catalogue.proceeds[chosen].sum()), slope)


@dataclass(frozen=True, eq=False)
class Interval:
    """Two neighbouring corners found so far, and the products that can still differ between them: the free ones."""

    left: Vertex
    right: Vertex  # more attraction, and no more revenue
    weight: Array  # (free product,)
    revenue: Array  # (free product,)
    proceeds: Array  # (free product,) revenue times weight
    oracle: Oracle  # optimises over the free products
    free: Indices | None = None  # (free product,) their positions; None if all are free

    @cached_property
    def rise(self) -> tuple[float, float]:
        """Attraction and proceeds of the right corner less those of the left, from what differs: no cancellation."""
        entered, left = _swap(self._part(self.left.chosen), self._part(self.right.chosen))
        return _change(self.weight, entered, left), _change(self.proceeds, entered, left)

    @property
    def chord(self) -> float:
        """Slope of the line through both corners."""
        return self.rise[1] / self.rise[0]

    def beyond(self) -> Vertex | None:
        """Find a corner beyond the chord, if there is one.

        Where the right corner has far more attraction, the slope of the chord has too few digits: one digit more or
        less decides for either corner, whatever lies between. Slopes a little to either side are asked then as well.
        """
        found, is_better = self.corner(self.chord)
        if is_better:
            return found
        is_wide = self.rise[0] * ROUNDING > FINE * (1.0 + self.left.attraction)
        for side in (1.0, -1.0) if is_wide else ():
            found, is_better = self.corner(self.chord + side * ROUNDING * abs(self.chord))
            if is_better and has_less(self.left, found) and has_less(found, self.right):
                return found
        return None

    def corner(self, slope: float) -> tuple[Vertex, bool]:
        """Find the menu that is optimal for a slope, and whether it lies beyond both corners there."""
        best = best_at(self.oracle, self.weight, self.revenue, slope, self.left.attraction)
        entered, left = _swap(self._part(self.left.chosen), best)
        attraction = self.left.attraction + _change(self.weight, entered, left)
        proceeds = self.left.proceeds + _change(self.proceeds, entered, left)
        touched = np.concatenate([entered, left])
        size = np.abs(self.proceeds[touched]).sum() + abs(slope) * self.weight[touched].sum()
        gained, lost = (_gain(self.weight[part], self.revenue[part], slope).sum() for part in (entered, left))
        is_beyond = gained - lost > ROUNDING * size
        is_new = is_beyond and not np.array_equal(best, self._part(self.right.chosen))
        return Vertex(self._whole(best), attraction, proceeds, slope), is_new

    def between(self, left: Vertex, right: Vertex, *, few: bool = False) -> Interval:
        """Cut down to two nearer corners, and drop the products that this decides.

        With `few` questions to come, drop them only if that is cheap.
        """
        if few and not self.oracle.narrows_cheaply:
            return replace(self, left=left, right=right)
        ends = self._part(left.chosen), self._part(right.chosen)
        gains = [_gain(self.weight, self.revenue, end.slope) for end in (left, right)]
        narrowed = self.oracle.narrow(Ends(*ends, *gains))
        if narrowed is None:
            return replace(self, left=left, right=right)
        kept, oracle = narrowed
        free = kept if self.free is None else self.free[kept]
        return Interval(left, right, self.weight[kept], self.revenue[kept], self.proceeds[kept], oracle, free)

    def _part(self, chosen: Mask) -> Mask:
        return chosen if self.free is None else chosen[self.free]

    def _whole(self, best: Mask) -> Mask:
        if self.free is None:
            return best
        chosen = self.left.chosen.copy()
        chosen[self.free] = best
        return chosen


def has_less(one: Vertex, other: Vertex) -> bool:
    """Tell whether one menu has less attraction than another, by more than rounding."""
    return bool(other.attraction - one.attraction > ROUNDING * (1.0 + other.attraction))


def best_at(oracle: Oracle, weight: Array, revenue: Array, slope: float, least: float = 0.0) -> Mask:
    """(product,) the menu with the largest sum of gains at a slope, among menus with at least so much attraction."""
    if slope == -np.inf:
        return oracle.exact(weight, DIGITS * (1.0 + least))
    fine = FINE * abs(slope) + DIGITS * max(float(revenue.max(initial=0.0)), -float(revenue.min(initial=0.0)))
    return oracle.exact(_gain(weight, revenue, slope), fine * (1.0 + least))


def _gain(weight: Array, revenue: Array, slope: float) -> Array:
    """(product,) gain at a slope; the direction of largest attraction is its limit at minus infinity.

    The difference comes first, for it is exact: of products near the slope it is all there is.
    """
    return weight if slope == -np.inf else (revenue - slope) * weight


def _swap(before: Mask, after: Mask) -> tuple[Indices, Indices]:
    """Positions that enter, and positions that leave."""
    return np.flatnonzero(after & ~before), np.flatnonzero(before & ~after)


def _change(column: Array, entered: Indices, left: Indices) -> float:
    return float(column[entered].sum() - column[left].sum())
