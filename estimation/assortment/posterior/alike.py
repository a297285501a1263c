"""Products that everybody values alike: of these the dearest come first."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.assortment.constraints.base import Rows


def alike(weights: Array, revenue: Array, price: Array, rows: Rows) -> tuple[Indices, ...]:
    """Group products with the same weight (logit, product) in every logit, and in every row, by falling revenue.

    Nothing is lost if one of a group is offered only beside all that earn more: to swap the two changes neither the
    choices nor the rows.
    """
    columns = np.vstack([weights, rows.matrix.toarray(), price[None]])
    group = np.unique(columns, axis=1, return_inverse=True)[1].ravel()
    order = np.lexsort((-revenue, group))
    starts = np.flatnonzero(np.diff(group[order])) + 1
    return tuple(members for members in np.split(order, starts) if len(members) > 1)


def arranged(chosen: Mask, groups: tuple[Indices, ...]) -> Mask:
    """(product,) as many of each group, the first ones."""
    found = chosen.copy()
    for members in groups:
        found[members] = np.arange(len(members)) < np.count_nonzero(chosen[members])
    return found
