"""Closed forms of both theories in the uniform forecast-sharing game, for benchmarks, lessons and checks.

Derived from the definitions of Ozer, Zheng and Chen (2011) and of level-k with a truthful anchor; every formula is
tested against brute force. All functions need a `ForecastSharing` with uniform state and noise.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Numbers
from estimation.errors import GameError, TheoryError
from estimation.games.forecast_sharing import ForecastSharing, uniform_sum_quantile


def credulous_capacity(game: ForecastSharing, report: Numbers) -> Numbers:
    """Return mu + report + G^-1(rho): the best capacity if the report is true (broadcasts), units."""
    _require_uniform(game)
    return game.mean_demand + np.asarray(report, float) + game.noise_range * (2 * game.critical_ratio - 1)


def centralised_capacity(game: ForecastSharing, state: Numbers) -> Numbers:
    """Return the capacity that one owner of both firms would build knowing the state (broadcasts), units."""
    _require_uniform(game)
    profit = game.retail_price - game.unit_cost
    ratio = (profit - game.capacity_cost) / profit
    return game.mean_demand + np.asarray(state, float) + game.noise_range * (2 * ratio - 1)


def level_k_inflation(game: ForecastSharing) -> float:
    """Return Δ = 2e (1 - rho): the smallest exaggeration that makes a credulous receiver cover every demand, units."""
    _require_uniform(game)
    # 1 - rho is c_K / (w - c); in this order round numbers stay round.
    return 2 * game.noise_range * game.capacity_cost / (game.wholesale_price - game.unit_cost)


def level_k_report(game: ForecastSharing, level: int, state: Numbers) -> Numbers:
    """Return S_k(state) = min(state + k Δ, b), smallest-lie rule, convention W (broadcasts), units."""
    return np.minimum(np.asarray(state, float) + level * level_k_inflation(game), game.state_range)


def level_k_capacity(game: ForecastSharing, level: int, report: Numbers) -> Numbers:
    """Return R_k(report), smallest-lie rule, convention W; below the lowest report the lowest state is believed.

    R_k(m) = mu + m - k Δ + G^-1(rho) inside, and at the cap b the best reply to the pool of the top k Δ states.
    """
    if level < 0:
        raise TheoryError("There is no such level:", [f"level must be 0 or more, not {level}"])
    b, inflation = game.state_range, level * level_k_inflation(game)
    report = np.asarray(report, float)
    inside = credulous_capacity(game, np.maximum(report - inflation, -b))
    if level == 0:
        return inside
    pool = min(inflation, 2 * b)
    at_cap = game.mean_demand + b - pool / 2 + uniform_sum_quantile(game.critical_ratio, pool, 2 * game.noise_range)
    return np.where(report >= b - 1e-9, at_cap, inside)


def babbling_level(game: ForecastSharing) -> int:
    """Return the first level whose sender always reports the cap: ceil(2b / Δ), with a tolerance for rounding."""
    return int(np.ceil(2 * game.state_range / level_k_inflation(game) - 1e-9))


def _require_uniform(game: ForecastSharing) -> None:
    if game.state_law is not None or game.noise_law is not None:
        problem = "state and noise must be uniform; use the theories on the grid instead"
        raise GameError("There is no closed form:", [problem])
