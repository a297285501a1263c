"""Judge and advisor: an estimate before advice and one after it, on a scale.

The judge-advisor system of Sniezek and Buckley (1995, Organizational Behavior and Human Decision Processes
62(2):159-174) with numbers: how far people move is the weight on advice (Yaniv 2004, same journal 93(1):1-13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.errors import GameError, raise_all
from estimation.games.checks import number_problems, size_problems
from estimation.games.game import Game

FIRST_ESTIMATE = "first_estimate"

_INVALID = "The judge-advisor game is not valid:"


@dataclass(frozen=True, eq=False)
class JudgeAdvisor(Game):
    """A judge estimates a number, hears an advisor's estimate, and estimates it again.

    In a table of decisions, receivers' rows hold the advice (``message``), the second estimate (``action``), the first
    one (in a column of its own), who advises (``partner``), and the truth (``state``, empty where it was not seen).
    Estimates are read as the nearest step of the scale, first ones as they are.

    Parameters
    ----------
    lowest, highest, step : float, game units
        The scale of estimates.
    advisers
        The names of those who advise, as the column ``partner`` has them.
    column
        Where the first estimate stands.

    Raises
    ------
    GameError
        If the scale is none, or advisers are no list of different names.
    """

    lowest: float = 0.0
    highest: float = 100.0
    step: float = 1.0
    advisers: Sequence[str] = ()
    column: str = FIRST_ESTIMATE

    family = "judge-advisor"
    direction = 0
    course = (
        "The judge makes a first estimate, hears the advice, {message}, and estimates again, {action}; the truth is "
        "{state}. Judge and advisor both lose by the square of the error."
    )

    def __post_init__(self) -> None:
        given = {"lowest": self.lowest, "highest": self.highest, "step": self.step}
        problems = number_problems(given) or number_problems({"step": self.step}, positive=True)
        if not problems and not self.lowest + self.step <= self.highest:
            problems.append(f"the scale must have two steps or more, not from {self.lowest} to {self.highest}")
        if not problems:
            problems += size_problems("step", (self.highest - self.lowest) / self.step + 1)
        if isinstance(self.advisers, str) or not isinstance(self.advisers, (Sequence, np.ndarray)):
            raise GameError(_INVALID, [*problems, f"advisers must be a list of names, not {self.advisers!r}"])
        names = tuple(str(name).strip() for name in self.advisers)
        problems += [f"adviser {name!r} is listed twice" for name in sorted({n for n in names if names.count(n) > 1})]
        problems += ["an adviser needs a name"] * ("" in names)
        problems += [f"column must be the name of a column, not {self.column!r}"] * (
            not isinstance(self.column, str) or not self.column
        )
        raise_all(problems, GameError, _INVALID)
        object.__setattr__(self, "advisers", names)

    @cached_property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]
        """The column of first estimates."""
        return (self.column,)

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """The scale."""
        steps = int((self.highest - self.lowest) / self.step + 1e-9)
        return np.asarray(self.lowest + self.step * np.arange(steps + 1), float)

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Every value alike likely: what judges know is in their first estimates."""
        return np.full(len(self.states), 1 / len(self.states))

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the same as the judge's: advisors gain by being useful."""
        return self.receiver_payoff(action, state, xp)

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return minus the square of the error, in units of the squared scale."""
        return -(((action - state) / (self.highest - self.lowest)) ** 2)

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the mean of a belief that is the message in so far as it is trusted, else anything (broadcasts)."""
        return trust * message + (1 - trust) * float(self.prior @ self.states)
