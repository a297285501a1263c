"""The accusation game of Oey, Schachner and Vul: say how many marbles are yours, and be believed or accused of lying.

The sender sees how many of `highest` marbles are red and reports a number; the receiver accepts the report or accuses.
Accepted, a report earns the sender as many points more than the receiver as it claims. Accused, a truthful sender
keeps them and is paid for the offence; a liar loses (Oey, Schachner and Vul 2023, Journal of Experimental Psychology:
General 152(2)). All payoffs are differences of points between the two players.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral

import numpy as np
from scipy import stats

from estimation.allowed import word_problems
from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, TheoryError, raise_all
from estimation.games.checks import key_problems, number_problems, size_problems
from estimation.games.game import Game, grid_index

_INVALID = "The accusation game is not valid:"
_NUMBERS = ("share", "highest", "caught", "wronged", "binomial_weight")
ACCEPT, ACCUSE = 0.0, 1.0


@dataclass(frozen=True, eq=False)
class AccusationGame(Game):
    """A sender who claims points and a receiver who may call the claim a lie.

    Parameters
    ----------
    direction_name
        ``"over"``: red marbles score for the sender; ``"under"``: the others do.
    share
        Probability that a marble is red.
    highest
        Number of marbles; states and messages are the whole numbers 0..highest. Actions are 0 (accept) and 1 (accuse).
    caught, wronged : float, points
        What an accused liar loses, and what an accused honest sender gains, against the receiver.
    binomial_weight
        The state is binomial(highest, share) with this probability and uniform otherwise.

    Raises
    ------
    GameError
        If a number is out of bounds or the direction is unknown.
    """

    direction_name: str = "over"
    share: float = 0.5
    highest: int = 10
    caught: float = 10.0
    wronged: float = 5.0
    binomial_weight: float = 0.8

    family = "accusation"
    is_scaled = False
    margin = 2.0
    """Points that one more marble claimed earns, if it is accepted."""
    suspicion = -1
    """Who doubts accuses, which is the higher action, whatever reports earn."""

    def __post_init__(self) -> None:
        problems = word_problems(("over", "under"), direction=self.direction_name)
        if not isinstance(self.highest, Integral) or self.highest < 1:
            problems.append(f"highest must be a whole number from 1, not {self.highest!r}")
        elif size_problems("highest", self.highest + 1):
            problems += size_problems("highest", self.highest + 1)
        numbers = {name: getattr(self, name) for name in ("share", "caught", "wronged", "binomial_weight")}
        problems += number_problems(numbers)
        for name in ("share", "binomial_weight"):
            if not number_problems({name: numbers[name]}) and not 0 <= numbers[name] <= 1:
                problems.append(f"{name} must lie in [0, 1], not {numbers[name]}")
        raise_all(problems, GameError, _INVALID)

    @cached_property
    def direction(self) -> int:  # type: ignore[override]
        """+1 if high reports earn the sender points, -1 if low ones do."""
        return 1 if self.direction_name == "over" else -1

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """Whole numbers 0..highest."""
        return np.arange(self.highest + 1.0)

    @cached_property
    def actions(self) -> Array:  # type: ignore[override]
        """0 accepts the report, 1 accuses."""
        return np.array([ACCEPT, ACCUSE])

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Probabilities of the states: a binomial, mixed with a uniform."""
        binomial = stats.binom.pmf(self.states, self.highest, self.share)
        return np.asarray(self.binomial_weight * binomial + (1 - self.binomial_weight) / (self.highest + 1), float)

    @cached_property
    def claim(self) -> Array:
        """Points by which an accepted report puts the sender ahead, (message,)."""
        return np.asarray(self.direction * (2 * self.messages - self.highest), float)

    def sender_points(self, accused: Numbers) -> Array:
        """Return what each report is worth, given how probably it is accused.

        Parameters
        ----------
        accused : (..., message) array, probability

        Returns
        -------
        (..., state, message) array, points
        """
        honest = self.claim + self.wronged * accused
        lying = self.claim * (1 - accused) - self.caught * accused
        truth = np.eye(len(self.states), dtype=bool)
        return np.asarray(np.where(truth, honest[..., None, :], lying[..., None, :]))

    def accusing_points(self, lie: Numbers) -> Array:
        """Return how many points more it is worth to accuse than to accept, (..., message).

        `lie` (..., message) is the probability that a report is a lie.
        """
        return np.asarray(lie * (self.caught + self.claim) - (1 - lie) * self.wronged)

    def unheard_payoff(self, message: Array) -> Array:
        """Return what accepting and accusing are worth if reports say nothing of the state, (message, action), points.

        Not even then are all reports alike: they claim different points, and are as often true as their state occurs.
        """
        more = self.accusing_points(1 - self.prior)[grid_index(self.messages, message)]
        return np.stack([np.zeros_like(more), more], axis=-1)

    def unheard_scale(self, role: str) -> float:
        """Return how much the points that reports claim differ."""
        return float(self.claim.std())

    def lie_probability(self, sender: Array) -> Array:
        """Return how probably each report is a lie, (..., message), for a sender (..., state, message)."""
        joint = self.prior[:, None] * sender
        honest = np.diagonal(joint, axis1=-2, axis2=-1)
        return np.asarray(1 - honest / np.maximum(joint.sum(axis=-2), 1e-300))

    def spec(self) -> Spec:
        """Return the game as plain data."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return {"family": self.family, "direction": self.direction_name} | numbers

    @classmethod
    def from_spec(cls, spec: Spec) -> AccusationGame:
        """Rebuild the game from `spec`."""
        raise_all(key_problems(spec, ("family", "direction"), _NUMBERS), GameError, _INVALID)
        return cls(spec["direction"], **{name: spec[name] for name in _NUMBERS if name in spec})

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the sender's points after a true report (broadcasts)."""
        return self.direction * (2 * state - self.highest) + self.wronged * (action == ACCUSE)

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's points after a true report (broadcasts): minus the sender's."""
        return -self.sender_payoff(action, state, xp)

    @property
    def sender_table(self) -> Array:  # type: ignore[override]
        """Raise: there is no table of payoffs by action and state, for points depend on the report too."""
        raise _needs_message()

    @property
    def receiver_table(self) -> Array:  # type: ignore[override]
        """Raise: see `sender_table`."""
        raise _needs_message()

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Raise: a receiver who weighs a message with trust estimates a state, and here nobody does."""
        raise _needs_message()

    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Raise: see `trusting_action`."""
        raise _needs_message()


def _needs_message() -> TheoryError:
    advice = "use RecursiveAccusation or NaiveAccusation, which know these payoffs"
    return TheoryError(
        "This theory says nothing about the accusation game:",
        [f"points depend on the report, not on action and state alone; {advice}"],
    )
