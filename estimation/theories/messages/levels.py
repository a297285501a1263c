"""What theories of levels of thought have in common: tables of payoffs by level, and a precision of each level.

People who think more may also choose with more care, or with less. In Stahl and Wilson (1995, Games and Economic
Behavior 10(1):218-254) each level has its own precision. Here people of a level differ in theirs as well: the
population has a typical precision and a spread of its own for each level.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.theories.messages.equivalence import grouped_by_tables
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter
from estimation.theories.replies.chain_tables import ChainTables
from estimation.theories.responses.logit import Terms
from estimation.theories.responses.response import RESPONSES

COMMON, BY_LEVEL = "common", "by level"


@dataclass(frozen=True)
class Levels(Theory):
    """A theory whose kinds of people are levels of thought.

    Parameters
    ----------
    precision
        Whether the precisions (or errors) of people of all levels come from one population (``"common"``), or those of
        each level from a population of its own (``"by level"``).
    """

    precision: str = field(default=COMMON, kw_only=True)

    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"precision": (COMMON, BY_LEVEL)}

    @abstractmethod
    def tables(self, game: Game) -> ChainTables:
        """Return the payoffs of every level over what is thought of others."""

    def is_unread(self, game: Game, role: str) -> bool:
        """Return whether payoffs are read where they are used: by the logit rule."""
        return self.response == "logit"

    @property
    def strategic(self) -> tuple[int, ...]:
        """All levels but the lowest, who are honest and take messages literally."""
        return tuple(range(1, len(self.types)))

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return every person-level parameter; precisions once for each level if they are its own."""
        return tuple(
            replace(p, name=name, meaning=f"{p.meaning} ({kind})") if kind else p
            for p in super().parameters(games, roles)
            for kind, name in (self._own_names(p.name) or {"": p.name}).items()
        )

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters but the precisions of other levels."""
        names = (self._own_names(f"{role}_{RESPONSES[self.response].width}") for role in ROLES)
        others = {name for found in names for level, name in found.items() if level != self.types[kind]}
        return tuple(name for name in super().relevant_parameters(kind, games, roles) if name not in others)

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the theory and the kind, with the precision of its level."""
        width = f"{role}_{RESPONSES[self.response].width}"
        own = self._own_names(width).get(self.types[kind])
        return self, kind, {**values, width: values[own]} if own is not None and own in values else values

    def _own_names(self, name: str) -> dict[str, str]:
        """Return level → what its own parameter is called; none unless it is a precision and each level has its own."""
        is_width = name in {f"{role}_{RESPONSES[self.response].width}" for role in ROLES}
        return {level: f"{name} ({level})" for level in self.types} if is_width and self.precision == BY_LEVEL else {}

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the levels in groups of the same payoffs in every game and role (best replies may go in circles)."""
        return grouped_by_tables(len(self.types), [self.tables(game) for game in games], roles)

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth, less any cost of lying, (..., decision, message), payoff units."""
        return self.sender_terms(game, kind, values, state, xp).payoff()

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth given the sender in mind, (..., decision, action), payoff units."""
        return self.receiver_terms(game, kind, values, message, xp).payoff()

    @abstractmethod
    def receiver_terms(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Terms:
        """Return what each action is worth given the sender in mind."""
