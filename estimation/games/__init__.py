"""Games: what people were asked. One family per file; `from_spec` rebuilds any of them from plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from estimation.errors import GameError
from estimation.games.distribution import Discrete, at_quantiles, beta_binomial, on_grid
from estimation.games.estimation_game import EstimationGame
from estimation.games.forecast_sharing import ForecastSharing
from estimation.games.game import Game

FAMILIES: dict[str, Callable[[dict[str, Any]], Game]] = {
    "estimation": EstimationGame.from_spec,
    "forecast-sharing": ForecastSharing.from_spec,
}


def from_spec(spec: dict[str, Any]) -> Game:
    """Return the game that `spec` describes.

    Raises
    ------
    GameError
        If the family is unknown; or with every parameter that is missing, misspelt or out of bounds.
    """
    family = spec.get("family")
    if family not in FAMILIES:
        raise GameError("The game is not known:", [f"family {family!r} is none of {sorted(FAMILIES)}"])
    return FAMILIES[family](spec)


__all__ = [
    "Discrete",
    "EstimationGame",
    "ForecastSharing",
    "Game",
    "at_quantiles",
    "beta_binomial",
    "from_spec",
    "on_grid",
]
