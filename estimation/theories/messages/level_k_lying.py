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
from estimation.games.game import Game, grid_index
from estimation.names import RECEIVER, SENDER
from estimation.theories.description import Parameter, lying_cost
from estimation.theories.messages.chain import solved_chain, tables_of
from estimation.theories.messages.equivalence import Tables
from estimation.theories.messages.level_k import LevelK
from estimation.theories.messages.logit import Terms
from estimation.theories.messages.tabulated import Axis, interpolated
from estimation.theories.messages.theory import Values

POINTS = 33  # costs at which the chain is solved: replies change with the cost by jumps of one option


@dataclass(frozen=True)
class LevelKLying(LevelK):
    """Level-k types 0..max_level with unknown shares, and a personal cost of lying (β).

    Parameters
    ----------
    max_level, convention, ties, off_path, response, lapse
        As in `LevelK`, and the same is refused.
    """

    max_level: int = 2

    name: ClassVar[str] = "level-k with lying cost"
    citation: ClassVar[str] = (
        "Crawford (2003), American Economic Review 93(1):133-149; Kartik (2009), Review of Economic Studies "
        "76(4):1359-1395; Oey & Vul (2024), Computational Brain & Behavior 7:23-36"
    )

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return β; for receivers it is the cost that they think senders have."""
        return (lying_cost(games),) if self.max_level else ()

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters, without β for people who would do the same whatever it is."""
        names = super().relevant_parameters(kind, games, roles)
        heard = [self.tables(game)[1][kind] for game in games] if RECEIVER in roles else []
        depends = (kind > 0 and SENDER in roles) or any(table.ndim == 3 for table in heard)
        return tuple(name for name in names if depends or name != "lying_cost")

    def tables(self, game: Game) -> Tables:
        """Return the payoffs of every level before the cost of lying, (cost, given, option), payoff units."""
        return _tables(game, self.max_level, self.convention, self.ties, self.off_path)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return payoff against the level below, and the cost of lying that is taken from it; level 0 has none."""
        gain = self._at_cost(self.tables(game)[0][kind], game, values, grid_index(game.states, state), xp)
        return Terms(gain, cost=values["lying_cost"] if kind else 0.0, lie=game.lie_size(game.messages, state[:, None]))

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth, less the cost of lying, (..., decision, message), payoff units."""
        return self.sender_terms(game, kind, values, state, xp).payoff()

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth given the sender in mind, (..., decision, action), payoff units."""
        return self._at_cost(self.tables(game)[1][kind], game, values, grid_index(game.messages, message), xp)

    def _at_cost(self, table: Array, game: Game, values: Values, row: Numbers, xp: Module) -> Numbers:
        return interpolated(table, [_axis(game)], [values.get("lying_cost")], row, xp)


@lru_cache(maxsize=16)
def _axis(game: Game) -> Axis:
    """Return the costs of lying at which chains are computed; from the margin on no lie that is believed pays."""
    return Axis(game.margin, POINTS, jumps=(game.margin,))


@lru_cache(maxsize=16)
def _tables(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> Tables:
    return tables_of(solved_chain(game, max_level, convention, ties, off_path, cost) for cost in _axis(game).values)
