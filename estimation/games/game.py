"""What people were asked: a sender sees the state and says a message, a receiver hears it and acts.

Every cheap-talk game is one `Game`: four finite grids and two payoff functions. Theories read nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, Self
from zlib import crc32

import numpy as np

from estimation.arrays import Array, Indices, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.best import first_best
from estimation.games.checks import key_problems
from estimation.games.exchange import Exchange
from estimation.games.own import class_problems, take_lists
from estimation.registry import Registered, in_words, shipped


class Game(Exchange, Registered, ABC):
    """A sender-receiver game with private state, costless message and one action: subclass it to state your own.

    Write `states`, `prior`, `direction`, `sender_payoff` and `receiver_payoff`; the rest follows from them, and may be
    written where there is a closed form. A game with parameters is a frozen dataclass (``eq=False``): its fields are
    what ``games.toml`` says about it under the name of its `family`.

    Attributes
    ----------
    family
        How files call it; the words of the class's name, hyphenated, if left out.
    states : (state,) array, game units
        Values that the private state can take, increasing.
    prior : (state,) array, probability
        Their probabilities, known to both players.
    messages : (message,) array, game units
        What may be said, on the same scale as the states; the states unless written.
    actions : (action,) array, game units
        What the receiver may do; the states unless written.
    direction : int
        +1 if the sender gains when the receiver believes in higher states, -1 if in lower ones; 0 if neither.
    margin : float, payoff units per unit of action
        The most that moving the action by one unit can earn the sender: the natural unit of a lying cost.
    lie_reference (game units), lie_power : float
        A lie of size d costs ``lying_cost * lie_reference * (d / lie_reference) ** lie_power``: linear unless asked.
    labels
        ``state``, ``message`` or ``action`` → the words of options that are no numbers; their numbers are places here.
    reads, reads_states
        Columns of the table that say what else receivers knew: numbers; and a state, or nothing.
    continuous
        Whether payoffs are known between the options, so that beliefs and replies may lie there.
    """

    states: Array
    prior: Array
    direction: int
    lie_reference: float = 1.0
    lie_power: float = 1.0
    labels: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    reads: tuple[str, ...] = ()
    reads_states: tuple[str, ...] = ()
    continuous: bool = True

    family: ClassVar[str] = ""
    offers: ClassVar[str] = "games"

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if "family" not in vars(cls):
            cls.family = in_words(cls.__name__).replace(" ", "-")
        take_lists(cls)
        taken = {game.family for game in shipped(Game).values()}  # type: ignore[type-abstract]
        raise_all(class_problems(cls, taken), GameError, f"The game {cls.__name__} cannot be defined:")

    @classmethod
    def known_as(cls) -> str:
        """Return the family."""
        return cls.family

    @property
    def messages(self) -> Array:
        """What may be said: the states."""
        return self.states

    @property
    def actions(self) -> Array:
        """What the receiver may do: the states."""
        return self.states

    def _facts(self) -> dict[str, object]:
        options = (("state", self.states), ("message", self.messages), ("action", self.actions))
        return super()._facts() | {f"{of}s": self.labels.get(of, at) for of, at in options}

    @cached_property
    def margin(self) -> float:
        """The most that a step of the action earns the sender, per unit."""
        steps = np.diff(self.sender_table, axis=0) / np.diff(self.actions)[:, None]
        return float(np.abs(steps).max())

    @abstractmethod
    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the sender's expected payoff from an action in a state (broadcasts), payoff units."""

    @abstractmethod
    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's expected payoff from an action in a state (broadcasts), payoff units."""

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the best action of a receiver who weighs the message with `trust` (broadcasts), game units.

        Such a receiver believes that the state is ``trust * message + (1 - trust) * x`` where x follows the prior
        cut off at the message (Ozer, Zheng and Chen 2011). Unless written it is on the grid, and has no gradient.

        Raises
        ------
        GameError
            If a gradient is needed.
        """
        if xp is not np:
            problem = f"{self.family} finds it by search; use method='automatic', or write trusting_action"
            raise GameError("The best action of a trusting receiver has no gradient:", [problem])
        message, trust = np.asarray(message)[..., None], np.asarray(trust)[..., None]
        return self.actions[first_best(self.trusting_payoff(self.actions, message, trust))]

    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the payoff that such a receiver expects from an action (broadcasts), payoff units."""
        left, total = self.believable[grid_index(self.messages, message)], 0.0
        for index, state in enumerate(self.states):
            believed = trust * message + (1 - trust) * state
            total = total + left[..., index] * self.receiver_payoff(action, believed, xp)
        return total

    def trusting_gain(self, message: Numbers, trust: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return what a message earns a sender who expects it to be weighed with `trust` (broadcasts)."""
        return self.sender_payoff(self.trusting_action(message, trust, xp), state, xp)

    def accuracy(self, message: Numbers, outcome: Numbers) -> Numbers:
        """Return how well a message was borne out (broadcasts): 1 for the truth, 0 a range of states off or more."""
        return np.maximum(1 - np.abs(message - outcome) / np.ptp(self.states), 0.0)

    def given_states(self, states: Array) -> Self:
        """Return the game of people among whom these states came up: this one, unless its prior is to be counted."""
        return self

    def spec(self) -> Spec:
        """Return the family's name and parameters as plain data, from which `games.from_spec` rebuilds the game."""
        return {"family": self.family} | {option.name: getattr(self, option.name) for option in _options(self)}

    def described(self) -> Spec:
        """Return `spec`, with where the family was defined if it is somebody's own: how files of results name it."""
        return self.spec() | ({"origin": type(self).origin} if type(self).origin else {})

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Rebuild the game from `spec`.

        Raises
        ------
        GameError
            With every parameter that is missing, misspelt or out of bounds.
        """
        options = _options(cls)
        needed = [o.name for o in options if o.default is MISSING and o.default_factory is MISSING]
        problems = key_problems(spec, ("family", *needed), [o.name for o in options if o.name not in needed])
        raise_all(problems, GameError, f"The {cls.family} game is not valid:")
        given = {name: value for name, value in spec.items() if name != "family"}
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})

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
    def untruth(self) -> Array:
        """How far each message is from the truth, (state, message), game units."""
        return np.abs(self.messages[None, :] - self.states[:, None])

    @cached_property
    def truth(self) -> Indices:
        """Index of the message that says the truth, or comes nearest, (state,)."""
        return np.argmin(self.untruth, axis=1)

    @cached_property
    def literal_table(self) -> Array:
        """Receiver's payoff if the message is true, (message, action)."""
        return np.asarray(self.receiver_payoff(self.actions[None, :], self.messages[:, None]), dtype=float)

    @cached_property
    def literal(self) -> Indices:
        """Index of the best action if the message is true, the first of several, (message,)."""
        return np.argmax(self.literal_table, axis=1)

    @cached_property
    def state_spread(self) -> float:
        """Standard deviation of the state under the prior, game units: the scale of precisions and errors."""
        return float(np.sqrt(self.prior @ (self.states - self.prior @ self.states) ** 2))

    @cached_property
    def believable(self) -> Array:
        """The prior cut off at each message, (message, state): nobody lies against their own interest.

        A message beyond every state of positive weight can only be taken literally: it leaves the nearest state.
        """
        ahead = self.direction * (self.states[None, :] - self.messages[:, None])
        kept = np.where(ahead <= 1e-9, self.prior[None, :], 0.0)
        nearest = np.eye(len(self.states))[grid_index(self.states, self.messages)]
        kept = np.where(kept.sum(axis=1, keepdims=True) == 0, nearest, kept)
        return np.asarray(kept / kept.sum(axis=1, keepdims=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Game) and self.spec() == other.spec()

    def __hash__(self) -> int:
        return self._digest

    @cached_property
    def _digest(self) -> int:
        """What `spec` says as a number, the same in every process: tables are looked up by it at every evaluation."""
        return crc32(repr(self.spec()).encode())


def _options(game: Game | type[Game]) -> tuple[Field[object], ...]:
    """Return the parameters of a game, if it is a dataclass."""
    return fields(game) if is_dataclass(game) else ()


def grid_index(grid: Array, value: Numbers) -> Numbers:
    """Return the index of each value on an increasing grid: the nearest point (any shape)."""
    value = np.asarray(value, dtype=float)
    after = np.clip(np.searchsorted(grid, value), 1, len(grid) - 1)
    return after - (value - grid[after - 1] < grid[after] - value)
