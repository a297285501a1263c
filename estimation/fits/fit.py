"""One kind of fit, whatever was fitted: a model applied to a table, its draws in one tree, and where they come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import xarray as xr

from estimation.arrays import Array, Spec
from estimation.data.stored import AnyTable, to_dataset
from estimation.errors import EstimationError, FitError
from estimation.fits.storage import save
from estimation.text.fragments import InLatex
from estimation.text.page import as_html, rounded, table_text

MESSAGES, PLAYS, CHOICES = "messages", "plays", "choices"
"""What models are about: people who talk, who play without talk, who choose among alternatives."""
QUANTILES = {"median": 0.5, "low": 0.05, "high": 0.95}


class Problem(ABC):
    """A model applied to a table. Each family of models says here what its draws mean.

    Attributes
    ----------
    family
        What models are about: ``"messages"``, ``"plays"`` or ``"choices"``.
    settings
        The names of the settings (`fits.job.Settings`) that its engine knows.
    model, table
        What is fitted to what.
    """

    family: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ("seed", "draws", "chains")
    model: Any
    table: AnyTable

    @property
    def title(self) -> str:
        """What the model is called."""
        return str(self.model.name)

    @property
    def label(self) -> str:
        """Model and data, with SYNTHETIC where a simulation made the data."""
        return f"{self.title} on {self.table.label}"

    @property
    @abstractmethod
    def about(self) -> Spec:
        """What the manifest has to say besides model, data and settings, so that a fit can be read back."""

    @abstractmethod
    def draws(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return draws of what `summary` lists, natural scale: rows (chain, draw), one column per quantity."""

    def summary(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return one row per quantity: median, and low and high ends of the central 90 % interval, natural scale."""
        return quantiles_of(self.draws(posterior))

    def watched(self, posterior: xr.Dataset) -> xr.Dataset:
        """Return the draws on which chains must agree: not those that depend on names that chains exchange."""
        return posterior

    def people(self, tree: xr.DataTree) -> pd.DataFrame:  # noqa: ARG002 - who knows people reads it
        """Return one row per person, their parameters on the natural scale.

        Raises
        ------
        FitError
            If everybody has the same.
        """
        raise FitError("There is nothing to say about single people:", [f"in {self.label} everybody is alike"])

    def mode(self, seed: int) -> Any:  # noqa: ARG002 - who has a mode looks for it
        """Return the maximum of the likelihood.

        Raises
        ------
        EstimationError
            If there is no quick way to it.
        """
        advice = f"{self.title} is estimated by estimation.fit, whose draws describe its posterior"
        raise FitError("There is no quick mode:", [advice])

    def product_weights(self, tree: xr.DataTree, products: pd.DataFrame, **options: Any) -> Array:  # noqa: ARG002 - as above
        """Return exp(utility) of products relative to the outside option, (draw, person, product).

        Raises
        ------
        FitError
            If the model says nothing about products.
        """
        raise FitError("Products have no weights:", [f"{self.model.name} says nothing about products"])


@dataclass(frozen=True, eq=False, repr=False)
class Fit[P: Problem](InLatex):
    """A model fitted to a table.

    Attributes
    ----------
    problem
        The model applied to the table.
    tree
        Groups ``posterior`` (chain, draw, ...), ``sample_stats``, ``log_likelihood`` (people (chain, draw, subject):
        nats, the person's own parameters integrated out), and where there are any ``people`` (sample, subject, ...),
        ``integration`` (per subject: k, effective, error of the integral over their parameters), ``proposals`` (k, and
        effective if draws were weighted) and ``nodes``. The variables of ``posterior`` and ``people`` are described
        where the model's draws are named: `inference.problem.MessageProblem`, `choice.problem.ChoiceProblem`,
        `inference.pooled.few_numbers.FewNumbers`.
    manifest
        Model, data, settings, versions and run time, as plain data.
    """

    problem: P
    tree: xr.DataTree
    manifest: Spec

    @property
    def family(self) -> str:
        """What the model is about: ``"messages"``, ``"plays"`` or ``"choices"``."""
        return self.problem.family

    @property
    def model(self) -> Any:
        """What was fitted."""
        return self.problem.model

    theory = model

    @property
    def table(self) -> Any:
        """What it was fitted to."""
        return self.problem.table

    @property
    def label(self) -> str:
        """Model and data, with SYNTHETIC where a simulation made the data."""
        return self.problem.label

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""
        return str(self.table.fingerprint)

    @property
    def posterior(self) -> xr.Dataset:
        """The draws as the sampler has them."""
        return self.tree["posterior"].dataset

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Draws of every quantity of `summary` on its natural scale: rows (chain, draw), one column per quantity."""
        return self.problem.draws(self.posterior)

    @property
    def natural(self) -> xr.DataTree:
        """The tree with the draws of every quantity of `summary`, natural scale, as its posterior: what ArviZ takes.

        ``az.summary(fit.natural)``, ``az.plot_trace_dist(fit.natural)``, ``az.plot_rank(fit.natural)``.
        """
        chains = {name: self.posterior[name] for name in ("chain", "draw")}
        shape = tuple(len(at) for at in chains.values())
        drawn = {
            str(name): (("chain", "draw"), column.to_numpy().reshape(shape)) for name, column in self.draws.items()
        }
        groups = {"posterior": xr.Dataset(drawn, chains)}
        kept = ("sample_stats", "log_likelihood")
        return xr.DataTree.from_dict(groups | {name: self.tree[name].dataset for name in kept if name in self.tree})

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per quantity: ``median``, ``low`` and ``high`` (central 90 % interval), natural scale, and more."""
        return self.problem.summary(self.posterior)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per person: the posterior mean of each of their parameters, natural scale; NaN if nothing tells it.

        Raises
        ------
        FitError
            If everybody has the same.
        """
        return self.problem.people(self.tree)

    def product_weights(self, products: pd.DataFrame, **options: Any) -> Array:
        """Return exp(utility) of products relative to the outside option, (draw, person, product).

        Parameters
        ----------
        products
            One row per product, with the columns that the model reads; the index holds the labels.
        options
            As for `estimation.choice.problem.ChoiceProblem.product_weights`: whose weights, how many draws and people.

        Raises
        ------
        FitError, ChoiceError
            Listing why the model cannot say what the products are worth.
        """
        return self.problem.product_weights(self.tree, products, **options)

    def save(self, path: str | Path) -> Path:
        """Write the fit to one netCDF file; the file appears only when it is complete.

        Raises
        ------
        FitError
            If the folder does not exist.
        """
        tree = self.tree.copy()
        tree["table"] = xr.DataTree(to_dataset(self.table))
        return save(tree, self.manifest, path)

    def __repr__(self) -> str:
        return f"{self.label}\n{table_text(self.summary, 3)}"

    def _repr_html_(self) -> str:
        return as_html(self.label, rounded(self.summary, 3))


AnyFit = Fit[Any]
"""A fit of whatever family."""


def check_fit(fit: object, heading: str, error: type[EstimationError] = FitError) -> None:
    """Raise an error that begins with `heading` unless something is a fit."""
    if not isinstance(fit, Fit):
        advice = "give a fit, as est.fit makes it and est.load_fit reads it"
        raise error(heading, [f"{advice}, not a {type(fit).__name__}"])


def quantiles_of(draws: pd.DataFrame) -> pd.DataFrame:
    """Return median, low and high of each column of draws; rows are called ``quantity``."""
    found = draws.quantile(list(QUANTILES.values())).T
    return found.set_axis(list(QUANTILES), axis=1).rename_axis("quantity")
