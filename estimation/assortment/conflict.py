"""Which demands contradict each other: a smallest set of rows that cannot be met together."""

from __future__ import annotations

import numpy as np

from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.base import InfeasibleError
from estimation.assortment.oracles.linear import LinearOracle


def conflict(rows: Rows) -> list[str]:
    """Names of rows that contradict each other, none of which can be left out (Junker 2004, QuickXplain)."""
    return [rows.names[row] for row in _explain(rows, [], list(range(len(rows))), fresh=False)]


def _explain(rows: Rows, held: list[int], suspects: list[int], *, fresh: bool) -> list[int]:
    if fresh and not _is_feasible(rows.take(held)):
        return []
    if len(suspects) == 1:
        return suspects
    half = len(suspects) // 2
    first, second = suspects[:half], suspects[half:]
    from_second = _explain(rows, held + first, second, fresh=bool(first))
    from_first = _explain(rows, held + from_second, first, fresh=bool(from_second))
    return from_first + from_second


def _is_feasible(rows: Rows) -> bool:
    """Tell whether some menu meets all of these rows."""
    try:
        LinearOracle(rows.matrix, rows.lower, rows.upper, integral=False)
    except InfeasibleError:
        return False
    return bool(np.all(rows.lower <= rows.upper))
