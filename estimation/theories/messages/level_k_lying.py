"""Level-k thinking among people who mind lying: the nested hybrid of level-k and the sender of the trust model.

The chain of level-k starts at a truthful sender and a credulous receiver; from level 1 on, a message m in state s is
worth ``E payoff(a(m), s) - β · lie(m, s)``, with a(m) the reply of the receiver that the level has in mind:

    S_k(s; β) = argmax_m  u_S(R_{k-1}(m; β), s) - β lie(m, s),        R_k(m; β) = best reply to S_k(·; β) by Bayes' rule

(convention W; in C the receiver of level k replies to S_{k-1}). People take others' cost of lying to be like their own,
so for a receiver β says how much lying they expect. With β = 0 this is level-k; the sender of level 1 is the trust-
embedded sender who thinks that everything is believed (α^m = 1). Source of the cost: Kartik (2009, Review of Economic
Studies 76(4):1359-1395); of the combination in the estimation game: Oey and Vul (2024), whose chains are noisy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError, raise_all
from estimation.games.game import Game, grid_index
from estimation.names import RECEIVER, SENDER
from estimation.theories.description import Parameter, lying_cost
from estimation.theories.messages.chain import costly_chain
from estimation.theories.messages.replies import option_problems, truth_payoff
from estimation.theories.messages.search import best_message, searchable
from estimation.theories.messages.tabulated import Axis, collapsed, interpolated
from estimation.theories.messages.theory import Theory, Values

POINTS = 33  # costs at which the chain is solved: replies change with the cost by jumps of one option


@dataclass(frozen=True)
class LevelKLying(Theory):
    """Level-k types 0..max_level with unknown shares, and a personal cost of lying (β).

    Parameters
    ----------
    max_level, convention, ties, off_path
        As in `LevelK`.
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown, or ``ties="uniform"`` is combined with ``response="normal"``.
    """

    max_level: int = 2
    convention: str = "W"
    ties: str = "min"
    off_path: str = "ignore"

    name: ClassVar[str] = "level-k with lying cost"
    citation: ClassVar[str] = (
        "Crawford (2003), American Economic Review 93(1):133-149; Kartik (2009), Review of Economic Studies "
        "76(4):1359-1395; Oey & Vul (2024), Computational Brain & Behavior 7:23-36"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        raise_all(option_problems(self), TheoryError, "LevelKLying cannot be built:")

    @property
    def types(self) -> tuple[str, ...]:
        """``level 0`` … ``level max_level``."""
        return tuple(f"level {level}" for level in range(self.max_level + 1))

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return β; for receivers it is the cost that they think senders have."""
        return (lying_cost(games),) if self.max_level else ()

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters, without β for people who would do the same whatever it is."""
        names = super().relevant_parameters(kind, games, roles)
        heard = [self._tables(game)[1][kind] for game in games] if RECEIVER in roles else []
        depends = (kind > 0 and SENDER in roles) or any(table.ndim == 3 for table in heard)
        return tuple(name for name in names if depends or name != "lying_cost")

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return payoff against the level below minus the cost of lying, (..., decision, message), payoff units."""
        row = grid_index(game.states, state)
        if kind == 0:
            return truth_payoff(game)[row]
        beta = values["lying_cost"]
        gain = interpolated(self._tables(game)[0][kind], [_axis(game)], [beta], row, xp)
        return gain - beta * game.lie_size(game.messages, state[:, None])

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth given the sender in mind, (..., decision, action), payoff units."""
        row = grid_index(game.messages, message)
        table = self._tables(game)[1][kind]
        return interpolated(table, [_axis(game)], [values.get("lying_cost")], row, xp)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message by search, (..., decision, 1), game units; among ties by `ties`."""
        payoff = searchable(self.sender_payoff(game, kind, values, state, xp))
        return best_message(game, payoff, state, self.ties)

    def _tables(self, game: Game) -> tuple[list[Array], list[Array]]:
        return _tables(game, self.max_level, self.convention, self.ties, self.off_path)


@lru_cache(maxsize=16)
def _axis(game: Game) -> Axis:
    """Return the costs of lying at which chains are computed; from the margin on no lie that is believed pays."""
    return Axis(game.margin, POINTS, jumps=(game.margin,))


@lru_cache(maxsize=16)
def _tables(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> tuple[list[Array], list[Array]]:
    """Return senders' gains (cost, state, message) and receivers' payoffs (cost, message, action) of each level."""
    chains = [costly_chain(game, max_level, convention, ties, off_path, cost) for cost in _axis(game).values]
    senders = [np.stack([c.sender_payoff[level] for c in chains]) for level in range(max_level + 1)]
    receivers = [np.stack([c.receiver_payoff[level] for c in chains]) for level in range(max_level + 1)]
    return [collapsed(table) for table in senders], [collapsed(table) for table in receivers]
