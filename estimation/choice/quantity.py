"""A quantity that follows from a fit: its draws, its quantiles, and what one must know to read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

LEVELS = {"low": 0.05, "median": 0.5, "high": 0.95}


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
    """

    name: str
    label: str
    draws: xr.DataArray
    unit: str
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def table(self) -> pd.DataFrame:
        """The median and the central 90 % interval over draws: one row per entry."""
        dims = [str(dim) for dim in self.draws.dims if dim != "sample"]
        values = self.draws.transpose("sample", ...).to_numpy()
        quantiles = np.quantile(values, list(LEVELS.values()), axis=0).reshape(len(LEVELS), -1)
        frame = pd.DataFrame(quantiles.T, columns=list(LEVELS))
        if not dims:
            frame.index = pd.Index([self.name], name="quantity")
        else:
            levels = [[str(label) for label in self.draws[dim].to_numpy()] for dim in dims]
            frame.index = (
                pd.MultiIndex.from_product(levels, names=dims) if len(dims) > 1 else pd.Index(levels[0], name=dims[0])
            )
        return frame

    @property
    def matrix(self) -> pd.DataFrame:
        """The medians of a quantity with two dimensions: the first in rows, the second in columns."""
        rows, columns = [str(dim) for dim in self.draws.dims if dim != "sample"]
        labels = {dim: pd.Index(self.draws[dim].to_numpy().astype(str), name=dim) for dim in (rows, columns)}
        return pd.DataFrame(
            self.table["median"].to_numpy().reshape(len(labels[rows]), -1), labels[rows], labels[columns]
        )

    def __repr__(self) -> str:
        return "\n".join([f"{self.name} ({self.unit}), {self.label}", self.table.round(4).to_string(), *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{note}</p>" for note in self.notes)
        return f"<p>{self.name} ({self.unit}), {self.label}</p>{self.table.round(4).to_html()}{notes}"


def as_draws(values: Any, **coords: list[str]) -> xr.DataArray:
    """Return an array (sample, …) with names: one keyword per further dimension, in order."""
    return xr.DataArray(
        values, dims=("sample", *coords), coords={name: list(labels) for name, labels in coords.items()}
    )
