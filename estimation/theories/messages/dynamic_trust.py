"""Trust that moves with experience: a receiver believes more after messages that were borne out, less after others.

A person starts with trust α_1. After each message whose truth came out, with accuracy ``a = 1 - |m - x| / R`` (R is the
range of states), trust moves by one of the rules in `trust_rules`. In every decision the person acts as a
trust-embedded person of the trust of that moment (Özer, Zheng and Chen 2011): as a receiver, and as a sender who
projects the own trust on others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.theories.description import Parameter
from estimation.theories.messages.history import History
from estimation.theories.messages.theory import Values
from estimation.theories.messages.trust_embedded import TrustEmbedded
from estimation.theories.messages.trust_rules import follow_accuracy, follow_counts, follow_news

_RATE = "from 3 % to 60 % of the way at once for the middle 95 % of typical people"


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
    believed_trust, response, lapse, correlated, formulas
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
        "rule": ("news", "counts", "accuracy"),
        "about": ("everyone", "partner"),
    }

    @property
    def learns(self) -> bool:
        """Always: that is the theory."""
        return True

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return where trust starts, how it moves, and what senders need."""
        inherited = super().own_parameters(games, roles)
        if "trust" not in [p.name for p in inherited]:
            return inherited
        steady = [replace(p, steady=p.name == "trust") for p in inherited]
        return (steady[0], *_moving(self.rule), *steady[1:])

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values with the trust of each decision, (..., decision, 1)."""
        if "trust" not in values:
            return values
        first = np.asarray(values["trust"])[..., 0]
        update = self._update(values, history)
        earlier, last = self._links(history)
        after = np.empty((*first.shape[:-1], len(history.message)))
        for event in range(len(history.message)):
            before = first[..., 0] if earlier[event] < 0 else after[..., earlier[event]]
            after[..., event] = update(before, event)
        everything = np.concatenate([first, after], axis=-1)
        return {**values, "trust": everything[..., last + 1][..., None]}

    def _links(self, history: History) -> tuple[Numbers, Numbers]:
        """Return the last event that each event and each decision builds on; -1 if there is none."""
        if self.about == "everyone":
            return np.arange(len(history.message)) - 1, history.before - 1
        if (history.partner < 0).any() or (history.facing < 0).any():
            problem = "the partner of some decisions is unknown; fill the column 'partner', or use about='everyone'"
            raise TheoryError("Nobody can have a reputation:", [problem])
        place = np.arange(len(history.message))
        earlier = [_last(place[:event], history.partner, history.partner[event]) for event in place]
        last = [
            _last(place[:before], history.partner, who)
            for before, who in zip(history.before, history.facing, strict=True)
        ]
        return np.array(earlier, dtype="int64"), np.array(last, dtype="int64")

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
        earlier, _ = self._links(history)
        count = np.zeros(len(earlier))
        for event, before in enumerate(earlier):
            count[event] = 0 if before < 0 else count[before] + 1
        return count


def _last(places: Numbers, partner: Numbers, who: int) -> int:
    """Return the last of some places at which a partner was met, or -1."""
    met = places[partner[places] == who]
    return int(met[-1]) if len(met) else -1


def _moving(rule: str) -> tuple[Parameter, ...]:
    """Return the parameters of a rule."""
    if rule == "counts":
        meaning = "how many messages the first impression is worth"
        why = "half a message to thirty for the middle 95 % of typical people"
        count = (float(np.log(4.0)), 1.0, 0.8, why, True)
        return (Parameter("first_weight", "κ", meaning, "messages", "log", *count),)
    names = {
        "news": (
            ("trust_gain", "φ+", "share of the way that trust goes after good news"),
            ("trust_loss", "φ-", "share of the way that trust goes after bad news"),
        ),
        "accuracy": (
            ("success_gain", "δ^g", "how strongly trust answers to messages better than the own guess"),
            ("failure_loss", "δ^l", "how strongly trust answers to messages worse than the own guess"),
        ),
    }[rule]
    rate = ("share in (0, 1)", "logit", -1.5, 1.0, 0.8, _RATE, True)
    return tuple(Parameter(name, symbol, meaning, *rate) for name, symbol, meaning in names)
