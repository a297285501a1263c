"""Any finite sender-receiver game, given by its table: who earns what for each action in each state.

Deception games (Gneezy 2005, American Economic Review 95(1):384-394), biased senders on short scales (Crawford and
Sobel 1982, Econometrica 50(6):1431-1451), common interests and opposed ones: states, messages and actions are numbers
or words, and nothing need have an order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.best import tied_options
from estimation.games.checks import key_problems
from estimation.games.game import Game, grid_index
from estimation.games.options import Item
from estimation.games.table_parts import (
    EMPIRICAL,
    UNIFORM,
    counted,
    known_prior,
    meant,
    read_parts,
    tables_from_columns,
)

_INVALID = "The sender-receiver game is not valid:"

Payoffs = Sequence[Sequence[float]] | Array | Callable[[Item, Item], float]


class SenderReceiverGame(Game):
    """A finite game of messages by its payoffs; theories that need no order of the options all apply.

    Without more than a table, trust is the chance that a message is taken at its word: otherwise the prior counts.

    Parameters
    ----------
    states, actions
        Numbers that increase, or words: what the sender may see, and what the receiver may do.
    sender, receiver : (state, action) array, payoff units
        Payoffs, a row for each state; or a function of action and state, which is tabulated here and not kept.
    messages
        What may be said; the states unless given.
    prior
        Probabilities of the states, in their order or by state; ``"uniform"``; or ``"empirical"``: the shares of the
        states in the table of decisions that the game is read with.
    meanings
        Message → the state that it says, or a list of the states that it leaves possible; or a list of these in the
        order of the messages. A message that is not in it means the state of its name.
    lies : (state, message) array, any unit
        How large a lie each message is in each state. Unless given 1 for a message that excludes the state, and 0 for
        others; if states are numbers, the distance to the nearest state that is meant.

    Raises
    ------
    GameError
        With everything that is wrong.
    """

    family = "sender-receiver"
    continuous = False

    def __init__(
        self,
        states: Sequence[Item],
        actions: Sequence[Item],
        sender: Payoffs,
        receiver: Payoffs,
        messages: Sequence[Item] | None = None,
        prior: str | Sequence[float] | Mapping[Any, float] | Array = UNIFORM,
        meanings: Mapping[Any, Any] | Sequence[Any] | None = None,
        lies: Sequence[Sequence[float]] | Array | None = None,
    ) -> None:
        parts, problems = read_parts(states, messages, actions, sender, receiver, prior, meanings, lies)
        raise_all(problems, GameError, _INVALID)
        self._seen, self._said, self._done = parts["states"], parts["messages"], parts["actions"]
        self._sender, self._receiver, self._prior = parts["sender"], parts["receiver"], parts["prior"]
        self._means, self.untruth = parts["meanings"], parts["lies"]

    @classmethod
    def from_frame(cls, frame: Any, **options: Any) -> Self:
        """Return the game of a payoff table (a DataFrame, or a dictionary of columns).

        Parameters
        ----------
        frame
            A row for each state and action: columns ``state``, ``action``, ``sender``, ``receiver`` (payoffs) and, if
            states are not alike likely, ``prior``. Words stand in the order in which they appear.
        options
            `messages`, `prior`, `meanings` and `lies`.

        Raises
        ------
        GameError
            With everything that is wrong.
        """
        found, problems = tables_from_columns({str(name): list(frame[name]) for name in frame})
        raise_all(problems, GameError, _INVALID)
        return cls(**{**found, **options})

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """What the sender may see: numbers, or places of words."""
        return np.asarray(self._seen.values)

    @cached_property
    def messages(self) -> Array:  # type: ignore[override]
        """What may be said: numbers, or places of words."""
        return np.asarray(self._said.values)

    @cached_property
    def actions(self) -> Array:  # type: ignore[override]
        """What the receiver may do: numbers, or places of words."""
        return np.asarray(self._done.values)

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:  # type: ignore[override]
        """The words of states, messages and actions that are no numbers."""
        named = {"state": self._seen.labels, "message": self._said.labels, "action": self._done.labels}
        return {column: words for column, words in named.items() if words}

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Probabilities of the states.

        Raises
        ------
        GameError
            If they are yet to be counted.
        """
        return known_prior(self._prior, self.family)

    def given_states(self, states: Array) -> Self:
        """Return the game with the shares of these states as its prior, if that is what was asked for."""
        if self._prior is not None or not len(states):
            return self
        return self.from_spec(self.spec() | {"prior": counted(self.states, states)})

    @cached_property
    def direction(self) -> int:  # type: ignore[override]
        """+1 if the sender wants actions no lower than the receiver in any state, -1 if no higher; otherwise, 0."""
        if self.labels:
            return 0
        wanted = [evenly(table) @ self.actions for table in (self._sender, self._receiver)]
        above = wanted[0] - wanted[1]
        return int((above > 1e-9).any()) - int((above < -1e-9).any())

    @cached_property
    def margin(self) -> float:  # type: ignore[override]
        """The most that a lie which is believed changes the sender's payoff, per unit of its size."""
        change = np.abs(self._believed - self._believed[np.arange(len(self.states)), self.truth][:, None])
        size = self.untruth - self.untruth.min(axis=1, keepdims=True)
        by_lie = np.divide(change, size, out=np.zeros_like(change), where=size > 0).max()
        smallest = self.untruth[self.untruth > 0].min()
        return float(by_lie if by_lie > 0 else np.ptp(self._sender, axis=1).max() / smallest)

    @cached_property
    def sender_table(self) -> Array:
        """Sender's payoff, (action, state)."""
        return np.asarray(self._sender.T)

    @cached_property
    def receiver_table(self) -> Array:
        """Receiver's payoff, (action, state)."""
        return np.asarray(self._receiver.T)

    @cached_property
    def literal_table(self) -> Array:
        """Receiver's payoff if the state is one of those that is meant, (message, action)."""
        return meant(self._means, self.prior, self._receiver)

    @cached_property
    def _believed(self) -> Array:
        """What each message earns the sender if it is taken at its word, (state, message)."""
        return np.asarray(self._sender @ evenly(self.literal_table).T)

    @cached_property
    def _ignored(self) -> Array:
        """What a message earns the sender if the receiver goes by the prior, (state,)."""
        return np.asarray(self._sender @ evenly(self.prior @ self._receiver))

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the sender's payoff at the nearest options (broadcasts), payoff units."""
        return self._sender[grid_index(self.states, state), grid_index(self.actions, action)]

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's payoff at the nearest options (broadcasts), payoff units."""
        return self._receiver[grid_index(self.states, state), grid_index(self.actions, action)]

    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return what an action is worth if the message is true with the chance `trust`, else by the prior."""
        done = grid_index(self.actions, action)
        literal = self.literal_table[grid_index(self.messages, message), done]
        return trust * literal + (1 - trust) * (self.prior @ self._receiver)[done]

    def trusting_gain(self, message: Numbers, trust: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return what a message earns if it is taken at its word with the chance `trust`, and ignored otherwise."""
        seen = grid_index(self.states, state)
        believed = self._believed[seen, grid_index(self.messages, message)]
        return trust * believed + (1 - trust) * self._ignored[seen]

    def lie_size(self, message: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return how large a lie is (broadcasts), in the unit of `lies`."""
        return self.untruth[grid_index(self.states, state), grid_index(self.messages, message)]

    def accuracy(self, message: Numbers, outcome: Numbers) -> Numbers:
        """Return how well a message was borne out (broadcasts): 1 for the truth, 0 for the largest possible lie."""
        return 1 - self.lie_size(message, outcome) / self.untruth.max()

    def __repr__(self) -> str:
        options = (f"{name}={value!r}" for name, value in self.spec().items() if name != "family")
        return f"{type(self).__name__}({', '.join(options)})"

    def spec(self) -> Spec:
        """Return the game as plain data."""
        means = [[self._seen.items[place] for place in np.flatnonzero(row)] for row in self._means]
        return {
            "family": self.family,
            "states": list(self._seen.items),
            "messages": list(self._said.items),
            "actions": list(self._done.items),
            "sender": self._sender.tolist(),
            "receiver": self._receiver.tolist(),
            "prior": EMPIRICAL if self._prior is None else self._prior.tolist(),
            "meanings": means,
            "lies": self.untruth.tolist(),
        }

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Rebuild the game from `spec`; ``payoffs`` there, columns of a payoff table, stands for states to payoffs."""
        given = {name: value for name, value in spec.items() if name != "family"}
        tables = () if "payoffs" in given else ("states", "actions", "sender", "receiver")
        further = ("messages", "prior", "meanings", "lies", *(("payoffs",) if not tables else ()))
        raise_all(key_problems(given, tables, further), GameError, _INVALID)
        columns = given.pop("payoffs", None)
        return cls(**given) if columns is None else cls.from_frame(columns, **given)


def evenly(payoff: Array) -> Array:
    """Return the best options along the last axis, equally likely among ties (shape of `payoff`)."""
    tied = tied_options(payoff)
    return np.asarray(tied / tied.sum(axis=-1, keepdims=True))
