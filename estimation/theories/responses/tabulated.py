"""Payoffs that are costly to compute, tabulated once per game over a parameter and interpolated for everybody.

An equilibrium or a chain of best replies depends on a person's parameters only through one or two numbers. It is solved
at the points of `Axis` and read between them, with the same arithmetic on arrays and on PyTensor graphs.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Indices, Module, Numbers
from estimation.theories.responses.table_rows import TableRows

JUST = 1e-4  # before a jump, in shares
NEAR = 0.05  # how near around what is steep points crowd, in relation to it


@dataclass(frozen=True)
class Axis:
    """Points of a parameter from 0 up, evenly spaced in shares ``x / (x + scale)``: both limits are within reach.

    Parameters
    ----------
    scale : float, unit of the parameter
        The parameter's middle: half of the points lie below it if the axis reaches up to infinity.
    points
        How many.
    reach
        Share of the last point; larger values are taken for it.
    smooth
        Cubic spline (twice differentiable; for what changes smoothly), or straight lines (for what may jump).
    jumps
        Where something is known to jump, coming from below: there is a point on each and one just before. Between the
        two the value before the jump is taken: a line across would make people up who are between the two, and some
        real people would look like them. Not for splines.
    steep
        Where replies turn fastest though smoothly: a third of the points crowd around it, within a twentieth (`NEAR`).
        Points are then even in ``2 x / (x + scale) + (1 + z / √(1 + z²)) / 2`` with ``z = (x - steep) / (NEAR steep)``,
        and that is the share, brought to start at 0 and end at 1.
    """

    scale: float
    points: int
    reach: float = 1.0
    smooth: bool = False
    jumps: tuple[float, ...] = ()
    steep: float | None = None

    @cached_property
    def shares(self) -> Array:
        """Shares of the points, (point,)."""
        on = np.array([self.share(jump) for jump in self.jumps])
        return np.unique([*np.linspace(0.0, self.reach, self.points), *on, *(on - JUST)])

    @cached_property
    def joined(self) -> Array:
        """Whether values between a point and the next are on a straight line, (point,): not just before a jump."""
        before = [self.share(jump) - JUST for jump in self.jumps]
        return np.asarray(~np.isin(self.shares, before), float)

    @property
    def values(self) -> Array:
        """The points, (point,); infinity is replaced by a million times the scale."""
        share = np.minimum(self.shares, 1 - 1e-6)
        if self.steep is None:
            return np.asarray(self.scale * share / (1 - share))
        low, high = np.zeros(len(share)), np.full(len(share), 1e6 * self.scale)
        for _ in range(100):  # halved until nothing is left to halve
            middle = (low + high) / 2
            below = self.share(middle) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.where(share > 0, high, 0.0)

    def coefficients(self, table: Array, axis: int) -> Array:
        """Return what `place` weighs: the table itself, or spline coefficients (two more along `axis`)."""
        if not self.smooth:
            return table
        matrix = np.zeros((self.points + 2, self.points + 2))
        for row in range(self.points):
            matrix[row, row : row + 3] = 1 / 6, 4 / 6, 1 / 6
        matrix[-2, :5] = matrix[-1, -5:] = (1, -4, 6, -4, 1)  # not a knot: the outermost pieces are one polynomial
        # Applied from the left to a stack of matrices, so that no axis is moved: tables have millions of numbers.
        solved = np.linalg.inv(matrix)[:, : self.points]
        before, after = table.shape[:axis], table.shape[axis + 1 :]
        shape = int(np.prod(before)), self.points, int(np.prod(after))
        return np.asarray((solved @ table.reshape(shape)).reshape(*before, self.points + 2, *after))

    def place(self, value: Numbers, xp: Module = np) -> tuple[Numbers, list[Numbers]]:
        """Return the first coefficient that counts at each value, and the weights of it and the following ones.

        `value` (any shape) → integers of that shape, and two (straight) or four (smooth) arrays of that shape.
        """
        share = xp.minimum(self.share(value, xp), self.reach)
        if not self.smooth:
            edges, joined = (part if xp is np else xp.as_tensor(part) for part in (self.shares, self.joined))
            last = len(self.shares) - 2
            first = xp.clip(xp.searchsorted(edges, share, side="right") - 1, 0, last)
            inside = joined[first] * (share - edges[first]) / (edges[first + 1] - edges[first])
            return first, [1 - inside, inside]
        position = share / self.reach * (self.points - 1)
        first = xp.minimum(xp.floor(position), self.points - 2.0)
        inside = position - first
        rest = 1 - inside
        middle = [2 / 3 - x**2 + x**3 / 2 for x in (inside, rest)]
        return first.astype("int64"), [rest**3 / 6, *middle, inside**3 / 6]

    def share(self, value: Numbers, xp: Module = np) -> Numbers:
        """Return where values stand on the axis, from 0 to 1 at infinity (any shape)."""
        plain = value / (value + self.scale)
        if self.steep is None:
            return plain
        start, passed = _passed(np.float64(0.0), self.steep, np), _passed(value, self.steep, xp)
        return xp.maximum(2 * plain + passed - start, 0.0) / (3 - start)


def _passed(value: Numbers, steep: float, xp: Module) -> Numbers:
    """Return 0 below what is steep and 1 above, changing within a twentieth of it."""
    far = (value - steep) / (NEAR * steep)
    return (1 + far / xp.sqrt(1 + far**2)) / 2


def interpolated(
    coefficients: Numbers, axes: Sequence[Axis], values: Sequence[Numbers], rows: Numbers, xp: Module = np
) -> Numbers:
    """Return rows of a table at values of its parameters, as `table_rows` and with a gradient.

    Parameters
    ----------
    coefficients : (point of each axis…, given, option) array
        From `Axis.coefficients`; or (given, option), if the table does not depend on the parameters.
    values
        One for each axis, shaped to broadcast against (decision, 1), as theories get them.
    rows : (decision,) integer array
        Which `given` each decision has met.

    Returns
    -------
    (..., decision, option) array
    """
    if xp is np:
        return np.asarray(table_rows(coefficients, axes, values, rows))
    if coefficients.ndim == 2:
        return coefficients[rows]
    placed = [axis.place(value, xp) for axis, value in zip(axes, values, strict=True)]
    table, total = xp.as_tensor(coefficients), 0.0
    for offsets in _corners(placed):
        weight: Numbers = 1.0
        for (_, weights), offset in zip(placed, offsets, strict=True):
            weight = weight * weights[offset]
        index = tuple(first[..., 0] + offset for (first, _), offset in zip(placed, offsets, strict=True))
        total = total + weight * table[(*index, rows)]
    return total


def _corners(placed: list[tuple[Numbers, list[Numbers]]]) -> list[tuple[int, ...]]:
    """Return the coefficients that count, along each axis from the first one that does."""
    return list(itertools.product(*(range(len(weights)) for _, weights in placed)))


def by_situation(coefficients: Array, kind: type = float) -> Array:
    """Return a table (point of each axis…, given, option), in memory by what is given.

    What several nodes need of one situation then lies together: reading takes half as long if tables are large.
    """
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(coefficients, -2, 0), kind), 0, -2)


def table_rows(
    coefficients: Array, axes: Sequence[Axis], values: Sequence[Numbers], rows: Numbers
) -> TableRows | Array:
    """Return rows of a table at values of its parameters, yet to be read unless they do not depend on them."""
    if coefficients.ndim == 2:
        return np.asarray(coefficients[rows])
    owner, theirs = _by_owner([np.asarray(value) for value in values], len(rows))
    placed = [axis.place(value) for axis, value in zip(axes, theirs, strict=True)]
    points = coefficients.shape[:-2]
    first, weight = np.zeros(1, dtype="int64"), np.ones((1, 1))
    for size, (start, weights) in zip(points, placed, strict=True):
        first = first * size + start[..., 0]
        along = np.stack([part[..., 0] for part in weights], axis=-1)
        weight = (weight[..., :, None] * along[..., None, :]).reshape(*first.shape, -1)
    offset = np.ravel_multi_index(np.array(_corners(placed)).T, points)
    table = np.ascontiguousarray(np.moveaxis(coefficients, -2, 0))  # already is if `by_situation`
    return TableRows(
        table.reshape(len(table), -1, table.shape[-1]),
        np.ascontiguousarray(first.reshape(-1, first.shape[-1])),
        offset.astype("int64"),
        np.ascontiguousarray(weight.reshape(-1, *weight.shape[-2:])),
        owner,
        np.array(rows, dtype="int64"),
        first.shape[:-1],
    )


def _by_owner(values: list[Array], decisions: int) -> tuple[Indices, list[Array]]:
    """Return whose values each decision has, and the values of each owner once.

    Neighbouring decisions have one owner if they share all values; a person has many, and is looked up once.
    """
    new, varies = np.zeros(decisions, dtype=bool), [value.ndim > 1 and value.shape[-2] > 1 for value in values]
    for value in itertools.compress(values, varies):
        new[1:] |= (value[..., 1:, 0] != value[..., :-1, 0]).reshape(-1, decisions - 1).any(axis=0)
    new[:1] = True
    starts = np.flatnonzero(new)
    theirs = [value[..., starts, :] if differ else value for value, differ in zip(values, varies, strict=True)]
    return np.cumsum(new) - 1, theirs
