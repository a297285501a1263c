"""Level-k thinking in cheap talk (Crawford 2003; Cai and Wang 2006; Costa-Gomes and Crawford 2006).

Everyone is selfish, and best-responds to someone who thinks one step less. The chain starts at a truthful sender S0 and
a credulous receiver R0:

* convention ``"W"`` (Cai-Wang; Wang, Spezio and Camerer): S_k = BR(R_{k-1}) and R_k = BR(S_k) for k ≥ 1;
* convention ``"C"`` (Crawford): S_k = BR(R_{k-1}) and R_k = BR(S_{k-1}).

The person's own choices are noisy. Others are thought to make no mistakes, as the literature on other games has it, or
mistakes like one's own (`beliefs`), as in noisy chains (`noisy_chain`). Without mistakes, two rules that the theory
leaves open must be chosen, and results should be reported under each: what a sender does when several messages are
equally good (`ties`), and what a receiver makes of a message that the sender in mind would never send (`off_path`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from estimation.allowed import is_among
from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.beliefs import (
    BELIEFS,
    BELIEVED_PRECISION,
    EXACT,
    SEPARATE,
    beliefs_problems,
    precision_in_mind,
    stakes,
)
from estimation.theories.messages.levels import Levels
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter
from estimation.theories.replies.best import OFF_PATH, TIES, best_message, searchable
from estimation.theories.replies.chain import Chain, best_reply_chain
from estimation.theories.replies.chain_tables import ChainTables, Payoffs
from estimation.theories.replies.noisy_chain import PRECISION, noisy_chain
from estimation.theories.responses.logit import Terms


@dataclass(frozen=True)
class LevelK(Levels):
    """People of levels 0 to a highest one, in unknown shares; a person has one level in both roles.

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
        (``"literal"``), or thinks of the state that the sender would least like to admit (``"skeptical"``). Without
        effect if others make mistakes: then every message may come.
    beliefs
        Others reply exactly (``"exact"``), in both roles with the precision that the person has in this one
        (``"own"``), or with one that is a parameter of its own (``"separate"``, the only noise in mind with
        ``response="normal"``).
    precision
        Whether people's precisions come from one population (``"common"``) or, for each level, from one of its own
        (``"by level"``; Stahl and Wilson 1995).
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown, ``ties="uniform"`` is combined with ``response="normal"`` (no single aim), or others
        are to share the precision of a response that has none.
    """

    max_level: int = 3
    convention: str = "W"
    ties: str = "min"
    off_path: str = "ignore"
    beliefs: str = EXACT

    name: ClassVar[str] = "level-k"
    citation: ClassVar[str] = (
        "Crawford (2003), American Economic Review 93(1):133-149; Cai & Wang (2006), GEB 56(1):7-36"
    )

    least: ClassVar[Mapping[str, int]] = {"max_level": 0}
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **Levels.among,
        "convention": ("W", "C"),
        "ties": TIES,
        "off_path": OFF_PATH,
        "beliefs": BELIEFS,
    }

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        problem = "ties='uniform' has no single best message; use response='logit', or ties='min' or 'max'"
        aimless = [problem] * (is_among(self.ties, ("uniform",)) and is_among(self.response, ("normal",)))
        return super().problems() + aimless + beliefs_problems(self.beliefs, self.response)

    @property
    def types(self) -> tuple[str, ...]:
        """``level 0`` … ``level max_level``."""
        return tuple(f"level {level}" for level in range(self.max_level + 1))

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that rules which name the sender's interest need its direction."""
        rules = [f"{name}={value!r}" for name, value in self._rules.items() if value in ("max", "skeptical")]
        needs = "needs a direction of the sender's interest, which this game does not have; choose another rule"
        return super().lacking(game, roles) + [f"{rule} {needs}" for rule in rules if not game.direction]

    @property
    def _rules(self) -> Mapping[str, str]:
        """The rules that matter if others reply exactly, and the one that this person aims by."""
        return (
            {"ties": self.ties, "off_path": self.off_path} if self.beliefs == EXACT or self.response == "normal" else {}
        )

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the precision that others are thought to have, if it is separate."""
        return (BELIEVED_PRECISION,) if self.beliefs == SEPARATE and self.max_level else ()

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters; level 0 has nobody in mind."""
        names = super().relevant_parameters(kind, games, roles)
        return tuple(name for name in names if kind or name != BELIEVED_PRECISION.name)

    def chain(self, game: Game) -> Chain:
        """Return the payoffs and best replies of every level in this game if nobody errs (computed once and kept)."""
        return best_reply_chain(game, self.max_level, self.convention, self.ties, self.off_path)

    def tables(self, game: Game) -> ChainTables:
        """Return the payoffs of every level before any cost of lying, over what others in mind differ in."""
        if self.beliefs == EXACT:
            return _exact(game, self.max_level, self.convention, self.ties, self.off_path)
        return _noisy(game, self.max_level, self.convention)

    def in_mind(self, game: Game, role: str, values: Values) -> list[Numbers | None]:
        """Return what is thought of others, in the order of the tables' axes; None where `values` do not say it."""
        return [] if self.beliefs == EXACT else [precision_in_mind(game, role, self.beliefs, values)]

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return what each message is worth against the level below; lies cost nothing."""
        return self._read(game, SENDER, kind, values, grid_index(game.states, state), xp)

    def receiver_terms(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Terms:
        """Return what each action is worth given the sender in mind."""
        return self._read(game, RECEIVER, kind, values, grid_index(game.messages, message), xp)

    def _read(self, game: Game, role: str, kind: int, values: Values, row: Numbers, xp: Module) -> Terms:
        return Terms(self.tables(game).read(role, kind, self.in_mind(game, role, values), row, xp))

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message by search, (..., decision, 1), game units; among ties by `ties`."""
        payoff = searchable(self.sender_payoff(game, kind, values, state, xp))
        return best_message(game, payoff, state, self.ties)


@lru_cache(maxsize=64)
def _exact(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> ChainTables:
    return ChainTables((), lambda: best_reply_chain(game, max_level, convention, ties, off_path).payoffs)


@lru_cache(maxsize=16)
def _noisy(game: Game, max_level: int, convention: str) -> ChainTables:
    def solve(scaled: float) -> Payoffs:
        return noisy_chain(game, max_level, convention, scaled / stakes(game))

    return ChainTables((PRECISION,), solve)
