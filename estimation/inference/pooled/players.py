"""Theories of play applied to people who differ, integrated out on a grid; and the choice between the two problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from estimation.arrays import Array
from estimation.data.tables.plays import Cell, PlayTable
from estimation.errors import FitError, raise_all
from estimation.inference.pooled.plays import TINY, Cells, PlayProblem, Who
from estimation.population.normal import Population
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter
from estimation.theories.plays.theory import PlayTheory

SHARE_LOG_SD = 1.5
"""Of the prior of log shares relative to the first kind: a twentieth to twenty times as common."""
GRID = {1: 400, 2: 90}
"""Points along each axis of the grid on which people are integrated out."""
REACH = 3.5
"""Standard deviations of the vague prior that the grid reaches."""


@dataclass(frozen=True, eq=False)
class PlayerProblem(PlayProblem):
    """A theory of play whose parameters differ between people: normal on the transformed scale.

    The entries of theta are the mean and the log of the spread of each parameter, and log shares of kinds of people
    relative to the first.

    Raises
    ------
    FitError
        If people are not known, or the theory has too many parameters to integrate over a grid.
    """

    is_pooled = False

    def __post_init__(self) -> None:
        problems = []
        if not self.table.individual:
            problems.append(f"{self.table.label} does not say who chose what; share the parameters, pooled=True")
        if not is_integrable(self.parameters):
            known = f"{self.model} has {len(self.parameters)} parameters; the grid takes {sorted(GRID)}"
            problems.append(f"{known}; share them, pooled=True")
        raise_all(problems, FitError, "People cannot differ:")

    @cached_property
    def quantities(self) -> dict[str, tuple[str, str]]:
        """Typical values, spreads over people, and shares of kinds: name → symbol and unit."""
        typical = {f"typical {p.name}": (p.symbol, p.unit) for p in self.parameters}
        spreads = {f"spread of {p.scale} {p.name}": ("σ", f"{p.scale} scale") for p in self.parameters}
        kinds = self.model.types if len(self.model.types) > 1 else ()
        return typical | spreads | {f"share of {kind}": ("π", "share of people") for kind in kinds}

    @property
    def numbers(self) -> tuple[str, ...]:
        """What the entries of theta are called."""
        means = (f"{p.scale} {p.name}" for p in self.parameters)
        spreads = (f"log spread of {p.name}" for p in self.parameters)
        return (*means, *spreads, *(f"log odds of {kind}" for kind in self.model.types[1:]))

    @property
    def prior(self) -> Population:
        """The prior of the population's numbers: normal means, log-normal spreads, log-normal relative shares."""
        own, more = self.parameters, len(self.model.types) - 1
        centre = [p.centre for p in own] + [np.log(p.spread) for p in own] + [0.0] * more
        sd = [p.centre_sd for p in own] + [SPREAD_LOG_SD] * len(own) + [SHARE_LOG_SD] * more
        return Population(np.array(centre), np.array(sd), np.ones(1))

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each person, their parameters integrated out, (person, node), nats."""
        scaled, top = self._table
        parts = zip(scaled, self._shares(theta), strict=True)
        weight = self._density(theta)
        total = sum(share * (likelihood @ weight) for likelihood, share in parts)
        return np.asarray(np.log(np.maximum(total, TINY)) + top[:, None])

    def natural(self, theta: Array) -> Array:
        """Return the population's numbers (quantity, node): typical values on natural scales, spreads, shares."""
        dims = len(self.parameters)
        typical = [p.natural(row) for p, row in zip(self.parameters, theta, strict=False)]
        shares = self._shares(theta) if len(self.model.types) > 1 else np.empty((0, theta.shape[1]))
        return np.vstack([*typical, np.exp(theta[dims : 2 * dims]), shares])

    def people(self, tree: xr.DataTree) -> pd.DataFrame:
        """Return one row per person: posterior mean of each parameter, natural scale, and chance of each kind."""
        theta = self.theta(tree["posterior"].dataset)
        scaled, _ = self._table
        density, shares = self._density(theta), self._shares(theta)
        likelihood = sum(s * (kind @ density) for kind, s in zip(scaled, shares, strict=True))
        per_draw = density @ (shares[:, None] / likelihood).transpose(0, 2, 1)
        belief = scaled * per_draw.transpose(0, 2, 1) / theta.shape[1]
        columns = {
            p.name: belief.sum(axis=0) @ p.natural(axis) for p, axis in zip(self.parameters, self._grid, strict=True)
        }
        if len(self.model.types) > 1:
            columns |= dict(zip(self.model.types, belief.sum(axis=2), strict=True))
        return pd.DataFrame(columns, index=pd.Index(self.units, name="subject"))

    def expected(self, theta: Array, cells: Cells = ()) -> dict[Cell, Array]:
        """Return how often new people are expected to choose each option at theta (number, node), as `chances`."""
        weight, total = self._density(theta), dict[Cell, Array]()
        for kind, share in enumerate(self._shares(theta)):
            for cell, chance in self.chances(kind, self._grid, cells).items():
                total[cell] = total.get(cell, np.zeros(1)) + share[:, None] * (weight.T @ chance)
        return total

    def drawn(self, theta: Array, who: str, rng: np.random.Generator) -> Who:
        """Return people at one theta (number,): ``"known"`` ones given what they chose, or ``"new"`` ones."""
        column = theta[:, None]
        belief = self._shares(column)[:, :, None] * self._density(column).T
        if who == "known":
            belief = belief * self._table[0]
        belief = np.broadcast_to(belief, (len(belief), len(self.units), belief.shape[2])).transpose(1, 0, 2)
        flat = np.cumsum(belief.reshape(len(belief), -1), axis=1)
        level = rng.random(len(flat)) * flat[:, -1]
        kind, point = np.unravel_index((flat < level[:, None]).sum(axis=1), belief.shape[1:])
        return np.asarray(kind), self._grid[:, point]

    def _shares(self, theta: Array) -> Array:
        """Return the share of each kind of people, (kind, node)."""
        relative = theta[2 * len(self.parameters) :]
        return np.asarray(special.softmax(np.vstack([np.zeros(theta.shape[1]), relative]), axis=0))

    @cached_property
    def _grid(self) -> Array:
        """Grid of parameters, (parameter, point), transformed scale."""
        axes = []
        for p in self.parameters:
            reach = REACH * float(np.hypot(p.centre_sd, p.spread))
            axes.append(np.linspace(p.centre - reach, p.centre + reach, GRID[len(self.parameters)]))
        return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])

    @cached_property
    def _table(self) -> tuple[Array, Array]:
        """Likelihood of each person at the grid, (kind, person, point), relative to the largest, and its log."""
        found = self.likelihoods(self._grid)
        top = found.max(axis=(0, 2))
        return np.exp(found - top[:, None]), top

    def _density(self, theta: Array) -> Array:
        """Return the population on the grid, (point, node); it sums to one over the grid."""
        dims = len(self.parameters)
        white = (self._grid[:, :, None] - theta[:dims, None]) / np.exp(theta[dims : 2 * dims, None])
        return np.asarray(special.softmax(-0.5 * (white**2).sum(axis=0), axis=0))


def is_integrable(parameters: Sequence[Parameter]) -> bool:
    """Return whether people who differ in these parameters can be integrated out."""
    return len(parameters) in GRID


def play_problem(model: PlayTheory, table: PlayTable, pooled: bool | None = None) -> PlayProblem:
    """Return a theory of play applied to choices.

    Parameters
    ----------
    pooled
        Whether everybody shares the parameters; if left out, people differ where it is known who chose and the theory
        allows it.

    Raises
    ------
    FitError
        If the theory does not allow what is asked for.
    """
    if pooled is None:
        pooled = not (table.individual and is_integrable(model.parameters(list(table.games.values()))))
    return PlayProblem(model, table) if pooled else PlayerProblem(model, table)
