"""Babbling: messages say nothing about the state, and receivers know it (the equilibrium of pure cheap talk).

The baseline that any theory of communication has to beat (Crawford and Sobel 1982, Econometrica 50(6):1431-1451).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.best import first_best
from estimation.games.game import Game
from estimation.names import SENDER
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter
from estimation.theories.responses.logit import precision_of


class Babbling(Theory):
    """A sender with a favourite message whatever the state, a receiver who goes by the prior alone.

    Any message rule that ignores the state is a babbling equilibrium; a favourite with noise is the simplest that
    lets people differ, which makes the baseline hard to beat by accident.
    """

    name: ClassVar[str] = "babbling"
    citation: ClassVar[str] = "Crawford & Sobel (1982), Econometrica 50(6):1431-1451"

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the favourite message, for senders."""
        if SENDER not in roles:
            return ()
        meaning, why = ("where the person's favourite message lies between the lowest and the highest", "anywhere")
        return (Parameter("favourite", "f", meaning, "share of the range", "logit", 0.0, 1.5, 1.5, why),)

    def response_parameter(self, games: list[Game], role: str) -> Parameter:
        """Return how precisely a role chooses, by what options earn people who learn nothing from messages."""
        if self.response != "logit":
            return super().response_parameter(games, role)
        return precision_of(role, float(np.mean([game.unheard_scale(role) for game in games])))

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that accusations are no numbers around which somebody could err."""
        is_without = not game.is_scaled and self.response != "logit"
        needs = f"response {self.response!r} is not offered where people accept or accuse; leave it out"
        return super().lacking(game, roles) + [needs] * is_without

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the expected payoff under the prior, (decision, action), payoff units."""
        return game.unheard_payoff(message)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the favourite message, (..., decision, 1), game units."""
        low, high = game.messages[0], game.messages[-1]
        return low + values["favourite"] * (high - low) + np.zeros((len(state), 1))

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best action under the prior, (decision, 1), game units."""
        payoff = self.receiver_payoff(game, kind, values, message, xp)
        return game.actions[first_best(payoff)][:, None]
