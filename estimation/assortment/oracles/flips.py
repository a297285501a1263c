"""Few changes to the menu of today: make the best ones."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.cardinality import TopGains


class Flips(Oracle):
    """At most `most` products enter or leave; after x -> 1 - x for today's products this is a cap on a count.

    Parameters
    ----------
    today
        (product,) the menu of today.
    most
        Largest number of changes.
    """

    def __init__(self, today: Mask, most: int) -> None:
        self.today = today
        self._top = TopGains(0, most)

    def best(self, gain: Array) -> Mask:
        """(product,) today's menu after the best changes."""
        return self.today ^ self._top.best(np.where(self.today, -gain, gain))
