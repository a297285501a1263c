"""Any rows of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from estimation.arrays import Array, in_reach
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Constraint, Rows


@dataclass(frozen=True, eq=False)
class LinearRows(Constraint):
    """Rows `lower <= A x <= upper` over the products.

    If A is totally unimodular with whole bounds, as is tested, menus come from linear programs; otherwise
    (space, budgets) from branch and bound, with a `NotUnimodularWarning`.

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
        if np.ndim(self.matrix) != 2 or np.shape(self.matrix)[1] != len(catalogue):
            shape = np.shape(self.matrix)
            return [f"LinearRows: matrix has shape {shape}; give one column per product, {len(catalogue)} in all"]
        count, problems = np.shape(self.matrix)[0], catalogue.frame_problems(self.matrix, "LinearRows")
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if bound is not None and np.shape(bound) not in {(), (count,)}:
                problems.append(
                    f"LinearRows: {name} has shape {np.shape(bound)}; give one number per row, {count} in all"
                )
        if self.names is not None and len(self.names) != count:
            problems.append(f"LinearRows: {len(self.names)} names for {count} rows")
        return problems or self._value_problems(count)

    def rows(self, catalogue: Catalogue) -> Rows:
        """Give the rows as they are."""
        matrix = sparse.csr_array(catalogue.in_order(self.matrix), dtype=float)
        names = tuple(self.names or (f"row {number} of the linear rows" for number in range(matrix.shape[0])))
        return Rows(matrix, *self._bounds(matrix.shape[0]), names, integral=False)

    def _value_problems(self, count: int) -> list[str]:
        entries = sparse.coo_array(self.matrix)
        problems = [
            f"LinearRows: row {row}, column {column} is {value}; entries must be finite"
            for row, column, value in zip(entries.row, entries.col, entries.data, strict=True)
            if not np.isfinite(value)
        ]
        low, high = self._bounds(count)
        crossed = np.flatnonzero(~(low <= high))
        return problems + [f"LinearRows: row {row} has lower {low[row]} above upper {high[row]}" for row in crossed]

    def _bounds(self, count: int) -> tuple[Array, Array]:
        lower = _in_reach(-np.inf if self.lower is None else self.lower)
        upper = _in_reach(np.inf if self.upper is None else self.upper)
        return np.full(count, lower, dtype=float), np.full(count, upper, dtype=float)


def _in_reach(bound: Any) -> Any:
    return [in_reach(value) for value in bound] if np.ndim(bound) else in_reach(bound)
