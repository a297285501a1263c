"""Level-k thinking among people who mind lying: the nested hybrid of level-k and the sender of the trust model.

The chain of level-k starts at a truthful sender and a credulous receiver; from level 1 on, a message m in state s is
worth ``E payoff(a(m), s) - β · lie(m, s)``, with a(m) the reply of the receiver that the level has in mind:

    S_k(s; β) = argmax_m  u_S(R_{k-1}(m; β), s) - β lie(m, s),        R_k(m; β) = best reply to S_k(·; β) by Bayes' rule

(convention W; in C the receiver of level k replies to S_{k-1}). People take others' cost of lying to be like their own,
so for a receiver β says how much lying they expect; or they think of another one (`believed_cost`), which stands in the
chain while they pay their own. With β = 0 this is level-k; the sender of level 1 is the trust-embedded sender who
thinks that everything is believed (αᵐ = 1). Source of the cost: Kartik (2009, Review of Economic Studies
76(4):1359-1395); of the combination in the estimation game: Oey and Vul (2024), whose chains are noisy, as they are
here with ``beliefs="own"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.beliefs import EXACT, OWN, SEPARATE, stakes
from estimation.theories.messages.level_k import LevelK
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter, lying_cost
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.chain_tables import ChainTables, Payoffs
from estimation.theories.replies.noisy_chain import PRECISION, cost_axis, noisy_chain
from estimation.theories.responses.logit import Terms
from estimation.theories.responses.tabulated import Axis

POINTS = 33  # costs at which the chain is solved: replies change with the cost by jumps of one option


@dataclass(frozen=True)
class LevelKLying(LevelK):
    """People of levels 0 to a highest one, in unknown shares, with a personal cost of lying (β).

    Parameters
    ----------
    max_level, convention, ties, off_path, beliefs, precision, response, lapse
        As in `LevelK`, and the same is refused.
    believed_cost
        What cost of lying people think others have: ``"own"`` (they project their own), or ``"separate"`` (its own
        parameter, and the only one that a receiver needs).
    """

    max_level: int = 2
    believed_cost: str = OWN

    name: ClassVar[str] = "level-k with lying cost"
    citation: ClassVar[str] = (
        "Crawford (2003), American Economic Review 93(1):133-149; Kartik (2009), Review of Economic Studies "
        "76(4):1359-1395; Oey & Vul (2024), Computational Brain & Behavior 7:23-36"
    )
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {**LevelK.among, "believed_cost": (OWN, SEPARATE)}

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return β (for receivers it is the cost that they think senders have), and what is thought of others."""
        lying = (lying_cost(games),) if self.max_level and (self.believed_cost == OWN or SENDER in roles) else ()
        meaning = "cost of lying by one unit that the person thinks others have"
        believed = (lying_cost(games, "believed_cost", meaning),) if self._has_belief(roles) else ()
        return (*lying, *believed, *super().own_parameters(games, roles))

    def _has_belief(self, roles: tuple[str, ...]) -> bool:
        """Return whether a belief about others' cost is separate, and anybody thinks of people who might lie."""
        heard = RECEIVER in roles and self.max_level > (self.convention == "C")
        return self.believed_cost == SEPARATE and (heard or self.max_level > 1)

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return all parameters, without costs for people who would do the same whatever they are."""
        names = super().relevant_parameters(kind, games, roles)
        tables = [self.tables(game) for game in games]
        imagines = any(table.depends(role, kind, -1) for table in tables for role in roles)
        pays = kind > 0 and SENDER in roles
        if self.believed_cost == OWN:
            pays = imagines = pays or imagines
        matters = {"lying_cost": pays, "believed_cost": imagines}
        return tuple(name for name in names if matters.get(name, True))

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the levels in groups that behave alike; senders of level 0, whose lies cost nothing, are alone."""
        found = super().observationally_equivalent(games, roles)
        alone = {0} if SENDER in roles else set()
        parts = [part for group in found for part in (alone & set(group), set(group) - alone)]
        return tuple(tuple(sorted(part)) for part in parts if part)

    def tables(self, game: Game) -> ChainTables:
        """Return the payoffs of every level before the cost of lying, over what others in mind differ in."""
        if self.beliefs == EXACT:
            return _exact(game, self.max_level, self.convention, self.ties, self.off_path)
        return _noisy(game, self.max_level, self.convention)

    def in_mind(self, game: Game, role: str, values: Values) -> list[Numbers | None]:
        """Return the precision that others are thought to have, if they are noisy, and their cost of lying."""
        cost = "lying_cost" if self.believed_cost == OWN else "believed_cost"
        return [*super().in_mind(game, role, values), values.get(cost)]

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return payoff against the level below, and the cost of lying that is taken from it; level 0 has none."""
        gain = super().sender_terms(game, kind, values, state, xp).gain
        return Terms(gain, cost=values["lying_cost"] if kind else 0.0, lie=game.lie_size(game.messages, state[:, None]))


@lru_cache(maxsize=16)
def _exact(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> ChainTables:
    """Return the tables of exact replies; from the margin on no lie that is believed pays."""
    axis = Axis(game.margin, POINTS, jumps=(game.margin,))
    chain = partial(solved_chain, game, max_level, convention, ties, off_path)
    return ChainTables((axis,), lambda cost: chain(cost).payoffs)


@lru_cache(maxsize=16)
def _noisy(game: Game, max_level: int, convention: str) -> ChainTables:
    def solve(scaled: float, cost: float) -> Payoffs:
        return noisy_chain(game, max_level, convention, scaled / stakes(game), cost)

    return ChainTables((PRECISION, cost_axis(game)), solve)
