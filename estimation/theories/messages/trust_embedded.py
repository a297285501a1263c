"""Trust-embedded cheap talk (Ozer, Zheng and Chen 2011): lying has a personal cost, and messages are partly believed.

Receiver: believes that the state is ``α message + (1 - α) x``, where x follows the prior cut off at the message, and
takes the action that is best under this belief. α = 1 believes everything; α = 0 uses the message only as a bound.
In a game that is given by its table alone (`SenderReceiverGame`), between whose states nothing lies, α is the chance
that the message is true, and the prior counts otherwise; senders earn by the mixture of both replies.

Sender: in state ξ the message m is worth ``E payoff(a(m; αᵐ), ξ) - β · lie(m, ξ)``, where a(m; αᵐ) is the action that
a receiver of trust αᵐ would take. β is the cost of lying by one unit; a large β is honesty.

Two options go beyond what was published: a personal constant that receivers take off besides, and what is believed
without trust (`trust_readings`). Both belong to a person, and senders think that receivers have theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers, is_real
from estimation.games.estimation_game import EstimationGame
from estimation.games.game import Game
from estimation.names import RECEIVER, SENDER
from estimation.theories.beliefs.personal_constant import personal_discount
from estimation.theories.beliefs.trust_readings import DEFAULT_BELIEFS, Reading
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter, lying_cost
from estimation.theories.responses.logit import Terms


@dataclass(frozen=True)
class TrustEmbedded(Theory):
    """Trust (α), trustworthiness (β) and the sender's belief about the receiver's trust (αᵐ).

    Parameters
    ----------
    believed_trust
        What a sender believes the receiver's trust to be: ``"own"`` (people project their own trust, αᵐ = α),
        ``"separate"`` (its own parameter; so too if it has a formula) or a fixed number in [0, 1]. A person who never
        receives has no other source for α than what they send, so for senders alone ``"own"`` estimates αᵐ.
    discount
        ``"none"``, as published, or ``"personal"`` (so too if it has a formula): a constant that receivers take off
        their action on top of what they do not trust.
    default_belief
        What is believed in so far as the message is not: the prior cut off at the message (``"cut"``, as published),
        the whole ``"prior"``, or a ``"personal"`` number (so too if it has a formula).
    response, lapse, correlated, formulas
        See `Theory`.

    Raises
    ------
    TheoryError
        If an option is none of these; when applied, if one beyond the published ones is given and the receiver's
        payoffs in a game depend on more than the difference of action and state.
    """

    believed_trust: str | float = "own"
    discount: str = field(default="none", kw_only=True)
    default_belief: str = field(default="cut", kw_only=True)

    name: ClassVar[str] = "trust-embedded"
    citation: ClassVar[str] = "Özer, Zheng & Chen (2011), Management Science 57(6):1111-1137"
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "discount": ("none", "personal"),
        "default_belief": DEFAULT_BELIEFS,
    }

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        belief: Numbers = self.believed_trust
        is_word = isinstance(belief, str) and belief in ("own", "separate")
        known = is_word or (is_real(belief) and 0 <= belief <= 1)
        problem = f"believed_trust must be 'own', 'separate' or a number in [0, 1], not {belief!r}"
        return super().problems() + [problem] * (not known)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return α where it matters, what readings add to it, αᵐ if separate, and β for senders."""
        parameters = []
        if RECEIVER in roles or not (self._separate or self._is_fixed):
            parameters.append(_trust("trust", "α", "weight that the person gives to a message"))
        parameters += [personal_discount(games)] if self._discounts else []
        parameters += [_DEFAULT] if self._default_belief == "personal" else []
        if SENDER in roles and self._separate:
            parameters.append(_trust("believed_trust", "αᵐ", "weight that the sender thinks messages are given"))
        if SENDER in roles:
            parameters.append(lying_cost(games))
        return tuple(parameters)

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that anything but trust as such needs payoffs between the options."""
        needs = f"discount and default_belief need a scale, which the {game.family} game has not; leave them out"
        return super().lacking(game, roles) + [needs] * (not (game.continuous or self._is_published))

    def is_unread(self, game: Game, role: str) -> bool:
        """Return whether payoffs are computed where they are used: in the estimation game by the logit rule."""
        is_estimation = isinstance(game, EstimationGame)
        return is_estimation and role == SENDER and self._is_published and self.response == "logit"

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return expected payoff, and the cost of lying that is taken from it, (..., decision, message)."""
        believed = self.believed_trust if self._is_fixed else values["believed_trust" if self._separate else "trust"]
        if self._is_published:
            gain = game.trusting_gain(game.messages, believed, state[:, None], xp)
        else:
            reply = self._reading(game, values).action(game, game.messages, believed, xp)
            gain = game.sender_payoff(reply, state[:, None], xp)
        return Terms(gain, cost=values["lying_cost"], lie=game.lie_size(game.messages, state[:, None]))

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the expected payoff under the trusting belief, (..., decision, action), payoff units."""
        if self._is_published:
            return game.trusting_payoff(game.actions, message[:, None], values["trust"], xp)
        return self._reading(game, values).payoff(game, message[:, None], values["trust"], xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best action under the trusting belief, (..., decision, 1), game units."""
        if self._is_published:
            return game.trusting_action(message[:, None], values["trust"], xp)
        return self._reading(game, values).action(game, message[:, None], values["trust"], xp)

    def _reading(self, game: Game, values: Values) -> Reading:
        """Return how a person reads messages."""
        off = values["discount"] if self._discounts else 0.0
        if self._default_belief != "personal":
            return Reading(self._default_belief, off)
        low, high = game.states[0], game.states[-1]
        return Reading("personal", off, low + values["default_belief"] * (high - low))

    @property
    def _is_published(self) -> bool:
        return not self._discounts and self._default_belief == "cut"

    @property
    def _discounts(self) -> bool:
        return self.discount == "personal" or "discount" in self.formulas

    @property
    def _default_belief(self) -> str:
        return "personal" if "default_belief" in self.formulas else self.default_belief

    @property
    def _separate(self) -> bool:
        return self.believed_trust == "separate" or "believed_trust" in self.formulas

    @property
    def _is_fixed(self) -> bool:
        return not isinstance(self.believed_trust, str)


_DEFAULT = Parameter(
    "default_belief",
    "x₀",
    "what the person believes without trust, between the lowest state and the highest",
    "share of the range",
    "logit",
    0.0,
    1.0,
    1.0,
    "12 to 88 % of the way up for the middle 95 % of typical people",
)


def _trust(name: str, symbol: str, meaning: str) -> Parameter:
    why = "flat to the eye on (0, 1) for a typical person"
    return Parameter(name, symbol, meaning, "weight in (0, 1)", "logit", 0.0, 1.5, 1.5, why)
