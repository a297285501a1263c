"""Trust-embedded cheap talk (Ozer, Zheng and Chen 2011): lying has a personal cost, and messages are partly believed.

Receiver: believes that the state is ``α message + (1 - α) x``, where x follows the prior cut off at the message, and
takes the action that is best under this belief. α = 1 believes everything; α = 0 uses the message only as a bound.

Sender: in state ξ the message m is worth ``E payoff(a(m; α^m), ξ) - β · lie(m, ξ)``, where a(m; α^m) is the action that
a receiver of trust α^m would take. β is the cost of lying by one unit; a large β is honesty.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.games.grid import best_option
from estimation.names import RECEIVER, SENDER
from estimation.theories.messages.lying_cost import lying_cost
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter


@dataclass(frozen=True)
class Trusting(Theory):
    """What theories of trust and trustworthiness share: how people of given trust and cost of lying act.

    Parameters
    ----------
    believed_trust
        What a sender believes the receiver's trust to be: ``"own"`` (people project their own trust, α^m = α),
        ``"separate"`` (its own parameter; so too if it has a formula) or a fixed number in [0, 1].
    response, lapse, correlated, formulas
        See `Theory`.

    Raises
    ------
    TheoryError
        If `believed_trust` is none of these.
    """

    believed_trust: str | float = "own"

    def __post_init__(self) -> None:
        super().__post_init__()
        belief: Numbers = self.believed_trust
        is_number = isinstance(belief, Real) and not isinstance(belief, bool)
        if not (0 <= belief <= 1 if is_number else belief in ("own", "separate")):
            problem = (
                f"believed_trust must be 'own', 'separate' or a number in [0, 1], not {self.believed_trust!r}"
            )
            raise TheoryError(f"{type(self).__name__} cannot be built:", [problem])

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return α where it matters, α^m if separate, and β for senders."""
        parameters = []
        if RECEIVER in roles or not (self._separate or self._is_fixed):
            parameters.append(_trust("trust", "α", "weight that the person gives to a message"))
        if SENDER in roles and self._separate:
            parameters.append(
                _trust("believed_trust", "α^m", "weight that the sender thinks messages are given")
            )
        if SENDER in roles:
            parameters.append(lying_cost(games))
        return tuple(parameters)

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return expected payoff minus the cost of lying, (..., decision, message), payoff units."""
        believed = (
            self.believed_trust if self._is_fixed else values["believed_trust" if self._separate else "trust"]
        )
        reply = game.trusting_action(game.messages, believed, xp)
        gain = game.sender_payoff(reply, state[:, None], xp)
        return gain - values["lying_cost"] * game.lie_size(game.messages, state[:, None])

    def receiver_payoff(
        self, game: Game, kind: int, values: Values, message: Array, xp: Module = np
    ) -> Numbers:
        """Return the expected payoff under the trusting belief, (..., decision, action), payoff units."""
        return game.trusting_payoff(game.actions, message[:, None], values["trust"], xp)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message by search over the grid; among ties the smallest lie.

        The payoff is concave upwards from the truth if forecasts and noise are uniform, but not in general, so
        every message is tried; the result has no useful gradient.
        """
        if xp is not np:
            problem = (
                "a best message found by search has no gradient; use response='logit', or method='integrated'"
            )
            who = f"{type(self).__name__} senders with response='normal'"
            raise TheoryError(f"{who} have no joint model:", [problem])
        payoff = self.sender_payoff(game, kind, values, state)
        best = best_option(payoff, -np.abs(game.messages - state[:, None]))
        return game.messages[best][..., None]

    def receiver_target(
        self, game: Game, kind: int, values: Values, message: Array, xp: Module = np
    ) -> Numbers:
        """Return the best action under the trusting belief, (..., decision, 1), game units."""
        return game.trusting_action(message[:, None], values["trust"], xp)

    @property
    def _separate(self) -> bool:
        return self.believed_trust == "separate" or "believed_trust" in self.formulas

    @property
    def _is_fixed(self) -> bool:
        return not isinstance(self.believed_trust, str)


def _trust(name: str, symbol: str, meaning: str) -> Parameter:
    why = "flat to the eye on (0, 1) for a typical person"
    return Parameter(name, symbol, meaning, "weight in (0, 1)", "logit", 0.0, 1.5, 1.5, why)
