"""A linear relaxation of the mixture of logits: what sells to whom, tied to one menu for all.

Columns are x (product,), whether a product is offered; y (logit,), the chance of buying nothing, 1 / (1 + V); w (logit,
product), x times y, so that weight x w is what sells; and u (logit,), utility log(1 + V). Products of x and y are held
within their envelopes (McCormick 1976; Bront, Mendez-Diaz and Vulcano 2009), which are as tight as the bounds of y. The
constraints, times y and times its distance from either bound, hold too (Sherali and Adams 1990); with the first of
these the relaxation of each logit alone is its exact sales-based program. 1 / (1 + V) lies above its tangents (Sen,
Atamturk and Kaminsky 2018), log(1 + V) below its tangents in V and below its chord in y.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.highs import Program
from estimation.assortment.posterior.rows import Builder

TANGENTS = 12
NEGLIGIBLE = 1e-9
"""A weight that moves the objective by less than this share of its size enters by a linear bound of its effect."""
MOST_ROWS = 4_000
"""Constraints times logits beyond which their products with y are left out."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Logits with their parts in the objective, and what every menu must meet."""

    weights: Array  # (logit, product)
    parts: Array  # (logit,) part of each logit in the objective
    revenue: Array  # (product,) money
    utility_weight: float
    rows: Rows
    ceiling: Array  # (logit,) no menu has a larger objective for the logit, money
    price: Array  # (product,) money added to the objective where a product is offered
    groups: tuple[Indices, ...] = ()  # products alike, each group in the order in which they enter

    @cached_property
    def matters(self) -> Mask:
        """(logit, product) whether the weight is large enough to be told from none."""
        largest = float(np.abs(self.revenue).max(initial=0.0))
        effect = self.weights * (np.abs(self.revenue) + largest + self.utility_weight)
        size = largest + self.utility_weight
        return np.asarray(effect > NEGLIGIBLE * size)

    @cached_property
    def _small(self) -> Array:
        """(logit, product) how much the weights that do not matter change the objective of a logit at most."""
        largest = float(np.abs(self.revenue).max(initial=0.0))
        effect = self.weights * (np.abs(self.revenue) + largest + self.utility_weight)
        return np.where(self.matters, 0.0, effect)

    @property
    def extra(self) -> Array:
        """(product,) price, and a bound on what the weights that do not matter add to the objective."""
        return np.asarray(self.price + self.parts @ self._small)

    @property
    def left_out(self) -> Array:
        """(logit,) a bound on what leaving out the weights that do not matter adds to the objective."""
        return np.asarray(self._small.sum(axis=1))

    def value(self, menus: Mask) -> Array:
        """(menu,) the objective of menus (menu, product)."""
        offered = menus.T.astype(np.float64)
        total = 1.0 + self.weights @ offered
        each = (self.weights * self.revenue) @ offered / total + self.utility_weight * np.log(total)
        return np.asarray(self.parts @ each + self.price @ offered)


@dataclass(frozen=True, eq=False)
class Box:
    """Where menus are still looked for."""

    offered: Mask  # (product,) surely on the menu
    open: Mask  # (product,) on the menu or not
    low: Array  # (logit,) smallest y
    high: Array  # (logit,) largest y


