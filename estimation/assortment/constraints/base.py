"""What a constraint says: rows over the products, and how to optimise a linear gain subject to it alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices, Mask, in_reach, is_whole
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.met import in_own_units, meets
from estimation.text.shown import Shown

MOST = 10**9  # products: of larger counts floating-point numbers may not hold every one, or none


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows `lower <= A x <= upper` over the products."""

    matrix: sparse.csr_array  # A (row, product)
    lower: Array  # (row,), infinite where there is no bound
    upper: Array
    names: tuple[str, ...]  # (row,) what each row demands, in words: used to name a conflict
    orders: tuple[Indices, ...] = ()  # each (product,), in which the ones of each row may stand next to each other
    integral: bool = True  # every vertex of {x in [0, 1]: rows} is known to be a menu, for these rows alone

    def __len__(self) -> int:
        return len(self.lower)

    def met(self, menus: Mask) -> Mask:
        """(menu,) whether menus (menu, product) meet all rows."""
        return meets(self.matrix, self.lower, self.upper, menus)

    def take(self, kept: list[int]) -> Rows:
        """Keep some of the rows."""
        return Rows(self.matrix[kept], self.lower[kept], self.upper[kept], tuple(self.names[row] for row in kept))


class Constraint(Shown, ABC):
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
    catalogue: Catalogue,
    members: Sequence[Indices],
    lower: Sequence[float],
    upper: Sequence[float],
    names: Sequence[str],
    orders: tuple[Indices, ...] = (),
    *,
    integral: bool = True,
) -> Rows:
    """Rows that count products: `lower <= number chosen among members <= upper`."""
    column = np.concatenate([np.empty(0, np.intp), *members])
    row = np.repeat(np.arange(len(members)), [len(places) for places in members])
    matrix = sparse.csr_array((np.ones(len(column)), (row, column)), shape=(len(members), len(catalogue)))
    return Rows(matrix, np.array(lower, dtype=float), np.array(upper, dtype=float), tuple(names), orders, integral)


def stack(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Rows:
    """Put the rows of several constraints, or of none, under each other, each in a unit of its own size."""
    parts = [constraint.rows(catalogue) for constraint in constraints]
    if not parts:
        return count_rows(catalogue, [], [], [], [])
    matrix = sparse.csr_array(sparse.vstack([part.matrix for part in parts]))
    bounds = (np.concatenate([getattr(part, name) for part in parts]) for name in ("lower", "upper"))
    names = tuple(name for part in parts for name in part.names)
    orders = tuple(order for part in parts for order in part.orders)
    return Rows(*in_own_units(matrix, *bounds), names, orders, integral=len(parts) == 1 and parts[0].integral)


def bounds_in_words(low: int | None, high: int | None) -> str:
    """Say how many there may be."""
    return " and ".join([f"at least {low}"] * bool(low) + [f"at most {high}"] * (high is not None))


def whole_number_problems(value: object, where: str) -> list[str]:
    """List what is wrong with a count."""
    if not is_whole(value) or value < 0:
        return [f"{where}: {in_reach(value)!r} is not a whole number >= 0"]
    if value >= MOST:
        return [f"{where}: no catalogue has so many products; give a number below {MOST:,}"]
    return []
