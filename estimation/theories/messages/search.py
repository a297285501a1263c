"""From payoffs to best options and back: by trying all, and by the distance from a target."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game, best_option
from estimation.theories.messages.replies import middle_best


def best_message(game: Game, payoff: Numbers, state: Array, ties: str = "min") -> Array:
    """Return the best message, (..., decision, 1), game units; among ties the smallest lie, or the largest (``"max"``).

    `payoff` (..., decision, message) payoff units; `state` (decision,) game units.
    """
    payoff, smallest_lie = np.asarray(payoff), -np.abs(game.messages - state[:, None])
    largest = np.broadcast_to(game.direction * game.messages, smallest_lie.shape)
    best = best_option(payoff, largest if ties == "max" else smallest_lie)
    return np.asarray(game.messages[best][..., None])


def best_action(game: Game, payoff: Numbers) -> Array:
    """Return the best action, (..., decision, 1), game units; the middle one of several.

    `payoff` (..., decision, action) payoff units.
    """
    return np.asarray(game.actions[middle_best(np.asarray(payoff))][..., None])


def distance_payoff(game: Game, options: Array, target: Numbers, xp: Module) -> Numbers:
    """Return what options are worth by their distance from a target, (..., decision, option), payoff units.

    A unit off the target costs what a unit of action can earn the sender at most: whatever the unit, the precision of
    choices has the same prior.

    Raises
    ------
    TheoryError
        Unless the target has the shape (..., decision, 1).
    """
    if xp is np and np.shape(target)[-1:] != (1,):
        problem = f"its shape is {np.shape(target)}; write state[:, None] or message[:, None]"
        raise TheoryError("A target needs the shape (..., decision, 1):", [problem])
    return -game.margin * xp.abs(options - target)


def searchable(payoff: Numbers) -> Array:
    """Return payoffs whose best option can be searched for.

    Raises
    ------
    TheoryError
        If they are symbolic: the result would have no gradient.
    """
    if not isinstance(payoff, np.ndarray):
        problem = "a best reply found by search has no gradient; use response='logit', or method='integrated'"
        raise TheoryError("Best options found by search have no joint model:", [problem])
    return payoff
