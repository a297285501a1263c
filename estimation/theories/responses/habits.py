"""Habits of response: what people do beside any theory. They round, say the exact truth, or take messages literally.

With intended choices P0 (the theory's, after its response rule), a person's choices follow

    ψ 1{choice = what was seen} + (1 - ψ) [(1 - ζ) P0 + ζ ((1 - ζ^c) F P0 + ζ^c C P0)]

where F and C round to the nearest of the finer and of the coarser round numbers, an option halfway going to each side
half of the time. What was seen is the state for senders and the message for receivers; where it is no option, ψ is 0.
Lapses come on top.

Round numbers follow from the options: for steps from 10^k to just below 10^(k + 1) they are the multiples of 5 10^k and
of 10^(k + 1), each if all of them within reach are options, three at least, and at most every second option is one. Of
whole numbers from 0 to 100 these are fives and tens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array, Indices, Module, Numbers
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, MESSAGE, SENDER
from estimation.theories.parameter import Parameter
from estimation.theories.responses.logit import at_decisions
from estimation.theories.responses.seen import EXACT, are_options, places_of, plain_choices, seen_and_options

NONE, ROUNDING, TRUTH = "none", "rounding", "truth"
HABITS: dict[str, tuple[str, ...]] = {NONE: (), ROUNDING: (ROUNDING,), TRUTH: (TRUTH,), "all": (ROUNDING, TRUTH)}
"""What a theory's option `habits` may be → the habits that people may have."""

_NOTHING = -650.0  # logarithms of chances below count as this: products of less would be slow, or nothing
_LEAST = 1e-300  # a chance that has no logarithm counts as this


def habit_parameters(habits: str, games: list[Game], role: str) -> tuple[Parameter, ...]:
    """Return the shares that describe a role's habits: those for which one of the games has the options."""
    some = "share of decisions"
    found = []
    steps = max(len(rounding(game, role)) for game in games) if ROUNDING in HABITS[habits] else 0
    if steps:
        meaning = f"share of a {role}'s intended choices that are rounded to a round number"
        why = "from next to nobody (1 %) to nearly everybody (80 %) for the middle 95 % of typical people"
        found.append(Parameter(f"{role}_rounding", "ζ", meaning, some, "logit", -1.5, 1.5, 1.5, why))
    if steps > 1:
        meaning = f"share of a {role}'s rounding that goes to the coarser round numbers: to tens, not fives"
        why = "flat to the eye on (0, 1) for a typical person"
        found.append(Parameter(f"{role}_tens", "ζᶜ", meaning, "share of rounding", "logit", 0.0, 1.5, 1.5, why))
    if TRUTH in HABITS[habits] and any(are_options(game, role) for game in games):
        what = "message is the state itself" if role == SENDER else "action is the message itself"
        why = "from 1 to 70 % for the middle 95 % of typical people: a habit that is there or not"
        meaning = f"share of a {role}'s decisions in which the {what}, whatever the theory says"
        found.append(Parameter(_plainly(role), "ψ", meaning, some, "logit", -2.0, 1.5, 1.5, why))
    return tuple(found)


class Meant(NamedTuple):
    """What was chosen in each decision, and what else may have been meant if it was rounded.

    Attributes
    ----------
    own : (decision,) integer array
        Where in the arrays below what was chosen stands; what else may have been meant follows.
    whose, option : (pair,) integer arrays
        The decision, and the option that may have been meant.
    fine, coarse : (pair,) arrays
        The share of those who mean the option that choose what was chosen if they round.
    """

    own: Indices
    whose: Indices
    option: Indices
    fine: Array
    coarse: Array


class Hit(NamedTuple):
    """Where a choice is what was seen, and where what was seen can be chosen: 1 or 0, (situation, option) each."""

    option: Array
    possible: Array


