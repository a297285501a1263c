"""The best menu for a mixture of logits, with a proof: bounds narrowed by linear programs, then branch and bound.

Whatever is better than the best menu known lies in the relaxation cut off at its value. Over it, reduced costs settle
products, and the largest and the smallest chance of buying nothing of each logit narrow the envelopes, which narrows
the relaxation again (optimality-based bound tightening). Of what is left open, an integer program decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import InfeasibleError, Oracle
from estimation.assortment.oracles.highs import Program, SolverError
from estimation.assortment.posterior.alike import alike, arranged
from estimation.assortment.posterior.relaxation import Box, Mixture, Relaxation

CLOSED = 1e-7
"""Gap, as a share of the objective, that counts as none."""
NARROWING = 0.3
"""Share of the time that narrowing may take; branching has the rest."""
NEAR = 0.05
"""An end of a range is left alone if the relaxation has been seen this near, as a share of the range."""
MARGIN = 1e-8
"""What is added to the ends of ranges for the tolerance of the linear programs."""
WORTHWHILE = 0.6
"""Narrowing goes on while a round leaves at most this share of the gap."""


@dataclass(frozen=True, eq=False)
class Proof:
    """The best menu known, and a bound on all."""

    chosen: Mask  # (product,)
    objective: float  # money
    bound: float  # money; no menu has a larger objective


def whole_box(mixture: Mixture, oracle: Oracle) -> Box:
    """Give the box that holds all menus."""
    width = mixture.weights.shape[1]
    weights = np.where(mixture.matters, mixture.weights, 0.0)
    most, least = (np.array([weight @ oracle.best(sign * weight) for weight in weights]) for sign in (1.0, -1.0))
    return Box(np.zeros(width, np.bool_), np.ones(width, np.bool_), 1.0 / (1.0 + most), 1.0 / (1.0 + least))


def prove(mixture: Mixture, box: Box, start: Mask, polish: Callable[[Mask], Mask], seconds: float) -> Proof:
    """Find the menu of largest objective, or bound it when the time is up.

    Parameters
    ----------
    mixture
        Logits, revenues and constraints.
    box
        Where to look; see `whole_box`.
    start
        (product,) a good menu.
    polish
        Local search from a menu (product,) that meets the constraints.
    seconds
        Time limit.
    """
    groups = alike(mixture.weights, mixture.revenue, mixture.price, mixture.rows)
    search = _Search(replace(mixture, groups=groups), arranged(start, groups), polish, seconds)
    narrowed = search.narrow(box)
    if narrowed is not None and not search.is_closed:
        search.branch(narrowed)
    return Proof(search.best, search.objective, max(search.bound, search.objective))


class _Search:
    """The best menu and the bound so far."""

    def __init__(self, mixture: Mixture, start: Mask, polish: Callable[[Mask], Mask], seconds: float) -> None:
        self._mixture, self._polish = mixture, polish
        self._begin, self._seconds = time.perf_counter(), seconds
        self.best, self.objective = start, float(mixture.value(start[None])[0])
        self.bound = float(mixture.parts @ mixture.ceiling + np.maximum(mixture.price, 0.0).sum())

    @property
    def is_closed(self) -> bool:
        """Whether nothing is missed."""
        return self.bound - self.objective <= CLOSED * abs(self.objective)

    @property
    def _cutoff(self) -> float:
        return self.objective - 0.1 * CLOSED * abs(self.objective)

    def _left(self, share: float = 1.0) -> float:
        return share * self._seconds - (time.perf_counter() - self._begin)

    def narrow(self, box: Box) -> Box | None:
        """Shrink the box until that is slow; None if nothing better is in it, or the time is up."""
        gap = np.inf
        while True:
            relaxation = Relaxation(self._mixture, box, self._cutoff)
            program = relaxation.program()
            point = self._solved(program, relaxation.gain)
            if point is None:
                return None
            value = float(relaxation.gain @ point)
            self.bound = min(self.bound, value)
            self._offer(relaxation.menu(point[relaxation.x]))
            if self.is_closed:
                return None
            box, settled = _by_reduced_costs(relaxation, program.reduced, point, value - self._cutoff)
            if settled:
                continue
            if self.bound - self.objective > WORTHWHILE * gap or self._left(NARROWING) <= 0:
                return box
            gap = self.bound - self.objective
            box = self._by_optima(relaxation, program, point, box)

    def _solved(self, program: Program, gain: Array) -> Array | None:
        """(column,) the optimum; None without one, where the bound is the objective if there is nothing better."""
        program.limit(max(0.0, self._left()))
        try:
            return program.optimum(gain)
        except InfeasibleError:
            self.bound = self.objective
            return None

    def _by_optima(self, relaxation: Relaxation, program: Program, point: Array, box: Box) -> Box:
        """Narrow the chance of buying nothing of each logit to what the relaxation allows, the loosest logits first."""
        low, high, y = box.low.copy(), box.high.copy(), relaxation.y
        least, most = point[y], point[y]
        program.from_here()
        for logit in _loosest(relaxation, point):
            for sign, end, seen in ((1.0, high, most), (-1.0, low, least)):
                if abs(end[logit] - seen[logit]) <= NEAR * (high[logit] - low[logit]):
                    continue  # a point of the relaxation lies at that end already
                found = self._farthest(program, sign, y[logit], len(relaxation.gain))
                if found is None:
                    return replace(box, low=low, high=high)
                least, most = np.minimum(least, found[y]), np.maximum(most, found[y])
                end[logit] = sign * min(sign * end[logit], sign * found[y[logit]] + MARGIN)
        return replace(box, low=low, high=np.maximum(low, high))

    def _farthest(self, program: Program, sign: float, column: int, width: int) -> Array | None:
        """(column,) the point at which a column is largest, or smallest; None if the time for narrowing is up."""
        direction = np.zeros(width)
        direction[column] = sign
        program.limit(max(0.0, self._left(NARROWING)))
        try:
            return program.optimum(direction)
        except InfeasibleError:
            return None

    def branch(self, box: Box) -> None:
        """Decide by integer programs; where utility counts, with tangents added at their menus."""
        totals = np.empty((0, len(box.low)))
        while self._left() > 0:
            relaxation = Relaxation(self._mixture, box, self._cutoff, totals)
            program = relaxation.program(whole=True)
            program.limit(self._left())
            program.accept(0.5 * CLOSED * abs(self.objective))
            if relaxation.holds(self.best):
                program.start(relaxation.point(self.best))
            try:
                point = program.maximise(relaxation.gain)
            except InfeasibleError:
                self.bound = self.objective
                return
            except SolverError:
                return
            self.bound = min(self.bound, max(self.objective, program.bound))
            if not (program.has_solution and self._mixture.utility_weight):
                if program.has_solution:
                    self._offer(relaxation.menu(point[relaxation.x]))
                return
            found = relaxation.menu(point[relaxation.x])
            self._offer(found)
            if self.is_closed or not program.is_optimal:
                return
            totals = np.vstack([totals, 1.0 + self._mixture.weights @ found])

    def _offer(self, menu: Mask) -> None:
        """Remember the menu if it is feasible and better, after a local search from it."""
        groups = self._mixture.groups
        menu = arranged(menu, groups)
        if not self._mixture.rows.met(menu[None])[0]:
            return
        menu = arranged(self._polish(menu), groups)
        value = float(self._mixture.value(menu[None])[0])
        if value > self.objective:
            self.best, self.objective = menu, value


def _by_reduced_costs(relaxation: Relaxation, reduced: Array, point: Array, gap: float) -> tuple[Box, bool]:
    """Settle what would cost more than the gap if it were otherwise, and say whether that was much."""
    box, x = relaxation.box, relaxation.x
    allowed = 1.01 * gap + 1e-9 * abs(float(relaxation.gain @ point))
    costly = np.abs(reduced[x]) > allowed
    offered, still = box.offered.copy(), box.open.copy()
    offered[relaxation.kept[costly & (reduced[x] > 0)]] = True
    still[relaxation.kept[costly]] = False
    low, high, at = box.low.copy(), box.high.copy(), reduced[relaxation.y]
    with np.errstate(divide="ignore"):
        reach = allowed / np.abs(at)
    high = np.where(at < 0, np.minimum(high, low + reach), high)
    low = np.where(at > 0, np.maximum(low, box.high - reach), low)
    settled = int(box.open.sum()) - int(still.sum())
    return Box(offered, still, low, high), bool(settled > 0.1 * box.open.sum())


def _loosest(relaxation: Relaxation, point: Array) -> Indices:
    """Logits by how much money the envelopes miss at a point, the most first."""
    mixture = relaxation.mixture
    product = relaxation.kept[relaxation.product]
    size = np.abs(mixture.revenue[product]) + mixture.utility_weight
    missed = np.abs(
        point[relaxation.w] - point[relaxation.x][relaxation.product] * point[relaxation.y][relaxation.logit]
    )
    each = mixture.parts[relaxation.logit] * mixture.weights[relaxation.logit, product] * size * missed
    return np.argsort(-np.bincount(relaxation.logit, each, len(relaxation.y)), kind="stable")
