"""Theories of messages with parameters that everybody shares: what papers report, and what other fits have to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from scipy import sparse

from estimation.arrays import Array, Indices, Spec
from estimation.data.tables.table import Table
from estimation.errors import FitError, raise_all
from estimation.fits.fit import MESSAGES, AnyFit, Fit
from estimation.games.game import Game, grid_index
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, ROLES, SENDER, STATE, SUBJECT
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter

CHUNK = 256
"""Points evaluated together: temporary arrays should stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class PooledProblem(FewNumbers):
    """A theory of messages applied to a table as if everybody were the same person.

    Parameters
    ----------
    equal
        Parameters that equal another one, as in ``{"receiver_precision": "sender_precision"}``.

    Raises
    ------
    FitError
        If the theory knows kinds of people, lets them learn or depend on columns, or `equal` names no parameter.
    """

    model: Theory
    table: Table
    equal: Mapping[str, str] = field(default_factory=dict)

    family: ClassVar[str] = MESSAGES

    def __post_init__(self) -> None:
        self.model.check_games(self.table.games, ROLES)
        known = [p.name for p in self.all_parameters]
        named = (name for pair in self.equal.items() for name in pair)
        problems = [f"{name!r} is no parameter; parameters: {known}" for name in named if name not in known]
        asked = {
            "the theory knows kinds of people": len(self.model.types) > 1,
            "people learn, or know more than the message": self.model.remembers,
            "parameters have formulas or priors of their own": bool(self.model.formulas or self.model.priors),
        }
        problems += [f"{what}; fit it with pooled=False" for what, is_so in asked.items() if is_so]
        raise_all(problems, FitError, f"{self.model.name} cannot be pooled:")

    @cached_property
    def all_parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the theory, those that equal others included."""
        roles = tuple(role for role in ROLES if role in self.table.roles)
        return self.model.parameters(list(self.table.games.values()), roles)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is estimated; the prior is that of typical people's parameters."""
        return tuple(p for p in self.all_parameters if p.name not in self.equal)

    def check(self) -> None:
        """Say for which decisions the theory gives no number; see `MessageProblem.check`."""
        MessageProblem(self.model, self.table).check()

    @property
    def units(self) -> list[str]:
        """The people."""
        return self.table.subjects

    @property
    def about(self) -> Spec:
        """That everybody shares the parameters, and which are equal."""
        return super().about | {"equal": dict(self.equal)}

    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each person at theta (parameter, node), (person, node), nats."""
        return self._likelihood.of(self.all_parameters, self.everybody(theta))

    @cached_property
    def _likelihood(self) -> SharedLikelihood:
        return SharedLikelihood(self.model, self.table)

    def everybody(self, theta: Array) -> Array:
        """Return all parameters at theta (parameter, node), (parameter, node), transformed scale."""
        place = {p.name: row for row, p in enumerate(self.parameters)}
        return theta[[place[self.equal.get(p.name, p.name)] for p in self.all_parameters]]

    def as_people(self, tree: xr.DataTree) -> xr.DataTree:
        """Return posterior and people as a theory has them in which people differ: all are the same in each draw."""
        posterior = tree["posterior"].dataset
        sizes, names = ((posterior.sizes["chain"], posterior.sizes["draw"]), [p.name for p in self.all_parameters])
        everybody = self.everybody(self.theta(posterior)).T
        mean = (("chain", "draw", "parameter"), everybody.reshape(*sizes, -1))
        own = np.repeat(everybody[:, None], len(self.units), axis=1)
        people = {
            "theta": (("sample", "subject", "parameter"), own),
            "kind": (("sample", "subject"), np.zeros(own.shape[:2], int)),
        }
        coords = {"parameter": names}
        groups = {
            "posterior": xr.Dataset({"mean": mean, "sd": (mean[0], np.zeros((*sizes, len(names))))}, coords),
            "people": xr.Dataset(people, coords | {"subject": self.units}),
        }
        return xr.DataTree.from_dict({"/": xr.Dataset(), **groups})


@dataclass(frozen=True, eq=False)
class SharedLikelihood:
    """The likelihood of people who all have the same parameters: it rests on how often each did what."""

    theory: Theory
    table: Table

    def of(self, parameters: Sequence[Parameter], theta: Array, kind: int = 0) -> Array:
        """Return the log likelihood of each person as one of a kind, at theta (parameter, node) → (person, node)."""
        starts = range(0, theta.shape[1], CHUNK)
        chunks = (theta[:, start : start + CHUNK] for start in starts)
        return np.concatenate([self._chunk(parameters, chunk, kind) for chunk in chunks], axis=1)

    def _chunk(self, parameters: Sequence[Parameter], theta: Array, kind: int) -> Array:
        values = {p.name: p.natural(row)[:, None, None] for p, row in zip(parameters, theta, strict=True)}
        total = np.zeros((len(self.table.subjects), theta.shape[1]))
        for cell in self._cells:
            log_chance = decision_log_probability(
                self.theory, cell.game, cell.role, kind, values, cell.seen, cell.chosen, rows=cell.rows
            )
            total += cell.counts @ np.broadcast_to(log_chance, (theta.shape[1], len(cell.chosen))).T
        return total

    @cached_property
    def _cells(self) -> list[Cell]:
        decided = self.table.frame.groupby([CONDITION.name, ROLE.name])
        return [_cell(self.table, str(condition), str(role), rows) for (condition, role), rows in decided]


@dataclass(frozen=True, eq=False)
class Cell:
    """What was done in one condition and role.

    Attributes
    ----------
    seen : (situation,) array, game units
        What somebody saw.
    rows, chosen : (deed,) integer arrays
        Everything that somebody did: in which situation, and which option.
    counts : (person, deed) sparse array
        How often each did it.
    """

    game: Game
    role: str
    seen: Array
    rows: Indices
    chosen: Indices
    counts: sparse.csr_array


def _cell(table: Table, condition: str, role: str, frame: pd.DataFrame) -> Cell:
    game = table.games[condition]
    what, did = (STATE, MESSAGE) if role == SENDER else (MESSAGE, ACTION)
    options = game.messages if role == SENDER else game.actions
    seen, met = np.unique(frame[what.name].to_numpy(float), return_inverse=True)
    took = grid_index(options, frame[did.name].to_numpy(float))
    deeds, deed = np.unique(met * len(options) + took, return_inverse=True)
    person = pd.Index(table.subjects).get_indexer(pd.Index(frame[SUBJECT.name]))
    shape = (len(table.subjects), len(deeds))
    counts = sparse.csr_array((np.ones(len(frame)), (person, deed)), shape=shape)
    return Cell(game, role, seen, deeds // len(options), deeds % len(options), counts)


def choice_counts(table: Table) -> dict[tuple[str, str], Array]:
    """Return how often each person did what after what, (person, seen, option) for each condition and role."""
    people, found = pd.Index(table.subjects), {}
    for (condition, role), rows in table.frame.groupby([CONDITION.name, ROLE.name]):
        game = table.games[str(condition)]
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


def _seen(game: Game, role: str) -> Array:
    return game.states if role == SENDER else game.messages


def with_people(fit: AnyFit, what: str) -> MessageFit:
    """Return a fit of people who talk as one in which they differ; under a pooled one all are the same.

    Parameters
    ----------
    what
        The heading of the error.

    Raises
    ------
    FitError
        If it is a fit of something else.
    """
    if isinstance(fit.problem, MessageProblem):
        return fit
    if isinstance(fit.problem, PooledProblem):
        problem = MessageProblem(fit.problem.model, fit.problem.table)
        return Fit(problem, fit.problem.as_people(fit.tree), fit.manifest)
    raise FitError(what, [f"{fit.label} is no fit of people who talk, and only those can be used here"])
