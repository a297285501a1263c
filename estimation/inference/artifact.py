"""A fit: draws, per-person likelihoods and the manifest that says where they come from, in one netCDF file."""

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

from estimation import theories
from estimation.data.source import Source
from estimation.data.table import Table
from estimation.errors import FitError
from estimation.fits.refitted import Refitted
from estimation.fits.storage import write_whole
from estimation.games import from_spec
from estimation.inference.problem import Problem
from estimation.inference.summary import summarised
from estimation.population.normal import Population
from estimation.population.structure import PopulationDraws
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter

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
        draw, kind), and where the theory has them coefficient (chain, draw, covariate) and correlation (chain, draw,
        pair)), ``sample_stats``, ``log_likelihood`` (people (chain, draw, subject): nats, the person's parameters
        integrated out), ``people`` (theta (sample, subject, parameter), kind (sample, subject)), ``integration``
        (per subject: effective nodes, Pareto k of the importance weights, Monte-Carlo error of the log likelihood).
    manifest
        Theory, games, data, settings, versions and run time, as plain data.
    """

    theory: Theory
    table: Table
    tree: xr.DataTree
    manifest: dict[str, Any]

    @cached_property
    def problem(self) -> Problem:
        """The theory applied to the table."""
        return Problem(self.theory, self.table)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What differs between people, in the order of the dimension ``parameter``: parameters and their slopes."""
        return self.problem.parameters

    @property
    def draws(self) -> PopulationDraws:
        """The populations of the posterior, one for each draw, chains one after another."""
        return self.problem.structure.draws(self.tree["posterior"].dataset)

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
        groups = self.theory.observationally_equivalent(games, roles)
        return {" or ".join(self.theory.types[kind] for kind in group): list(group) for group in groups}

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per population quantity: typical value (natural scale), its interval, and spread over people.

        ``typical`` is the population median; ``low`` and ``high`` bound its central 90 % posterior interval;
        ``people_low`` and ``people_high`` hold the middle 90 % of people at the posterior median of the population.
        With formulas, typical values are those at average columns, and ``trust: country[T.B]`` is a coefficient on the
        transformed scale. Kinds of people who behave alike in these games share a row: the data cannot tell their
        shares apart.
        """
        return summarised(self.parameters, self.tree["posterior"].dataset, self.kinds)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per person: posterior mean of each parameter (natural scale), and probability of each kind.

        A parameter that matters to some kinds only is averaged over the draws in which the person is of such a kind.
        """
        group = self.tree["people"].dataset
        theta, kind = group["theta"].to_numpy(), group["kind"].to_numpy()
        columns = {}
        for index, p in enumerate(self.parameters):
            value, matters = p.natural(theta[:, :, index]), self.matters(p.name)
            total, draws = np.where(matters, value, 0.0).sum(axis=0), matters.sum(axis=0)
            columns[p.name] = np.where(draws > 0, total / np.maximum(draws, 1), np.nan)
        if len(self.theory.types) > 1:
            columns |= {name: np.isin(kind, kinds).mean(axis=0) for name, kinds in self.kinds.items()}
        return pd.DataFrame(columns, index=pd.Index(group["subject"].to_numpy().astype(str), name="subject"))

    def matters(self, parameter: str) -> NDArray[np.bool_]:
        """Return in which draws of a person (sample, subject) a parameter matters to the kind that the person is."""
        dim = [p.name for p in self.parameters].index(parameter)
        kinds = [kind for part in self.problem.structure.parts if dim in part.dims for kind in part.kinds]
        return np.isin(self.tree["people"].dataset["kind"].to_numpy(), kinds)

    def populations(
        self, count: int, rng: np.random.Generator, problem: Problem | None = None
    ) -> list[Population]:
        """Return `count` populations drawn from the posterior.

        Parameters
        ----------
        problem
            The people whose populations are wanted, as `on` gives them; those of the fit if left out. It matters if
            the means of parameters depend on what is known of people.
        """
        draws = (problem or self.problem).structure.draws(self.tree["posterior"].dataset)
        return [draws[int(row)] for row in rng.choice(len(draws), size=count, replace=count > len(draws))]

    def on(self, table: Table) -> Problem:
        """Return the theory applied to another table, formulas read as they were for the table of the fit."""
        return self.problem if table is self.table else Problem(self.theory, table, like=self.problem)

    def without(self, subjects: Sequence[str]) -> Refitted:
        """Return log p(person | everybody but these people) of each of these people, by a refit without them, nats."""
        from estimation.inference.refit import Refitter  # noqa: PLC0415 - refits read this module

        return Refitter(self).without(subjects)

    def save(self, path: str | Path) -> Path:
        """Write the fit to one netCDF file; the file appears only when it is complete.

        Raises
        ------
        FitError
            If the folder does not exist.
        """
        tree = self.tree.copy()
        tree.attrs["manifest"] = json.dumps(self.manifest)
        tree.attrs["decisions"] = _frame_as_text(self.table.frame)
        return write_whole(tree, path)

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
    caveats = tuple(data.get("caveats", ()))
    origin = Source(title=data["source"], synthetic=data["synthetic"], caveats=caveats)
    table = Table.from_frame(frame, games, source=origin, **about)
    if table.fingerprint != data["fingerprint"]:
        raise FitError("The fit cannot be read:", [f"{source} holds other decisions than its manifest says"])
    return Fit(theories.from_spec(manifest["theory"]), table, tree, manifest)


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
