"""Two small operations on option grids that games and theories share."""

from __future__ import annotations

from typing import Any

import numpy as np

from estimation.games.game import Array


def grid_index(grid: Array, value: Any) -> Any:
    """Return the index of each value on an increasing grid: the nearest point (any shape)."""
    value = np.asarray(value, dtype=float)
    after = np.clip(np.searchsorted(grid, value), 1, len(grid) - 1)
    return after - (value - grid[after - 1] < grid[after] - value)


def best_option(payoff: Array, preference: Array, tolerance: float = 1e-9) -> Array:
    """Return the best option's index along the last axis; among ties the one of highest preference.

    `payoff` (..., option); `preference` broadcasts against it. Ties are payoffs within `tolerance` of the best,
    relative to the size of the payoffs.
    """
    best = payoff.max(axis=-1, keepdims=True)
    tied = payoff >= best - tolerance * (1 + np.abs(best))
    return np.asarray(np.argmax(np.where(tied, preference, -np.inf), axis=-1))
