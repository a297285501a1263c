"""How many products within a price window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import in_reach, is_real
from estimation.assortment.catalogue import Catalogue, shorten
from estimation.assortment.constraints.base import Constraint, Rows, bounds_in_words, count_rows, whole_number_problems


@dataclass(frozen=True, eq=False)
class PriceWindow(Constraint):
    """Bound the number of products whose price lies in a window; windows on one price may overlap at will.

    In order of price each row is a run of ones, and matrices of runs are totally unimodular.

    Parameters
    ----------
    price
        (product,) price, or any other number that orders the products: by label, or in catalogue order.
    low, high
        Window, both ends included, in units of `price`.
    at_most, at_least
        Bounds on the number of products; None: no bound.
    """

    price: Any
    low: float
    high: float
    at_most: int | None = None
    at_least: int | None = None

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, in_reach(getattr(self, name)))

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products without price, windows upside down, and bounds that are no counts."""
        where = f"PriceWindow({self.low}, {self.high})"
        problems = catalogue.attribute_problems(self.price, where) or self._gaps(catalogue, where)
        ends = {"low": self.low, "high": self.high}
        strange = [
            name for name, end in ends.items() if not (is_real(end) or (isinstance(end, float) and np.isinf(end)))
        ]
        problems += [f"{where}: {name} must be a price, not {ends[name]!r}" for name in strange]
        if not strange and not self.low <= self.high:
            problems.append(f"{where}: low must not exceed high")
        for bound in (self.at_most, self.at_least):
            problems += [] if bound is None else whole_number_problems(bound, where)
        return problems

    def _gaps(self, catalogue: Catalogue, where: str) -> list[str]:
        """List products whose price is no number: they would be in no window."""
        price = pd.to_numeric(pd.Series(self._prices(catalogue), dtype=object), errors="coerce").to_numpy()
        empty = catalogue.products[np.isnan(price.astype(float))].tolist()
        return [f"{where}: the price of {shorten(empty)} is no number; give each one"] if empty else []

    def _prices(self, catalogue: Catalogue) -> list[Any]:
        return [in_reach(price) for price in catalogue.attribute(self.price)]

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row that counts the window."""
        price = np.array(self._prices(catalogue), dtype=float)
        members = np.flatnonzero((self.low <= price) & (price <= self.high))
        upper = np.inf if self.at_most is None else self.at_most
        words = bounds_in_words(self.at_least, self.at_most)
        name = f"{words} of the {len(members)} products priced {self.low} to {self.high}"
        orders = (np.argsort(price, kind="stable"),)
        return count_rows(catalogue, [members], [self.at_least or 0], [upper], [name], orders)
