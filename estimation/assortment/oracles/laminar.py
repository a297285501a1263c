"""Counts bounded on a laminar family of sets: sort, then trim from the small sets to the large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import InfeasibleError, Oracle
from estimation.assortment.oracles.cardinality import TopGains


@dataclass(frozen=True, eq=False)
class Level:
    """Disjoint sets that are trimmed together."""

    group: Indices  # (product,) number of the set that holds the product, or -1
    lower: Indices  # (set,) fewest that are chosen
    upper: Indices  # (set,) most that are chosen


class LaminarGreedy(Oracle):
    """Exact greedy: in each set keep the best `upper` survivors and secure the best `lower` of them.

    The best menus of k = lower..upper products of a set are nested (the sets form a matroid), so that one
    ranking by gain decides at every level; Edmonds (1971) without minima.
    """

    def __init__(self, width: int, levels: list[Level]) -> None:
        self.levels = levels
        self.has_minima = any(level.lower.any() for level in levels)
        self._select(np.zeros(width), check=True)

    def best(self, gain: Array) -> Mask:
        """(product,) secured products and the survivors with a positive gain."""
        return self._select(gain, check=False)

    def _select(self, gain: Array, *, check: bool) -> Mask:
        secured = np.zeros(len(gain), dtype=np.bool_)
        alive = np.ones(len(gain), dtype=np.bool_) if self.has_minima or check else gain > 0
        order = np.flatnonzero(alive)
        order = order[np.argsort(-gain[order])]
        for level in self.levels:
            _trim(level, order, secured, alive, check=check)
        return secured | (alive & (gain > 0))


def _trim(level: Level, order: Indices, secured: Mask, alive: Mask, *, check: bool) -> None:
    """Secure the minima and drop what exceeds the maxima, in place; `order` is by falling gain."""
    count = len(level.lower)
    inside = order[(level.group[order] >= 0) & alive[order]]
    held = np.bincount(level.group[inside[secured[inside]]], minlength=count)
    open_ = inside[~secured[inside]]
    group = level.group[open_]
    if check:
        _check(level, held, np.bincount(group, minlength=count))
    rank = _rank_within(group, count)
    secured[open_[rank < (level.lower - held)[group]]] = True
    alive[open_[rank >= (level.upper - held)[group]]] = False


def _rank_within(group: Indices, count: int) -> Indices:
    """Place of each entry among the earlier ones of its group."""
    by_group = np.argsort(group, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=count))[:-1]])
    rank = np.empty(len(group), dtype=np.intp)
    rank[by_group] = np.arange(len(group)) - starts[group[by_group]]
    return rank


def _check(level: Level, held: Indices, available: Indices) -> None:
    if np.any(level.lower > level.upper) or np.any(held > level.upper) or np.any(level.lower > held + available):
        raise InfeasibleError


def crossing(matrix: sparse.csr_array) -> tuple[Indices, Indices, Indices, Indices]:
    """Compare the sets of a 0/1 matrix (set, product) with each other.

    Returns
    -------
    Pairs (a, b) that overlap without one holding the other, then pairs (a, b) where b holds a and comes later
    in order of size.
    """
    size = np.diff(matrix.indptr)
    shared = sparse.coo_array(sparse.triu(sparse.csr_array(matrix @ matrix.T), k=1))
    low = np.where(size[shared.row] <= size[shared.col], shared.row, shared.col)
    high = shared.row + shared.col - low
    nested = shared.data == size[low]
    return low[~nested], high[~nested], low[nested], high[nested]


def laminar_oracle(matrix: sparse.csr_array, lower: Array, upper: Array) -> Oracle | None:
    """Give the oracle of a laminar family of counts, or None if two of its sets cross.

    Raises
    ------
    InfeasibleError
        No menu meets all counts.
    """
    matrix, least, most = _without_repeats(matrix, lower, upper)
    crossed, _, inner, outer = crossing(matrix)
    if len(crossed):
        return None
    if matrix.shape[0] == 1 and matrix.nnz == matrix.shape[1]:
        if least[0] > most[0]:
            raise InfeasibleError
        return TopGains(int(least[0]), int(most[0]))
    height = _heights(np.diff(matrix.indptr), inner, outer)
    levels = [_level(matrix, least, most, np.flatnonzero(height == step)) for step in range(height.max(initial=-1) + 1)]
    return LaminarGreedy(matrix.shape[1], levels)


def _without_repeats(matrix: sparse.csr_array, lower: Array, upper: Array) -> tuple[sparse.csr_array, Indices, Indices]:
    """One row per set, with the tightest bounds; bounds become whole numbers within reach."""
    matrix = sparse.csr_array(matrix)
    matrix.sort_indices()
    seen: dict[bytes, int] = {}
    same = np.array(
        [seen.setdefault(matrix.indices[a:b].tobytes(), len(seen)) for a, b in pairwise(matrix.indptr)], dtype=np.intp
    )
    kept = np.unique(same, return_index=True)[1]
    size = np.diff(matrix.indptr)[kept]
    low, high = np.zeros(len(kept)), size.astype(float)
    np.maximum.at(low, same, np.ceil(lower - 1e-9))
    np.minimum.at(high, same, np.floor(upper + 1e-9))
    if np.any(low > size) or np.any(high < 0):
        raise InfeasibleError
    return sparse.csr_array(matrix[kept]), low.astype(np.intp), high.astype(np.intp)


def _heights(size: Indices, inner: Indices, outer: Indices) -> Indices:
    """(set,) longest chain of sets inside each set."""
    height = np.zeros(len(size), dtype=np.intp)
    by_size = np.argsort(size[outer], kind="stable")
    for low, high in zip(inner[by_size].tolist(), outer[by_size].tolist(), strict=True):
        height[high] = max(height[high], height[low] + 1)
    return height


def _level(matrix: sparse.csr_array, lower: Indices, upper: Indices, sets: Indices) -> Level:
    group = np.full(matrix.shape[1], -1, dtype=np.intp)
    part = sparse.coo_array(matrix[sets])
    group[part.col] = part.row
    return Level(group, lower[sets], upper[sets])
