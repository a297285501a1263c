"""Two-person guessing games (Costa-Gomes and Crawford 2006, American Economic Review 96(5):1737-1768).

Each player has a range and a target p; the aim is p times the other's guess. Guesses outside the range count as its
nearest end. With distance e from the aim, a player earns ``max(0, 200 - e) + max(0, 100 - e / 10)`` points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.errors import GameError, raise_all
from estimation.games.checks import number_problems
from estimation.games.normal_form import NormalForm
from estimation.text.shown import Shown


@dataclass(frozen=True)
class Guesser(Shown):
    """One side of a guessing game: a target and a range.

    Raises
    ------
    GameError
        If the range is empty or the target is not positive.
    """

    target: float
    low: float
    high: float

    def __post_init__(self) -> None:
        problems = number_problems({"target": self.target}, positive=True)
        problems += number_problems({"low": self.low, "high": self.high})
        if not problems and self.low >= self.high:
            problems.append(f"high must be more than low, not {self.high} and {self.low}")
        raise_all(problems, GameError, "The guessing game is not valid:")

    @property
    def middle(self) -> float:
        """The centre of the range."""
        return (self.low + self.high) / 2

    def reply(self, other: Numbers) -> Numbers:
        """Return the best guess against a guess of the other (broadcasts)."""
        return np.clip(self.target * np.asarray(other, float), self.low, self.high)

    def whole_guesses(self, step: int = 1) -> Array:
        """Return the guesses low, low + step, … of the range."""
        return np.arange(self.low, self.high + 1e-9, step)


@dataclass(frozen=True)
class GuessingGame(Shown):
    """A player (`own`) and an opponent (`other`)."""

    own: Guesser
    other: Guesser

    @property
    def mirrored(self) -> GuessingGame:
        """The same game seen by the other player."""
        return GuessingGame(self.other, self.own)

    def points(self, own: Numbers, other: Numbers) -> Array:
        """Return what a guess earns against a guess of the other (broadcasts), points."""
        own = np.clip(own, self.own.low, self.own.high)
        other = np.clip(other, self.other.low, self.other.high)
        miss = np.abs(own - self.own.target * other)
        return np.asarray(np.maximum(0, 200 - miss) + np.maximum(0, 100 - miss / 10))

    def level_k(self, level: int) -> float:
        """Return the guess of level k ≥ 1; level 0 guesses uniformly, on average the centre of the other's range."""
        raise_all([f"level must be 1 or more, not {level}"] * (level < 1), GameError, "There is no such guess:")
        believed = self.other.middle if level == 1 else self.mirrored.level_k(level - 1)
        return float(self.own.reply(believed))

    def dominance(self, rounds: int) -> float:
        """Return the guess of type D-k: k rounds of deleting dominated guesses, then a reply to the centre left."""
        mine, theirs = (self.own.low, self.own.high), (self.other.low, self.other.high)
        for _ in range(rounds):
            mine, theirs = tuple(self.own.reply(theirs)), tuple(self.other.reply(mine))
        return float(self.own.reply(np.mean(theirs)))

    def equilibrium(self, most: int = 10_000) -> float:
        """Return the guess in equilibrium: where deleting dominated guesses round after round ends.

        Raises
        ------
        GameError
            If the ranges do not shrink to a point, as when the targets multiply to one.
        """
        mine, theirs = (self.own.low, self.own.high), (self.other.low, self.other.high)
        for _ in range(most):
            mine, theirs = tuple(self.own.reply(theirs)), tuple(self.other.reply(mine))
            if np.ptp(mine) < 1e-9 and np.ptp(theirs) < 1e-9:
                return float(mine[0])
        problem = f"targets {self.own.target} and {self.other.target} leave {mine} for the player"
        raise GameError("The guessing game has no unique equilibrium in sight:", [problem])

    def normal_form(self, step: int = 1) -> NormalForm:
        """Return the game on a grid of whole guesses, labelled by the guess."""
        mine, theirs = self.own.whole_guesses(step), self.other.whole_guesses(step)
        row = self.points(mine[:, None], theirs[None, :])
        column = self.mirrored.points(theirs[None, :], mine[:, None])
        labels = [tuple(f"{guess:g}" for guess in guesses) for guesses in (mine, theirs)]
        return NormalForm(row, column, *labels)
