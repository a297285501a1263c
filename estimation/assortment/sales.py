"""The reference route: the sales-based parametric linear program of the literature, solved by HiGHS.

With w_0 the probability of no purchase and v_i w_i the sales of product i, a menu that maximises revenue less
shift x w_0 solves

    max sum r_i v_i w_i - shift w_0   subject to   w_0 + sum v_i w_i = 1,   l w_0 <= A w <= u w_0,   0 <= w_i
    <= w_0.

It is the Charnes-Cooper (1962) form of a fractional program over a polytope; the map x -> (1, x) / (1 + v'x)
keeps vertices, so that with A totally unimodular every vertex has w_i equal to 0 or w_0 (Gallego, Ratliff and
Shebalov 2015; Davis, Gallego and Topaloglu 2013; Sumida et al. 2021). Slower by orders of magnitude than
asking an oracle: kept to check it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from estimation.arrays import Mask
from estimation.assortment.catalogue import Catalogue
from estimation.assortment.constraints.base import Rows, stack
from estimation.assortment.frontier import Frontier
from estimation.assortment.oracles.highs import Program
from estimation.assortment.path import make_path
from estimation.assortment.problem import Assortment
from estimation.assortment.vertex import ROUNDING, Vertex, vertex


@dataclass(frozen=True, eq=False)
class SalesPlan:
    """A solution of the sales-based linear program."""

    chosen: Mask  # (product,) w_i is above one half of w_0
    value: float  # revenue less shift times the probability of no purchase, money
    fraction: float  # largest distance of any w_i / w_0 from zero or one


class SalesProgram:
    """The sales-based linear program of a problem with totally unimodular constraints.

    With `interior_point` it is solved by interior point and crossover to a vertex, which is faster than simplex from
    thousands of products on.

    Examples
    --------
    >>> problem = Assortment(revenue=[10.0, 6.0, 3.0], weight=[0.5, 1.0, 2.0])
    >>> round(SalesProgram(problem).solve(shift=0.0).value, 6)
    4.4
    """

    def __init__(self, problem: Assortment, *, interior_point: bool = False) -> None:
        self._catalogue = problem.catalogue
        self._program = _program(problem.catalogue, stack(problem.catalogue, problem.constraints))
        if interior_point:
            self._program.use_interior_point()

    def solve(self, shift: float) -> SalesPlan:
        """Maximise revenue less `shift` (money) times the probability of no purchase.

        Raises
        ------
        InfeasibleError
            No menu meets the constraints.
        """
        gain = np.concatenate([[-shift], self._catalogue.proceeds])
        sales = self._program.maximise(gain)
        share = sales[1:] / sales[0]
        fraction = float(np.abs(share - np.round(share)).max(initial=0.0))
        return SalesPlan(share > 0.5, float(gain @ sales), fraction)


def sales_frontier(problem: Assortment) -> Frontier:
    """Find the frontier by sweeping the shift through the sales-based linear program.

    Between two menus, the shift at which both have the same value is tried next, until nothing better lies
    between.
    """
    program = SalesProgram(problem)
    path = make_path(problem.catalogue, _corners(problem.catalogue, program))
    return Frontier(path, constraints=problem.constraints)


def _corners(catalogue: Catalogue, program: SalesProgram) -> Iterator[Mask]:
    left, right = vertex(catalogue, program.solve(0.0).chosen, 0.0), _attraction_end(catalogue, program)
    yield left.chosen
    pairs = [(left, right)] if _is_ahead(right, left) else []
    while pairs:
        left, right = pairs.pop()
        shift = (left.revenue - right.revenue) / (_none(left) - _none(right))
        found = vertex(catalogue, program.solve(shift).chosen, shift)
        better = found.revenue - shift * _none(found) - (left.revenue - shift * _none(left))
        inside = _is_ahead(found, left) and _is_ahead(right, found)
        if inside and better > 1e-11 * (abs(left.revenue) + shift):
            pairs += [(found, right), (left, found)]
        else:
            yield right.chosen


def _attraction_end(catalogue: Catalogue, program: SalesProgram) -> Vertex:
    """Find the smallest probability of no purchase, by a shift that outweighs every revenue."""
    largest = float(np.abs(catalogue.revenue).max(initial=0.0))
    large = 1e4 * (1.0 + largest) * (1.0 + float(catalogue.weight.sum()))
    return vertex(catalogue, program.solve(large).chosen, large)


def _none(menu: Vertex) -> float:
    return 1.0 / (1.0 + menu.attraction)


def _is_ahead(one: Vertex, other: Vertex) -> bool:
    return bool(one.attraction - other.attraction > ROUNDING * (1.0 + one.attraction))


def _program(catalogue: Catalogue, rows: Rows) -> Program:
    width = len(catalogue)
    blocks = [sparse.csr_array(np.concatenate([[1.0], catalogue.weight])[None])]
    blocks.append(sparse.hstack([np.full((width, 1), -1.0), sparse.eye_array(width)], format="csr"))
    lower, upper = [np.ones(1), np.full(width, -np.inf)], [np.ones(1), np.zeros(width)]
    for bound, sign in ((rows.upper, 1.0), (rows.lower, -1.0)):
        kept = np.flatnonzero(np.isfinite(bound))
        blocks.append(sparse.hstack([-sign * bound[kept][:, None], sign * rows.matrix[kept]], format="csr"))
        lower.append(np.full(len(kept), -np.inf))
        upper.append(np.zeros(len(kept)))
    matrix = sparse.csr_array(sparse.vstack(blocks))
    bounds = np.concatenate(lower), np.concatenate(upper)
    limits = np.zeros(width + 1), np.full(width + 1, np.inf)
    return Program(matrix, bounds, limits, np.zeros(width + 1, dtype=np.bool_))
