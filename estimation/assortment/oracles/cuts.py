"""Rows with entries of one: they bar menus that a program of limited precision would let pass, or that are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Mask
from estimation.assortment.oracles.met import excess


@dataclass(frozen=True, eq=False)
class Cut:
    """At least one of the products `out` is not on the menu, or one of the products `into` is."""

    out: Mask  # (product,)
    into: Mask  # (product,)

    @property
    def entries(self) -> Array:
        """(product,) of the row entries @ x >= bound."""
        return self.into.astype(np.float64) - self.out

    @property
    def bound(self) -> float:
        """Smallest value of the row."""
        return 1.0 - float(np.count_nonzero(self.out))


def no_good(chosen: Mask, among: Mask) -> Cut:
    """Bar the menus that agree with a chosen one (product,) `among` some products."""
    return Cut(chosen & among, among & ~chosen)


def covers(matrix: sparse.csr_array, lower: Array, upper: Array, chosen: Mask) -> list[Cut]:
    """For each row `lower <= A x <= upper` that a menu (product,) breaks, bar the menu and those that break it more.

    A menu that uses too much still does if nothing leaves that adds and nothing enters that takes away.
    """
    used = matrix @ chosen.astype(np.float64)
    if np.all((used >= lower) & (used <= upper)):
        return []
    over, under = (part[:, 0] for part in excess(matrix, lower, upper, chosen[None]))
    broken = np.flatnonzero(over | under)
    signed = matrix[broken].toarray() * np.where(over[broken], 1.0, -1.0)[:, None]
    return [Cut(chosen & (row > 0), ~chosen & (row < 0)) for row in signed]


def with_cuts(
    matrix: sparse.csr_array, bounds: tuple[Array, Array], cuts: list[Cut]
) -> tuple[sparse.csr_array, tuple[Array, Array]]:
    """Put cuts under the rows of a matrix with their bounds."""
    if not cuts:
        return matrix, bounds
    rows = sparse.csr_array(np.array([cut.entries for cut in cuts]))
    least, most = [cut.bound for cut in cuts], np.full(len(cuts), np.inf)
    return sparse.csr_array(sparse.vstack([matrix, rows])), (np.append(bounds[0], least), np.append(bounds[1], most))
