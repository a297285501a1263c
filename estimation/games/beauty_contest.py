"""The p-beauty contest: guess a share p of the average guess (Nagel 1995, American Economic Review 85(5):1313-1326)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from estimation.arrays import Array, Numbers
from estimation.errors import GameError, raise_all
from estimation.games.checks import number_problems
from estimation.text.shown import Shown


@dataclass(frozen=True)
class BeautyContest(Shown):
    """Everybody guesses a number; the target is p times the average of all guesses.

    Parameters
    ----------
    target
        p.
    low, high
        The range of guesses.
    players
        How many guess; None for so many that one's own guess does not move the average.

    Raises
    ------
    GameError
        If the range is empty, p is not positive, or there are fewer than two players.
    """

    target: float
    low: float = 0.0
    high: float = 100.0
    players: int | None = None

    def __post_init__(self) -> None:
        problems = number_problems({"target": self.target}, positive=True)
        problems += number_problems({"low": self.low, "high": self.high})
        if not problems and self.low >= self.high:
            problems.append(f"high must be more than low, not {self.high} and {self.low}")
        if self.players is not None and self.players < 2:
            problems.append(f"players must be 2 or more, not {self.players}")
        raise_all(problems, GameError, "The beauty contest is not valid:")

    @property
    def middle(self) -> float:
        """The average of uniform guesses: what step 0 does on average."""
        return (self.low + self.high) / 2

    def reply(self, others: Numbers) -> Numbers:
        """Return the guess that hits the target if the others' average is `others` (broadcasts).

        With n players the own guess counts in the average: x = p ((n - 1) others + x) / n.
        """
        if self.players is None:
            aim = self.target * others
        else:
            aim = self.target * (self.players - 1) * others / (self.players - self.target)
        return np.clip(aim, self.low, self.high)

    def level_k(self, level: int) -> float:
        """Return the guess of level k, who thinks that all others are of level k - 1; level 0 averages the middle."""
        guess = self.middle
        for _ in range(level):
            guess = float(self.reply(guess))
        return guess

    def hierarchy(self, mean_level: float, steps: int = 60) -> Array:
        """Return the guess of each step 0..steps of a Poisson cognitive hierarchy, (step,).

        Step k replies to the average of steps 0..k-1 in their Poisson proportions (Camerer, Ho and Chong 2004).
        """
        share = stats.poisson.pmf(np.arange(steps + 1), mean_level)
        guesses = np.empty(steps + 1)
        guesses[0] = self.middle
        for step in range(1, steps + 1):
            below = share[:step]
            # Far steps of a small mean have shares that underflow: they think of everybody below, whose mass is there.
            guesses[step] = self.reply(below @ guesses[:step] / below.sum())
        return guesses

    def hierarchy_mean(self, mean_level: float, steps: int = 60) -> float:
        """Return the average guess of a Poisson cognitive hierarchy with mean level tau."""
        share = stats.poisson.pmf(np.arange(steps + 1), mean_level)
        return float(share @ self.hierarchy(mean_level, steps) / share.sum())