@dataclass(frozen=True, eq=False)
class Habits:
    """The habits of people in a role of a game.

    Parameters
    ----------
    habits
        One of `HABITS`.
    values
        Parameter → natural value. A habit about which they say nothing, because no game of the fit had the options for
        it, nobody has.
    """

    habits: str
    game: Game
    role: str
    values: Mapping[str, Numbers]

    @property
    def rounds(self) -> bool:
        """Whether people round here."""
        known = ROUNDING in HABITS[self.habits] and f"{self.role}_rounding" in self.values
        return known and bool(rounding(self.game, self.role))

    def meant(self, chosen: Numbers) -> Meant | None:
        """Return what people may have meant who chose some options (decision,); nothing if they do not round."""
        if chosen is None or not self.rounds:
            return None
        counts, first, option, fine, coarse = _meanings(self.game, self.role)
        many = counts[chosen]
        own, whose = np.cumsum(many) - many, np.repeat(np.arange(len(many)), many)
        place = np.arange(len(whose)) + np.repeat(first[chosen] - own, many)
        return Meant(own, whose, option[place], fine[place], coarse[place])

    def applied(
        self,
        log_probability: Numbers,
        given: Array,
        chosen: Numbers,
        rows: Numbers,
        meant: Meant | None,
        xp: Module = np,
    ) -> Numbers:
        """Return the log probability of what people choose from that of what they intend.

        Parameters
        ----------
        log_probability : (..., situation, option) array
            Or (..., pair) of what was `meant` by those chosen, or (..., decision) if nobody rounds.
        given, chosen, rows
            See `likelihood.decision_log_probability`.

        Returns
        -------
        (..., situation, option) array, or (..., decision) if `chosen` is given
        """
        hit = self._hit(given, chosen, rows)
        if not self.rounds and hit is None:
            return log_probability
        chance = xp.exp(xp.maximum(log_probability, _NOTHING))
        if self.rounds:
            own, fine, coarse = self._rounded(chance, meant, xp)
            share, tens = (self._share(f"{self.role}_{name}", chosen, rows) for name in ("rounding", "tens"))
            chance = (1 - share) * own + share * ((1 - tens) * fine + tens * coarse)
        if hit is not None:
            share = self._share(_plainly(self.role), chosen, rows)
            chance = chance + share * (hit.option - hit.possible * chance)
        return xp.log(xp.maximum(chance, _LEAST))

    def exact(self, given: Array, chosen: Indices) -> Numbers:
        """Return the chance that a choice (decision,) is what was seen by habit, (..., decision)."""
        rows = np.arange(len(chosen))
        hit = self._hit(given, chosen, rows)
        return 0.0 if hit is None else self._share(_plainly(self.role), chosen, rows) * hit.option

    def _rounded(self, chance: Numbers, meant: Meant | None, xp: Module) -> tuple[Numbers, Numbers, Numbers]:
        """Return the chances of choices that are not rounded, and of those rounded finely and coarsely."""
        if meant is None:
            tables = rounding(self.game, self.role)
            return chance, chance @ tables[0], chance @ tables[-1]
        sums = [_sums(chance * weight, meant, xp) for weight in (meant.fine, meant.coarse)]
        return chance[..., meant.own], sums[0], sums[1]

    def _hit(self, given: Array, chosen: Numbers, rows: Numbers) -> Hit | None:
        """Return where a choice is what was seen, as `applied` returns chances; nothing if nobody has the habit."""
        known = TRUTH in HABITS[self.habits] and _plainly(self.role) in self.values
        if not known or not are_options(self.game, self.role):
            return None
        seen, options = seen_and_options(self.game, self.role)
        same = plain_choices(self.game, self.role)[grid_index(seen, given)]
        same, choice = (same[:, None], np.arange(len(options))) if chosen is None else (same[rows], chosen)
        return Hit((same == choice).astype(float), (same >= 0).astype(float))

    def _share(self, name: str, chosen: Numbers, rows: Numbers) -> Numbers:
        """Return a share so that it broadcasts against chances."""
        value = self.values.get(name, 0.0)
        return value if chosen is None or not hasattr(value, "ndim") else at_decisions(value, rows)[..., 0]


@lru_cache(maxsize=64)
def rounding(game: Game, role: str) -> tuple[Array, ...]:
    """Return where those who intend an option go if they round, (intended, chosen) shares.

    One table for each step of round numbers (see the module), the finest first: two, one or none.
    """
    options = seen_and_options(game, role)[1]
    step = float(np.diff(options).min(initial=np.inf))
    power = 10.0 ** np.floor(np.log10(step) + EXACT)
    tables = []
    for base in () if (MESSAGE if role == SENDER else ACTION).name in game.labels else (5 * power, 10 * power):
        round_ones = base * np.arange(np.ceil(options[0] / base - EXACT), np.floor(options[-1] / base + EXACT) + 1)
        places = places_of(round_ones, options)
        if len(places) >= 3 and 2 * (len(places) - 1) <= len(options) - 1 and (places >= 0).all():
            away = np.abs(options[:, None] - round_ones)
            nearest = away <= away.min(axis=1, keepdims=True) + EXACT * step
            table = np.zeros((len(options), len(options)))
            table[:, places] = nearest / nearest.sum(axis=1, keepdims=True)
            tables.append(table)
    return tuple(tables)


@lru_cache(maxsize=64)
def _meanings(game: Game, role: str) -> tuple[Indices, Indices, Indices, Array, Array]:
    """Return what may be meant by each option, itself first: how many, where they begin, which, and their shares.

    Shares are of those who mean the option and round finely, or coarsely.
    """
    fine, coarse = (rounding(game, role)[step].T for step in (0, -1))
    also = (fine + coarse > 0) & ~np.eye(len(fine), dtype=bool)
    option = np.concatenate([[chosen, *np.flatnonzero(others)] for chosen, others in enumerate(also)])
    counts = also.sum(axis=1) + 1
    where = np.repeat(np.arange(len(fine)), counts), option
    return counts, np.cumsum(counts) - counts, option, fine[where], coarse[where]


def _sums(values: Numbers, meant: Meant, xp: Module) -> Numbers:
    """Return sums over what may have been meant, (..., decision), of values (..., pair)."""
    if xp is np:
        return np.add.reduceat(values, meant.own, axis=-1)
    return xp.inc_subtensor(xp.zeros_like(values[..., meant.own])[..., meant.whose], values)


def _plainly(role: str) -> str:
    """Return the name of the share of choices that are what was seen."""
    return f"{role}_truth" if role == SENDER else f"{role}_literal"
