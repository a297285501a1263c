"""A quantity that follows from a fit: its draws, its quantiles, and what one must know to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.sampling.draws import Tastes
from estimation.text.digits import MIDDLE
from estimation.text.page import as_html, rounded, table_text


@dataclass(frozen=True, eq=False, repr=False)
class Quantity:
    """A quantity draw by draw.

    Attributes
    ----------
    name, label
        What it is and of whom, and which fit it follows from (SYNTHETIC where a simulation made the data).
    draws
        DataArray (sample, …): one value per posterior draw, never averaged before it was computed.
    unit
        In what it is measured.
    notes
        What one must know to read it.
    called
        What tables and figures call those coefficients whose names are the notation of formulas.
    """

    name: str
    label: str
    draws: xr.DataArray
    unit: str
    notes: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The median and the central 90 % interval over draws: one row per entry."""
        dims = [dim for dim in self.draws.dims if dim != "sample"]
        levels = {str(dim): [str(label) for label in self.draws[dim].to_numpy()] for dim in dims}
        levels = levels or {"quantity": [self.name]}
        index = pd.MultiIndex.from_product(list(levels.values()), names=list(levels))
        values = self.draws.transpose("sample", ...).to_numpy()
        quantiles = np.quantile(values, MIDDLE, axis=0).reshape(len(MIDDLE), -1)
        rows = index if len(levels) > 1 else index.get_level_values(0)
        return pd.DataFrame(quantiles.T, rows, ["low", "median", "high"])

    @property
    def matrix(self) -> pd.DataFrame:
        """The medians of a quantity with two dimensions: the first in rows, the second in columns."""
        median = self.table["median"]
        rows, columns = (median.index.unique(level) for level in (0, 1))
        return pd.DataFrame(median.to_numpy().reshape(len(rows), -1), rows, columns)

    def __repr__(self) -> str:
        return "\n".join([self._head, table_text(self.table, 4), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self._head, rounded(self.table, 4), self.notes)

    @property
    def _head(self) -> str:
        return f"{self.name} ({self.unit}), {self.label}"


def quantity_of(
    fit: ChoiceFit,
    tastes: Tastes,
    name: str,
    values: Array,
    unit: str,
    notes: tuple[str, ...] = (),
    **coords: Sequence[str],
) -> Quantity:
    """Return a quantity of a fit from draws (sample, …): one keyword of `coords` per further dimension, in order."""
    draws = xr.DataArray(values, dims=("sample", *coords), coords={dim: list(at) for dim, at in coords.items()})
    return Quantity(name, f"{fit.label}: {tastes.people}", draws, unit, notes, fit.model.words(fit.table))
