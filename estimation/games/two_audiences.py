"""One sender and two receivers who are not alike: each has payoffs of their own, and both hear the same message.

What is told to one is told to the other (Farrell and Gibbons 1989, American Economic Review 79(5):1214-1223): a message
that one of them could believe may be ruled out by what the other would do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Array, Spec
from estimation.errors import GameError, raise_all
from estimation.games.checks import key_problems
from estimation.games.options import Item
from estimation.games.sender_receiver import evenly
from estimation.games.table_parts import meant
from estimation.games.two_receivers import Triples, TwoReceivers, read_triples, told_items

_INVALID = "The game of two audiences is not valid:"


class TwoAudiences(TwoReceivers):
    """A finite game of one sender and two receivers with payoffs of their own, by its tables.

    Decisions of each receiver stand in a condition of their own, whose game names them in `who`; those of senders in
    either. Receivers of a level reply to the sender whom they have in mind, and to the other receiver one level below;
    level 0 takes the message at its word, and thinks that the other one may do anything.

    Parameters
    ----------
    states, actions, messages, prior, meanings, lies
        As in `SenderReceiverGame`; both receivers have the same actions.
    sender : (state, action, action) array, payoff units
        What the sender earns from the actions of the first and of the second receiver, as `receivers` lists them; or a
        function of both and the state. A (state, action) array is earned from each.
    receivers
        Name → what that receiver earns, a (state, own action, other's action) array, payoff units; or a function of own
        action, other's action and state. A (state, action) array: whatever the other does. Two of them.
    who
        Whose decisions receivers' rows hold.

    Raises
    ------
    GameError
        With everything that is wrong.
    """

    family = "two-audiences"
    direction = 0  # what one of them suspects may be the other's gain
    course = (
        "The sender sees the state, {state}, and sends a message, {message}. Two receivers, each with payoffs of their "
        "own, hear it, do not see the state, and each takes an action, {action}; payoffs below are averages over what "
        "the other one may do."
    )

    def __init__(
        self,
        states: Sequence[Item],
        actions: Sequence[Item],
        sender: Triples,
        receivers: Mapping[str, Triples],
        who: str,
        **options: Any,
    ) -> None:
        items = told_items(states, actions)
        self.from_both, problems = read_triples("sender", sender, *items)
        self.names, named = _names(receivers, who)
        raise_all([*named, *problems] if all(items) else named, GameError, _INVALID)
        self.who = str(who)
        tables = {name: read_triples(f"receivers: {name}", receivers[name], *items) for name in self.names}
        raise_all([p for _, told in tables.values() for p in told] if all(items) else [], GameError, _INVALID)
        self.payoffs = {name: table for name, (table, _) in tables.items()}
        self.with_other = self.payoffs[self.who]
        from_each = (self.from_both.mean(axis=2) + self.from_both.mean(axis=1)) / 2 if all(items) else self.from_both
        self._build(states, actions, from_each, self.with_other.mean(axis=2) if all(items) else [], options)

    @cached_property
    def _order(self) -> tuple[int, int]:
        """Where the receiver of these decisions, and the other one, stand in the list."""
        mine = self.names.index(self.who)
        return mine, 1 - mine

    @cached_property
    def credulous(self) -> Array:
        """What both think that actions earn if a message is true, who decides here first, (heard, action)."""
        own, other = (self.payoffs[self.names[place]].mean(axis=2) for place in self._order)
        return np.concatenate([self._literal(own), self._literal(other)])

    def _literal(self, payoffs: Array) -> Array:
        return meant(self._means, self.prior, payoffs)

    def own_rows(self, heard: Array) -> Array:
        """Return the rows of who decides here, (heard, action) → (message, action)."""
        return heard[: len(self.messages)]

    def suspected(self, says: Array) -> Array:
        """Return what is said in each state as each of the two hears it, (state, heard)."""
        return np.concatenate([says, says], axis=1)

    def earned(self, replies: Array) -> Array:
        """Return what each message earns if the two receivers reply so, (heard, action) → (state, message)."""
        both = np.split(replies, 2)
        return self._against(*(both[place] for place in self._order))

    def replied(self, belief: Array, others: Array) -> Array:
        """Return what actions of each earn by a belief and by what the other does, (heard, action), payoff units."""
        beliefs, replies = np.split(belief, 2), np.split(others, 2)
        return np.concatenate(
            [
                np.einsum("ms,mb,sab->ma", beliefs[at], replies[1 - at], self.payoffs[self.names[place]], optimize=True)
                for at, place in enumerate(self._order)
            ]
        )

    @cached_property
    def _trusted(self) -> tuple[Array, Array, Array]:
        """What messages earn if both take them at their word, one does (either, alike likely), or none."""
        words, priors = [], []
        for name in self.names:
            own = self.payoffs[name].mean(axis=2)
            words.append(evenly(self._literal(own)))
            priors.append(np.broadcast_to(evenly(self.prior @ own), words[-1].shape))
        one = (self._against(words[0], priors[1]) + self._against(priors[0], words[1])) / 2
        return self._against(*words), one, self._against(*priors)

    def spec(self) -> Spec:
        """Return the game as plain data."""
        found = {name: value for name, value in super().spec().items() if name != "receiver"}
        return found | {"receivers": {name: table.tolist() for name, table in self.payoffs.items()}, "who": self.who}

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Rebuild the game from `spec`."""
        given = {name: value for name, value in spec.items() if name != "family"}
        needed, further = ("states", "actions", "sender", "receivers", "who"), ("messages", "prior", "meanings", "lies")
        raise_all(key_problems(given, needed, further), GameError, _INVALID)
        return cls(**given)


def _names(receivers: Any, who: Any) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the two receivers, or what is wrong with them."""
    if not isinstance(receivers, Mapping) or len(receivers) != 2:
        return (), ["receivers must name two receivers, each with a table of payoffs"]
    names = tuple(map(str, receivers))
    return names, word_problems(names, who=str(who))
