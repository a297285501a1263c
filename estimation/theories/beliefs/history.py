"""What a person had seen before each decision: what was said to them, and what turned out to be true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from estimation.arrays import Array, Mask, Numbers
from estimation.games.game import Game


@dataclass(frozen=True, eq=False)
class History:
    """Everything that one person was told and whose truth came out, in order of time; and where decisions stand in it.

    Attributes
    ----------
    message, outcome : (event,) array, game units
        What the person heard as a receiver, and the state that came out afterwards.
    expected : (event,) array, game units
        The mean of the prior: what the person would have guessed without a message.
    reach : (event,) array, game units
        The range of states of the game, by which errors are measured.
    partner : (event,) integer array
        Who said it.
    before : (decision,) integer array
        How many of the events came before each decision.
    facing : (decision,) integer array
        Whom the person faces in each decision.
    borne_out : (event,) array, optional
        How well each message was borne out, where a game says so itself.
    names : tuple of str
        The names behind the numbers of partners.
    during : (event,) array
        The condition of each event.
    known
        What else stands beside a decision: column that the game reads (`Game.reads`) → (decision,).
    beside
        The same of what stood beside the messages of events, (event,).
    condition, game
        Where all of the decisions were made, if it is one place.
    games
        The game of each condition: what an event tells is read as the game says in which it was met.
    """

    message: Array
    outcome: Array
    expected: Array
    reach: Array
    partner: Numbers
    before: Numbers
    facing: Numbers
    borne_out: Array | None = None
    names: tuple[str, ...] = ()
    during: Any = None
    known: Mapping[str, Array] = field(default_factory=dict)
    beside: Mapping[str, Array] = field(default_factory=dict)
    condition: str = ""
    game: Game | None = None
    games: Mapping[str, Game] = field(default_factory=dict)

    def at(self, decisions: Numbers) -> History:
        """Return the history of some of the decisions (positions)."""
        known = {name: column[decisions] for name, column in self.known.items()}
        return replace(self, before=self.before[decisions], facing=self.facing[decisions], known=known)

    def within(self, condition: str, game: Game) -> History:
        """Return the history of decisions that were all made in one condition."""
        return replace(self, condition=condition, game=game)

    @cached_property
    def events_by_game(self) -> list[tuple[Game, Mask]]:
        """The game of each condition, with whether each event was met in it, (event,)."""
        return [(game, np.asarray(self.during == condition)) for condition, game in self.games.items()]

    def of_events(self, fact: Callable[[Game], float]) -> Array:
        """Return a number of the game in which each event was met, (event,)."""
        found = np.full(len(self.message), np.nan)
        for game, here in self.events_by_game:
            found[here] = fact(game)
        return found

    def beside_events(self, naming: str) -> Array:
        """Return what stood beside each event in the column that its own game names, (event,); NaN if it names none.

        Parameters
        ----------
        naming
            Where games name the column, as in ``game.interest``.
        """
        found = np.full(len(self.message), np.nan)
        for game, here in self.events_by_game:
            if name := getattr(game, naming, ""):
                found[here] = self.beside[name][here]
        return found

    @property
    def accuracy(self) -> Array:
        """How well each message was borne out, (event,): 1 for the truth, 0 a range of states off or more."""
        if self.borne_out is not None:
            return self.borne_out
        return np.maximum(1 - np.abs(self.message - self.outcome) / self.reach, 0.0)


class Decided(NamedTuple):
    """Decisions of one person in one role and condition, with what came before each.

    Attributes
    ----------
    given : (decision,) array, game units
        What the person saw.
    chosen : (decision,) integer array
        Index of the option taken.
    """

    given: Array
    chosen: Numbers
    history: History
