"""How many products: at most, at least, exactly."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.arrays import in_reach
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows, count_rows, whole_number_problems
from estimation.assortment.oracles.base import InfeasibleError, Oracle
from estimation.assortment.oracles.cardinality import TopGains


@dataclass(frozen=True, eq=False)
class _Count(Constraint):
    """Bound the number of products on the menu, or of some of them.

    Parameters
    ----------
    count
        Number of products, >= 0.
    among
        Products that are counted; None counts all.
    """

    count: int
    among: Sequence[Hashable] | None = None

    def bounds(self, size: int) -> tuple[int, int]:
        """Smallest and largest number of products out of `size`."""
        raise NotImplementedError

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List a count that is no count, and products that do not exist."""
        where = f"{type(self).__name__}({in_reach(self.count)!r})"
        problems = whole_number_problems(self.count, where)
        if self.among is not None:
            unknown = catalogue.unknown(self.among, where)
            problems += unknown
            if not unknown and len(set(self.among)) < len(self.among):
                problems.append(f"{where}: a product is named twice in `among`; name it once")
        return problems

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give one row that counts."""
        members = np.arange(len(catalogue)) if self.among is None else catalogue.positions(self.among)
        lower, upper = self.bounds(len(members))
        name = f"{self._words()} {self.count} of {len(members)} products"
        return count_rows(catalogue, [members], [lower], [upper], [name])

    def oracle(self, catalogue: Catalogue) -> Oracle | None:
        """Take the largest gains, if all products are counted."""
        if self.among is not None:
            return None
        lower, upper = self.bounds(len(catalogue))
        if lower > len(catalogue):
            raise InfeasibleError
        return TopGains(lower, min(upper, len(catalogue)))

    def _words(self) -> str:
        return {"AtMost": "at most", "AtLeast": "at least"}.get(type(self).__name__, "exactly")


class AtMost(_Count):
    """At most `count` products, of all or `among` some, as in `AtMost(2, among=["pen", "pencil"])`."""

    def bounds(self, size: int) -> tuple[int, int]:
        """Zero to `count`, or to all there are."""
        return 0, min(self.count, size)


class AtLeast(_Count):
    """At least `count` products, of all or `among` some, even if they cost revenue."""

    def bounds(self, size: int) -> tuple[int, int]:
        """From `count` to all there are."""
        return self.count, size


class Exactly(_Count):
    """Exactly `count` products, of all or `among` some."""

    def bounds(self, size: int) -> tuple[int, int]:  # noqa: ARG002
        """No less and no more than `count`."""
        return self.count, self.count
