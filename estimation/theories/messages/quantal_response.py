"""Logit quantal-response equilibrium of the message game (McKelvey and Palfrey 1995, 1998), with a cost of lying.

Everybody makes logit mistakes, knows that everybody does, and replies to what people do on average: P(m | s) and
P(a | m) are a fixed point, written out in `equilibrium`. Without a cost of lying, the branch that starts at Λ = 0 is
babbling at every precision: messages are sent at random and change nothing. It is the cost of lying, β > 0, that makes
messages informative, and the fixed point then says how far precise strategists unravel them.

A person plays the equilibrium of a population of people like them, with their own precision and cost of lying: a
subjective equilibrium as in Rogers, Palfrey and Camerer (2009, Journal of Economic Theory 144(4):1440-1467). If all
people are alike it is the textbook equilibrium with one λ for each role and one β. There may be several equilibria at
high precision; the one on the branch that starts at Λ = 0 is meant. The branch that starts at honesty (β = ∞) and comes
down at a fixed precision meets the same equilibria in the games of the tests while lies cost something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.allowed import is_among, word_problems
from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.beliefs import BELIEVED_PRECISION, OWN, SEPARATE
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter, lying_cost
from estimation.theories.replies.equilibrium_table import equilibria
from estimation.theories.responses.logit import Terms


@dataclass(frozen=True)
class QuantalResponse(Theory):
    """Logit equilibrium among people like oneself.

    Parameters
    ----------
    believed_precision
        ``"own"``: others are as precise as oneself, relative to the stakes of their role; ``"separate"``: a parameter
        of its own (subjective quantal response), the only choice with ``response="normal"``.
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is unknown, or the precision is to be one's own where a response has none.
    """

    believed_precision: str = OWN

    name: ClassVar[str] = "quantal response"
    citation: ClassVar[str] = (
        "McKelvey & Palfrey (1998), Experimental Economics 1(1):9-41; with lying cost as Kartik (2009), Review of "
        "Economic Studies 76(4):1359-1395"
    )

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        problems = super().problems() + word_problems((OWN, SEPARATE), believed_precision=self.believed_precision)
        if is_among(self.believed_precision, (OWN,)) and is_among(self.response, ("normal",)):
            problems.append(
                "a normal error has no precision that others could share; believed_precision='separate' does"
            )
        return problems

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that equilibria are known of one sender who is told the state, and one receiver."""
        needs = f"its equilibria are known of one sender who is told the state and one receiver, not of {game.family}"
        return super().lacking(game, roles) + [needs] * (not game.one_to_one)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return β (for receivers the cost that they think senders have) and Λ if it is separate."""
        believed = (BELIEVED_PRECISION,) if self.believed_precision == SEPARATE else ()
        return (lying_cost(games), *believed)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return earnings in equilibrium, and the cost of lying that is taken from them, (..., decision, message)."""
        beta = values["lying_cost"]
        earned = equilibria(game).earned(game, [self._precision(game, SENDER, values), beta], state, xp)
        return Terms(earned, cost=beta, lie=game.lie_size(game.messages, state[:, None]))

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action earns in equilibrium, (..., decision, action), payoff units."""
        point = [self._precision(game, RECEIVER, values), values["lying_cost"]]
        return equilibria(game).payoff(game, point, message, xp)

    def _precision(self, game: Game, role: str, values: Values) -> Numbers:
        """Return Λ: the person's own precision in payoffs of standard deviation one, or the believed one."""
        if self.believed_precision == SEPARATE:
            return values[BELIEVED_PRECISION.name]
        return values[f"{role}_precision"] * game.payoff_scale(role)
