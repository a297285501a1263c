"""Trust-embedded cheap talk (Ozer, Zheng and Chen 2011): lying has a personal cost, and messages are partly believed.

Receiver: believes that the state is ``α message + (1 - α) x``, where x follows the prior cut off at the message, and
takes the action that is best under this belief. α = 1 believes everything; α = 0 uses the message only as a bound.

Sender: in state ξ the message m is worth ``E payoff(a(m; α^m), ξ) - β · lie(m, ξ)``, where a(m; α^m) is the action that
a receiver of trust α^m would take. β is the cost of lying by one unit; a large β is honesty.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER
from estimation.theories.description import Parameter, lying_cost
from estimation.theories.messages.logit import Terms
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class TrustEmbedded(Theory):
    """Trust (α), trustworthiness (β) and the sender's belief about the receiver's trust (α^m).

    Parameters
    ----------
    believed_trust
        What a sender believes the receiver's trust to be: ``"own"`` (people project their own trust, α^m = α),
        ``"separate"`` (its own parameter; so too if it has a formula) or a fixed number in [0, 1]. A person who never
        receives has no other source for α than what they send, so for senders alone ``"own"`` estimates α^m.
    response, lapse, correlated, formulas
        See `Theory`.

    Raises
    ------
    TheoryError
        If `believed_trust` is none of these.
    """

    believed_trust: str | float = "own"

    name: ClassVar[str] = "trust-embedded"
    citation: ClassVar[str] = "Özer, Zheng & Chen (2011), Management Science 57(6):1111-1137"

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        belief: Numbers = self.believed_trust
        is_number = isinstance(belief, Real) and not isinstance(belief, bool)
        known = 0 <= belief <= 1 if is_number else belief in ("own", "separate")
        problem = f"believed_trust must be 'own', 'separate' or a number in [0, 1], not {belief!r}"
        return super().problems() + [problem] * (not known)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return α where it matters, α^m if separate, and β for senders."""
        parameters = []
        if RECEIVER in roles or not (self._separate or self._is_fixed):
            parameters.append(_trust("trust", "α", "weight that the person gives to a message"))
        if SENDER in roles and self._separate:
            parameters.append(_trust("believed_trust", "α^m", "weight that the sender thinks messages are given"))
        if SENDER in roles:
            parameters.append(lying_cost(games))
        return tuple(parameters)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return expected payoff, and the cost of lying that is taken from it, (..., decision, message)."""
        believed = self.believed_trust if self._is_fixed else values["believed_trust" if self._separate else "trust"]
        reply = game.trusting_action(game.messages, believed, xp)
        gain = game.sender_payoff(reply, state[:, None], xp)
        return Terms(gain, cost=values["lying_cost"], lie=game.lie_size(game.messages, state[:, None]))

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the expected payoff under the trusting belief, (..., decision, action), payoff units."""
        return game.trusting_payoff(game.actions, message[:, None], values["trust"], xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
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
