"""A fit: draws, per-person likelihoods and the manifest that says where they come from, in one netCDF file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation import theories
from estimation.data.source import Source
from estimation.data.table import Table
from estimation.errors import FitError
from estimation.games import from_spec
from estimation.games.game import Array
from estimation.inference.problem import Problem
from estimation.population.normal import Population
from estimation.theories.parameter import Parameter
from estimation.theories.theory import Theory

FORMAT = 1


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """A theory fitted to a table.

    Attributes
    ----------
    theory, table
        What was fitted to what.
    tree
        Groups ``posterior`` (population: mean, sd (chain, draw, parameter) on the transformed scale, share (chain,
        draw, kind)), ``sample_stats``, ``log_likelihood`` (people (chain, draw, subject): nats, the person's parameters
        integrated out), ``people`` (theta (sample, subject, parameter), kind (sample, subject)), ``integration``
        (per subject: effective nodes, Pareto k of the importance weights, Monte-Carlo error of the log likelihood).
    manifest
        Theory, games, data, settings, versions and run time, as plain data.
    """

    theory: Theory
    table: Table
    tree: xr.DataTree
    manifest: dict[str, Any]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The person-level parameters, in the order of the dimension ``parameter``."""
        return Problem(self.theory, self.table).parameters

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data."""
        return self.table.fingerprint

    @property
    def label(self) -> str:
        """Theory and data, with SYNTHETIC where a simulation made the data."""
        return f"{self.theory.name} on {self.table.label}"

    @property
    def kinds(self) -> dict[str, list[int]]:
        """Kinds of people that the data can tell apart: name → positions in `theory.types`."""
        games, roles = list(self.table.games.values()), tuple(self.table.roles)
        groups = self.theory.alike(games, roles)
        return {" or ".join(self.theory.types[kind] for kind in group): list(group) for group in groups}

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per population quantity: typical value (natural scale), its interval, and spread over people.

        ``typical`` is the population median; ``low`` and ``high`` bound its central 90 % posterior interval;
        ``people_low`` and ``people_high`` hold the middle 90 % of people at the posterior median of the population.
        Kinds of people who behave alike in these games share a row: the data cannot tell their shares apart.
        """
        posterior = self.tree["posterior"].dataset
        rows = [_parameter_row(p, posterior.sel(parameter=p.name)) for p in self.parameters]
        if "share" in posterior:
            rows += [
                _share_row(name, posterior["share"].isel(kind=kinds).sum("kind"))
                for name, kinds in self.kinds.items()
            ]
        return pd.DataFrame(rows).set_index("quantity")

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per person: posterior mean of each parameter (natural scale), and probability of each kind."""
        group = self.tree["people"].dataset
        theta, kind = group["theta"].to_numpy(), group["kind"].to_numpy()
        columns = {
            p.name: p.natural(theta[:, :, index]).mean(axis=0) for index, p in enumerate(self.parameters)
        }
        if len(self.theory.types) > 1:
            columns |= {name: np.isin(kind, kinds).mean(axis=0) for name, kinds in self.kinds.items()}
        return pd.DataFrame(columns, index=pd.Index(group["subject"].to_numpy().astype(str), name="subject"))

    def populations(self, count: int, rng: np.random.Generator) -> list[Population]:
        """Return `count` populations drawn from the posterior."""
        mean, sd, share = population_draws(self.tree["posterior"].dataset)
        rows = rng.choice(len(mean), size=count, replace=count > len(mean))
        return [Population(mean[row], sd[row], share[row]) for row in rows]

    def left_out(
        self, subjects: Iterable[str], advance: Callable[[], None] = lambda: None
    ) -> dict[str, float]:
        """Return log p(person | everybody else) of some people, each by a refit without them, nats."""
        from estimation.inference.refit import Refitter  # noqa: PLC0415 - refits read this module

        return Refitter(self).left_out(subjects, advance)

    def save(self, path: str | Path) -> Path:
        """Write the fit to one netCDF file; the file appears only when it is complete.

        Raises
        ------
        FitError
            If the folder does not exist.
        """
        target = Path(path)
        if not target.parent.is_dir():
            raise FitError(
                "The fit cannot be saved:", [f"folder {target.parent} does not exist; make it first"]
            )
        tree = self.tree.copy()
        tree.attrs["manifest"] = json.dumps(self.manifest)
        tree.attrs["decisions"] = _frame_as_text(self.table.frame)
        partial = target.with_name(f".{target.name}.partial")
        tree.to_netcdf(partial, engine="h5netcdf")
        os.replace(partial, target)
        return target

    def __repr__(self) -> str:
        return f"{self.label}\n{self.summary.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self.label}</p>{self.summary.round(3).to_html()}"


def load_fit(path: str | Path) -> Fit:
    """Read a fit that `Fit.save` wrote.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, or holds other data than it says.
    """
    source = Path(path)
    if not source.is_file():
        raise FitError("The fit cannot be read:", [f"{source} is not a file"])
    try:
        with xr.open_datatree(source, engine="h5netcdf") as opened:
            tree = opened.load()
        manifest = json.loads(tree.attrs.pop("manifest"))
        frame = _frame_from_text(tree.attrs.pop("decisions"))
    except (OSError, KeyError, ValueError) as problem:
        raise FitError(
            "The fit cannot be read:", [f"{source} is not a fit of this package: {problem}"]
        ) from problem
    data = manifest["data"]
    games = {name: from_spec(spec) for name, spec in data["games"].items()}
    about = {"name": data["name"], "synthetic": data["synthetic"], "selection": data["selection"]}
    table = Table.from_frame(
        frame, games, source=Source(title=data["source"], synthetic=data["synthetic"]), **about
    )
    if table.fingerprint != data["fingerprint"]:
        raise FitError("The fit cannot be read:", [f"{source} holds other decisions than its manifest says"])
    return Fit(theories.from_spec(manifest["theory"]), table, tree, manifest)


def population_draws(posterior: xr.Dataset) -> tuple[Array, Array, Array]:
    """Return mean (draw, parameter), sd (draw, parameter) and share (draw, kind), chains one after another."""
    stacked = posterior.stack(sample=("chain", "draw")).transpose("sample", ...)
    mean, sd = stacked["mean"].to_numpy(), stacked["sd"].to_numpy()
    share = stacked["share"].to_numpy() if "share" in stacked else np.ones((len(mean), 1))
    return mean, sd, share


def posterior_mean(posterior: xr.Dataset) -> Population:
    """Return the population in the middle of the posterior."""
    mean, sd, share = population_draws(posterior)
    middle = share.mean(axis=0)
    return Population(mean.mean(axis=0), np.exp(np.log(sd).mean(axis=0)), middle / middle.sum())


def _parameter_row(parameter: Parameter, draws: xr.Dataset) -> dict[str, Any]:
    mean, sd = draws["mean"].to_numpy().ravel(), draws["sd"].to_numpy().ravel()
    low, middle, high = parameter.natural(np.quantile(mean, [0.05, 0.5, 0.95]))
    reach = 1.645 * np.median(sd)
    people_low, people_high = parameter.natural(np.median(mean) + np.array([-reach, reach]))
    return {
        "quantity": parameter.name,
        "symbol": parameter.symbol,
        "typical": middle,
        "low": low,
        "high": high,
        "people_low": people_low,
        "people_high": people_high,
        "unit": parameter.unit,
    }


def _share_row(kind: str, draws: xr.DataArray) -> dict[str, Any]:
    low, middle, high = np.quantile(draws.to_numpy(), [0.05, 0.5, 0.95])
    return {
        "quantity": kind,
        "symbol": "π",
        "typical": middle,
        "low": low,
        "high": high,
        "unit": "share of people",
    }


def _frame_as_text(frame: pd.DataFrame) -> str:
    """Write a frame as JSON, column by column with its type; Python writes every float so that it reads back."""
    columns = {
        name: {"type": str(frame[name].dtype), "values": frame[name].tolist()} for name in frame.columns
    }
    return json.dumps(columns, default=lambda value: None if pd.isna(value) else str(value))


def _frame_from_text(text: str) -> pd.DataFrame:
    columns = json.loads(text)
    return pd.DataFrame(
        {name: pd.Series(part["values"], dtype=part["type"]) for name, part in columns.items()}
    )
