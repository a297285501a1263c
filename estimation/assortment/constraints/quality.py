"""Quality-consistent prices: a better product is not cheaper than a worse one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from estimation.arrays import Indices, in_reach
from estimation.assortment.catalogue import Catalogue, shorten
from estimation.assortment.constraints.base import Constraint, Rows, count_rows
from estimation.assortment.constraints.pairs import grid, pairs_of, part_problems, repeat_problems
from estimation.assortment.given import is_label, list_problems
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.chain import PriceChains


@dataclass(frozen=True, eq=False)
class QualityConsistent(Constraint):
    """Give each item one price such that prices do not fall along each chain from worst to best.

    The products are (item, price) pairs. With y_ij the number of prices chosen at or above the j-th for item
    i, the rows read y_ij <= y_i'j: a closure problem, so its vertices are menus. Separate chains are solved
    by dynamic programming; chains that share items (a partial order) by linear programming.

    Parameters
    ----------
    chains
        Items from worst to best, one or more chains; items in no chain are free.
    item, price
        (product,) parts of each product, prices as numbers; None reads them from labels that are (item, price) pairs.
    optional
        True if items may be left out; the order then holds among those offered. Not a closure any more, but
        the dynamic programme stays exact.
    """

    chains: Sequence[Sequence[Hashable]]
    item: Any = None
    price: Any = None
    optional: bool = False

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products whose item or price is not known, repeated pairs and items that do not exist."""
        problems = part_problems(catalogue, "QualityConsistent", self.item, self.price)
        if problems:
            return problems
        pairs = pairs_of(catalogue, self.item, self.price)
        known = {item for item, _ in pairs}
        lists = list_problems(self.chains, "QualityConsistent", "lists of items, as in [['small', 'large']]")
        for chain in () if lists else self.chains:
            lists += list_problems(chain, "QualityConsistent", "each chain as a list of items, from worst to best")
        problems += lists
        items = [] if lists else [item for chain in self.chains for item in chain]
        strangers = [item for item in items if not (is_label(item) and item in known)]
        if strangers:
            problems.append(f"QualityConsistent: no product belongs to item {shorten(strangers)}")
        words = [price for price in dict.fromkeys(price for _, price in pairs) if not _is_number(price)]
        if words:  # as text "10" comes before "9"
            problems.append(f"QualityConsistent: prices must be numbers, which have an order, not {shorten(words)}")
        return problems + repeat_problems(pairs, "QualityConsistent")

    def oracle(self, catalogue: Catalogue) -> Oracle | None:
        """Give the dynamic programme, if no item is in two chains."""
        named = [item for chain in self.chains for item in chain]
        if len(set(named)) < len(named):
            return None
        items, _, place = self._grid(catalogue)
        alone = [[item] for item in items if item not in set(named)]
        numbers = {item: number for number, item in enumerate(items)}
        chains = [place[[numbers[item] for item in chain]] for chain in [*self.chains, *alone] if len(chain)]
        return PriceChains(chains, optional=self.optional)

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row per item, then one per pair of items and price."""
        items, prices, place = self._grid(catalogue)
        word, floor = ("at most", 0.0) if self.optional else ("exactly", 1.0)
        lines, names = list(place), [f"{word} one price for {item!r}" for item in items]
        numbers = {item: number for number, item in enumerate(items)}
        for low, high in self._ordered():
            worse, better = place[numbers[low]], place[numbers[high]]
            # not the worse one at or above a price together with the better one below it
            lines += [np.concatenate([worse[step:], better[:step]]) for step in range(len(prices))]
            names += [f"{high!r} is not cheaper than {low!r}"] * len(prices)
        members = [line[line >= 0] for line in lines]
        lower = [floor] * len(items) + [-np.inf] * (len(lines) - len(items))
        return count_rows(catalogue, members, lower, [1.0] * len(lines), names, integral=not self.optional)

    def _ordered(self) -> Iterator[tuple[Hashable, Hashable]]:
        """Pairs (worse, better): neighbours, and all pairs of a chain where one between may be missing."""
        for chain in self.chains:
            for place, low in enumerate(chain):
                for high in chain[place + 1 : None if self.optional else place + 2]:
                    yield low, high

    def _grid(self, catalogue: Catalogue) -> tuple[list[Any], list[Any], Indices]:
        """Items, prices from low to high, and (item, price) positions of the products, -1 for none."""
        return grid(pairs_of(catalogue, self.item, self.price), sorted)


def _is_number(price: object) -> bool:
    return isinstance(price, Real) and bool(np.isfinite(float(in_reach(price))))
