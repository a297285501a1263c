"""Constants of one's own by which people move messages and beliefs: what theories of a fixed discount share."""

from __future__ import annotations

import numpy as np

from estimation.games.game import Game
from estimation.theories.parameter import Parameter


def personal_discount(games: list[Game]) -> Parameter:
    """Return what a receiver takes off, in the direction of the sender's interest; it may be negative."""
    return _constant(games, "discount", "c", "what the person takes off every message (negative: adds)")


def personal_inflation(games: list[Game]) -> Parameter:
    """Return what a sender adds, in the direction of the own interest; it may be negative."""
    return _constant(games, "inflation", "i", "what the person adds to every truth (negative: takes off)")


def _constant(games: list[Game], name: str, symbol: str, meaning: str) -> Parameter:
    spread = float(np.mean([game.state_spread for game in games]))
    why = "a typical person's within a standard deviation of the state around none; people differ by a third of one"
    return Parameter(name, symbol, meaning, "game units", "identity", 0.0, 0.5 * spread, 0.3 * spread, why)
