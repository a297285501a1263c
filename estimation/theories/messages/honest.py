"""Honesty and credulity: messages are true, and are believed. The other end of the scale from babbling.

What remains of every theory of communication if lying is unthinkable: S(state) = state, and the receiver's best reply
to a message that is true. It is the fully revealing outcome that pure cheap talk cannot sustain (Crawford and Sobel
1982, Econometrica 50(6):1431-1451), and the step on which level-k chains begin (Crawford 2003, AER 93(1):133-149).

How far people miss the truth by mistake needs a measure too. With errors that are worth their distance, and not the
game's own size of a lie, honest people beside a theory with a cost of lying may be little but another shape of noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.replies.best import truth_payoff


@dataclass(frozen=True)
class Honest(Theory):
    """A sender who tells the truth and a receiver who takes messages at their word; people differ in noise only.

    Parameters
    ----------
    errors
        What a message off the truth is worth less by: its ``"distance"`` from the truth, or the game's own
        ``"lie size"`` (`Game.lie_size`), as in theories with a cost of lying. They differ where large lies are dearer.
    response, lapse
        See `Theory`.

    Raises
    ------
    TheoryError
        If `errors` is neither.
    """

    errors: str = "distance"

    name: ClassVar[str] = "honest"
    citation: ClassVar[str] = "Crawford (2003), American Economic Review 93(1):133-149 (the credulous anchor)"
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"errors": ("distance", "lie size")}

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return minus the size of the error, (decision, message), payoff units."""
        if self.errors == "lie size":
            return -game.margin * game.lie_size(game.messages, state[:, None])
        return truth_payoff(game)[grid_index(game.states, state)]

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the payoff if the message is true, (decision, action), payoff units."""
        return game.literal_table[grid_index(game.messages, message)]
