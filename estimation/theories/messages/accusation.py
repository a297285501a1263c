"""Two theories of the accusation game: people who think about each other, and people who do not.

The formulas stand in `accusation_levels`; here they become theories that the engine can fit.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.accusation import AccusationGame
from estimation.games.checks import number_problems
from estimation.games.game import Game, grid_index
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter
from estimation.theories.replies.accusation_levels import (
    mindless_receiver,
    mindless_sender,
    recursive_receiver,
    recursive_sender,
)
from estimation.theories.responses.logit import precision_of

_LEAST = 1e-300  # probabilities and precisions below it are taken for it: climbs may go where they underflow
_POINTS = 6.3  # standard deviation over reports of the points claimed, in the published experiment


def _aversion(name: str, symbol: str, meaning: str, stakes: str) -> Parameter:
    why = f"between a point and 60 points, where {stakes}"
    return Parameter(name, symbol, meaning, "points", "log", float(np.log(8.0)), 1.0, 1.0, why)


LIE_AVERSION = _aversion(
    "lie_aversion", "ηₛ", "personal cost of a lie of any size", "an accepted report earns at most 10"
)
ACCUSATION_AVERSION = _aversion(
    "accusation_aversion", "ηᵣ", "personal cost of accusing somebody", "catching a lie earns 10 and more"
)
CAREFUL = Parameter(
    "careful",
    "w",
    "share of lies that are chosen, and not uniform over the reports",
    "probability",
    "logit",
    2.0,
    1.5,
    1.5,
    "most lies are told for a reason: 28 % to all of them for the middle 95 % of typical people",
)


@dataclass(frozen=True)
class Accusation(Theory):
    """What both theories of the accusation game share: precision, aversions and careless lies.

    Lapses are off unless asked for: careless lies take their place.
    """

    lapse: bool = False

    citation: ClassVar[str] = "Oey, Schachner & Vul (2023), Journal of Experimental Psychology: General 152(2)"

    def problems(self) -> list[str]:
        """Return what is wrong with the options; only the logit is offered."""
        problem = f"response {self.response!r} is not offered: the model is a logit; leave it out"
        return super().problems() + [problem] * (self.response != "logit")

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the aversions of the roles played, and the share of careful lies."""
        sender = (LIE_AVERSION, CAREFUL) if SENDER in roles else ()
        return (*sender, *((ACCUSATION_AVERSION,) if RECEIVER in roles else ()))

    def response_parameter(self, games: list[Game], role: str) -> Parameter:
        """Return the precision of a role; its prior is set for points, not for `games`."""
        return precision_of(role, _POINTS)

    @abstractmethod
    def sender_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(message | state), (..., state, message); `values` have the shape (...)."""

    @abstractmethod
    def receiver_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(accuse | message), (..., message); `values` have the shape (...)."""

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the payoffs from which a logit makes the theory's probabilities, (..., decision, message), points.

        The theory is an average of logits over levels, which is no logit of any payoff; these are log P / α.
        """
        table = self.sender_table(_checked(game, xp), _flat(values))
        return _in_points(table[..., grid_index(game.states, state), :], values[f"{SENDER}_precision"])

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the same for accepting and accusing, (..., decision, action), points."""
        accuse = self.receiver_table(_checked(game, xp), _flat(values))
        accuse = accuse[..., grid_index(game.messages, message)]
        return _in_points(np.stack([1 - accuse, accuse], axis=-1), values[f"{RECEIVER}_precision"])


@dataclass(frozen=True)
class RecursiveAccusation(Accusation):
    """Senders and receivers who respond to a Poisson mixture of less sophisticated others.

    Parameters
    ----------
    typical_mean_level : float
        Centre of the prior of the mean level λ. Data say little about it beyond "several": vary it and see what moves.
    levels : int
        How many levels are computed; a fixed number keeps the likelihood free of jumps.

    Raises
    ------
    TheoryError
        If a level is not positive, or another response than the logit is asked for.
    """

    typical_mean_level: float = 3.0
    levels: int = 12

    name: ClassVar[str] = "recursive accusation"
    least: ClassVar[Mapping[str, int]] = {"levels": 1}

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        return number_problems({"typical_mean_level": self.typical_mean_level}, positive=True) + super().problems()

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the aversions, careful lies and the mean level."""
        why = "from a third of the value given to three times it for the middle 95 % of typical people"
        centre = float(np.log(self.typical_mean_level))
        meaning = "mean number of steps of thinking"
        level = Parameter("mean_depth", "λ", meaning, "levels", "log", centre, 0.55, 0.3, why)
        return (*super().own_parameters(games, roles), level)

    def sender_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(message | state), (..., state, message)."""
        motives = values["lie_aversion"], values["mean_depth"], values["careful"]
        return recursive_sender(game, values["sender_precision"], *motives, self.levels)

    def receiver_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(accuse | message), (..., message)."""
        motives = values["accusation_aversion"], values["mean_depth"]
        return recursive_receiver(game, values["receiver_precision"], *motives, self.levels)


class NaiveAccusation(Accusation):
    """Senders who think that half of all reports are accused, receivers who think that reports are random."""

    name: ClassVar[str] = "accusation without theory of mind"

    def sender_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(message | state), (..., state, message)."""
        return mindless_sender(game, *(values[name] for name in ("sender_precision", "lie_aversion", "careful")))

    def receiver_table(self, game: AccusationGame, values: Values) -> Array:
        """Return P(accuse | message), (..., message)."""
        return mindless_receiver(game, *(values[name] for name in ("receiver_precision", "accusation_aversion")))


def _checked(game: Game, xp: Module) -> AccusationGame:
    if not isinstance(game, AccusationGame):
        problem = f"{type(game).__name__} has no accusations; choose a theory of messages that are believed"
        raise TheoryError("This theory is about the accusation game only:", [problem])
    if xp is not np:
        problem = "levels are computed on arrays; use method='automatic'"
        raise TheoryError("The accusation game has no joint model:", [problem])
    return game


def _in_points(table: Array, precision: Numbers) -> Numbers:
    """Return the payoffs of which a logit of some precision makes a table; one that underflows leaves them finite."""
    return np.log(np.maximum(table, _LEAST)) / np.maximum(precision, _LEAST)


def _flat(values: Values) -> dict[str, Array]:
    """Return values shaped (node, 1, 1) as (node,)."""
    return {name: np.asarray(value)[..., 0, 0] for name, value in values.items()}
