"""Weight on advice: how far an estimate moves towards what an adviser says.

With a first estimate e and advice m, the judge aims at

    e + w (m - e),    w = α exp(-δ |m - e| / R),

and misses by a normal error. α is the weight on advice (Yaniv 2004), of each adviser; δ, if asked for, is how fast
weight falls with the distance of advice from one's own opinion, in units of the range R of the scale (far advice is
discounted: Yaniv 2004). In some decisions people may choose instead of weighing: keep their estimate, or adopt the
advice (Soll and Larrick 2009).

If weight follows the record, it is the mean of a belief that starts with α, worth κ recommendations, and counts

    q = |e - x| / (|e - x| + |m - x|)

of each whose truth x came out: 1 if the adviser was exact, 1/2 if both were off alike, 0 if only the judge was exact;
by this weight errors of opposite sign would have cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, cast

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.games.judge_advisor import JudgeAdvisor
from estimation.theories.beliefs.advisers import (
    EACH,
    EVERYONE,
    NOBODY,
    TRUST,
    advisers_met,
    advisers_of,
    of_person,
    trusted,
)
from estimation.theories.beliefs.fading_counts import FIRST_WEIGHT, faded_counts
from estimation.theories.beliefs.history import History
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter

OWN, DISTANCE = "first_estimate", "distance_loss"
WEIGHS, KEEPS, ADOPTS = range(3)
DISTANCE_LOSS = Parameter(
    DISTANCE,
    "δ",
    "how fast the weight on advice falls with its distance from the own estimate",
    "per range of the scale",
    "log",
    0.0,
    1.0,
    0.8,
    "over a whole range a seventh to seven e-fold steps for the middle 95 % of typical people",
)


def _choosing(name: str, symbol: str, meaning: str) -> Parameter:
    why = "5 to 75 % for the middle 95 % of typical people"
    return Parameter(name, symbol, meaning, "probability", "logit", -1.0, 1.0, 1.0, why)


CHOOSING = (
    _choosing("keep", "k", "share of decisions in which the person keeps the own estimate"),
    _choosing("adopt", "a", "share of the other decisions in which the person adopts the advice"),
)


@dataclass(frozen=True)
class AdviceWeighting(Theory):
    """Judges who move a share of the way from their own estimate to the advice.

    Parameters
    ----------
    about
        Whose weight it is: ``"each"`` adviser's, ``"everyone"``: one for all; ``"nobody"``: advice is ignored.
    follows
        ``"nothing"``: weight stays; ``"record"``: it follows how near the adviser was, compared with the judge.
    distance
        Whether weight falls with the distance of the advice.
    chooses
        Whether people keep or adopt in some decisions instead of weighing.
    response, lapse, habits, correlated, formulas, priors
        See `Theory`; the response is ``"normal"`` unless asked otherwise.

    Raises
    ------
    TheoryError
        If an option is unknown; when applied, if the game is no judge-advisor game, or an adviser is not listed.
    """

    about: str = EACH
    follows: str = "nothing"
    distance: bool = False
    chooses: bool = False
    response: str = field(default="normal", kw_only=True)

    name: ClassVar[str] = "advice weighting"
    citation: ClassVar[str] = (
        "Yaniv (2004), Organizational Behavior and Human Decision Processes 93(1):1-13; "
        "Soll & Larrick (2009), Journal of Experimental Psychology: Learning, Memory, and Cognition 35(3):780-805"
    )
    derived: ClassVar[tuple[str, ...]] = (TRUST,)
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "about": (EACH, EVERYONE, NOBODY),
        "follows": ("nothing", "record"),
    }

    @property
    def learns(self) -> bool:
        """Whether weight follows the record."""
        return self.follows == "record"

    @property
    def remembers(self) -> bool:
        """Always: the first estimate stands beside the advice."""
        return True

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        found = super().problems()
        for name in ("distance", "chooses"):
            value = getattr(self, name)
            found += [f"{name} must be True or False, not {value!r}"] * (not isinstance(value, bool))
        needless = self.about == NOBODY and (self.follows != "nothing" or self.distance or self.chooses)
        return found + ["about='nobody' ignores advice; leave the other options out"] * needless

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what a game needs for it: first estimates, and the names of advisers."""
        if not isinstance(game, JudgeAdvisor):
            return [f"it is about estimates before and after advice (est.JudgeAdvisor), not about {game.family}"]
        unlisted = "it lists no advisers; list them, or use about='everyone'"
        return super().lacking(game, roles) + [unlisted] * (self.about == EACH and not game.advisers)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the weights, how they move, and what else people do with advice."""
        if self.about == NOBODY:
            return ()
        played = [game for game in games if isinstance(game, JudgeAdvisor)]
        names = dict.fromkeys(name for game in played for name in self._weights(game))
        moving = (FIRST_WEIGHT,) * self.learns + (DISTANCE_LOSS,) * self.distance
        return (*map(trusted, names), *moving, *(CHOOSING if self.chooses else ()))

    def kinds_at_decision(self, kind: int, values: Values, xp: Module = np) -> list[tuple[int, Numbers]]:
        """Return what a person may do at a decision: weigh, keep or adopt, with log probabilities."""
        if not self.chooses:
            return [(WEIGHS, 0.0)]
        keep, adopt = values["keep"], values["adopt"]
        return [
            (WEIGHS, xp.log1p(-keep) + xp.log1p(-adopt)),
            (KEEPS, xp.log(keep)),
            (ADOPTS, xp.log1p(-keep) + xp.log(adopt)),
        ]

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values with the first estimate (1, decision, 1) and the weight (node, decision, 1)."""
        game = cast("JudgeAdvisor", history.game)
        found = {**values, OWN: history.known[game.column][None, :, None]}
        if self.about == NOBODY:
            return {**found, TRUST: np.full((1, len(history.before), 1), np.nan)}
        each = [of_person(values[name]) for name in self._weights(game)]
        first = np.stack(np.broadcast_arrays(*map(np.atleast_1d, each)), axis=-1)
        facing = advisers_of(history.facing, history, game) if self.about == EACH else np.zeros_like(history.facing)
        weight = first[:, facing]
        return {**found, TRUST: (self._learnt(values, history, weight, facing) if self.learns else weight)[..., None]}

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the estimate aimed at, (..., decision, 1), game units."""
        own, advice = values.get(OWN, game.prior @ game.states), message[:, None]
        if self.about == NOBODY or kind == KEEPS:
            return own + 0.0 * advice
        if kind == ADOPTS:
            return 0.0 * own + advice
        lost = values[DISTANCE] * xp.abs(advice - own) / np.ptp(game.states) if self.distance else 0.0
        return own + values[TRUST] * xp.exp(-lost) * (advice - own)

    def _weights(self, game: JudgeAdvisor) -> list[str]:
        """Return the parameters of the weights, in the order of advisers."""
        return [f"{TRUST}_{name}" for name in game.advisers] if self.about == EACH else [TRUST]

    def _learnt(self, values: Values, history: History, first: Array, facing: Numbers) -> Array:
        """Return the weight at each decision after what was seen until then, (node, decision)."""
        game, weight, found = cast("JudgeAdvisor", history.game), of_person(values[FIRST_WEIGHT.name]), first.copy()
        met = advisers_met(history, game) if self.about == EACH else np.zeros_like(history.partner)
        said = (history.beside_events("column"), history.message)
        own, told = (np.abs(each - history.outcome) for each in said)
        nearer = np.where(own + told == 0, 0.5, own / np.maximum(own + told, np.finfo(float).tiny))
        for who in np.unique(facing):
            about, deciding = np.flatnonzero(met == who), facing == who
            counts = faded_counts(np.stack([nearer[about], np.ones(len(about))], axis=1))[..., 0]
            good, all_ = counts[np.searchsorted(about, history.before[deciding])].T
            found[:, deciding] = (weight[:, None] * first[:, deciding] + good) / (weight[:, None] + all_)
        return found
