"""An upper bound that lets each part of the draws have its own menu, at a price for differing from the others."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.highs import Program
from estimation.assortment.posterior.branch import whole_box
from estimation.assortment.posterior.relaxation import Mixture, Relaxation

PAIRS = 600
"""Logits times products in one linear program."""
PATIENCE = 10
"""Steps after which prices that have not narrowed the gap by a hundredth are given up."""
KEPT = 200
"""Linear programs that are kept from step to step; with more, each is written anew."""


def lagrangian_bound(mixture: Mixture, oracle: Oracle, chosen: Mask, steps: int, seconds: float) -> float:
    """Bound the objective by sum_b q_b max_x [objective_b(x) + price_b'x], where the mean of prices is zero.

    Here b runs over blocks of logits, q_b their part in the mixture. Prices start at the gradient of the objective at
    a good menu `chosen`, by which each block is charged for what it alone likes, and move by Polyak's (1969) steps. The
    menus of a block are relaxed to a linear program, so that the effort is linear in the number of logits. The bound is
    that of perfect information or better, whenever the steps or the seconds are over.
    """
    begin = time.perf_counter()
    blocks = _Blocks(mixture, oracle)
    target = float(mixture.value(chosen[None])[0])
    price, best = blocks.gradient(chosen), float(mixture.parts @ mixture.ceiling)
    last, since = best, 0
    for _ in range(steps):
        solved = blocks.solve(price, seconds - (time.perf_counter() - begin))
        if solved is None:
            break
        bound = float(blocks.parts @ solved.values)
        best = min(best, bound)
        last, since = (best, 0) if last - best > 0.01 * (last - target) else (last, since + 1)
        apart = solved.menus - blocks.parts @ solved.menus
        length = float(blocks.parts @ (apart**2).sum(axis=1))
        if length <= 1e-12 or bound <= target or since >= PATIENCE:
            break
        price = price - (bound - target) / length * apart
    return max(best, target)


@dataclass(frozen=True, eq=False)
class Solved:
    """What the blocks would choose at their prices."""

    menus: Array  # (block, product) shares
    values: Array  # (block,) money


class _Blocks:
    """Logits in groups, each with its linear program."""

    def __init__(self, mixture: Mixture, oracle: Oracle) -> None:
        count, width = mixture.weights.shape
        self._mixture, self._box = mixture, whole_box(mixture, oracle)
        self._members = np.array_split(np.arange(count), max(1, -(-count * width // PAIRS)))
        self._members = [members for members in self._members if len(members)]
        self.parts = np.array([mixture.parts[members].sum() for members in self._members])
        self._programs: dict[int, tuple[Relaxation, Program]] = {}

    def gradient(self, chosen: Mask) -> Array:
        """(block, product) mean worth of a product beside the chosen menu, less its worth in the block."""
        eye = np.eye(len(chosen), dtype=np.bool_)
        parts = [self._part(members) for members in self._members]
        worth = np.array([part.value(chosen | eye) - part.value(chosen & ~eye) for part in parts])
        return np.asarray(self.parts @ worth - worth)

    def solve(self, price: Array, seconds: float) -> Solved | None:
        """Let each block choose at its prices (block, product); None if the time is up before all have."""
        end = time.perf_counter() + seconds
        menus, values = np.zeros(price.shape), np.zeros(len(price))
        for place, charge in enumerate(price):
            relaxation, program = self._program(place)
            gain = relaxation.gain.copy()
            gain[relaxation.x] += charge[relaxation.kept]
            program.limit(max(0.0, end - time.perf_counter()))
            point = program.optimum(gain)
            if point is None:
                return None
            menus[place, relaxation.kept], values[place] = point[relaxation.x], gain @ point
        return Solved(menus, values)

    def _program(self, place: int) -> tuple[Relaxation, Program]:
        if place in self._programs:
            return self._programs[place]
        members = self._members[place]
        box = replace(self._box, low=self._box.low[members], high=self._box.high[members])
        relaxation = Relaxation(self._part(members), box, -np.inf)
        found = relaxation, relaxation.program()
        if len(self._members) <= KEPT:
            self._programs[place] = found
        return found

    def _part(self, members: Indices) -> Mixture:
        mixture = self._mixture
        parts = mixture.parts[members]
        return replace(
            mixture, weights=mixture.weights[members], parts=parts / parts.sum(), ceiling=mixture.ceiling[members]
        )
