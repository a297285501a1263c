"""Log likelihoods for many draws at once: of everything, of people, of single choices. What comparisons are made of."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.logit import BLOCK, spans
from estimation.choice.target import Pooled

DRAWS = 256
"""Draws that are handled at once, so that a block holds some situations too."""
LARGE = 20_000_000
"""Rows times draws from which on several processors share the work."""


def of_groups(likelihood: Pooled, parameters: Array, group: Indices) -> Array:
    """Return weighted log likelihoods summed by group of situations, (group, draw), nats.

    Parameters
    ----------
    parameters : (parameter, draw)
    group : (situation,)
        Which group each situation belongs to, in increasing order: people, or zeros for a single sum.
    """
    count = parameters.shape[1]
    total = np.zeros((int(group[-1]) + 1, count))
    columns = [slice(start, start + DRAWS) for start in range(0, count, DRAWS)]
    parts = spans(likelihood.arrays.first_row, max(1, BLOCK // min(DRAWS, count)))

    def add(draws: slice) -> None:
        ours = np.ascontiguousarray(parameters[:, draws])
        for start, end in parts:
            part = likelihood.part(start, end)
            values = part.situations(ours) * part.arrays.weight[:, None]
            here = group[start:end]
            first = np.flatnonzero(np.diff(here, prepend=-1))
            total[here[first], draws] += np.add.reduceat(values, first, axis=0)

    workers = (os.cpu_count() or 1) if count * len(likelihood.arrays.x) > LARGE else 1
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(add, columns))
    return total
