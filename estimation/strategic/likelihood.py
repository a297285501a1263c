"""Likelihoods of choices: parameters shared by everybody, or people who differ and are integrated out on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.data.plays import PlayTable
from estimation.errors import FitError, raise_all
from estimation.strategic.kernels import Normals
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter
from estimation.theories.plays.theory import TINY, StrategicTheory

SHARE_LOG_SD = (
    1.5  # of the prior of log shares relative to the first kind: a twentieth to twenty times as common
)
GRID = {1: 400, 2: 90}  # points along each axis of the grid on which people are integrated out
REACH = 3.5  # standard deviations of the vague prior that the grid reaches


@dataclass(frozen=True, eq=False)
class Shared:
    """A theory whose parameters everybody shares, applied to choices.

    Units are people, or games and sides if people are not known.
    """

    theory: StrategicTheory
    plays: PlayTable

    def __post_init__(self) -> None:
        advice = "use people=True, or LevelK(per='choice')"
        problem = f"{self.theory.name} knows kinds of people, whose shares nobody has in common; {advice}"
        raise_all([problem] * (len(self.theory.types) > 1), FitError, "Parameters cannot be shared:")

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is estimated."""
        return self.theory.parameters(list(self.plays.games.values()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the numbers are called."""
        return tuple(parameter.name for parameter in self.parameters)

    @cached_property
    def units(self) -> list[str]:
        """Who or what the rows of the likelihood are."""
        return self.plays.counts()[1]

    @property
    def prior(self) -> Normals:
        """The prior on the transformed scale."""
        centre, sd = np.array([(p.centre, p.centre_sd) for p in self.parameters]).T
        return Normals(centre, sd)

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each unit at theta (parameter, node), (unit, node), nats."""
        return np.asarray(choice_log_likelihood(self.theory, self.plays, self.parameters, theta)[0])

    def natural(self, theta: Array) -> Array:
        """Return theta (parameter, node) on natural scales."""
        return np.stack([p.natural(row) for p, row in zip(self.parameters, theta, strict=True)])


@dataclass(frozen=True, eq=False)
class Differing:
    """A theory whose parameters differ between people: normal on the transformed scale, integrated out on a grid.

    The population's numbers are the mean and the log of the spread of each parameter, and how common each kind of
    people is relative to the first.
    """

    theory: StrategicTheory
    plays: PlayTable

    def __post_init__(self) -> None:
        problems = []
        if not self.plays.individual:
            problems.append(f"{self.plays.label} does not say who chose what; share the parameters")
        if len(self._own) not in GRID:
            problems.append(f"{self.theory} has {len(self._own)} parameters; the grid takes {sorted(GRID)}")
        raise_all(problems, FitError, "People cannot differ:")

    @cached_property
    def _own(self) -> tuple[Parameter, ...]:
        return self.theory.parameters(list(self.plays.games.values()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the population's numbers are called."""
        spreads = (
            f"spread of log {p.name}" if p.scale == "log" else f"spread of logit {p.name}" for p in self._own
        )
        shares = (f"share of {kind}" for kind in self.theory.types) if len(self.theory.types) > 1 else ()
        return (*(f"typical {p.name}" for p in self._own), *spreads, *shares)

    @cached_property
    def units(self) -> list[str]:
        """The people."""
        return self.plays.subjects

    @property
    def prior(self) -> Normals:
        """The prior of the population's numbers: normal means, log-normal spreads, log-normal relative shares."""
        more = len(self.theory.types) - 1
        centre = [p.centre for p in self._own] + [np.log(p.spread) for p in self._own] + [0.0] * more
        sd = [p.centre_sd for p in self._own] + [SPREAD_LOG_SD] * len(self._own) + [SHARE_LOG_SD] * more
        return Normals(np.array(centre), np.array(sd))

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each person, their parameters integrated out, (person, node), nats."""
        dims, table = len(self._own), self._table
        top = table.max(axis=(0, 2))
        total = np.zeros((table.shape[1], theta.shape[1]))
        weight = self._density(theta[:dims], np.exp(theta[dims : 2 * dims]))
        for kind, share in enumerate(self._shares(theta)):
            total += share * (np.exp(table[kind] - top[:, None]) @ weight)
        return np.asarray(np.log(np.maximum(total, TINY)) + top[:, None])

    def natural(self, theta: Array) -> Array:
        """Return the population's numbers (number, node): typical values on natural scales, spreads, shares."""
        dims = len(self._own)
        typical = [p.natural(row) for p, row in zip(self._own, theta, strict=False)]
        shares = self._shares(theta) if len(self.theory.types) > 1 else np.empty((0, theta.shape[1]))
        return np.vstack([*typical, *np.exp(theta[dims : 2 * dims]), *shares])

    def _shares(self, theta: Array) -> Array:
        relative = theta[2 * len(self._own) :]
        return np.asarray(special.softmax(np.vstack([np.zeros(theta.shape[1]), relative]), axis=0))

    @cached_property
    def _grid(self) -> Array:
        """Grid of parameters, (parameter, point), transformed scale."""
        axes = []
        for p in self._own:
            reach = REACH * float(np.hypot(p.centre_sd, p.spread))
            axes.append(np.linspace(p.centre - reach, p.centre + reach, GRID[len(self._own)]))
        return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])

    @cached_property
    def _table(self) -> Array:
        """Log likelihood of each person at the grid, (kind, person, point)."""
        return choice_log_likelihood(self.theory, self.plays, self._own, self._grid)

    def _density(self, mean: Array, sd: Array) -> Array:
        """Return the population on the grid, (point, node); it sums to one over the grid."""
        white = (self._grid[:, :, None] - mean[:, None]) / sd[:, None]
        return np.asarray(special.softmax(-0.5 * (white**2).sum(axis=0), axis=0))


def choice_log_likelihood(
    theory: StrategicTheory, plays: PlayTable, parameters: Sequence[Parameter], theta: Array
) -> Array:
    """Return the log likelihood of each unit, (kind, unit, node), nats.

    Parameters
    ----------
    theta : (parameter, node) array, transformed scale
    """
    values = {p.name: p.natural(row) for p, row in zip(parameters, theta, strict=True)}
    counts, units = plays.counts()
    total = np.zeros((len(theory.types), len(units), theta.shape[1]))
    for kind in range(len(theory.types)):
        for (game, player), counted in counts.items():
            chance = theory.choice_probability(plays.games[game], player, kind, values)
            log_chance = np.log(np.maximum(np.broadcast_to(chance, (theta.shape[1], chance.shape[-1])), TINY))
            total[kind] += counted @ log_chance.T
    return total
