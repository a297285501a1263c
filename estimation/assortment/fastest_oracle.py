"""Which oracle answers for a set of constraints: the fastest exact one."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from estimation.assortment.catalogue import Catalogue, shorten
from estimation.assortment.conflict import conflict
from estimation.assortment.constraints.base import Constraint, Rows, stack
from estimation.assortment.oracles.base import InfeasibleError, Oracle, Unconstrained
from estimation.assortment.oracles.laminar import laminar_oracle
from estimation.assortment.oracles.linear import LinearOracle
from estimation.assortment.oracles.unimodular import Unimodularity, total_unimodularity
from estimation.errors import AssortmentError


class NotUnimodularWarning(UserWarning):
    """The constraints are not known to be totally unimodular: answers stay exact, but may take long."""


def oracle_for(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Oracle:
    """Give an exact oracle for the menus that meet all constraints.

    Raises
    ------
    AssortmentError
        No menu meets the constraints; a smallest contradicting set of demands is named.
    """
    try:
        return _special(catalogue, constraints) or _general(catalogue, constraints)
    except InfeasibleError:
        demands = conflict(stack(catalogue, constraints))
        raise AssortmentError("No menu meets these demands together; relax one of them:", demands) from None


def _special(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Oracle | None:
    if not constraints:
        return Unconstrained()
    kind = type(constraints[0])
    is_one_kind = all(type(constraint) is kind for constraint in constraints)
    return kind.joint_oracle(catalogue, constraints) if is_one_kind else None


def _general(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Oracle:
    rows = stack(catalogue, constraints)
    if np.all(rows.matrix.data == 1) and (oracle := laminar_oracle(rows.matrix, rows.lower, rows.upper)):
        return oracle
    integral = rows.integral
    if not integral:
        verdict = total_unimodularity(rows.matrix, rows.orders)
        integral = bool(verdict.answer)
        _warn_unless(verdict, rows)
    return LinearOracle(rows.matrix, rows.lower, rows.upper, integral=integral)


def _warn_unless(verdict: Unimodularity, rows: Rows) -> None:
    if verdict.answer:
        return
    known = "are not" if verdict.answer is False else "could not be shown to be"
    culprits = f" Rows involved: {shorten([rows.names[row] for row in verdict.rows])}." if verdict.rows else ""
    message = (
        f"The constraints {known} totally unimodular ({verdict.reason}). Menus stay exact, by branch and "
        f"bound instead of a linear program, which may take long.{culprits}"
    )
    warnings.warn(message, NotUnimodularWarning, stacklevel=2)
