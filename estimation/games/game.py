"""What people were asked: a sender sees the state and says a message, a receiver hears it and acts.

Every cheap-talk game of the package is one `Game`: four finite grids and two payoff functions. Theories read
nothing else, so a new game is one file and a new theory works on every game.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec


class Game(ABC):
    """A sender-receiver game with private state, costless message and one action.

    Attributes
    ----------
    states : (state,) array, game units
        Values that the private state can take, increasing.
    prior : (state,) array, probability
        Their probabilities, known to both players.
    messages : (message,) array, game units
        What may be said, on the same scale as the states.
    actions : (action,) array, game units
        What the receiver may do.
    direction : int
        +1 if the sender gains when the receiver believes in higher states, -1 if in lower ones.
    margin : float, payoff units per unit of action
        The most that the sender can gain from moving the action by one unit: the natural unit of a lying cost.
    lie_reference : float, game units
    lie_power : float
        A lie of size d costs ``lying_cost * lie_reference * (d / lie_reference) ** lie_power``: linear in its size
        unless the experiment itself makes large lies dearer.
    """

    states: Array
    prior: Array
    messages: Array
    actions: Array
    direction: int
    margin: float
    lie_reference: float = 1.0
    lie_power: float = 1.0

    @abstractmethod
    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the sender's expected payoff from an action in a state (broadcasts), payoff units."""

    @abstractmethod
    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's expected payoff from an action in a state (broadcasts), payoff units."""

    @abstractmethod
    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the best action of a receiver who weighs the message with `trust` (broadcasts), game units.

        Such a receiver believes that the state is ``trust * message + (1 - trust) * x`` where x follows the prior
        cut off at the message, because nobody lies against their own interest (Ozer, Zheng and Chen 2011). The
        action is continuous: it is not rounded to the grid.
        """

    @abstractmethod
    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the payoff that such a receiver expects from an action (broadcasts), payoff units."""

    @abstractmethod
    def spec(self) -> Spec:
        """Return the family's name and parameters as plain data, from which `games.from_spec` rebuilds the game."""

    def lie_size(self, message: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return how large a lie is (broadcasts), game units: |message - state| unless the game bends it."""
        distance = xp.abs(message - state)
        if self.lie_power == 1.0:
            return distance
        return self.lie_reference * (distance / self.lie_reference) ** self.lie_power

    @cached_property
    def sender_table(self) -> Array:
        """Sender's payoff, (action, state)."""
        return np.asarray(self.sender_payoff(self.actions[:, None], self.states[None, :]), dtype=float)

    @cached_property
    def receiver_table(self) -> Array:
        """Receiver's payoff, (action, state)."""
        return np.asarray(self.receiver_payoff(self.actions[:, None], self.states[None, :]), dtype=float)

    @cached_property
    def state_spread(self) -> float:
        """Standard deviation of the state under the prior, game units: the scale of precisions and errors."""
        mean = self.prior @ self.states
        return float(np.sqrt(self.prior @ (self.states - mean) ** 2))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Game) and self.spec() == other.spec()

    def __hash__(self) -> int:
        return hash(repr(self.spec()))


def grid_index(grid: Array, value: Numbers) -> Numbers:
    """Return the index of each value on an increasing grid: the nearest point (any shape)."""
    value = np.asarray(value, dtype=float)
    after = np.clip(np.searchsorted(grid, value), 1, len(grid) - 1)
    return after - (value - grid[after - 1] < grid[after] - value)


def tied_options(payoff: Array, tolerance: float = 1e-9) -> Array:
    """Return whether each option is as good as the best along the last axis (shape of `payoff`, bool).

    Payoffs count as equal within `tolerance`, relative to the size of the best.
    """
    best = payoff.max(axis=-1, keepdims=True)
    return np.asarray(payoff >= best - tolerance * (1 + np.abs(best)))


def first_best(payoff: Array) -> Array:
    """Return the best option's index along the last axis; among ties the first, whatever rounding says."""
    return np.asarray(np.argmax(tied_options(payoff), axis=-1))


def best_option(payoff: Array, preference: Array) -> Array:
    """Return the best option's index along the last axis; among ties the one of highest preference.

    `payoff` (..., option) in payoff units; `preference` broadcasts against it.
    """
    return np.asarray(np.argmax(np.where(tied_options(payoff), preference, -np.inf), axis=-1))
