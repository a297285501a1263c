"""Menus closed under "requires": the optimal ones are nested along the frontier."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import Ends, Oracle
from estimation.assortment.oracles.linear import LinearOracle


class Closure(Oracle):
    """Best set out of `width` products that holds whatever its members require: (arc,) `product` needs `required`.

    Rows x_i <= x_j have one +1 and one -1, so the linear program is exact; maximum closure is a minimum cut
    (Picard 1976). All gains rise as the slope falls, so that best closures are nested (Gallo, Grigoriadis and
    Tarjan 1989) and the frontier has at most one menu per product, and one more.
    """

    def __init__(self, product: Indices, required: Indices, width: int) -> None:
        self.product, self.required, self.width = product, required, width

    def best(self, gain: Array) -> Mask:
        """(product,) the best closed menu."""
        return self._linear.best(gain) if len(self.product) else gain > 0

    def exact(self, gain: Array, fine: float) -> Mask:
        """(product,) the best closed menu, however different in size the gains are."""
        return self._linear.exact(gain, fine) if len(self.product) else gain > 0

    def narrow(self, ends: Ends) -> tuple[Indices, Oracle] | None:
        """Keep the products that the larger menu adds to the smaller one."""
        if np.any(ends.left & ~ends.right):
            return None
        free = np.flatnonzero(ends.right & ~ends.left)
        place = np.full(self.width, -1)
        place[free] = np.arange(len(free))
        product, required = place[self.product], place[self.required]
        inside = (product >= 0) & (required >= 0)
        return free, Closure(product[inside], required[inside], len(free))

    @cached_property
    def _linear(self) -> LinearOracle:
        arcs = np.arange(len(self.product))
        entry = np.repeat([1.0, -1.0], len(arcs))
        place = np.concatenate([arcs, arcs]), np.concatenate([self.product, self.required])
        matrix = sparse.csr_array((entry, place), shape=(len(arcs), self.width))
        return LinearOracle(matrix, np.full(len(arcs), -np.inf), np.zeros(len(arcs)), integral=True)
