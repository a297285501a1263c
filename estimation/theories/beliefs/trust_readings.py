"""What a message is worth to who trusts it in part: the published belief, and others that are compared with it.

A receiver believes that the state is ``α message + (1 - α) x`` and takes the action that is best then, less a personal
constant in the direction of the sender's interest. What x is follows from the default belief:

* ``"cut"``: the prior cut off at the message, as published: the message is a bound even without trust;
* ``"prior"``: the whole prior: without trust, nobody listens;
* ``"personal"``: one number of the person's own, whatever was said.

Except for the published belief, actions and states must count by their difference alone: then a belief that is moved by
δ makes an action worth what the action less δ was worth before, and the sums that a game has for the published belief
serve. In estimation, forecast sharing and Crawford and Sobel's games it is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game

DEFAULT_BELIEFS = ("cut", "prior", "personal")


@dataclass(frozen=True)
class Reading:
    """How a person reads messages.

    Parameters
    ----------
    default_belief
        See the module.
    discount
        What is taken off the action in the direction of the sender's interest, game units.
    own
        The personal default, game units.
    """

    default_belief: str = "cut"
    discount: Numbers = 0.0
    own: Numbers = 0.0

    def action(self, game: Game, message: Array, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the action after a message that is given the weight `trust` (broadcasts), game units."""
        heard, moved = self._as_published(game, message, trust)
        trust = 1.0 if self.default_belief == "personal" else trust
        return game.trusting_action(heard, trust, xp) + moved

    def payoff(self, game: Game, message: Array, trust: Numbers, xp: Module = np) -> Numbers:
        """Return what each action is worth after a message, (..., decision, action), payoff units.

        `message` (decision, 1) game units; `trust` broadcasts against it.
        """
        heard, moved = self._as_published(game, message, trust)
        if self.default_belief == "personal":
            return game.receiver_payoff(game.actions - moved, heard, xp)
        return game.trusting_payoff(game.actions - moved, heard, trust, xp)

    def _as_published(self, game: Game, message: Array, trust: Numbers) -> tuple[Array, Numbers]:
        """Return a message and by how much an action after it, by the published belief, is moved."""
        _require_differences(game)
        moved = -game.direction * self.discount
        if self.default_belief == "cut":
            return message, moved
        if self.default_belief == "prior":
            highest = game.messages[[-1 if game.direction > 0 else 0]]  # at which nothing is cut off
            return highest, moved + trust * (message - highest)
        middle = game.messages[[len(game.messages) // 2]]  # a message believed in full, and so any number
        return middle, moved + trust * message + (1 - trust) * self.own - middle


@cache
def _require_differences(game: Game) -> None:
    """Raise `TheoryError` if the receiver's payoffs are no function of action less state, or a message is missing."""
    step = (game.states[1] - game.states[0]) / 2
    table = game.receiver_payoff(game.actions[:, None] + step, game.states + step) - game.receiver_table
    size = np.abs(game.receiver_table).max()
    problems = []
    if np.ptp(table, axis=0).max() > 1e-9 * (1 + size):
        problems.append("its receiver's payoffs depend on more than the difference of action and state")
    if not np.allclose(game.believable[-1 if game.direction > 0 else 0], game.prior):
        problems.append("even its most favourable message rules states out")
    if problems:
        problems.append("use the published belief: discount='none' and default_belief='cut'")
        raise TheoryError(f"Only the published trust can be applied to the {game.family} game:", problems)
