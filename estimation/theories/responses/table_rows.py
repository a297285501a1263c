"""Rows of a table that are read where they are used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices
from estimation.theories.responses.weighted_rows import weighted_rows


@dataclass(frozen=True, eq=False)
class TableRows:
    """Rows of a table that are yet to be read: that takes nearly all of their time, and is done where they are used.

    NumPy takes them for the array of their values, (..., decision, option).

    Attributes
    ----------
    table : (given, point, option) array
    first : (node, owner) integer array
        The point that counts first for each owner of values, such as a person.
    offset : (k,) integer array
        From there to all those that count.
    weight : (node, owner, k) array
    owner : (decision,) integer array
        Whose values each decision has.
    rows : (decision,) integer array
        Which `given` each decision has met.
    leading
        The shape of the nodes.
    """

    table: Array
    first: Indices
    offset: Indices
    weight: Array
    owner: Indices
    rows: Indices
    leading: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the values."""
        return (*self.leading, len(self.rows), self.table.shape[-1])

    @property
    def ndim(self) -> int:
        """How many axes the values have."""
        return len(self.leading) + 2

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return the values."""
        read = weighted_rows(self.table, self.first, self.owner, self.rows, self.offset, self.weight)
        return np.asarray(read.reshape(self.shape), dtype)
