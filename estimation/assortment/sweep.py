"""Every corner of the frontier: from each pair of neighbours, ask for the menu beyond their chord."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from estimation.arrays import Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.ends import is_point, whole_interval
from estimation.assortment.oracles.base import Oracle, Unconstrained
from estimation.assortment.path import Path, make_path


def sweep(catalogue: Catalogue, oracle: Oracle, progress: Callable[[int], object] | None = None) -> Path:
    """Find all corners (attraction, proceeds) from the largest revenue to the largest attraction.

    Without constraints by sorting; otherwise by Eisner and Severance's (1976) chord method, which asks the
    oracle about two times per corner. Oracles that can tell which products are undecided between two corners
    are asked about those alone. `progress` is told how many menus there are so far.
    """
    if isinstance(oracle, Unconstrained):
        return nested(catalogue)
    corners = _corners(catalogue, oracle)
    return make_path(catalogue, corners if progress is None else _with_progress(corners, progress))


def _with_progress(corners: Iterator[Mask], progress: Callable[[int], object]) -> Iterator[Mask]:
    for count, corner in enumerate(corners, 1):
        progress(count)
        yield corner


def _corners(catalogue: Catalogue, oracle: Oracle) -> Iterator[Mask]:
    whole = whole_interval(catalogue, oracle)
    yield whole.left.chosen
    intervals = [] if is_point(whole) else [whole.between(whole.left, whole.right)]
    while intervals:
        interval = intervals.pop()
        if is_point(interval):
            continue
        if found := interval.beyond():
            intervals.append(interval.between(found, interval.right))
            intervals.append(interval.between(interval.left, found))
        else:
            yield interval.right.chosen


def nested(catalogue: Catalogue) -> Path:
    """Without constraints the optimal menus are the products with revenue above a threshold."""
    order = np.argsort(-catalogue.revenue)
    revenue, weight = catalogue.revenue[order], catalogue.weight[order]
    proceeds = revenue * weight
    last_of_ties = np.append(revenue[1:] != revenue[:-1], True)[: len(order)]
    expected, total = np.cumsum(proceeds), np.cumsum(weight)
    expected /= np.add(total, 1.0, out=total)
    best = float(np.max(expected, where=last_of_ties, initial=0.0))
    first = int(np.count_nonzero(revenue > best))
    start = np.zeros(len(catalogue), dtype=np.bool_)
    start[order[:first]] = True
    later = np.flatnonzero(last_of_ties[first:]) + 1
    entry = np.ones(len(order) - first, dtype=np.bool_)
    return Path(catalogue, start, order[first:], entry, later, weight[first:], proceeds[first:])
