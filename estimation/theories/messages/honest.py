"""Honesty and credulity: messages are true, and are believed. The other end of the scale from babbling.

What remains of every theory of communication if lying is unthinkable: S(state) = state, and the receiver's best reply
to a message that is true. It is the fully revealing outcome that pure cheap talk cannot sustain (Crawford and Sobel
1982, Econometrica 50(6):1431-1451), and the step on which level-k chains begin (Crawford 2003, AER 93(1):133-149).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.theories.messages.replies import literal_payoff, truth_payoff
from estimation.theories.messages.theory import Theory, Values


class Honest(Theory):
    """A sender who tells the truth and a receiver who takes messages at their word; people differ in noise only."""

    name: ClassVar[str] = "honest"
    citation: ClassVar[str] = "Crawford (2003), American Economic Review 93(1):133-149 (the credulous anchor)"

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return minus the size of the lie, (decision, message), payoff units."""
        return truth_payoff(game)[grid_index(game.states, state)]

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the payoff if the message is true, (decision, action), payoff units."""
        return literal_payoff(game)[grid_index(game.messages, message)]
