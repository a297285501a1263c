"""Any rows of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from estimation.arrays import Array
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows
from estimation.assortment.given import as_numbers, list_problems, matrix_of


@dataclass(frozen=True, eq=False)
class LinearRows(Constraint):
    """Rows `lower <= A x <= upper` over the products.

    If A is totally unimodular with whole bounds, as is tested, menus come from linear programs; otherwise
    (space, budgets) from branch and bound, with a `NotUnimodularWarning`. The unit of a row does not matter: a menu
    meets it if it exceeds a bound by no more than a billionth of it, and rounding of what it adds up.

    Parameters
    ----------
    matrix
        A (row, product), dense or sparse, in catalogue order; the columns of a frame may be labels in any order.
    lower, upper
        (row,) bounds, or one number for all rows; None: no bound.
    names
        (row,) what each row demands, in words, to name it in messages.
    """

    matrix: Any
    lower: Any = None
    upper: Any = None
    names: Sequence[str] | None = None

    def problems(self, catalogue: Catalogue) -> list[str]:
        """List shapes that do not fit, entries that are no numbers, and bounds that cross."""
        matrix = matrix_of(self.matrix)
        if matrix is None or matrix.shape[1] != len(catalogue):
            shape = "no numbers in rows of one length" if matrix is None else f"shape {matrix.shape}"
            return [f"LinearRows: matrix has {shape}; give one column per product, {len(catalogue)} in all"]
        count, problems = matrix.shape[0], catalogue.frame_problems(self.matrix, "LinearRows")
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            problems += [] if bound is None else _bound_problems(name, bound, count)
        if self.names is not None:
            lists = list_problems(self.names, "LinearRows: names", "one name per row")
            different = [] if lists or len(self.names) == count else [f"{len(self.names)} names for {count} rows"]
            problems += lists + [f"LinearRows: {problem}" for problem in different]
        return problems or self._value_problems(matrix)

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give the rows as they are."""
        matrix = matrix_of(catalogue.in_order(self.matrix))
        assert matrix is not None
        names = tuple(self.names or (f"row {number} of the linear rows" for number in range(matrix.shape[0])))
        return Rows(matrix, *self._bounds(matrix.shape[0]), names, integral=False)

    def _value_problems(self, matrix: sparse.csr_array) -> list[str]:
        entries = sparse.coo_array(matrix)
        problems = [
            f"LinearRows: row {row}, column {column} is {value}; entries must be finite"
            for row, column, value in zip(entries.row, entries.col, entries.data, strict=True)
            if not np.isfinite(value)
        ]
        low, high = self._bounds(matrix.shape[0])
        crossed = np.flatnonzero(~(low <= high))
        return problems + [f"LinearRows: row {row} has lower {low[row]} above upper {high[row]}" for row in crossed]

    def _bounds(self, count: int) -> tuple[Array, Array]:
        lower = as_numbers(-np.inf if self.lower is None else self.lower)
        upper = as_numbers(np.inf if self.upper is None else self.upper)
        return np.full(count, lower, dtype=float), np.full(count, upper, dtype=float)


def _bound_problems(name: str, bound: Any, count: int) -> list[str]:
    numbers = as_numbers(bound)
    if numbers is None or numbers.shape not in {(), (count,)}:
        what = f"is {bound!r}" if numbers is None else f"has shape {numbers.shape}"
        return [f"LinearRows: {name} {what}; give one number per row, {count} in all"]
    if np.isnan(numbers).any():
        return [f"LinearRows: {name} is {bound!r}; give numbers, infinite ones where a row has no bound"]
    return []
