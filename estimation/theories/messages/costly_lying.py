"""Costly lying with a rational receiver (Kartik 2009, Review of Economic Studies 76(4):1359-1395).

The sender of the trust model meets a receiver who is nobody's fool: lying by one unit costs β, the receiver knows β and
takes the best action given who sends the message. Messages are inflated but informative; where the scale ends, high
types pool on the highest messages. A person's choices are noisy; what they reply to is the equilibrium

    S(s) maximises  Σ_a P(a | m) u_S(a, s) - β lie(m, s),      R(m) the best reply to P(s | m) by Bayes' rule,

among people with the same β. Exact equilibria of a finite game need be neither pure nor unique. Here the equilibrium is
the logit play that is followed from pure noise (`equilibrium`) to where mistakes are all but gone: Λ = 40, so that an
option worse by a tenth of a standard deviation is taken a fiftieth as often. All messages are then on the path, and no
rule for unexpected ones is needed. β → 0 is babbling, β → ∞ honesty and belief. It differs from `QuantalResponse` in
that people think others make no mistakes, whatever they do themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import SENDER
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter, lying_cost
from estimation.theories.replies.equilibrium_table import sharp_equilibria
from estimation.theories.responses.logit import Terms

RATIONAL = 40.0  # Λ of the equilibrium

OWN, SEPARATE = "own", "separate"


@dataclass(frozen=True)
class CostlyLying(Theory):
    """Equilibrium with a cost of lying (β) and a rational receiver.

    Parameters
    ----------
    believed_cost
        What cost of lying people think others have: ``"own"`` (they project their own), or ``"separate"`` (its own
        parameter, and the only one that a receiver needs).
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If `believed_cost` is neither.
    """

    believed_cost: str = OWN

    name: ClassVar[str] = "costly lying"
    citation: ClassVar[str] = "Kartik (2009), Review of Economic Studies 76(4):1359-1395"

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        return super().problems() + word_problems((OWN, SEPARATE), believed_cost=self.believed_cost)

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that equilibria are known of one sender who is told the state, and one receiver."""
        needs = f"its equilibria are known of one sender who is told the state and one receiver, not of {game.family}"
        return super().lacking(game, roles) + [needs] * (not game.one_to_one)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return β where it matters, and the cost that others are thought to have, if separate."""
        meaning = "cost of lying by one unit that the person thinks others have"
        believed = lying_cost(games, "believed_cost", meaning)
        if self.believed_cost == OWN:
            return (lying_cost(games),)
        return (lying_cost(games), believed) if SENDER in roles else (believed,)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return earnings in equilibrium, and the cost of lying that is taken from them, (..., decision, message)."""
        earned = sharp_equilibria(game, RATIONAL).earned(game, [self._believed(values)], state, xp)
        return Terms(earned, cost=values["lying_cost"], lie=game.lie_size(game.messages, state[:, None]))

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action earns in equilibrium, (..., decision, action), payoff units."""
        return sharp_equilibria(game, RATIONAL).payoff(game, [self._believed(values)], message, xp)

    def _believed(self, values: Values) -> Numbers:
        return values["lying_cost" if self.believed_cost == OWN else "believed_cost"]
