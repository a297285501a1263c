"""One sender, two receivers in the same position who hear the same message, and payoffs that may depend on both.

What each receiver earns may depend on what the other does (clients who compete, listeners who have to coordinate), and
what the sender earns on both actions together. If nobody's payoff does, talk to two is talk to one at twice the stakes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.game import grid_index
from estimation.games.options import Item, read_options
from estimation.games.sender_receiver import SenderReceiverGame, evenly

Triples = Sequence[Any] | Array | Callable[[Item, Item, Item], float]

_INVALID = "The game of two receivers is not valid:"


class TwoReceivers(SenderReceiverGame):
    """A finite game of one sender and two receivers alike, by its tables.

    Receivers of a level reply to the sender whom they have in mind, and to another receiver one level below; level 0
    takes the message at its word, and thinks that the other one may do anything. So does a receiver who trusts in part;
    a sender thinks that each of the two takes the message at its word with the chance of trust.

    Parameters
    ----------
    states, actions, messages, prior, meanings, lies
        As in `SenderReceiverGame`.
    sender : (state, action, action) array, payoff units
        What the sender earns from the actions of both receivers, of which neither is the first: the same if they are
        exchanged. Or a function of action, other action and state. A (state, action) array is earned from each.
    receiver : (state, action, other's action) array, payoff units
        What a receiver earns; or a function of own action, other's action and state. A (state, action) array: whatever
        the other does.

    Raises
    ------
    GameError
        With everything that is wrong.
    """

    family = "two-receivers"
    one_to_one = False
    course = (
        "The sender sees the state, {state}, and sends a message, {message}. Two receivers hear it, do not see the "
        "state, and each takes an action, {action}; payoffs below are averages over what the other one may do."
    )

    def __init__(
        self, states: Sequence[Item], actions: Sequence[Item], sender: Triples, receiver: Triples, **options: Any
    ) -> None:
        items = told_items(states, actions)
        self.from_both, problems = read_triples("sender", sender, *items)
        self.with_other, more = read_triples("receiver", receiver, *items)
        if self.from_both.size and not np.allclose(self.from_both, self.from_both.swapaxes(1, 2)):
            problems.append("sender must earn the same if the two receivers exchange their actions")
        raise_all([*problems, *more] if all(items) else [], GameError, _INVALID)
        one, other = (table.mean(axis=2) if table.size else table for table in (self.from_both, self.with_other))
        self._build(states, actions, one, other, options)

    def _build(
        self, states: Sequence[Item], actions: Sequence[Item], sender: Any, receiver: Any, options: dict[str, Any]
    ) -> None:
        """Read what remains as a game of one receiver, with payoffs averaged over what the other may do."""
        super().__init__(states, actions, sender, receiver, **options)

    def earned(self, replies: Array) -> Array:
        """Return what each message earns if both receivers reply so, (state, message), payoff units."""
        return self._against(replies, replies)

    def replied(self, belief: Array, others: Array) -> Array:
        """Return what actions earn by a belief and by what the other receiver does, (message, action), payoff units."""
        return np.asarray(np.einsum("ms,mb,sab->ma", belief, others, self.with_other, optimize=True))

    def _against(self, one: Array, other: Array) -> Array:
        return np.asarray(np.einsum("ma,mb,sab->sm", one, other, self.from_both, optimize=True))

    @cached_property
    def _trusted(self) -> tuple[Array, Array, Array]:
        """What messages earn if both take them at their word, one does, or none, (state, message)."""
        word = evenly(self.literal_table)
        prior = np.broadcast_to(evenly(self.prior @ self._receiver), word.shape)
        return self._against(word, word), self._against(word, prior), self._against(prior, prior)

    @cached_property
    def _believed(self) -> Array:
        """What each message earns the sender if both take it at its word, (state, message)."""
        return self._trusted[0]

    def trusting_gain(self, message: Numbers, trust: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return what a message earns if each receiver takes it at its word with the chance `trust`."""
        at = grid_index(self.states, state), grid_index(self.messages, message)
        both, one, none = (table[at] for table in self._trusted)
        return trust**2 * both + 2 * trust * (1 - trust) * one + (1 - trust) ** 2 * none

    def spec(self) -> Spec:
        """Return the game as plain data."""
        return super().spec() | {"sender": self.from_both.tolist(), "receiver": self.with_other.tolist()}


def told_items(states: Any, actions: Any) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return states and actions as they are listed; none where a list cannot be read."""
    seen, done = (read_options(name, given)[0] for name, given in (("states", states), ("actions", actions)))
    return (tuple(seen.items) if seen else (), tuple(done.items) if done else ())


def read_triples(name: str, given: Triples, states: Sequence[Item], actions: Sequence[Item]) -> tuple[Array, list[str]]:
    """Return payoffs (state, action, other action), or what is wrong with them."""
    if callable(given):
        given = [[[given(action, other, state) for other in actions] for action in actions] for state in states]
    shape = (len(states), len(actions), len(actions))
    told = f"{name} must be numbers, a table of action by other action for each state, of the shape {shape}"
    try:
        table = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return np.empty(0), [told]
    if table.shape == shape[:2]:  # earned from each, or whatever the other does
        other = table[:, None, :] if name == "sender" else np.zeros((shape[0], 1, shape[2]))
        table = table[:, :, None] + other
    if table.shape != shape or not np.isfinite(table).all():
        return np.empty(0), [told]
    return table, []
