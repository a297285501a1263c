"""Level-k thinking in cheap talk (Crawford 2003; Cai and Wang 2006; Costa-Gomes and Crawford 2006).

Everyone is selfish, and best-responds to someone who thinks one step less. The chain starts at a truthful sender S0 and
a credulous receiver R0:

* convention ``"W"`` (Cai-Wang; Wang, Spezio and Camerer): S_k = BR(R_{k-1}) and R_k = BR(S_k) for k ≥ 1;
* convention ``"C"`` (Crawford): S_k = BR(R_{k-1}) and R_k = BR(S_{k-1}).

Beliefs are about exact best responses; the person's own choices are noisy. So the payoffs of each level are computed
once per game, whatever the parameters. Three rules that the theory leaves open must be chosen, and results should be
reported under each: what a sender does when several messages are equally good (`ties`), and what a receiver makes of a
message that the sender in mind would never send (`off_path`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.theories.messages.chain import Chain, best_reply_chain
from estimation.theories.messages.equivalence import Tables, grouped_by_tables
from estimation.theories.messages.replies import OFF_PATH, TIES, best_message, searchable
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class LevelK(Theory):
    """Level-k types 0..max_level, with unknown shares; a person has one level in both roles.

    Parameters
    ----------
    max_level
        The deepest level.
    convention
        ``"W"`` or ``"C"``, see the module.
    ties
        A sender who is indifferent tells the smallest lie (``"min"``), the largest in their own interest
        (``"max"``), or any of them (``"uniform"``). It shapes what others expect, and with ``response="normal"``
        also the sender's aim.
    off_path
        A receiver who hears a message that nobody should send goes by the prior (``"ignore"``), takes it at its word
        (``"literal"``), or thinks of the state that the sender would least like to admit (``"skeptical"``).
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown, or ``ties="uniform"`` is combined with ``response="normal"`` (no single aim).
    """

    max_level: int = 3
    convention: str = "W"
    ties: str = "min"
    off_path: str = "ignore"

    name: ClassVar[str] = "level-k"
    citation: ClassVar[str] = (
        "Crawford (2003), American Economic Review 93(1):133-149; Cai & Wang (2006), GEB 56(1):7-36"
    )

    least: ClassVar[Mapping[str, int]] = {"max_level": 0}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"convention": ("W", "C"), "ties": TIES, "off_path": OFF_PATH}

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        problem = "ties='uniform' has no single best message; use response='logit', or ties='min' or 'max'"
        return super().problems() + [problem] * (self.ties == "uniform" and self.response == "normal")

    @property
    def types(self) -> tuple[str, ...]:
        """``level 0`` … ``level max_level``."""
        return tuple(f"level {level}" for level in range(self.max_level + 1))

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the levels in groups of the same payoffs in every game and role (best replies may go in circles)."""
        return grouped_by_tables(len(self.types), [self.tables(game) for game in games], roles)

    def chain(self, game: Game) -> Chain:
        """Return the payoffs and best replies of every level in this game (computed once and kept)."""
        return best_reply_chain(game, self.max_level, self.convention, self.ties, self.off_path)

    def tables(self, game: Game) -> Tables:
        """Return the payoffs of every level before any cost of lying, by level, payoff units."""
        return self.chain(game).sender_payoff, self.chain(game).receiver_payoff

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth against the level below, (decision, message), payoff units."""
        return self.tables(game)[0][kind][grid_index(game.states, state)]

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth given the sender in mind, (decision, action), payoff units."""
        return self.tables(game)[1][kind][grid_index(game.messages, message)]

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message by search, (..., decision, 1), game units; among ties by `ties`."""
        payoff = searchable(self.sender_payoff(game, kind, values, state, xp))
        return best_message(game, payoff, state, self.ties)
