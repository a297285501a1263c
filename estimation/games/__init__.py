"""Games: what people were asked. One family per file; `from_spec` rebuilds any of them from plain data."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from estimation.arrays import Spec
from estimation.errors import GameError
from estimation.games.accusation import AccusationGame
from estimation.games.beauty_contest import BeautyContest
from estimation.games.crawford_sobel import CrawfordSobel
from estimation.games.distribution import Discrete, at_quantiles, beta_binomial, on_grid
from estimation.games.estimation_game import EstimationGame
from estimation.games.forecast_sharing import ForecastSharing
from estimation.games.game import Game
from estimation.games.guessing import Guesser, GuessingGame
from estimation.games.money_request import money_request
from estimation.games.normal_form import NormalForm
from estimation.registry import find

for _module in iter_modules(__path__):  # a new file is a new game: there is no list to add it to
    import_module(f"{__name__}.{_module.name}")


def from_spec(spec: Spec) -> Game:
    """Return the game that `spec` describes: one of the package, or of yours, once its file has been imported.

    Raises
    ------
    GameError
        If the family is unknown; or with every parameter that is missing, misspelt or out of bounds.
    """
    options = dict(spec)
    origin = options.pop("origin", {})
    try:
        game = find(Game, options.get("family"), origin)  # type: ignore[type-abstract]
    except LookupError as problem:
        raise GameError("The game is not known:", [f"family {problem}"]) from None
    return game.from_spec(options)


__all__ = [
    "AccusationGame",
    "BeautyContest",
    "CrawfordSobel",
    "Discrete",
    "EstimationGame",
    "ForecastSharing",
    "Game",
    "Guesser",
    "GuessingGame",
    "NormalForm",
    "at_quantiles",
    "beta_binomial",
    "from_spec",
    "money_request",
    "on_grid",
]
