"""Best options found by trying all: exact, without a gradient, with a stated rule for ties."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.games.grid import best_option
from estimation.theories.messages.replies import receiver_reply


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
    payoff = np.asarray(payoff)
    best = np.argmax(receiver_reply(payoff.reshape(-1, payoff.shape[-1])), axis=-1)
    return game.actions[best].reshape((*payoff.shape[:-1], 1))


def need_arrays(theory: str, xp: Module) -> None:
    """Refuse to search on a graph.

    Raises
    ------
    TheoryError
        Unless `xp` is NumPy.
    """
    if xp is not np:
        problem = "a best reply found by search has no gradient; use response='logit', or method='integrated'"
        raise TheoryError(f"{theory} with response='normal' has no joint model:", [problem])
