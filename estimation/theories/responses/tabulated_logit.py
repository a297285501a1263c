"""The logit of what was chosen, of payoffs that are read from a table: reading and exponentials in one pass.

Payoffs of a node and a situation live only in the processor's nearest memory, from the table's rows to their sum of
exponentials; nothing of the size (node, situation, option) is written. Situations go round outside and nodes inside:
the rows of a situation that a person's nodes need lie near each other and are read again and again.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.theories.responses.table_rows import TableRows
from estimation.theories.responses.weighted_rows import logits_of_rows


def logit_of_rows(
    gain: TableRows, cost: Numbers, lie: Array, precision: Array, rows: Numbers, chosen: Numbers
) -> Array:
    """Return log P of the options `chosen` in the situations `rows`, (node, decision); see `logit.logit_of_chosen`.

    Raises
    ------
    IndexError
        If there are fewer situations or options.
    """
    rows, chosen = (np.asarray(index, "int64") for index in (rows, chosen))
    situations, options = gain.shape[-2:]
    if len(rows) and not (0 <= rows.min() <= rows.max() < situations and 0 <= chosen.min() <= chosen.max() < options):
        raise IndexError("the payoffs of a theory do not hold every situation and option")
    nodes = np.broadcast_shapes((len(gain.first),), precision.shape[:1], cost.shape[-3:-2])[0]
    price = np.zeros((1, 1)) if cost.ndim < 2 else cost[..., 0].reshape(-1, cost.shape[-2])
    price = price + (cost if cost.ndim < 2 else 0.0)
    order = np.argsort(rows, kind="stable")
    ends = np.searchsorted(rows[order], np.arange(situations + 1))
    value, total = logits_of_rows(
        *(gain.table, gain.first, gain.owner, gain.rows, gain.offset, gain.weight),
        *(_rows_of(price), _rows_of(np.broadcast_to(lie, (situations, lie.shape[-1])))),
        *(_rows_of(precision[..., 0]), nodes, order, ends, chosen[order]),
    )
    return np.asarray(value - np.log(total))


def _rows_of(array: Array) -> Array:
    """Return an array in one piece of memory that may be written to (compiled code asks for it)."""
    return np.require(array, float, ["C", "W"])
