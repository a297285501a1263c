"""Ability or honesty: why an adviser was wrong, where people know what the adviser is paid for.

An adviser knows the truth with probability a, and says what they know with probability h; otherwise they say what they
are paid for, i. So with K states, errors alike likely,

    P(m | s) = h P(m known | s) + (1 - h) 1[m = i],    P(m known | s) = a if m = s, else (1 - a) / (K - 1).

A recommendation against the adviser's interest, or without one, is an honest one and tells of ability alone; one in
their interest tells of both, and what it counts for is divided by how likely it was honest (the quasi-Bayes step of
Smith and Makov 1978, Journal of the Royal Statistical Society B 40(1):106-112):

    r = h P(m known | s) / (h P(m known | s) + 1 - h):    r for honesty, 1 - r against it, r for or against ability.

Ability and honesty are Beta means of such counts, as trust is in `AdviserLearning`. A recommendation m in the adviser's
interest is then right with the odds of (h a + 1 - h) to (K - 1) (h (1 - a) / (K - 1) + 1 - h).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np

from estimation.arrays import Array, Indices, Mask, Module, Numbers
from estimation.errors import TheoryError
from estimation.games.advice import AdviceGame
from estimation.games.game import Game
from estimation.theories.beliefs.advisers import TRUST, advisers_of, of_person, reputations_met
from estimation.theories.beliefs.fading_counts import FIRST_WEIGHT
from estimation.theories.beliefs.history import History
from estimation.theories.messages.adviser_learning import AdviserLearning
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter

HONESTY = Parameter(
    "honesty",
    "h",
    "how often advisers are thought to say what they know against their interest, before anything is seen",
    "probability",
    "logit",
    0.0,
    1.5,
    1.5,
    "flat to the eye on (0, 1) for a typical person",
    steady=True,
)
HONESTY_WEIGHT = replace(
    FIRST_WEIGHT, name="honesty_weight", symbol="κₕ", meaning="how many messages the first idea of honesty is worth"
)
IN_INTEREST = "in_interest"


@dataclass(frozen=True)
class AdviserMotives(AdviserLearning):
    """People who tell an adviser's mistakes from an adviser's lies; `trust` is what they think of ability.

    Parameters
    ----------
    first, forgetting, about, combine, own, response, lapse, habits, correlated, formulas, priors
        See `AdviserLearning`. Bad news has no weight of its own: what it tells is what the theory says.

    Raises
    ------
    TheoryError
        If an option is unknown; when applied, as `AdviserLearning`, or if the game does not say what advisers are paid
        for, or every recommendation that turned out was in their interest, or none was: nothing tells ability from
        honesty then.
    """

    name: ClassVar[str] = "ability and honesty"
    citation: ClassVar[str] = (
        "Sniezek & Van Swol (2001), Organizational Behavior and Human Decision Processes 84(2):288-307; "
        "Smith & Makov (1978), Journal of the Royal Statistical Society B 40(1):106-112"
    )
    derived: ClassVar[tuple[str, ...]] = (TRUST, HONESTY.name)
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **AdviserLearning.among,
        "news": ("alike",),
        "unseen": ("nothing",),
    }

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what a game needs for it: what advisers are paid for, and nothing known of them beside it."""
        found = super().lacking(game, roles)
        if not isinstance(game, AdviceGame):
            return found
        unknown = "it does not say what advisers are paid for; name the column (interest), or use AdviserLearning"
        told = "people knew how often advisers are right, or had seen it, which is not divided into ability and honesty"
        return found + [unknown] * (not game.interest) + [told] * bool(game.accuracies or game.earlier)

    def check_seen(self, histories: Sequence[History]) -> None:
        """Refuse what people saw if it cannot tell ability from honesty."""
        seen = np.concatenate([_seen(one).suits for one in histories])
        if seen.all() or not seen.any():
            which = "every" if seen.any() else "no"
            problem = f"{which} recommendation that turned out was in the adviser's interest; use AdviserLearning"
            raise TheoryError("Ability cannot be told from honesty:", [problem])

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return first ideas of ability and honesty, how they move, and what using own information takes."""
        found = super().own_parameters(games, roles)
        place = found.index(FIRST_WEIGHT) + 1 if FIRST_WEIGHT in found else 0  # nobody is advised in other games
        return (*found[:place], *((HONESTY, HONESTY_WEIGHT) if place else ()), *found[place:])

    def thought_of_advisers(self, values: Values, history: History, game: AdviceGame) -> dict[str, Array]:
        """Return ability and honesty of whom the person faces, (node, decision), after what was seen until then."""
        first = self.first_trusts(values, game)
        number = {name: of_person(values[name]) for name in _NUMBERS if name in values}
        facing, seen = advisers_of(history.facing, history, game), _seen(history)
        whose, found = np.array(self.reputations(game)), np.empty((2, len(first), len(facing)))
        met = reputations_met(history, game, self.reputations(game), self.about)
        for place in np.unique(whose):
            about, deciding = np.flatnonzero(met == place), np.flatnonzero(whose[facing] == place)
            path = _path(seen, about, first[:, place], number)
            found[:, :, deciding] = path[np.searchsorted(about, history.before[deciding])].transpose(1, 2, 0)
        return {TRUST: found[0], HONESTY.name: found[1], IN_INTEREST: _paid_for(history, game)}

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each bet is worth, (..., decision, action), with the trust that this recommendation deserves."""
        ability, honest, states = values[TRUST], values[HONESTY.name], len(game.states)
        bent = (honest * ability + 1 - honest) / (honest + states * (1 - honest))
        suits = values.get(IN_INTEREST, np.nan) == message[:, None]
        return super().receiver_payoff(game, kind, {**values, TRUST: np.where(suits, bent, ability)}, message, xp)


