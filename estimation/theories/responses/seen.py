"""Which option is what a person saw: a message the state, an action the message."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from estimation.arrays import Array, Indices
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, MESSAGE, SENDER

EXACT = 1e-6  # of a step of the options: numbers within it are the same


def are_options(game: Game, role: str) -> bool:
    """Return whether half at least of what people see can be chosen: of answers such as yes and no, nothing can."""
    return bool(np.mean(plain_choices(game, role) >= 0) >= 0.5)


@lru_cache(maxsize=64)
def plain_choices(game: Game, role: str) -> Indices:
    """Return the option that is what was seen, or -1, (seen,); of words, the one that means it."""
    if not game.continuous and role == SENDER:
        return np.where(game.untruth.min(axis=1) > 0, -1, game.truth)
    return game.literal if {MESSAGE.name, ACTION.name} & set(game.labels) else places_of(*seen_and_options(game, role))


def seen_and_options(game: Game, role: str) -> tuple[Array, Array]:
    """Return what a role sees, and what it can choose."""
    return (game.states, game.messages) if role == SENDER else (game.messages, game.actions)


def places_of(numbers: Array, options: Array) -> Indices:
    """Return the option that each number is, or -1 (shape of `numbers`)."""
    place = grid_index(options, numbers)
    step = np.diff(options).min(initial=np.inf)
    return np.asarray(np.where(np.abs(options[place] - numbers) <= EXACT * step, place, -1))
