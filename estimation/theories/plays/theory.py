"""What a theory of play says: how probably each option is chosen, for a game, a player and a person's parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Numbers, Spec
from estimation.games.normal_form import PLAYERS, NormalForm
from estimation.theories.parameter import Parameter

Values = Mapping[str, Numbers]
TINY = 1e-300  # what probability zero counts as: a choice that a theory rules out costs 690 nats, not infinitely many


@dataclass(frozen=True)
class StrategicTheory(ABC):
    """A theory of players who choose at once and do not talk."""

    name: ClassVar[str] = "theory"
    citation: ClassVar[str] = ""

    @property
    def types(self) -> tuple[str, ...]:
        """Discrete kinds of people, one of which each person is; a single kind unless the theory says otherwise."""
        return ("everyone",)

    @abstractmethod
    def parameters(self, games: Sequence[NormalForm]) -> tuple[Parameter, ...]:
        """Return the parameters that may differ between people, with priors scaled to the payoffs of these games."""

    @abstractmethod
    def choice_probability(self, game: NormalForm, player: str, kind: int, values: Values) -> Array:
        """Return how probably each option is chosen.

        Parameters
        ----------
        player
            ``"row"`` or ``"column"``.
        kind
            Index into `types`.
        values
            Parameter name → natural values of shape (...).

        Returns
        -------
        (..., option) array, sums to one
        """

    def spec(self) -> Spec:
        """Return name and options as plain data."""
        return {"theory": type(self).__name__} | asdict(self)

    def __str__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in asdict(self).items())
        return f"{type(self).__name__}({options})"


def precision_parameter(games: Sequence[NormalForm]) -> Parameter:
    """Return λ, scaled to how much payoffs of own options differ on average over the other's."""
    tables = [game.payoff(player) for game in games for player in PLAYERS]
    scale = float(np.mean([table.std(axis=0).mean() for table in tables])) or 1.0
    return Parameter(
        "precision",
        "λ",
        "how strongly choices follow payoffs",
        "1/payoff",
        "log",
        float(np.log(2 / scale)),
        1.5,
        0.7,
        "between a tenth and forty logits for a payoff difference of one standard deviation over the options",
    )


def logit_response(payoff: Array, precision: Numbers) -> Array:
    """Return the logit choice, (..., option): P proportional to exp(precision payoff); `precision` has shape (...)."""
    scaled = np.asarray(precision, float)[..., None] * payoff
    weight = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))
