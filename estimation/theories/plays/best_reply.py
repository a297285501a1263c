"""Exact best replies, with ties split evenly."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.games.best import tied_options
from estimation.games.normal_form import PLAYERS, NormalForm, opponent


def expected_payoff(game: NormalForm, player: str, belief: Array) -> Array:
    """Return what each own option earns, (..., option), against a mixture (..., other's option)."""
    return np.asarray(belief @ game.payoff(player).T)


def best_reply(game: NormalForm, player: str, belief: Array) -> Array:
    """Return the best options against a mixture as probabilities, (..., option); ties are split evenly."""
    tied = tied_options(expected_payoff(game, player, belief))
    return np.asarray(tied / tied.sum(axis=-1, keepdims=True))


def uniform(game: NormalForm) -> dict[str, Array]:
    """Return level 0 of both players: all options alike."""
    return {player: np.full(len(game.options(player)), 1 / len(game.options(player))) for player in PLAYERS}


def reply_chain(game: NormalForm, levels: int) -> dict[str, Array]:
    """Return the exact play of levels 0..levels, (level, option) for each player.

    Level 0 chooses evenly; level k replies to level k - 1 of the other player.
    """
    chain = [uniform(game)]
    for _ in range(levels):
        chain.append({player: best_reply(game, player, chain[-1][opponent(player)]) for player in PLAYERS})
    return {player: np.stack([plays[player] for plays in chain]) for player in PLAYERS}
