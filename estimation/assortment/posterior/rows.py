"""The rows of a linear program, written one after another."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices


class Builder:
    """Collects rows `lower <= A x <= upper` over a number of columns."""

    def __init__(self, width: int) -> None:
        self._width, self._count = width, 0
        self._parts: list[tuple[Indices, Indices, Array]] = []
        self._lower: list[Array] = []
        self._upper: list[Array] = []

    def add(
        self, places: Indices, columns: Indices, entries: Array, lower: float | Array, upper: float | Array, count: int
    ) -> None:
        """Add `count` rows from their entries: (entry,) row among these, column and number."""
        self._parts.append((places + self._count, columns, np.asarray(entries, dtype=np.float64)))
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), count))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), count))
        self._count += count

    def one(self, columns: Indices, entries: Array, lower: float, upper: float) -> None:
        """Add one row."""
        self.add(np.zeros(len(columns), np.intp), columns, entries, lower, upper, 1)

    def terms(self, terms: list[tuple[Indices, float | Array]], lower: float | Array, upper: float | Array) -> None:
        """Add one row per entry of the columns (row,), each the sum of the terms (column, number)."""
        count = len(terms[0][0])
        places = np.tile(np.arange(count), len(terms))
        entries = np.concatenate([np.broadcast_to(np.asarray(number, dtype=np.float64), count) for _, number in terms])
        self.add(places, np.concatenate([columns for columns, _ in terms]), entries, lower, upper, count)

    def block(self, matrix: sparse.csr_array, columns: Indices, lower: Array, upper: Array) -> None:
        """Add the rows of a matrix over some of the columns."""
        entries = sparse.coo_array(matrix)
        self.add(entries.row, columns[entries.col], entries.data, lower, upper, matrix.shape[0])

    @property
    def matrix(self) -> sparse.csr_array:
        """A (row, column)."""
        places, columns, entries = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        return sparse.csr_array((entries, (places, columns)), shape=(self._count, self._width))

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper (row,)."""
        return np.concatenate(self._lower), np.concatenate(self._upper)
