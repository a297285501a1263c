"""Which demands contradict each other: a smallest set of rows that cannot be met together."""

from __future__ import annotations

import numpy as np

from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.base import InfeasibleError
from estimation.assortment.oracles.linear import LinearOracle


def conflict(rows: Rows, width: int) -> list[str]:
    """Names of rows that contradict each other, none of which can be left out (Junker 2004, QuickXplain)."""
    return [rows.names[row] for row in _explain(rows, width, [], list(range(len(rows))), fresh=False)]


def _explain(rows: Rows, width: int, held: list[int], suspects: list[int], *, fresh: bool) -> list[int]:
    if fresh and not feasible(rows.take(held), width):
        return []
    if len(suspects) == 1:
        return suspects
    half = len(suspects) // 2
    first, second = suspects[:half], suspects[half:]
    from_second = _explain(rows, width, held + first, second, fresh=bool(first))
    from_first = _explain(rows, width, held + from_second, first, fresh=bool(from_second))
    return from_first + from_second


def feasible(rows: Rows, width: int) -> bool:
    """Tell whether some menu meets all of these rows."""
    try:
        LinearOracle(rows.matrix(width), rows.lower, rows.upper, integral=False)
    except InfeasibleError:
        return False
    return bool(np.all(rows.lower <= rows.upper))
