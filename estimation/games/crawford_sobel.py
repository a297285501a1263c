"""Discrete games of strategic information transmission (Crawford and Sobel 1982, Econometrica 50(6):1431-1451).

The receiver wants the action to equal the state, the sender wants it to equal the state plus a bias:

    u_S = points - slope |state + bias - action|^power,    u_R = points - slope |state - action|^power.

Cai and Wang (2006, Games and Economic Behavior 56(1):7-36) and Wang, Spezio and Camerer (2010, American Economic Review
100(3):984-1007) played them on small grids; the numbers of their grids are arguments here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy import optimize

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.checks import LARGEST, number_problems, size_problems
from estimation.games.game import Game, grid_index
from estimation.games.options import Options
from estimation.games.table_parts import EMPIRICAL, UNIFORM, counted, known_prior, read_prior

_INVALID = "The Crawford-Sobel game is not valid:"
_GRIDS = ("state_values", "message_values", "action_values")


@dataclass(frozen=True, eq=False)
class CrawfordSobel(Game):
    """States with any prior, costless messages, losses that grow with a power of the distance.

    Parameters
    ----------
    bias
        How far above the state the sender wants the action, game units; negative: below.
    state_values, message_values, action_values
        The grids, increasing; messages and actions are the states unless given.
    prior_weights
        Probabilities of the states, ``"uniform"``, or ``"empirical"``: the shares of the states that senders saw in the
        table of decisions.
    points, slope, power : float
        Payoffs, see the module. The defaults are the curvature and scale commonly given for these experiments; check
        them against the instructions before you analyse data.

    Raises
    ------
    GameError
        If a grid does not increase or a number is out of bounds.
    """

    bias: float
    state_values: Sequence[float] = (1.0, 2.0, 3.0, 4.0, 5.0)
    message_values: Sequence[float] = ()
    action_values: Sequence[float] = ()
    points: float = 110.0
    slope: float = 20.0
    power: float = 1.4
    prior_weights: str | Sequence[float] = UNIFORM

    family = "crawford-sobel"

    def __post_init__(self) -> None:
        problems = number_problems({"bias": self.bias, "points": self.points})
        problems += number_problems({"slope": self.slope, "power": self.power}, positive=True)
        if not problems and not 1 <= self.power <= 20:
            problems.append(f"power must be 1 or more (20 at most), not {self.power}: losses must be convex")
        for name in _GRIDS:
            try:
                grid = tuple(float(value) for value in getattr(self, name)) or self.state_values
            except (OverflowError, TypeError, ValueError):
                raise GameError(_INVALID, [f"{name} must be numbers, not {getattr(self, name)!r}"]) from None
            object.__setattr__(self, name, grid)
            problems += size_problems(name, len(grid))
            if len(grid) < 2 or not all(a < b for a, b in pairwise(grid)) or not max(map(abs, grid)) <= LARGEST:
                problems.append(f"{name} must be two or more increasing numbers, not {grid}")
        if not isinstance(self.prior_weights, str):
            object.__setattr__(self, "prior_weights", tuple(self.prior_weights))
        problems += read_prior(self.prior_weights, Options("states", tuple(self.state_values)))[1]
        raise_all(problems, GameError, _INVALID)

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """What the sender may see."""
        return np.asarray(self.state_values)

    @cached_property
    def messages(self) -> Array:  # type: ignore[override]
        """What may be said."""
        return np.asarray(self.message_values)

    @cached_property
    def actions(self) -> Array:  # type: ignore[override]
        """What the receiver may do."""
        return np.asarray(self.action_values)

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Probabilities of the states.

        Raises
        ------
        GameError
            If they are yet to be counted.
        """
        return known_prior(read_prior(self.prior_weights, Options("states", tuple(self.state_values)))[0], self.family)

    def given_states(self, states: Array) -> CrawfordSobel:
        """Return the game with the shares of these states as its prior, if that is what was asked for."""
        if self.prior_weights != EMPIRICAL or not len(states):
            return self
        return replace(self, prior_weights=counted(self.states, states))

    def spec(self) -> Spec:
        """Return the game as plain data; a uniform prior goes without saying."""
        told = super().spec()
        weights = told.pop("prior_weights")
        return told if weights == UNIFORM else told | {"prior_weights": weights}

    @property
    def direction(self) -> int:  # type: ignore[override]
        """+1 if the sender wants higher actions, -1 if lower ones; +1 without bias."""
        return -1 if self.bias < 0 else 1

    @cached_property
    def margin(self) -> float:  # type: ignore[override]
        """The most that a unit of action can earn the sender: the slope of the loss at the largest distance."""
        farthest = np.abs(self.states[:, None] + self.bias - self.actions[None, :]).max()
        return float(self.slope * self.power * farthest ** (self.power - 1))

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return u_S, points."""
        return self.points - self.slope * xp.abs(state + self.bias - action) ** self.power

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return u_R, points."""
        return self.points - self.slope * xp.abs(state - action) ** self.power

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the best action under the trusting belief (broadcasts), game units.

        The belief is a shrunken copy of the cut-off prior, and the loss depends on distances alone: so the best
        action is trust * message + (1 - trust) * the best action under the cut-off prior.
        """
        return trust * message + (1 - trust) * xp.take(self._doubting, grid_index(self.messages, message))

    @cached_property
    def _doubting(self) -> Array:
        """Best action, not on the grid, under the prior cut off at each message, (message,)."""
        return np.array([self._best(weight) for weight in self.believable])

    def _best(self, weight: Array) -> float:
        held = self.states[weight > 0]
        if len(held) == 1:
            return float(held[0])

        def loss(action: float) -> float:
            return float(weight @ np.abs(self.states - action) ** self.power)

        found = optimize.minimize_scalar(loss, bounds=(held[0], held[-1]), method="bounded", options={"xatol": 1e-10})
        return float(found.x)