_NUMBERS = (FIRST_WEIGHT.name, HONESTY.name, HONESTY_WEIGHT.name, "adviser_memory")


def _paid_for(history: History, game: AdviceGame) -> Array:
    """Return the state that the adviser is paid for in each decision, (1, decision); no number where none."""
    return history.known[game.interest][None]


class _Seen(NamedTuple):
    """What each event tells, (event,): read as the game says in which it was met.

    Attributes
    ----------
    right
        How well it was borne out.
    suits
        Whether the recommendation is what its adviser was paid for.
    paid
        Whether the adviser was paid for anything.
    wrong_ways
        In how many ways it could have been wrong.
    """

    right: Array
    suits: Mask
    paid: Mask
    wrong_ways: Array


def _seen(history: History) -> _Seen:
    """Return what each event tells."""
    interest = history.beside_events("interest")
    wrong_ways = history.of_events(lambda game: len(game.states) - 1)
    return _Seen(history.accuracy, interest == history.message, np.isfinite(interest), wrong_ways)


def _path(seen: _Seen, events: Indices, first: Array, number: Mapping[str, Array]) -> Array:
    """Return ability and honesty before the first of some events and after each, (event + 1, 2, node)."""
    weight, honest_weight, honesty = (number[name] for name in (FIRST_WEIGHT.name, HONESTY_WEIGHT.name, HONESTY.name))
    start = np.stack([weight * first, weight * (1 - first), honest_weight * honesty, honest_weight * (1 - honesty)])
    counts, kept = [np.zeros_like(start)], number.get("adviser_memory", 1.0)
    for event in events:
        able, unable, honest, dishonest = start + counts[-1]
        ability, honesty, right = able / (able + unable), honest / (honest + dishonest), seen.right[event]
        known = honesty * (right * ability + (1 - right) * (1 - ability) / seen.wrong_ways[event])
        share = known / (known + 1 - honesty) if seen.suits[event] else np.ones_like(known)
        shown = (share * right, share * (1 - right), share * seen.paid[event], 1 - share)
        counts.append(kept * counts[-1] + np.stack(shown))
    total = start + np.array(counts)
    return total[:, ::2] / (total[:, ::2] + total[:, 1::2])
