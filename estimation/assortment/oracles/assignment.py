"""Products in display locations: an assignment problem."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import InfeasibleError, Oracle
from estimation.assortment.oracles.linear import LinearOracle

ROUNDING = 1e-13
"""Share of the largest gain that the prices of an assignment, which are sums of gains, may be wrong by."""


class Assignment(Oracle):
    """Each item in at most one location, at most one item in each, or one if `fill`; Kuhn (1955), solved by scipy.

    `place` (item, location) is the position of the product that stands for the pair, -1 where there is none.

    Raises
    ------
    InfeasibleError
        The locations cannot all be filled.
    """

    def __init__(self, place: Indices, *, fill: bool) -> None:
        self.place = place
        self.fill = fill
        if fill:
            if place.shape[0] < place.shape[1]:
                raise InfeasibleError
            self.best(np.zeros(place.max(initial=0) + 1))

    def best(self, gain: Array) -> Mask:
        """(product,) the best pairs."""
        value = np.where(self.place >= 0, gain[self.place], -np.inf if self.fill else 0.0)
        if not self.fill:
            value = np.maximum(value, 0.0)
        try:
            item, location = linear_sum_assignment(value, maximize=True)
        except ValueError as error:
            raise InfeasibleError from error
        pair = self.place[item, location]
        worth = (pair >= 0) & (self.fill | (value[item, location] > 0))
        chosen = np.zeros(len(gain), dtype=np.bool_)
        chosen[pair[worth]] = True
        return chosen

    def exact(self, gain: Array, fine: float) -> Mask:
        """(product,) the best pairs, however different in size the gains are."""
        is_resolved = ROUNDING * np.abs(gain).max(initial=0.0) <= fine
        return self.best(gain) if is_resolved else self._linear.exact(gain, fine)

    @cached_property
    def _linear(self) -> LinearOracle:
        items, locations = np.nonzero(self.place >= 0)
        lines = np.concatenate([items, len(self.place) + locations])
        pairs = np.tile(self.place[items, locations], 2)
        shape = sum(self.place.shape), int(self.place.max(initial=-1)) + 1
        matrix = sparse.csr_array((np.ones(len(lines)), (lines, pairs)), shape=shape)
        lower = np.repeat([0.0, float(self.fill)], self.place.shape)
        return LinearOracle(matrix, lower, np.ones(shape[0]), integral=True)
