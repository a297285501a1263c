"""Price ladders: each item at one price of a ladder, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows
from estimation.assortment.constraints.category import PerCategory
from estimation.assortment.constraints.pairs import part_problems, parts


@dataclass(frozen=True, eq=False)
class OnePrice(Constraint):
    """Offer each item at most at one of its prices: joint assortment and pricing.

    The products are (item, price) pairs, each with the revenue and weight that it has at that price. With
    `AtMost` the number of items is capped as well; both together are laminar.

    Parameters
    ----------
    item
        (product,) item of each product; None reads it from labels that are (item, price) pairs.
    """

    item: Any = None

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products whose item is not known."""
        return part_problems(catalogue, "OnePrice", self.item)

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row per item."""
        return PerCategory(parts(catalogue, self.item, 0), at_most=1).rows(catalogue)
