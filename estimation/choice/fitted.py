"""A fitted model of choice: draws, likelihoods and the manifest that says where they come from, in one netCDF file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from estimation.choice import models  # noqa: F401 - so that they are known by their names
from estimation.choice.model import ChoiceModel
from estimation.choice.problem import ChoiceProblem
from estimation.choice.refit import without
from estimation.data.choices.table import ChoiceTable
from estimation.data.stored import from_dataset, to_dataset
from estimation.errors import FitError
from estimation.fits.refitted import Refitted
from estimation.fits.storage import save


@dataclass(frozen=True, eq=False, repr=False)
class ChoiceFit:
    """A model of choice fitted to a table of choices.

    Attributes
    ----------
    model, table
        What was fitted to what.
    tree
        Groups

        * ``posterior``: what is said about everybody. Pooled and nested logit: ``coefficients`` (chain, draw,
          coefficient), and ``dissimilarity`` (chain, draw, nest). Random coefficients: ``mean`` and ``sd`` (chain,
          draw, coefficient), ``covariance`` (chain, draw, coefficient, other), each before the log-normal's
          exponential and zero where everybody has the same, and ``shift`` (chain, draw, covariate, coefficient).
          Latent classes: ``coefficients`` (chain, draw, class, coefficient) and ``share`` (chain, draw, class).
        * ``people``: ``coefficients`` (sample, subject, coefficient), draws of each person's own weights as they enter
          the utility (after the exponential); absent where everybody has the same.
        * ``log_likelihood``: ``people`` (chain, draw, subject), nats, the person's own weights integrated out.
        * ``sample_stats``, and ``integration`` (per subject: ``k``, ``effective``, ``error``) where integrals are.
    manifest
        Model, data, settings, versions and run time, as plain data.
    """

    model: ChoiceModel
    table: ChoiceTable
    tree: xr.DataTree
    manifest: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""
        return self.table.fingerprint

    @cached_property
    def problem(self) -> ChoiceProblem:
        """The model on the table."""
        return self.model.on(self.table)

    @property
    def label(self) -> str:
        """Model and data, with SYNTHETIC where a simulation made the data."""
        return self.problem.label

    @property
    def coefficients(self) -> list[str]:
        """The names of the coefficients, in the order of the dimension ``coefficient``."""
        return [str(name) for name in self.tree["posterior"].dataset["coefficient"].to_numpy()]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per quantity of the posterior: mean, sd, median and central 90 % interval."""
        return self.problem.summary(self.tree["posterior"].dataset)

    def without(self, subjects: Sequence[str]) -> Refitted:
        """Return log p(person | everybody but these people) of each of these people, by a refit without them, nats."""
        return without(self.problem, subjects)

    def save(self, path: str | Path) -> Path:
        """Write the fit to one netCDF file; the file appears only when it is complete.

        Raises
        ------
        FitError
            If the folder does not exist.
        """
        tree = self.tree.copy()
        tree["choices"] = xr.DataTree(to_dataset(self.table))
        return save(tree, self.manifest, path)

    def product_weights(self, products: pd.DataFrame, **options: Any) -> NDArray[np.float64]:
        """Return exp(utility) of products relative to the outside option, (draw, person, product).

        Parameters
        ----------
        products
            One row per product, with the columns that the model reads; the index holds the labels.
        options
            As for `ChoiceProblem.product_weights`: whose weights, how many draws and people.

        Raises
        ------
        ChoiceError
            Listing why the model cannot say what the products are worth.
        """
        return self.problem.product_weights(self.tree, products, **options)

    def __repr__(self) -> str:
        return f"{self.label}\n{self.summary.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self.label}</p>{self.summary.round(3).to_html()}"


def read_choice_fit(path: str | Path) -> ChoiceFit:
    """Read a fit that `ChoiceFit.save` wrote.

    Raises
    ------
    FitError
        If the file is not such a fit, or holds other choices than its manifest says.
    """
    try:
        with xr.open_datatree(path, engine="h5netcdf") as opened:
            tree = opened.load()
        manifest = json.loads(tree.attrs.pop("manifest"))
        data = manifest["data"]
        table = from_dataset(tree["choices"].dataset, data)
    except (OSError, KeyError, ValueError) as problem:
        raise FitError("The fit cannot be read:", [f"{path} is not a fit of choices: {problem}"]) from problem
    if table.fingerprint != data["fingerprint"]:
        raise FitError("The fit cannot be read:", [f"{path} holds other choices than its manifest says"])
    groups = {name: node.dataset for name, node in tree.children.items() if name != "choices"}
    kept = xr.DataTree.from_dict({"/": xr.Dataset(), **groups})
    return ChoiceFit(ChoiceModel.from_spec(manifest["model"]), table, kept, manifest)
