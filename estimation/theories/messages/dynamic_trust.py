"""Trust that moves with experience: a receiver believes more after messages that were borne out, less after others.

A person starts with trust α_1. After each message whose truth came out, with accuracy ``a = max(0, 1 - |m - x| / R)``
(R is the range of states), trust moves by one of the rules in `trust_rules`. What came out may lie beyond the states,
where it carries noise: a message that was farther off than any lie counts as the largest lie, so that trust stays in
(0, 1). In every decision the person acts as a trust-embedded person of the trust of that moment (Özer, Zheng and Chen
2011): as a receiver, and as a sender who projects the own trust on others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.theories.beliefs.fading_counts import FIRST_WEIGHT
from estimation.theories.beliefs.history import History
from estimation.theories.beliefs.trust_rules import follow_accuracy, follow_counts, follow_news
from estimation.theories.messages.theory import Values
from estimation.theories.messages.trust_embedded import TrustEmbedded
from estimation.theories.parameter import Parameter


def _rate(name: str, symbol: str, meaning: str) -> Parameter:
    why = "from 3 % to 60 % of the way at once for the middle 95 % of typical people"
    return Parameter(name, symbol, meaning, "share in (0, 1)", "logit", -1.5, 1.0, 0.8, why, steady=True)


MOVING = {
    "news": (
        _rate("trust_gain", "φ+", "share of the way that trust goes after good news"),
        _rate("trust_loss", "φ-", "share of the way that trust goes after bad news"),
    ),
    "counts": (FIRST_WEIGHT,),
    "accuracy": (
        _rate("success_gain", "δᵍ", "how strongly trust answers to messages better than the own guess"),
        _rate("failure_loss", "δˡ", "how strongly trust answers to messages worse than the own guess"),
    ),
}
"""Rule → the parameters by which trust moves."""


@dataclass(frozen=True)
class DynamicTrust(TrustEmbedded):
    """Trust-embedded people whose trust follows what they saw; `trust` is where it starts.

    What came out stands in the table: in the column ``outcome``, or else in a receiver's ``state``. Where it is empty
    nobody learns.

    Parameters
    ----------
    rule
        ``"news"``: trust goes a share of the way to the accuracy of the message, another share after good news
        (`trust_gain`) than after bad (`trust_loss`). ``"counts"``: trust is the mean of a Beta distribution that counts
        true and untrue messages, on top of a first impression worth `first_weight` of them. ``"accuracy"``: trust moves
        by whether the message was better than the own guess, the mean of the prior (Fu et al. 2016).
    about
        ``"everyone"``: trust in messages as such. ``"partner"``: the reputation of each partner, who starts afresh; it
        needs the column ``partner``.
    believed_trust, discount, default_belief, response, lapse, correlated, formulas
        See `TrustEmbedded` and `Theory`. Formulas of trust and of how it moves must be constant for each person.

    Raises
    ------
    TheoryError
        If an option is unknown.
    """

    rule: str = "news"
    about: str = "everyone"

    name: ClassVar[str] = "dynamic trust"
    citation: ClassVar[str] = (
        "Özer, Zheng & Chen (2011), Management Science 57(6):1111-1137; "
        "Fu, Dong, Liu & Han (2016), Decision Support Systems 82:35-46"
    )
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **TrustEmbedded.among,
        "rule": tuple(MOVING),
        "about": ("everyone", "partner"),
    }

    @property
    def learns(self) -> bool:
        """Always: that is the theory."""
        return True

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return that errors of guesses need a scale."""
        needs = f"rule='accuracy' needs a scale, which the {game.family} game has not; use 'news' or 'counts'"
        return super().lacking(game, roles) + [needs] * (self.rule == "accuracy" and not game.continuous)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return where trust starts, how it moves, and what senders need."""
        inherited = super().own_parameters(games, roles)
        if "trust" not in [p.name for p in inherited]:
            return inherited
        steady = [replace(p, steady=p.name == "trust") for p in inherited]
        return (steady[0], *MOVING[self.rule], *steady[1:])

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values with the trust of each decision, (..., decision, 1)."""
        if "trust" not in values:
            return values
        first, update = np.asarray(values["trust"])[..., 0], self._update(values, history)
        earlier, last = self._links(history)
        trust = np.concatenate([first, np.empty((*first.shape[:-1], len(earlier)))], axis=-1)
        for event, before in enumerate(earlier):  # the first place is before all events, so event 0 leads to place 1
            trust[..., event + 1] = update(trust[..., before + 1], event)
        return {**values, "trust": trust[..., last + 1][..., None]}

    def _links(self, history: History) -> tuple[Numbers, Numbers]:
        """Return the last event that each event and each decision builds on; -1 if there is none."""
        if self.about == "everyone":
            return np.arange(len(history.message)) - 1, history.before - 1
        if (history.partner < 0).any() or (history.facing < 0).any():
            problem = "the partner of some decisions is unknown; fill the column 'partner', or use about='everyone'"
            raise TheoryError("Nobody can have a reputation:", [problem])
        met, facing = history.partner, zip(history.before, history.facing, strict=True)
        earlier = [_last(met[:event], who) for event, who in enumerate(met)]
        return np.array(earlier, "int64"), np.array([_last(met[:before], who) for before, who in facing], "int64")

    def _update(self, values: Values, history: History) -> Callable[[Array, int], Array]:
        """Return the function (trust (...), event) → trust after it."""
        named = {name: np.asarray(value)[..., 0, 0] for name, value in values.items()}
        accuracy = history.accuracy
        if self.rule == "news":
            return lambda trust, event: follow_news(trust, accuracy[event], named["trust_gain"], named["trust_loss"])
        if self.rule == "counts":
            seen = self._seen_before(history)
            return lambda trust, event: follow_counts(trust, accuracy[event], named["first_weight"] + seen[event])
        own, told = np.abs(history.expected - history.outcome), np.abs(history.message - history.outcome)
        return lambda trust, event: follow_accuracy(
            trust, own[event], told[event], named["success_gain"], named["failure_loss"]
        )

    def _seen_before(self, history: History) -> Array:
        """Return how many events each event builds on, (event,)."""
        met = history.partner if self.about == "partner" else np.zeros(len(history.message))
        return np.array([np.count_nonzero(met[:event] == who) for event, who in enumerate(met)], float)


def _last(met: Numbers, who: int) -> int:
    """Return the last place at which a partner was met, or -1."""
    return int(np.max(np.flatnonzero(met == who), initial=-1))
