"""Games: what people were asked. One family per file; `from_spec` rebuilds any of them from plain data."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from estimation.arrays import Spec
from estimation.errors import GameError
from estimation.games.accusation import AccusationGame as AccusationGame
from estimation.games.advice import AdviceGame as AdviceGame
from estimation.games.beauty_contest import BeautyContest as BeautyContest
from estimation.games.crawford_sobel import CrawfordSobel as CrawfordSobel
from estimation.games.distribution import (
    Discrete as Discrete,
    at_quantiles as at_quantiles,
    beta_binomial as beta_binomial,
    on_grid as on_grid,
)
from estimation.games.estimation_game import EstimationGame as EstimationGame
from estimation.games.forecast_sharing import ForecastSharing as ForecastSharing
from estimation.games.game import Game as Game
from estimation.games.guessing import Guesser as Guesser, GuessingGame as GuessingGame
from estimation.games.hide_and_hint import HideAndHint as HideAndHint
from estimation.games.judge_advisor import JudgeAdvisor as JudgeAdvisor
from estimation.games.money_request import money_request as money_request
from estimation.games.normal_form import NormalForm as NormalForm
from estimation.games.sender_receiver import SenderReceiverGame as SenderReceiverGame
from estimation.games.two_audiences import TwoAudiences as TwoAudiences
from estimation.games.two_receivers import TwoReceivers as TwoReceivers
from estimation.registry import defined, find

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
    if "family" not in options:
        families = sorted(game.known_as() for game in defined(Game))  # type: ignore[type-abstract]
        problem = (
            f'it does not say which game was played; write, for example, family = "estimation", or one of {families}'
        )
        raise GameError("The game is not known:", [problem])
    try:
        game = find(Game, options.get("family"), origin)  # type: ignore[type-abstract]
    except LookupError as problem:
        raise GameError("The game is not known:", [f"family {problem}"]) from None
    try:
        return game.from_spec(options)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        raise GameError("The game is not valid:", [f"{spec!r} does not describe it ({problem})"]) from problem
