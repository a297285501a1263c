"""Menus along the frontier, kept as the changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.catalogue import Catalogue


@dataclass(frozen=True, eq=False)
class Path:
    """Corners of the upper hull by rising attraction, from the largest revenue to the largest attraction."""

    catalogue: Catalogue
    start: Mask  # (product,) the first menu
    changed: Indices  # (change,) the product that enters or leaves
    is_entry: Mask  # (change,)
    ends: Indices  # (step,) number of changes up to and including each step from a menu to the next
    weight: Array  # (change,) what each adds to attraction
    proceeds: Array  # (change,) what each adds to proceeds

    def chosen(self, menu: int) -> Mask:
        """(product,) the menu with this number, counted from zero."""
        chosen = self.start.copy()
        upto = self.ends[menu - 1] if menu else 0
        np.logical_xor.at(chosen, self.changed[:upto], True)
        return chosen

    @cached_property
    def table(self) -> pd.DataFrame:
        """Measures of each menu: attraction, proceeds, size, slope of the edge that leads to it."""
        columns = self.weight, self.proceeds, np.where(self.is_entry, 1.0, -1.0)
        rise, gain, size = (self._per_step(column) for column in columns)
        first = [column.sum(where=self.start) for column in (self.catalogue.weight, self.catalogue.proceeds)]
        return pd.DataFrame(
            {
                "attraction": _running(first[0], rise),
                "proceeds": _running(first[1], gain),
                "size": _running(float(np.count_nonzero(self.start)), size).astype(np.int64),
                "rise": np.concatenate([[0.0], rise]),
                "slope": np.concatenate([[np.inf], gain / rise]),
            }
        )

    def _per_step(self, values: Array) -> Array:
        if len(self.ends) == len(values):
            return values
        return np.add.reduceat(values, np.concatenate([[0], self.ends[:-1]]))


def _running(first: float, steps: Array) -> Array:
    sums = np.concatenate([[first], steps])
    return np.cumsum(sums, out=sums)


def make_path(catalogue: Catalogue, menus: Iterable[Mask]) -> Path:
    """Write down the changes between menus that come in order of attraction."""
    changed, entries, ends, start, last = [], [], [0], None, None
    for chosen in menus:
        if last is None:
            start = chosen
        else:
            step = np.flatnonzero(chosen != last)
            changed.append(step)
            entries.append(chosen[step])
            ends.append(ends[-1] + len(step))
        last = chosen
    assert start is not None
    places, is_entry = (
        np.concatenate([np.empty(0, kind), *parts]) for kind, parts in ((np.intp, changed), (np.bool_, entries))
    )
    added = [np.where(is_entry, column[places], -column[places]) for column in (catalogue.weight, catalogue.proceeds)]
    return Path(catalogue, start, places, is_entry, np.array(ends[1:], dtype=np.intp), *added)
