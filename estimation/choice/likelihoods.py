"""Likelihoods of people and of single choices for every draw of a fit: what comparisons are made of."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.choice.arrays import Array
from estimation.choice.target import Pooled

MOST = 50_000_000
"""Numbers that a fit may keep per person and draw; larger tables keep none, and cannot be compared by person."""


def people_of(likelihood: Pooled, draws: Array) -> xr.Dataset:
    """Return ``people`` (chain, draw, subject), nats, or an empty dataset if that were too many numbers.

    Parameters
    ----------
    draws : (chain, draw, parameter)
    """
    arrays = likelihood.arrays
    chains, count, size = draws.shape
    if chains * count * arrays.people > MOST:
        return xr.Dataset()
    stacked = draws.reshape(-1, size)
    values = np.empty((len(stacked), arrays.people))
    block = max(1, 4_000_000 // len(arrays.x))
    for start in range(0, len(stacked), block):
        choices = arrays.weight[:, None] * likelihood.situations(stacked[start : start + block].T)
        values[start : start + block] = np.add.reduceat(choices, arrays.first_situation[:-1], axis=0).T
    people = values.reshape(chains, count, arrays.people)
    return xr.Dataset({"people": (("chain", "draw", "subject"), people)}, coords={"subject": list(arrays.subjects)})
