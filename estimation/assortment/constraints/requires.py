"""Precedence: no notebooks without pens."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows
from estimation.assortment.given import is_label
from estimation.assortment.oracles.closure import Closure


@dataclass(frozen=True, eq=False)
class Requires(Constraint):
    """A product may be offered only together with another: x_product <= x_required.

    Parameters
    ----------
    product
        Label of the product that needs the other.
    required
        Label of the product that it needs. Two such constraints, one each way, keep two products together.
    """

    product: Hashable
    required: Hashable

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products that do not exist, and lists of products."""
        where, ends = f"Requires({self.product!r}, {self.required!r})", [self.product, self.required]
        several = [end for end in ends if not is_label(end)]
        advice = "it takes one product and one that it requires; write a Requires for each pair"
        return [f"{where}: {advice}"] if several else catalogue.unknown(ends, where)

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row, with one +1 and one -1."""
        places = catalogue.positions([self.product, self.required])
        matrix = sparse.csr_array(([1.0, -1.0], ([0, 0], places)), shape=(1, len(catalogue)))
        return Rows(matrix, np.array([-np.inf]), np.zeros(1), (f"{self.product!r} requires {self.required!r}",))

    @classmethod
    def joint_oracle(cls, catalogue: Catalogue, demands: Sequence[Self]) -> Closure:
        """Give the best closed menu under any number of such demands."""
        product = catalogue.positions(demand.product for demand in demands)
        required = catalogue.positions(demand.required for demand in demands)
        return Closure(product, required, len(catalogue))