class Relaxation:
    """The linear program over a box, restricted to objectives of at least a cutoff (money; minus infinity: all).

    `totals` (any, logit) are values of 1 + V at which utility has further tangents.
    """

    def __init__(self, mixture: Mixture, box: Box, cutoff: float, totals: Array | None = None) -> None:
        self.mixture, self.box = mixture, box
        self._more = np.empty((0, len(mixture.parts))) if totals is None else totals
        self.kept = np.flatnonzero(box.offered | box.open)
        self.logit, self.product = np.nonzero(mixture.matters[:, self.kept])
        width, count = len(self.kept), len(mixture.parts)
        self.x, self.y = np.arange(width), width + np.arange(count)
        self.w = width + count + np.arange(len(self.logit))
        self.u = width + count + len(self.w) + np.arange(count if mixture.utility_weight else 0)
        self.gain = self._gain()
        builder = Builder(width + count + len(self.w) + len(self.u))
        self._totals(builder)
        self._envelopes(builder)
        self._constraints(builder)
        self._tangents(builder)
        self._ceilings(builder)
        used = np.flatnonzero(self.gain)
        if np.isfinite(cutoff):
            builder.one(used, self.gain[used], cutoff, np.inf)
        self._built = builder.matrix, builder.bounds, self._limits()

    def program(self, *, whole: bool = False) -> Program:
        """Give the linear program, or the integer program in which products are offered or not."""
        integers = np.zeros(len(self.gain), dtype=np.bool_)
        integers[self.x] = whole
        return Program(*self._built, integers)

    def point(self, chosen: Mask) -> Array:
        """(column,) the columns of a menu (product,) inside the box."""
        x = chosen[self.kept].astype(np.float64)
        total = 1.0 + self._weights @ x
        w = x[self.product] / total[self.logit]
        return np.concatenate([x, 1.0 / total, w, np.log(total)[: len(self.u)]])

    def holds(self, chosen: Mask) -> bool:
        """Tell whether a menu (product,) lies in the box and meets the constraints."""
        box, x = self.box, chosen[self.kept].astype(np.float64)
        y = 1.0 / (1.0 + self._weights @ x)
        settled = np.array_equal(chosen & ~box.open, box.offered)
        meets = self.mixture.rows.met(chosen[None])[0]
        return bool(settled and meets and np.all((y >= box.low) & (y <= box.high)))

    def menu(self, x: Array) -> Mask:
        """(product,) the menu of the products whose share (kept,) is above one half."""
        chosen = np.zeros(len(self.box.open), dtype=np.bool_)
        chosen[self.kept[x > 0.5]] = True
        return chosen

    @cached_property
    def _weights(self) -> Array:
        """(logit, kept) weights, zero where they do not matter."""
        mixture = self.mixture
        return np.asarray(np.where(mixture.matters, mixture.weights, 0.0)[:, self.kept])

    @cached_property
    def _pair(self) -> Array:
        """(w,) weight of each pair of logit and product."""
        return np.asarray(self._weights[self.logit, self.product])

    def _gain(self) -> Array:
        mixture = self.mixture
        sold = mixture.parts[self.logit] * self._pair * mixture.revenue[self.kept][self.product]
        useful = mixture.parts * mixture.utility_weight if len(self.u) else np.empty(0)
        return np.concatenate([mixture.extra[self.kept], np.zeros(len(self.y)), sold, useful])

    def _limits(self) -> tuple[Array, Array]:
        low, high = np.zeros(len(self.gain)), np.ones(len(self.gain))
        low[self.x] = self.box.offered[self.kept]
        low[self.y], high[self.y] = self.box.low, self.box.high
        high[self.u] = np.inf
        return low, high

    def _totals(self, builder: Builder) -> None:
        """Let what sells and what does not be everything."""
        places = np.concatenate([np.arange(len(self.y)), self.logit])
        columns = np.concatenate([self.y, self.w])
        builder.add(places, columns, np.concatenate([np.ones(len(self.y)), self._pair]), 1.0, 1.0, len(self.y))

    def _envelopes(self, builder: Builder) -> None:
        """Hold the product w of x in [0, 1] and y in [low, high]; beside a product y is at most 1 / (1 + weight)."""
        x, y = self.x[self.product], self.y[self.logit]
        low, high = self.box.low[self.logit], self.box.high[self.logit]
        beside = np.minimum(high, 1.0 / (1.0 + self._pair))
        builder.terms([(self.w, 1.0), (x, -beside)], -np.inf, 0.0)
        builder.terms([(self.w, 1.0), (x, -low)], 0.0, np.inf)
        builder.terms([(y, 1.0), (self.w, -1.0), (x, low)], low, np.inf)
        builder.terms([(y, 1.0), (self.w, -1.0), (x, high)], -np.inf, high)

    def _constraints(self, builder: Builder) -> None:
        """Write the constraints, and their products with y, high - y and y - low in each logit."""
        rows = self.mixture.rows
        matrix = sparse.csr_array(rows.matrix[:, self.kept])
        builder.block(matrix, self.x, rows.lower, rows.upper)
        place = np.full(len(self.box.open), -1)
        place[self.kept] = self.x
        for members in self.mixture.groups:
            inside = place[members][place[members] >= 0]
            builder.terms([(inside[1:], 1.0), (inside[:-1], -1.0)], -np.inf, 0.0)
        if len(rows) * len(self.y) > MOST_ROWS:
            return
        column = np.full((len(self.y), len(self.kept)), -1)
        column[self.logit, self.product] = self.w
        dense = matrix.toarray()
        for sign, bounds in ((1.0, rows.upper), (-1.0, -rows.lower)):
            for row in np.flatnonzero(np.isfinite(bounds)):
                members = np.flatnonzero(dense[row])
                for logit in range(len(self.y)):
                    self._products(
                        builder, logit, column[logit, members], members, sign * dense[row, members], bounds[row]
                    )

    def _products(
        self, builder: Builder, logit: int, w: Indices, members: Indices, entries: Array, bound: float
    ) -> None:
        """Multiply `entries` @ x <= `bound`; members without a w count as nothing, which holds if entries are > 0."""
        there = w >= 0
        if (entries[~there] < 0).any():
            return
        w, x, entries = w[there], self.x[members[there]], entries[there]
        low, high, y = self.box.low[logit], self.box.high[logit], self.y[logit]
        builder.one(np.append(w, y), np.append(entries, -bound), -np.inf, 0.0)
        both = np.concatenate([w, x, [y]])
        builder.one(both, np.concatenate([entries, -low * entries, [-bound]]), -np.inf, -low * bound)
        builder.one(both, np.concatenate([-entries, high * entries, [bound]]), -np.inf, high * bound)

    def _tangents(self, builder: Builder) -> None:
        """Keep 1 / (1 + V) above its tangents, log(1 + V) below its tangents, and -log(y) below its chord."""
        for logit, weight in enumerate(self._weights):
            members = np.flatnonzero(weight)
            low, high = self.box.low[logit], self.box.high[logit]
            for total in [*np.geomspace(1.0 / high, 1.0 / low, TANGENTS).tolist(), *self._more[:, logit].tolist()]:
                y = np.append(self.x[members], self.y[logit])
                builder.one(y, np.append(weight[members] / total**2, 1.0), (2.0 * total - 1.0) / total**2, np.inf)
                if len(self.u):
                    u = np.append(self.x[members], self.u[logit])
                    rest = np.log(total) - (total - 1.0) / total
                    builder.one(u, np.append(-weight[members] / total, 1.0), -np.inf, rest)
            if len(self.u) and high > low * (1.0 + 1e-9):
                steep = np.log(high / low) / (high - low)
                pair = np.array([self.u[logit], self.y[logit]])
                builder.one(pair, np.array([1.0, steep]), -np.inf, -np.log(low) + steep * low)

    def _ceilings(self, builder: Builder) -> None:
        """No logit earns more than with a menu of its own."""
        earned = self._pair * self.mixture.revenue[self.kept][self.product]
        places, columns = np.concatenate([self.logit, np.arange(len(self.u))]), np.concatenate([self.w, self.u])
        entries = np.concatenate([earned, np.full(len(self.u), self.mixture.utility_weight)])
        builder.add(places, columns, entries, -np.inf, self.mixture.ceiling + self.mixture.left_out, len(self.y))
