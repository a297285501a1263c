"""Chains of replies tabulated over what people differ in, once per game, and read for everybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
from threadpoolctl import threadpool_limits

from estimation.arrays import Array, Module, Numbers
from estimation.names import SENDER
from estimation.theories.messages.tabulated import Axis, interpolated

Payoffs = tuple[Sequence[Array] | Array, Sequence[Array] | Array]
"""By level: of senders, (state, message), before the cost of lying; and of receivers, (message, action)."""


@dataclass(frozen=True, eq=False)
class ChainTables:
    """Payoffs of every level over what they depend on, read between the points where chains were solved.

    Attributes
    ----------
    axes
        Of the tables, such as precision and cost of lying.
    sender, receiver
        By level (point of each axis…, given, option) arrays, payoff units, from `Axis.coefficients`; one point along an
        axis on which the level's payoffs do not depend.
    """

    axes: tuple[Axis, ...]
    sender: list[Array]
    receiver: list[Array]

    @classmethod
    def solved(cls, axes: Sequence[Axis], solve: Callable[..., Payoffs]) -> ChainTables:
        """Return the tables of chains solved at every combination of points, in parallel."""
        points = list(product(*(axis.values.tolist() for axis in axes)))
        # The matrices are small: threads of the algebra library would get in each other's way.
        with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
            chains = list(pool.map(lambda point: solve(*point), points))
        shape = [len(axis.values) for axis in axes]
        sides = [
            [_smooth(np.stack(tables).reshape(*shape, *tables[0].shape), axes) for tables in zip(*side, strict=True)]
            for side in zip(*chains, strict=True)
        ]
        return cls(tuple(axes), *sides)

    @property
    def sides(self) -> Payoffs:
        """The tables of senders and of receivers, by level."""
        return self.sender, self.receiver

    def depends(self, role: str, level: int, axis: int) -> bool:
        """Return whether the payoffs of a level depend on what stands on an axis."""
        return bool(self._side(role)[level].shape[:-2][axis] > 1)

    def read(self, role: str, level: int, values: Sequence[Numbers | None], rows: Numbers, xp: Module = np) -> Numbers:
        """Return the payoffs of a level in rows of what is given, (..., decision, option) or (decision, option).

        `values` stand in the order of the axes; those on which the level does not depend may be missing.
        """
        table = self._side(role)[level]
        needed = [axis for axis, points in enumerate(table.shape[:-2]) if points > 1]
        kept = table.reshape(*(table.shape[axis] for axis in needed), *table.shape[-2:])
        return interpolated(kept, [self.axes[axis] for axis in needed], [values[axis] for axis in needed], rows, xp)

    def _side(self, role: str) -> list[Array]:
        return self.sender if role == SENDER else self.receiver


def _smooth(table: Array, axes: Sequence[Axis]) -> Array:
    """Return spline coefficients along the axes on which anything changes, and one point along the others."""
    for index in range(len(axes)):
        first = table.take([0], axis=index)
        table = first if (table == first).all() else table
    for index, axis in enumerate(axes):
        table = table if table.shape[index] == 1 else axis.coefficients(table, index)
    # Seven digits are more than splines are good for, and take half of the memory: 48 MB for the largest table.
    is_spline = any(axis.smooth and points > 1 for axis, points in zip(axes, table.shape, strict=False))
    return np.ascontiguousarray(table, dtype=np.float32 if is_spline else np.float64)
