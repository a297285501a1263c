"""Fixed discount and fixed inflation: a personal constant is taken off each message, or put on each truth.

In costly talk on a scale without ends, senders inflate by a constant and receivers who see through it take the same
constant off (Kartik, Ottaviani and Squintani 2007). Here the constants are people's own, whatever they come from:

    receiver: acts as is best if the state is   m - d c + (b - 1) (m - x),   cut to the range of states,
    sender:   says, as nearly as can be,        s + d i + (b' - 1) (s - x),

with d the direction of the sender's interest and x the mean of the prior. The slopes b and b' are one, or personal. The
constants are those of a middling message or state, so that they and the slopes hardly depend on each other. c = i = 0
with slopes of one is `Honest`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER
from estimation.theories.beliefs.personal_constant import personal_discount, personal_inflation
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter


@dataclass(frozen=True)
class FixedDiscount(Theory):
    """A receiver who takes a constant off each message, a sender who puts one on each truth.

    Parameters
    ----------
    slope
        ``"one"``: the constant is all. ``"free"``: beliefs also rise with messages, and messages with states, by a
        personal slope (the affine rule); it has a parameter of its own in each role.
    response, lapse, correlated, formulas
        See `Theory`.

    Raises
    ------
    TheoryError
        If `slope` is neither.
    """

    slope: str = "one"

    name: ClassVar[str] = "fixed discount"
    citation: ClassVar[str] = "Kartik, Ottaviani & Squintani (2007), Journal of Economic Theory 134(1):93-116"
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {"slope": ("one", "free")}

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the constant of each role, and its slope if that is free."""
        parameters = []
        if RECEIVER in roles:
            parameters.append(personal_discount(games))
            parameters += [_slope(RECEIVER, "b", "belief", "message")] * (self.slope == "free")
        if SENDER in roles:
            parameters.append(personal_inflation(games))
            parameters += [_slope(SENDER, "b'", "message", "state")] * (self.slope == "free")
        return tuple(parameters)

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that a scale is needed, along which the sender's interest has a direction."""
        needs = f"constants are put on and taken off along a scale, which the {game.family} game has not"
        return super().lacking(game, roles) + [needs] * (not game.continuous)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the message wanted, (..., decision, 1), game units: beyond the scale if only its end can be said."""
        return _moved(game, state, values["inflation"], values.get("sender_slope", 1.0))

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the payoff if the state is what is believed, (..., decision, action), payoff units."""
        return game.receiver_payoff(game.actions, self._belief(game, values, message, xp), xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best reply to what is believed, (..., decision, 1), game units; straight between states."""
        belief, replies = self._belief(game, values, message, xp), game.trusting_action(game.states, 1.0)
        if xp is np:
            return np.interp(belief, game.states, replies)
        first = xp.clip(xp.searchsorted(game.states, belief, side="right") - 1, 0, len(game.states) - 2)
        rise = np.diff(replies) / np.diff(game.states)
        return xp.take(replies, first) + xp.take(rise, first) * (belief - xp.take(game.states, first))

    def _belief(self, game: Game, values: Values, message: Array, xp: Module) -> Numbers:
        """Return the state that messages are taken for, (..., decision, 1), game units."""
        believed = _moved(game, message, -values["discount"], values.get("receiver_slope", 1.0))
        return xp.minimum(xp.maximum(believed, game.states[0]), game.states[-1])


def _moved(game: Game, seen: Array, constant: Numbers, slope: Numbers) -> Numbers:
    """Return what was seen, moved in the sender's interest and turned around the mean of the prior."""
    seen = seen[:, None]
    return seen + game.direction * constant + (slope - 1) * (seen - game.prior @ game.states)


def _slope(role: str, symbol: str, moved: str, seen: str) -> Parameter:
    meaning, unit = f"by how much a {role}'s {moved} rises with the {seen}", f"units of {moved} per unit of {seen}"
    why = "a typical person's from none to twice as much; people differ by a quarter"
    return Parameter(f"{role}_slope", symbol, meaning, unit, "identity", 1.0, 0.5, 0.25, why)
