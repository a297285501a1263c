"""What a theory of play says: how probably each option is chosen, for a game, a player and a person's parameters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from estimation.arrays import Array, Numbers
from estimation.games.normal_form import PLAYERS, NormalForm
from estimation.theories.description import Description
from estimation.theories.parameter import Parameter

Values = Mapping[str, Numbers]


@dataclass(frozen=True)
class PlayTheory(Description):
    """A theory of players who choose at once and do not talk: subclass it to state your own.

    Options of the theory are annotated attributes with defaults.
    """

    def parameters(self, games: Sequence[NormalForm]) -> tuple[Parameter, ...]:
        """Return the parameters that may differ between people, scaled to the games; by default `traits`."""
        return self.traits

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

    def reservations(self, games: Mapping[str, NormalForm], values: Mapping[str, float]) -> list[str]:
        """Return what must be known of the theory in these games near these values of parameters, in sentences."""
        return []


def precision_parameter(games: Sequence[NormalForm]) -> Parameter:
    """Return λ, scaled to how much payoffs of own options differ on average over the other's."""
    tables = [game.payoff(player) for game in games for player in PLAYERS]
    scale = float(np.mean([table.std(axis=0).mean() for table in tables])) or 1.0
    meaning = "how strongly choices follow payoffs"
    why = "between a tenth and forty logits for a payoff difference of one standard deviation over the options"
    return Parameter("precision", "λ", meaning, "1/payoff", "log", float(np.log(2 / scale)), 1.5, 0.7, why)


def logit_response(payoff: Array, precision: Numbers) -> Array:
    """Return the logit choice, (..., option): P proportional to exp(precision payoff); `precision` has shape (...)."""
    return np.asarray(special.softmax(np.asarray(precision, float)[..., None] * payoff, axis=-1))
