"""Menus with between `lower` and `upper` products: take the largest gains."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import Ends, Oracle

SMALL = 64


class TopGains(Oracle):
    """The `upper` largest gains among the products and `upper - lower` blanks that gain nothing.

    A menu of `lower` to `upper` products is a choice of exactly `upper` among products and blanks, so the
    optimal menus along a line of gains are the top `upper` lines of an arrangement of lines.
    """

    narrows_cheaply = False

    def __init__(self, lower: int, upper: int) -> None:
        self.lower = lower
        self.upper = upper

    def best(self, gain: Array) -> Mask:
        """(product,) the largest gains, `lower` of them even if they are negative."""
        chosen = np.zeros(len(gain), dtype=np.bool_)
        first = _largest(gain, self.upper)
        chosen[first[gain[first] > 0]] = True
        if len(first) and np.count_nonzero(chosen) < self.lower:
            chosen[first[_largest(gain[first], self.lower)]] = True
        return chosen

    def narrow(self, ends: Ends) -> tuple[Indices, Oracle] | None:
        """Drop the products that are above, or below, the cut all the way.

        Gains change linearly, so who overtakes whom between the ends is already ahead at one of them. A
        product is always in if fewer than `upper` lines are level or ahead at either end; it is always out if
        at least `upper` lines are ahead at both.
        """
        count = len(ends.gain_left)
        if count <= SMALL:
            return None
        blanks = np.zeros(self.upper - self.lower)
        lines = [np.concatenate([gain, blanks]) for gain in (ends.gain_left, ends.gain_right)]
        free, room = _undecided(lines, self.upper)
        products = free[free < count]
        if len(products) > 0.9 * count:
            return None
        return products, TopGains(max(0, room - (len(free) - len(products))), room)


class Flips(Oracle):
    """At most `most` changes to the menu of `today` (product,): after x -> 1 - x for its products, a cap on a count."""

    def __init__(self, today: Mask, most: int) -> None:
        self.today = today
        self._top = TopGains(0, most)

    def best(self, gain: Array) -> Mask:
        """(product,) today's menu after the best changes."""
        return self.today ^ self._top.best(np.where(self.today, -gain, gain))


def _largest(gain: Array, count: int) -> Indices:
    """Positions of the `count` largest gains, in no order."""
    if count >= len(gain):
        return np.arange(len(gain))
    return np.argpartition(gain, len(gain) - count)[len(gain) - count :] if count else np.empty(0, np.intp)


def _undecided(ends: list[Array], room: int) -> tuple[Indices, int]:
    """Lines that can cross the cut between two ends, and how many of them are above it."""
    free = np.arange(len(ends[0]))
    while True:
        count = len(free)
        level_or_ahead = sum(count - rankdata(end[free], method="min") for end in ends)
        level_or_behind = sum(rankdata(end[free], method="max") - 1 for end in ends)
        inside = level_or_ahead < room
        outside = count - 1 - level_or_behind >= room
        room -= int(np.count_nonzero(inside))
        free = free[~(inside | outside)]
        if len(free) >= 0.9 * count:
            return free, room
