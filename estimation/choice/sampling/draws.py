"""Draws of what people value, with their names; truths of simulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, Indices, Spec

KNOWN, NEW = PEOPLE = ("known", "new")


@dataclass(frozen=True, eq=False)
class Tastes:
    """Draws of weights.

    Parameters
    ----------
    weights : (sample, person, coefficient)
        As they enter the utility; one entry for all people where everybody has the same.
    further
        Variable (``dissimilarity``, …) → draws of the parameters beside the weights, (sample, label).
    people
        Whose they are, in words.
    """

    weights: Array
    further: Mapping[str, Array]
    people: str


class Fitted(NamedTuple):
    """The posterior as a fit holds it: ``posterior``, ``log_likelihood`` and further groups; and how it went."""

    groups: dict[str, xr.Dataset]
    facts: Spec


class Truth(NamedTuple):
    """Parameters that were drawn from the prior.

    Attributes
    ----------
    weights
        Of everybody, by coefficient; or one row per person.
    further
        Variable → label → the value of a parameter beside the weights.
    quantities
        What is to be found again: the values of `ChoiceProblem.quantities`.
    """

    weights: Mapping[str, float] | pd.DataFrame
    further: Mapping[str, Mapping[str, float]]
    quantities: dict[str, float]


def by_label(name: str, values: xr.DataArray) -> pd.DataFrame:
    """Return a variable as one column per cell, ``name[labels of the cell]``; of two coefficients, each pair once."""
    dims = [dim for dim in values.dims if dim not in ("chain", "draw")]
    cells = list(product(*(map(str, values[dim].to_numpy()) for dim in dims)))
    numbers = values.transpose("chain", "draw", *dims).to_numpy().reshape(-1, len(cells))
    if {"coefficient", "other"} <= set(dims):  # the covariance of a and b is that of b and a
        place = np.indices([values.sizes[dim] for dim in dims]).reshape(len(dims), -1)
        once = np.flatnonzero(place[dims.index("coefficient")] <= place[dims.index("other")])
        cells, numbers = [cells[at] for at in once], numbers[:, once]
    columns = [f"{name}[{', '.join(cell)}]" if cell else name for cell in cells]
    index = pd.MultiIndex.from_product([range(values.sizes[dim]) for dim in ("chain", "draw")])
    return pd.DataFrame(numbers, index.set_names(["chain", "draw"]), columns)


def flat(draws: xr.DataArray, count: int | None = None) -> Array:
    """Return draws, or so many of them evenly spread, chains one after another, (sample, …)."""
    stacked = draws.stack(sample=("chain", "draw")).transpose("sample", ...).to_numpy()
    return np.asarray(stacked if count is None else stacked[spread(len(stacked), count)])


def spread(there: int, wanted: int) -> Indices:
    """Return which of so many are taken if fewer are wanted, evenly spread."""
    return np.unique(np.linspace(0, there - 1, min(there, wanted)).round().astype(np.int64))
