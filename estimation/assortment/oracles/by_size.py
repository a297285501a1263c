"""Gains of very different sizes: the large ones are decided first, and the small ones beside each good choice of them.

A program tells gains from nothing that are more than a tiny share of the largest one. Smaller ones are decided in a
program of their own, in which the large ones stand as they were found; then another choice of the large ones is asked
for, until none can be better.
"""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.oracles.base import InfeasibleError
from estimation.assortment.oracles.cuts import Cut, no_good

RESOLVED = 1e-12
"""Share of the largest gain that a program may miss."""
LARGE = 1e-6
"""Share of the largest gain from which on a gain is decided together with it: far above what is missed."""

type Solve = Callable[[Array, Mask, Mask, list[Cut]], Mask]
"""(product,) the best menu for gains, between the products that must and those that may be on it, after cuts."""


def is_resolved(gain: Array, fine: float) -> bool:
    """Tell whether one program finds the largest sum of gains (product,) to within `fine`."""
    return bool(RESOLVED * np.abs(gain).max(initial=0.0) <= fine)


def best_by_size(gain: Array, solve: Solve, fine: float) -> Mask:
    """(product,) the menu with the largest sum of gains (product,), to within `fine` or rounding of that sum."""
    search = _Search(gain, solve, fine)
    search.decide(np.zeros(len(gain), dtype=np.bool_), np.ones(len(gain), dtype=np.bool_))
    if search.best is None:
        raise InfeasibleError
    return search.best


class _Search:
    """The best menu so far."""

    def __init__(self, gain: Array, solve: Solve, fine: float) -> None:
        self._gain, self._solve, self._fine = gain, solve, fine
        self.best: Mask | None = None
        self.value = -np.inf

    def decide(self, must: Mask, may: Mask) -> None:
        """Find the best menu that holds the products `must` and others of those that it `may`, if it is better."""
        free = may & ~must
        gain = np.where(free, self._gain, 0.0)
        largest = float(np.abs(gain).max(initial=0.0))
        large, tried = free & (np.abs(gain) >= LARGE * largest), list[Cut]()
        while True:
            try:
                found = self._solve(gain, must, may, tried)
            except InfeasibleError:
                return
            value, missed = fsum(self._gain[found].tolist()), RESOLVED * largest
            if value + missed <= self.value:
                return
            if value > self.value:
                self.best, self.value = found, value
            if missed <= max(self._fine, 10.0 * RESOLVED * abs(self.value)):
                return
            self.decide(must | (large & found), may & ~(large & ~found))
            tried.append(no_good(found, large))
