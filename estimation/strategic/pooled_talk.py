"""Theories of talk with parameters that everybody shares: what papers report, and what other fits have to beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.table import Table
from estimation.errors import FitError, raise_all
from estimation.games.game import Game
from estimation.games.grid import grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, ROLES, SENDER, STATE, SUBJECT
from estimation.strategic.importance import Weighted, leave_one_out, sample_posterior
from estimation.strategic.kernels import Normals
from estimation.strategic.quantiles import quantiles
from estimation.theories.messages.theory import Theory, decision_log_probability
from estimation.theories.parameter import Parameter

CHUNK = 256  # points evaluated together: temporary arrays should stay in the processor's cache


@dataclass(frozen=True, eq=False)
class PooledTalk:
    """A theory applied to a table as if everybody were the same person.

    Parameters
    ----------
    equal
        Parameters that equal another one, as in ``{"receiver_precision": "sender_precision"}``.

    Raises
    ------
    FitError
        If the theory knows kinds of people, or `equal` names no parameter.
    """

    theory: Theory
    table: Table
    equal: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems = ["the theory knows kinds of people; fit it with est.fit"] * (len(self.theory.types) > 1)
        known = [p.name for p in self._all]
        named = (name for pair in self.equal.items() for name in pair)
        problems += [f"{name!r} is no parameter; parameters: {known}" for name in named if name not in known]
        raise_all(problems, FitError, f"{self.theory.name} cannot be pooled:")

    @cached_property
    def _all(self) -> tuple[Parameter, ...]:
        roles = tuple(role for role in ROLES if role in self.table.roles)
        return self.theory.parameters(list(self.table.games.values()), roles)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is estimated."""
        return tuple(p for p in self._all if p.name not in self.equal)

    @property
    def prior(self) -> Normals:
        """The prior on the transformed scale: for typical people's parameters."""
        centre, sd = np.array([(p.centre, p.centre_sd) for p in self.parameters]).T
        return Normals(centre, sd)

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each person at theta (parameter, node), (person, node), nats."""
        starts = range(0, theta.shape[1], CHUNK)
        return np.concatenate([self._chunk(theta[:, start : start + CHUNK]) for start in starts], axis=1)

    def _chunk(self, theta: Array) -> Array:
        values: dict[str, Any] = {
            p.name: p.natural(row)[:, None, None] for p, row in zip(self.parameters, theta, strict=True)
        }
        values |= {name: values[other] for name, other in self.equal.items()}
        total = np.zeros((len(self.table.subjects), theta.shape[1]))
        for (condition, role), counts in self._counts.items():
            game = self.table.games[condition]
            seen = _seen(game, role)
            log_chance = decision_log_probability(self.theory, game, role, 0, values, seen)
            total += counts.reshape(len(counts), -1) @ log_chance.reshape(theta.shape[1], -1).T
        return total

    @cached_property
    def _counts(self) -> dict[tuple[str, str], Array]:
        """How often each person did what after what, (person, seen, option) for each condition and role."""
        people, found = pd.Index(self.table.subjects), {}
        for (condition, role), rows in self.table.frame.groupby([CONDITION.name, ROLE.name]):
            game = self.table.games[str(condition)]
            what, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
            options = game.messages if role == SENDER else game.actions
            seen = _seen(game, str(role))
            counted = np.zeros((len(people), len(seen), len(options)))
            where = (
                people.get_indexer(pd.Index(rows[SUBJECT.name])),
                grid_index(seen, rows[what.name].to_numpy(float)),
                grid_index(options, rows[did.name].to_numpy(float)),
            )
            np.add.at(counted, where, 1.0)
            found[str(condition), str(role)] = counted
        return found


@dataclass(frozen=True, eq=False, repr=False)
class PooledFit:
    """A pooled fit.

    Attributes
    ----------
    model
        Theory, table and shared parameters.
    posterior
        Weighted points.
    seed
        Root of their randomness.
    """

    model: PooledTalk
    posterior: Weighted
    seed: int

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per parameter: posterior median and central 90 % interval, natural scale, and its unit."""
        rows = [
            [*quantiles(p.natural(theta), self.posterior.weight, (0.5, 0.05, 0.95)), p.unit]
            for p, theta in zip(self.model.parameters, self.posterior.theta, strict=True)
        ]
        index = pd.Index([p.name for p in self.model.parameters], name="quantity")
        return pd.DataFrame(rows, columns=["median", "low", "high", "unit"], index=index)

    @cached_property
    def elpd(self) -> pd.Series[float]:
        """Log p(person | all others), nats, one per person."""
        model = self.model
        score, _ = leave_one_out(model.log_likelihood, model.prior, self.posterior, self.seed)
        return pd.Series(score, index=model.table.subjects, name="elpd")

    def __repr__(self) -> str:
        state = "weights good" if self.posterior.ok else "weights NOT to be trusted"
        return (
            f"{self.model.theory.name}, pooled, on {self.model.table.label}: {state}\n{self.summary.round(3)}"
        )


def pooled(
    theory: Theory, table: Table, *, equal: Mapping[str, str] | None = None, seed: int = 0
) -> PooledFit:
    """Return the posterior of a theory of talk whose parameters everybody shares.

    Parameters
    ----------
    equal
        Parameters that equal another one, as in ``{"receiver_precision": "sender_precision"}``.

    Raises
    ------
    FitError
        If the theory knows kinds of people, or `equal` names no parameter.
    """
    model = PooledTalk(theory, table, dict(equal or {}))
    return PooledFit(model, sample_posterior(model.log_likelihood, model.prior, seed), seed)


def _seen(game: Game, role: str) -> Array:
    return game.states if role == SENDER else game.messages
