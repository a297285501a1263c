"""Theories of play applied to choices, with parameters that everybody shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.stats import qmc

from estimation.arrays import Array, Indices
from estimation.data.tables.plays import Cell, PlayTable
from estimation.errors import FitError, raise_all
from estimation.fits.fit import PLAYS
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.text.shown import Display, Shown
from estimation.theories.parameter import Parameter
from estimation.theories.plays.theory import PlayTheory

TINY = 1e-300
"""What probability zero counts as: a choice that a theory rules out costs 690 nats, not infinitely many."""
Cells = Sequence[Cell]
Who = tuple[Indices, Array]
"""Kinds (person,) and parameters (parameter, person), transformed scale, of simulated people."""


STARTS = 1024
"""Points at which the search for the mode looks."""
SEARCHED = 6
"""The best of them, from which it searches on."""
WIDE = 2.5
"""Standard deviations of the prior over which it looks."""
LIMITS = 20.0
"""Standard deviations at which it looks besides: nobody thinks, nobody errs."""


@dataclass(frozen=True, eq=False)
class PlayMode(Shown):
    """The maximum-likelihood estimate of a theory of play.

    Attributes
    ----------
    parameters : (parameter,) Series
        Natural values by name.
    log_likelihood : float, nats
    """

    parameters: pd.Series[float]
    log_likelihood: float

    def _display(self) -> Display:
        return Display(
            f"log likelihood {self.log_likelihood:.1f} nats at its maximum",
            {str(name): at for name, at in self.parameters.items()},
        )


@dataclass(frozen=True, eq=False)
class PlayProblem(FewNumbers):
    """A theory of play whose parameters everybody shares.

    Units are people, or games and players if people are not known.

    Raises
    ------
    FitError
        If the theory knows kinds of people.
    """

    model: PlayTheory
    table: PlayTable

    family: ClassVar[str] = PLAYS

    def __post_init__(self) -> None:
        advice = (
            "there is nothing to pool and no mode; use est.fit(theory, plays, pooled=False)"
            if self.table.individual
            else "that takes choices of people who are known, and these do not say who chose what; "
            "of level-k there is NormalFormLevelK(per='choice')"
        )
        problem = f"{self.model.name} knows kinds of people, whose shares nobody has in common: {advice}"
        raise_all([problem] * (len(self.model.types) > 1), FitError, "Parameters cannot be shared:")

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the theory in these games."""
        return self.model.parameters(list(self.table.games.values()))

    @property
    def units(self) -> list[str]:
        """People, or ``game, player``."""
        return self.table.counts()[1]

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each unit at theta (number, node), (unit, node), nats."""
        return self.likelihoods(theta)[0]

    def likelihoods(self, theta: Array) -> Array:
        """Return the log likelihood of each unit at theta (parameter, node), (kind, unit, node), nats."""
        counts, units = self.table.counts()
        total = np.zeros((len(self.model.types), len(units), theta.shape[1]))
        for kind in range(len(total)):
            for cell, chance in self.chances(kind, theta).items():
                total[kind] += counts[cell] @ np.log(np.maximum(chance, TINY)).T
        return total

    def chances(self, kind: int, theta: Array, cells: Cells = ()) -> dict[Cell, Array]:
        """Return how probably each option is chosen at theta (parameter, node): game and player → (node, option).

        Parameters
        ----------
        cells
            Games and players; all of the table if left out.
        """
        values = {p.name: p.natural(row) for p, row in zip(self.parameters, theta, strict=True)}
        nodes, games, found = theta.shape[1], self.table.games, {}
        for game, player in cells or self.table.counts()[0]:
            chance = self.model.choice_probability(games[game], player, kind, values)
            found[game, player] = np.broadcast_to(chance, (nodes, chance.shape[-1]))
        return found

    def mode(self, seed: int) -> PlayMode:
        """Return the maximum of the likelihood.

        Likelihoods of exact replies jump and have several peaks: the search looks over a wide grid and at the limits of
        each parameter, then goes on from the best points without derivatives, within bounds: play stands still from the
        limits on, and the search would go where rounding leads.
        """
        self.check()
        prior, dims = self.prior, len(self.parameters)
        cube = qmc.Sobol(dims, rng=np.random.default_rng(seed)).random(STARTS).T
        limits = LIMITS * np.concatenate([np.eye(dims), -np.eye(dims)], axis=1)
        places = np.concatenate([WIDE * (2 * cube - 1), limits], axis=1)
        starts = prior.mean[:, None] + prior.sd[:, None] * places
        order = np.argsort(-self.log_likelihood(starts).sum(axis=0))[:SEARCHED]

        def loss(theta: Array) -> float:
            return -float(self.log_likelihood(theta[:, None]).sum())

        beyond = 2 * LIMITS * prior.sd
        how: Any = {
            "method": "Nelder-Mead",
            "bounds": optimize.Bounds(prior.mean - beyond, prior.mean + beyond),
            "options": {"xatol": 1e-6, "fatol": 1e-7, "maxiter": 4000},
        }
        found = [optimize.minimize(loss, start, **how) for start in starts[:, order].T]
        best = min(found, key=lambda result: float(result.fun))
        values = self.natural(best.x[:, None])[:, 0]
        return PlayMode(pd.Series(values, index=list(self.numbers)), -float(best.fun))

    def expected(self, theta: Array, cells: Cells = ()) -> dict[Cell, Array]:
        """Return how often new people are expected to choose each option at theta (number, node), as `chances`."""
        return self.chances(0, theta, cells)

    def drawn(self, theta: Array, who: str, rng: np.random.Generator) -> Who:  # noqa: ARG002 - if people differ
        """Return people, (unit,), at one theta (number,): the same whether they are known or new."""
        units = len(self.units)
        return np.zeros(units, int), np.repeat(theta[:, None], units, axis=1)
