"""One simulated experiment, fitted by the theory that made it, and where the truth lies in the posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.evaluation.diagnosis import diagnose
from estimation.inference.fit import fit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.roles import in_role, nodes_of_fit, role_fits
from estimation.inference.simulation.simulate import simulated
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.names import PARTNER, SUBJECT
from estimation.population.likelihoods import likelihoods_of_people
from estimation.studies.truths import as_draws, quantities
from estimation.theories.messages.theory import Theory

QUICK: dict[str, Any] = {"draws": 200, "chains": 2, "cores": 1, "accuracy": 0.5, "samples": 20, "progress": False}
"""Settings of refits: one core each, since many run side by side, and as accurate as ranks and comparisons need."""
LEVELS = (0.5, 0.8, 0.95)
RANKS = 100  # a truth has one of so many ranks among posterior draws
LIKELIHOOD = "log likelihood"


@dataclass(frozen=True)
class Trial:
    """Simulate a population's experiment and fit it."""

    theory: Theory  # who makes the data and fits them
    table: Table  # the design
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the fits, in addition to `QUICK`
    seed: int = 0  # root of all randomness
    is_added: bool = False  # whether people are added to those of the table, so that posteriors build on each other

    def __call__(self, unit: Unit) -> Result:
        """Return truth, estimates, ranks and checks of one trial; the truth is the unit's."""
        seed, people = seed_of(self.seed, unit.key), seed_of(self.seed, f"{unit.key}, people")
        problem, rng = MessageProblem(self.theory, self.table), np.random.default_rng(people)
        truth = as_draws(problem, unit.inputs["truth"])
        made, _ = simulated(problem, truth[0], rng)
        table = with_new_people(self.table, made) if self.is_added else made
        found = fit(self.theory, table, **{"seed": seed, **QUICK, **self.settings})
        real = {name: float(value[0]) for name, value in quantities(problem, truth).items()}
        drawn = quantities(found.problem, found.problem.structure.draws(found.posterior))
        if not len(problem.design.covariates.of):
            real[LIKELIHOOD], drawn[LIKELIHOOD] = _likelihoods(found, truth.found)
        return summary(real, drawn, rng) | checks(found)


def summary(real: Mapping[str, float], drawn: Mapping[str, Array], rng: np.random.Generator) -> Result:
    """Return, for each quantity, truth, posterior mean and sd, rank and whether intervals hold the truth."""
    rows = {}
    for name, value in real.items():
        draws = drawn[name]
        kept = draws[np.linspace(0, len(draws) - 1, min(RANKS - 1, len(draws))).round().astype(int)]
        tails = np.array([[(1 - level) / 2, (1 + level) / 2] for level in LEVELS])
        low, high = np.quantile(draws, tails).T
        rows[name] = {
            "truth": value,
            "mean": draws.mean(),
            "sd": draws.std(),
            "rank": ((kept < value).sum() + rng.uniform()) / (len(kept) + 1),
            "low": low,
            "high": high,
        }
    return {"quantities": rows}


def checks(found: Any) -> dict[str, Any]:
    """Return whether a fit is sound, and what its criteria say."""
    table = diagnose(found).table
    return {
        "ok": bool(table["passed"].all()),
        "checks": {str(name): float(value) for name, value in table["value"].items()},
    }


def with_new_people(table: Table, made: Table) -> Table:
    """Return a table with simulated people added, under names of their own."""
    new = made.frame
    for column in (SUBJECT.name, PARTNER.name):
        if column in new:
            new[column] = ("simulated " + new[column].astype(str)).where(new[column].notna(), None)
    both = pd.concat([table.frame, new], ignore_index=True)
    origin = Source(title=f"{table.label} and people simulated from its posterior", synthetic=True)
    return Table.from_frame(both, table.games, name=f"{table.name} and simulated people", source=origin)


def _likelihoods(found: MessageFit, truth: Mapping[str, Array]) -> tuple[float, Array]:
    """Return the log likelihood of all people under the true population, and under every draw, nats."""
    problem, parts = found.problem, role_fits(found)
    data = {name: (("chain", "draw", f"{name}_dim_0"), value[None]) for name, value in truth.items()}
    real = problem.named(xr.Dataset(data, coords={"chain": [0], "draw": [0]}))
    here = {one: in_role(problem, real, role) for role, one in parts.items()} or {found: real}
    true = sum(likelihoods_of_people(nodes_of_fit(o), o.problem.structure.draws(at)).sum() for o, at in here.items())
    likelihood: xr.DataArray = found.tree["log_likelihood"].dataset["people"]
    return float(true), likelihood.sum("subject").to_numpy().ravel()
