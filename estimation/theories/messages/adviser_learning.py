"""Learning whom to believe: trust in an adviser follows how often they were right.

A person starts with a Beta belief of mean α and weight κ about how often an adviser is right. Each recommendation that
is borne out counts as one for, each that is not as δ against (δ = 1: Bayes' rule; less: bad news counts less); earlier
counts may fade (Jøsang and Ismail 2002, Proc. 15th Bled Electronic Commerce Conference, 324-337). Trust is the mean:

    trust = (κ α + right) / (κ + right + δ wrong).

Where the truth is not seen, how far a recommendation agrees with what the person was told themselves may stand for it:
it counts as right with the probability b(m) that its own information gives it, and as wrong with the rest ("agreement
in confidence", Pescetelli and Yeung 2021, Journal of Experimental Psychology: General 150(3):507-526).

Each decision is that of `AdviceTaking` with the trust of its moment; with log odds, P(m | s) is raised to a weight v,
since a record may be used more or less than it deserves (where trust is but a number, v would only rescale it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Mask
from estimation.games.advice import EARLIER, TOLD, AdviceGame
from estimation.games.game import Game
from estimation.theories.beliefs.advisers import EACH, EVERYONE, TRUST, advisers_of, of_person, reputations_met
from estimation.theories.beliefs.fading_counts import FIRST_WEIGHT, faded_counts, memory
from estimation.theories.beliefs.history import History
from estimation.theories.beliefs.own_information import news_of
from estimation.theories.messages.advice_taking import AdviceTaking
from estimation.theories.messages.theory import Values
from estimation.theories.parameter import Parameter

BAD_NEWS = Parameter(
    "bad_news",
    "δ",
    "weight of a recommendation that was wrong, where one that was right weighs 1",
    "1",
    "log",
    0.0,
    1.0,
    0.7,
    "a seventh to seven times as much as good news for the middle 95 % of typical people",
    steady=True,
)
ADVICE_WEIGHT = Parameter(
    "advice_weight",
    "v",
    "weight of the log odds of an adviser's record in a choice; 1 is Bayes' rule with choices in proportion to beliefs",
    "1",
    "log",
    0.0,
    1.0,
    0.8,
    "a seventh to seven times the weight of Bayes' rule for the middle 95 % of typical people",
)
ADVISER_MEMORY = memory("adviser_memory", "φ", "how much of an adviser's record is left one recommendation later")


@dataclass(frozen=True)
class AdviserLearning(AdviceTaking):
    """People whose trust in an adviser counts how often the adviser was right; `AdviceTaking` with trust that moves.

    Parameters
    ----------
    first
        What people think of advisers before they have seen anything: ``"alike"`` of all, or something of ``"each"``.
    news
        ``"alike"``: right and wrong recommendations weigh the same; ``"apart"``: wrong ones have a weight of their own.
    forgetting
        Whether an adviser's record fades.
    unseen
        What counts of recommendations whose truth was not seen: ``"nothing"``; or ``"agreement"`` with own information,
        which has to be told (``own="told"``).
    about
        ``"each"``: advisers have a reputation each; ``"everyone"``: people learn about advice as such.
    combine, own, response, lapse, habits, correlated, formulas, priors
        See `AdviceTaking`.

    Raises
    ------
    TheoryError
        If an option is unknown; when applied, as `AdviceTaking`, or if nothing ever came out and nothing else counts.
    """

    first: str = "alike"
    news: str = "alike"
    forgetting: bool = False
    unseen: str = "nothing"

    name: ClassVar[str] = "adviser learning"
    citation: ClassVar[str] = (
        "Behrens, Hunt, Woolrich & Rushworth (2008), Nature 456:245-249; Leong & Zaki (2018), Journal of Experimental "
        "Psychology: General 147(2):170-189; Jøsang & Ismail (2002), Proc. 15th Bled eCommerce Conference:324-337; "
        "Pescetelli & Yeung (2021), Journal of Experimental Psychology: General 150(3):507-526"
    )
    compiled: ClassVar[bool] = True
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **AdviceTaking.among,
        "about": (EACH, EVERYONE),
        "first": ("alike", "each"),
        "news": ("alike", "apart"),
        "unseen": ("nothing", "agreement"),
    }

    @property
    def learns(self) -> bool:
        """Always: that is the theory."""
        return True

    @property
    def hears_all(self) -> bool:
        """Whether something is learnt of recommendations whose truth was not seen."""
        return self.unseen == "agreement"

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        common = "first='each' needs about='each': what is learnt about all cannot start from one of them"
        found = [common] * (self.first == "each" and self.about == EVERYONE)
        return super().problems() + found

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what a game needs for it."""
        found = super().lacking(game, roles)
        if not isinstance(game, AdviceGame):
            return found
        counted = "about='everyone' has one record, but columns of earlier experience count each adviser's"
        blind = "unseen='agreement' compares advice with what people were told; use own='told', or leave unseen out"
        found += [blind] * (self.hears_all and self._source(game) != TOLD)
        return found + [counted] * (game.earlier and self.about == EVERYONE)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return first impressions, how they move, and what using own information takes."""
        inherited = super().own_parameters(games, roles)
        trusts = [p for p in inherited if p.name.startswith(TRUST)]
        moving = (FIRST_WEIGHT, *[BAD_NEWS] * (self.news == "apart"), *[ADVISER_MEMORY] * self.forgetting)
        used = [ADVICE_WEIGHT] * (self.combine == "log-odds")
        return (*trusts, *(moving if trusts else ()), *(p for p in inherited if p not in trusts), *used)

    def trust_at_decisions(self, values: Values, history: History, game: AdviceGame) -> Array:
        """Return the trust in whom the person faces, after what was seen until then, (node, decision)."""
        first = self.first_trusts(values, game)
        facing = advisers_of(history.facing, history, game)
        trust = first[:, facing].copy()
        if not any(self.trusts(game).values()):
            return trust
        number = {name: of_person(values[name]) for name in values if name in _MOVING}
        whose = np.array(self.reputations(game))
        met = reputations_met(history, game, self.reputations(game), self.about)
        for place in np.unique(whose[whose >= 0]):
            about, deciding = met == place, whose[facing] == place
            if deciding.any():
                counts = self._counts(number, history, game, about, deciding)
                right, wrong = counts[np.concatenate([[0], np.cumsum(about)])[history.before[deciding]]].transpose(
                    1, 2, 0
                )
                weight = number["first_weight"][:, None]
                trust[:, deciding] = (weight * first[:, facing[deciding]] + right) / (weight + right + wrong)
        return trust

    def _counts(
        self, number: Mapping[str, Array], history: History, game: AdviceGame, about: Mask, deciding: Mask
    ) -> Array:
        """Return what counts for and against a reputation, before the first event about it and after each."""
        weights = np.array(np.broadcast_arrays(1.0, number.get("bad_news", np.ones(1))))  # (right or wrong, node)
        accuracy, start = news_of(history)[about], np.zeros((2, 1))
        if game.earlier:
            start = np.array([history.known[name][deciding][:1] for name in EARLIER])
        seen = np.stack([accuracy, 1 - accuracy], axis=1)[..., None]
        return faded_counts(seen * weights, number.get("adviser_memory", 1.0), start * weights)

    def reputations(self, game: AdviceGame) -> tuple[int, ...]:
        """Return the place of each adviser's reputation: their own, or the first; -1 if accuracy is known."""
        is_open = [bool(name) for name in self.trusts(game).values()]
        shared = is_open.index(True) if True in is_open else -1
        return tuple((place if self.about == EACH else shared) if o else -1 for place, o in enumerate(is_open))

    @property
    def _is_apart(self) -> bool:
        return self.first == "each"


_MOVING = (FIRST_WEIGHT.name, BAD_NEWS.name, ADVISER_MEMORY.name)
