"""Chains of replies tabulated over what people differ in, once per game, and read for everybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.names import SENDER
from estimation.theories.responses.table_rows import TableRows
from estimation.theories.responses.tabulated import Axis, by_situation, interpolated, table_rows
from estimation.threads import one_thread

Payoffs = tuple[Sequence[Array] | Array, Sequence[Array] | Array]
"""By level: of senders, (state, message), before the cost of lying; and of receivers, (message, action)."""


@dataclass(frozen=True, eq=False)
class ChainTables:
    """Payoffs of every level over what they depend on, read between the points where chains were solved.

    Solved for the roles that are played: half of the memory if there is one.

    Parameters
    ----------
    axes
        Of the tables, such as precision and cost of lying.
    solve
        Returns the payoffs at a point, given its place on each axis.
    """

    axes: tuple[Axis, ...]
    solve: Callable[..., Payoffs]

    def side(self, role: str) -> list[Array]:
        """Return a role's tables by level, (point of each axis…, given, option) arrays of payoff units.

        From `Axis.coefficients`; one point along an axis on which the level's payoffs do not depend.
        """
        return self.sender if role == SENDER else self.receiver

    @cached_property
    def sender(self) -> list[Array]:
        """The tables of senders, before the cost of lying."""
        return self._solved(0)

    @cached_property
    def receiver(self) -> list[Array]:
        """The tables of receivers."""
        return self._solved(1)

    def _solved(self, side: int) -> list[Array]:
        """Return the tables of chains solved at every combination of points, in parallel."""
        points = list(product(*(axis.values.tolist() for axis in self.axes)))
        # The matrices are small: threads of the algebra library would get in each other's way.
        with one_thread(), ThreadPoolExecutor(os.cpu_count()) as pool:
            levels = zip(*pool.map(lambda point: self.solve(*point)[side], points), strict=True)
            shape = [len(axis.values) for axis in self.axes]
            return [_smooth(np.stack(tables).reshape(*shape, *tables[0].shape), self.axes) for tables in levels]

    def depends(self, role: str, level: int, axis: int) -> bool:
        """Return whether the payoffs of a level depend on what stands on an axis."""
        return bool(self.side(role)[level].shape[:-2][axis] > 1)

    def read(
        self, role: str, level: int, values: Sequence[Numbers | None], rows: Numbers, xp: Module = np
    ) -> Numbers | TableRows:
        """Return the payoffs of a level in rows of what is given, (..., decision, option) or (decision, option).

        Yet to be read if they depend on `values`, unless these are symbols. `values` stand in the order of the axes;
        those on which the level does not depend may be missing.
        """
        table = self.side(role)[level]
        needed = [axis for axis, points in enumerate(table.shape[:-2]) if points > 1]
        kept = table.reshape(*(table.shape[axis] for axis in needed), *table.shape[-2:])
        axes, there = [self.axes[axis] for axis in needed], [values[axis] for axis in needed]
        return table_rows(kept, axes, there, rows) if xp is np else interpolated(kept, axes, there, rows, xp)


def _smooth(table: Array, axes: Sequence[Axis]) -> Array:
    """Return spline coefficients along the axes on which anything changes, and one point along the others."""
    for index in range(len(axes)):
        first = table.take([0], axis=index)
        table = first if (table == first).all() else table
    for index, axis in enumerate(axes):
        table = table if table.shape[index] == 1 else axis.coefficients(table, index)
    # Seven digits are more than splines are good for, and take half of the memory: 48 MB for the largest table.
    is_spline = any(axis.smooth and points > 1 for axis, points in zip(axes, table.shape, strict=False))
    return by_situation(table, np.float32 if is_spline else np.float64)
