"""What a constraint says: rows over the products, and how to optimise a linear gain subject to it alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.oracles.base import Oracle


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows `lower <= A x <= upper` over the products, as triplets.

    Parameters
    ----------
    row, column, entry
        (entry,) the nonzero entries of A (row, product).
    lower, upper
        (row,) bounds; infinite where there is none.
    names
        (row,) what each row demands, in words: used to name a conflict.
    order
        (product,) an order of the products in which the ones of each row may stand next to each other.
    integral
        True if every vertex of {x in [0, 1]: rows} is known to be a menu, for these rows alone.
    """

    row: Indices
    column: Indices
    entry: Array
    lower: Array
    upper: Array
    names: tuple[str, ...]
    order: Indices | None = None
    integral: bool = True

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lower)

    def matrix(self, width: int) -> sparse.csr_array:
        """Build A (row, product)."""
        return sparse.csr_array((self.entry, (self.row, self.column)), shape=(len(self), width))

    def take(self, kept: Sequence[int]) -> Rows:
        """Keep some of the rows."""
        place = np.full(len(self), -1)
        place[list(kept)] = np.arange(len(kept))
        inside = place[self.row] >= 0
        return Rows(
            place[self.row[inside]],
            self.column[inside],
            self.entry[inside],
            self.lower[list(kept)],
            self.upper[list(kept)],
            tuple(self.names[index] for index in kept),
        )


class Constraint(ABC):
    """A demand on the menu. Subclasses are frozen dataclasses, one concept per file."""

    @abstractmethod
    def problems(self, catalogue: Catalogue) -> list[str]:
        """List what is wrong with this constraint for these products; empty if nothing is."""

    @abstractmethod
    def rows(self, catalogue: Catalogue) -> Rows:
        """Write the constraint as rows over the products."""

    def oracle(self, catalogue: Catalogue) -> Oracle | None:  # noqa: ARG002
        """Give the fast exact oracle of this constraint standing alone, if it has one of its own."""
        return None

    @classmethod
    def joint_oracle(cls, catalogue: Catalogue, demands: Sequence[Self]) -> Oracle | None:
        """Give the fast exact oracle of several constraints of this class and no other, if it has one."""
        return demands[0].oracle(catalogue) if len(demands) == 1 else None


def count_rows(
    members: Sequence[Indices],
    lower: Sequence[float],
    upper: Sequence[float],
    names: Sequence[str],
    order: Indices | None = None,
) -> Rows:
    """Rows that count products: `lower <= number chosen among members <= upper`."""
    sizes = np.fromiter((len(places) for places in members), np.intp)
    column = np.concatenate([np.empty(0, np.intp), *members])
    row = np.repeat(np.arange(len(sizes)), sizes)
    bounds = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    return Rows(row, column, np.ones(len(column)), *bounds, tuple(names), order)


def stack(parts: Sequence[Rows]) -> Rows:
    """Put the rows of several constraints under each other."""
    starts = np.cumsum([0, *(len(part) for part in parts)])
    row = [part.row + start for part, start in zip(parts, starts[:-1], strict=True)]
    return Rows(
        np.concatenate(row),
        np.concatenate([part.column for part in parts]),
        np.concatenate([part.entry for part in parts]),
        np.concatenate([part.lower for part in parts]),
        np.concatenate([part.upper for part in parts]),
        tuple(name for part in parts for name in part.names),
        integral=len(parts) == 1 and parts[0].integral,
    )


def whole_number_problems(value: object, where: str, largest: int | None = None) -> list[str]:
    """List what is wrong with a count."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
        return [f"{where}: {value!r} is not a whole number >= 0"]
    if largest is not None and value > largest:
        return [f"{where}: only {largest} products are there to choose from"]
    return []
