"""Prices that do not fall with quality: one pass along each chain of items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import InfeasibleError, Oracle


class PriceChains(Oracle):
    """Dynamic programme over (item, highest price so far), O(items x prices).

    With F_i(p) the best gain of the first i items at prices up to p, F_i(p) = max over q <= p of
    gain_i(q) + F_{i-1}(q); where items may be left out (`optional`), F_{i-1}(p) competes as well. Each chain, from its
    worst item to its best, is (item, price) positions of the products, -1 where an item lacks a price.

    Raises
    ------
    InfeasibleError
        The price lists of a chain cannot be met in order.
    """

    def __init__(self, chains: Sequence[Indices], *, optional: bool) -> None:
        self.chains = chains
        self.optional = optional
        if not all(np.isfinite(self._tables(chain, np.zeros(chain.max(initial=0) + 1))[-1][-1]) for chain in chains):
            raise InfeasibleError

    def best(self, gain: Array) -> Mask:
        """(product,) the best price for each item."""
        chosen = np.zeros(len(gain), dtype=np.bool_)
        for chain in self.chains:
            tables = self._tables(chain, gain)
            price = chain.shape[1] - 1
            for item in range(len(chain) - 1, -1, -1):
                if self.optional and tables[item + 1][price] == tables[item][price]:
                    continue
                price = int(np.argmax(_offers(chain[item], gain)[: price + 1] + tables[item][: price + 1]))
                chosen[chain[item, price]] = True
        return chosen

    def _tables(self, chain: Indices, gain: Array) -> list[Array]:
        tables = [np.zeros(chain.shape[1])]
        for row in chain:
            reached = np.maximum.accumulate(_offers(row, gain) + tables[-1])
            tables.append(np.maximum(reached, tables[-1]) if self.optional else reached)
        return tables


def _offers(row: Indices, gain: Array) -> Array:
    """(price,) gains of one item at each price; minus infinity where it has none."""
    return np.where(row >= 0, gain[row], -np.inf)
