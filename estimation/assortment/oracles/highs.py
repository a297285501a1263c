"""A linear or integer program kept inside HiGHS, so that only its objective changes from call to call."""

from __future__ import annotations

import highspy
import numpy as np
from scipy import sparse

from estimation.arrays import Array, Mask
from estimation.assortment.oracles.base import InfeasibleError
from estimation.errors import AssortmentError

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-10,
    "mip_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
}

PRIMAL = int(highspy.simplex_constants.SimplexStrategy.kSimplexStrategyPrimal)
STATUS = highspy.HighsModelStatus


SIZE = 2.0**13
"""Largest gain as HiGHS sees it: its tolerances are absolute, and its numbers have digits to spare."""


class SolverError(AssortmentError):
    """HiGHS ended without an answer and without a reason that the user could remove."""


class Program:
    """Maximise `gain @ x` over `lower <= A x <= upper`, `floor <= x <= ceiling`.

    A is (row, column), the bounds are lower and upper (row,), infinite where there is none, and the limits floor and
    ceiling (column,); `whole` (column,) says which x must be whole numbers.
    """

    def __init__(
        self, matrix: sparse.sparray, bounds: tuple[Array, Array], limits: tuple[Array, Array], whole: Mask
    ) -> None:
        self._columns, self._gap = np.arange(matrix.shape[1], dtype=np.int32), 0.0
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in OPTIONS.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(_model(matrix, bounds, limits))
        self._integer = bool(np.any(whole))
        if self._integer:
            kinds = np.where(whole, int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous))
            self._solver.changeColsIntegrality(len(self._columns), self._columns, kinds.astype(np.uint8))

    def maximise(self, gain: Array) -> Array:
        """(column,) a best vertex (linear program) or a best whole solution.

        Gains are scaled to one largest size, for HiGHS' tolerances are absolute.

        Raises
        ------
        InfeasibleError
            The rows cannot be met together.
        """
        self._scale = float(np.abs(gain).max(initial=0.0)) / SIZE or 1.0
        self._solver.changeColsCost(len(self._columns), self._columns, -gain / self._scale)
        self._solver.setOptionValue("mip_abs_gap", self._gap / self._scale)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in {STATUS.kInfeasible, STATUS.kUnboundedOrInfeasible}:
            raise InfeasibleError
        if status not in {STATUS.kOptimal, STATUS.kModelEmpty, STATUS.kTimeLimit}:
            stopped = f"HiGHS stopped with {self._solver.modelStatusToString(status)!r}"
            raise SolverError(stopped, ["give constraints, revenues and weights whose numbers differ less in size"])
        return np.array(self._solver.getSolution().col_value)

    def optimum(self, gain: Array) -> Array | None:
        """(column,) as `maximise`, or None where time or the digits of the machine did not suffice.

        Raises
        ------
        InfeasibleError
            The rows cannot be met together.
        """
        try:
            found = self.maximise(gain)
        except SolverError:
            return None
        return found if self.is_optimal else None

    @property
    def reduced(self) -> Array:
        """(column,) what a unit of each column adds beyond what the rows charge for it, in the last linear program."""
        return -self._scale * np.array(self._solver.getSolution().col_dual)

    @property
    def charges(self) -> Array:
        """(row,) what a unit of each row costs, in the last linear program."""
        return -self._scale * np.array(self._solver.getSolution().row_dual)

    @property
    def has_solution(self) -> bool:
        """Whether the last solve ended with a point that meets all rows."""
        return bool(self._solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)

    @property
    def bound(self) -> float:
        """Largest value that the last solve of an integer program could not rule out."""
        return -self._scale * float(self._solver.getInfo().mip_dual_bound)

    @property
    def is_optimal(self) -> bool:
        """Whether the last solve ended before its time was up."""
        return bool(self._solver.getModelStatus() in {STATUS.kOptimal, STATUS.kModelEmpty})

    def limit(self, seconds: float) -> None:
        """Stop after this much time from now on; no limit unless set."""
        self._solver.setOptionValue("time_limit", float(self._solver.getRunTime() + seconds))

    def start(self, point: Array) -> None:
        """Begin the next integer program from a point (column,) that meets all rows."""
        self._solver.setSolution(len(self._columns), self._columns, point)

    def from_here(self) -> None:
        """Solve by primal simplex from now on: it goes on from the last vertex when only gains change."""
        self._solver.setOptionValue("simplex_strategy", PRIMAL)

    def accept(self, gap: float) -> None:
        """Stop an integer program as soon as value and bound differ by this much; zero unless set."""
        self._gap = gap

    def use_interior_point(self) -> None:
        """Solve by interior point and crossover instead of simplex."""
        self._solver.setOptionValue("solver", "ipm")


def _model(matrix: sparse.sparray, bounds: tuple[Array, Array], limits: tuple[Array, Array]) -> highspy.HighsLp:
    by_row = sparse.csr_array(matrix)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = by_row.shape
    model.col_cost_ = np.zeros(by_row.shape[1])
    model.row_lower_, model.row_upper_ = bounds
    model.col_lower_, model.col_upper_ = limits
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = by_row.indptr.astype(np.int32)
    model.a_matrix_.index_ = by_row.indices.astype(np.int32)
    model.a_matrix_.value_ = by_row.data.astype(float)
    return model
