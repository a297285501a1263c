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

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from estimation.errors import TheoryError, raise_all
from estimation.games.game import Array, Game
from estimation.games.grid import best_option, grid_index, tied_options
from estimation.names import RECEIVER, SENDER
from estimation.theories.parameter import Parameter
from estimation.theories.theory import Theory, Values

TIES = ("min", "max", "uniform")
OFF_PATH = ("ignore", "literal", "skeptical")


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

    def __post_init__(self) -> None:
        super().__post_init__()
        problems = []
        if isinstance(self.max_level, bool) or not isinstance(self.max_level, int) or self.max_level < 0:
            problems.append(f"max_level must be a whole number from 0, not {self.max_level!r}")
        for option, allowed in [("convention", ("W", "C")), ("ties", TIES), ("off_path", OFF_PATH)]:
            if getattr(self, option) not in allowed:
                problems.append(f"{option} must be one of {allowed}, not {getattr(self, option)!r}")
        if self.ties == "uniform" and self.response == "normal":
            problems.append(
                "ties='uniform' has no single best message; use response='logit', or ties='min' or 'max'"
            )
        raise_all(problems, TheoryError, "LevelK cannot be built:")

    @property
    def types(self) -> tuple[str, ...]:
        """``level 0`` … ``level max_level``."""
        return tuple(f"level {level}" for level in range(self.max_level + 1))

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:  # noqa: ARG002
        """Return nothing: within a level people differ in noise only."""
        return ()

    def alike(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the levels in groups of the same payoffs in every game and role (best replies may go in circles)."""
        groups: list[list[int]] = []
        for level in range(self.max_level + 1):
            same = [group for group in groups if self._same(games, roles, group[0], level)]
            (same[0] if same else groups).append(level if same else [level])  # type: ignore[arg-type]
        return tuple(tuple(group) for group in groups)

    def _same(self, games: list[Game], roles: tuple[str, ...], one: int, other: int) -> bool:
        sides = [
            table
            for game in games
            for role, table in (
                (SENDER, self.chain(game).sender_payoff),
                (RECEIVER, self.chain(game).receiver_payoff),
            )
            if role in roles
        ]
        return all(np.allclose(table[one], table[other], rtol=1e-9, atol=1e-9) for table in sides)

    def chain(self, game: Game) -> Chain:
        """Return the payoffs and best replies of every level in this game (computed once and kept)."""
        return _chain(game, self.max_level, self.convention, self.ties, self.off_path)

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Any = np) -> Any:  # noqa: ARG002
        """Return what each message is worth against the level below, (decision, message), payoff units."""
        return self.chain(game).sender_payoff[kind][grid_index(game.states, state)]

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Any = np) -> Any:  # noqa: ARG002
        """Return what each action is worth given the sender in mind, (decision, action), payoff units."""
        return self.chain(game).receiver_payoff[kind][grid_index(game.messages, message)]

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Any = np) -> Any:  # noqa: ARG002
        """Return the level's message, (decision, 1), game units."""
        reply = self.chain(game).sender[kind][grid_index(game.states, state)]
        return game.messages[np.argmax(reply, axis=-1)][:, None]

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Any = np) -> Any:  # noqa: ARG002
        """Return the level's action, (decision, 1), game units."""
        reply = self.chain(game).receiver[kind][grid_index(game.messages, message)]
        return game.actions[np.argmax(reply, axis=-1)][:, None]


@dataclass(frozen=True, eq=False)
class Chain:
    """Payoffs and exact best replies by level.

    Attributes
    ----------
    sender_payoff : (level, state, message) array, payoff units
    receiver_payoff : (level, message, action) array, payoff units
    sender : (level, state, message) array, probability
    receiver : (level, message, action) array, probability
    """

    sender_payoff: Array
    receiver_payoff: Array
    sender: Array
    receiver: Array


@lru_cache(maxsize=64)
def _chain(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> Chain:
    truth = -game.margin * np.abs(game.messages[None, :] - game.states[:, None])
    credulous = _literal_payoff(game)
    senders = [(truth, _sender_reply(game, truth, "min"))]
    receivers = [(credulous, _receiver_reply(credulous))]
    for _ in range(max_level):
        payoff = (receivers[-1][1] @ game.sender_table).T
        new_sender = payoff, _sender_reply(game, payoff, ties)
        imagined = new_sender[1] if convention == "W" else senders[-1][1]
        payoff = _payoff_given_sender(game, imagined, off_path)
        senders.append(new_sender)
        receivers.append((payoff, _receiver_reply(payoff)))
    stacked = [np.stack(part) for side in (senders, receivers) for part in zip(*side, strict=True)]
    return Chain(sender_payoff=stacked[0], sender=stacked[1], receiver_payoff=stacked[2], receiver=stacked[3])


def _literal_payoff(game: Game) -> Array:
    """Return the receiver's payoff if every message were true, (message, action)."""
    return np.asarray(game.receiver_payoff(game.actions[None, :], game.messages[:, None]))


def _payoff_given_sender(game: Game, sender: Array, off_path: str) -> Array:
    """Return the receiver's expected payoff by Bayes' rule against a sender, (message, action)."""
    joint = game.prior[:, None] * sender
    mass = joint.sum(axis=0)
    posterior = (joint / np.where(mass > 0, mass, 1.0)).T
    payoff = posterior @ game.receiver_table.T
    worst = np.argmin(game.direction * game.states)
    unheard = {
        "ignore": np.broadcast_to(game.prior @ game.receiver_table.T, payoff.shape),
        "literal": _literal_payoff(game),
        "skeptical": np.broadcast_to(game.receiver_table[:, worst], payoff.shape),
    }[off_path]
    return np.where((mass > 1e-12)[:, None], payoff, unheard)


def _sender_reply(game: Game, payoff: Array, ties: str) -> Array:
    """Return the sender's best messages as probabilities, (state, message)."""
    if ties == "uniform":
        tied = tied_options(payoff)
        return np.asarray(tied / tied.sum(axis=1, keepdims=True))
    smallest_lie = -np.abs(game.messages[None, :] - game.states[:, None])
    preference = (
        smallest_lie if ties == "min" else np.broadcast_to(game.direction * game.messages, payoff.shape)
    )
    return np.asarray(np.eye(len(game.messages))[best_option(payoff, preference)])


def _receiver_reply(payoff: Array) -> Array:
    """Return the receiver's best action as probabilities, (message, action); the middle one of several."""
    tied = tied_options(payoff)
    middle = (np.cumsum(tied, axis=1) * 2 <= tied.sum(axis=1, keepdims=True)).sum(axis=1)
    return np.asarray(np.eye(payoff.shape[1])[middle])
