"""Refresh limits: change little of what is on the shelf today."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from estimation.arrays import in_reach
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows, whole_number_problems
from estimation.assortment.oracles.cardinality import Flips


@dataclass(frozen=True, eq=False)
class Refresh(Constraint):
    """At most `at_most` products enter or leave today's menu.

    Parameters
    ----------
    today
        Labels of the products on the menu today.
    at_most
        Largest number of products that enter plus products that leave.
    """

    today: Sequence[Hashable]
    at_most: int

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List products that do not exist, and a limit that is no count."""
        where = f"Refresh(at_most={in_reach(self.at_most)!r})"
        unknown = catalogue.unknown(self.today, where)
        problems = unknown + whole_number_problems(self.at_most, where)
        if not unknown and len(set(self.today)) < len(self.today):
            problems.append(f"{where}: a product is named twice in `today`; name it once")
        return problems

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row: +1 for newcomers, -1 for today's products."""
        entry = np.where(catalogue.chosen(self.today), -1.0, 1.0)
        upper = np.array([float(self.at_most - len(self.today))])
        name = f"at most {self.at_most} changes to today's {len(self.today)} products"
        return Rows(sparse.csr_array(entry[None]), np.array([-np.inf]), upper, (name,))

    def oracle(self, catalogue: Catalogue) -> Flips:
        """Give the best few changes."""
        return Flips(catalogue.chosen(self.today), min(self.at_most, len(catalogue)))
