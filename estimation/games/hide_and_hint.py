"""Hide and hint: the sender chooses the state and what to say of it; the receiver hears only that, and acts.

Somebody hides a treasure and gives a hint; somebody seeks it (hide-and-seek with talk; the game without it is that of
Rubinstein and Tversky, and of Crawford and Iriberri 2007, American Economic Review 97(5):1731-1750). The state has no
prior: what a receiver thinks of a hint depends on where senders in mind hide as well as on what they say. A sender's
decision is the pair of both, and theories say how probable each pair is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np

from estimation.arrays import Array, Indices, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.game import grid_index
from estimation.games.options import Item, as_label
from estimation.games.sender_receiver import Payoffs, SenderReceiverGame, evenly

JOINING = ", says "
"""Between state and message in the name of a pair."""


class HideAndHint(SenderReceiverGame):
    """A finite game whose sender chooses the state and the message; what is said is about the state, true or not.

    In tables of decisions a sender's row has the state that was chosen in ``state`` and the hint in ``message``; a
    receiver's row has the hint. Inside, messages are pairs of both, and a receiver cannot tell pairs of one hint apart.
    Level 0 chooses any state and says the truth; whoever does not trust a hint thinks all states alike.

    Parameters
    ----------
    states, actions, sender, receiver, messages, meanings, lies
        As in `SenderReceiverGame`; `messages` are the hints, which are words.

    Raises
    ------
    GameError
        With everything that is wrong.
    """

    family = "hide-and-hint"
    one_to_one = False
    course = (
        "The sender chooses the state, {state}, and what to say of it, together {message}. The receiver hears only "
        "what is said, and takes an action, {action}."
    )

    def __init__(
        self,
        states: Sequence[Item],
        actions: Sequence[Item],
        sender: Payoffs,
        receiver: Payoffs,
        messages: Sequence[Item] | None = None,
        meanings: Mapping[Any, Any] | Sequence[Any] | None = None,
        lies: Sequence[Sequence[float]] | Array | None = None,
    ) -> None:
        super().__init__(states, actions, sender, receiver, messages, meanings=meanings, lies=lies)
        if not self._said.labels:
            advice = "hints must be words: list them in messages, and say in meanings which states each means"
            raise GameError("The game of hide and hint is not valid:", [advice])
        self.hint_lies = self.untruth
        size = (len(self.states), len(self.states) * len(self._said.items))
        self.untruth = np.broadcast_to(self.hint_lies.ravel(), size)

    @cached_property
    def place(self) -> Indices:
        """The state of each pair, (message,)."""
        return np.repeat(np.arange(len(self.states)), len(self._said.items))

    @cached_property
    def hint(self) -> Indices:
        """The hint of each pair, (message,)."""
        return np.tile(np.arange(len(self._said.items)), len(self.states))

    @cached_property
    def messages(self) -> Array:  # type: ignore[override]
        """Places of the pairs, states first: what a sender may choose."""
        return np.arange(float(len(self.place)))

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """What may be said, as files have it."""
        return tuple(self._said.labels)

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:  # type: ignore[override]
        """The words of states and actions that are no numbers, and of pairs."""
        states = [_text(item) for item in self._seen.items]
        pairs = tuple(
            f"{states[at]}{JOINING}{self.hints[hint]}" for at, hint in zip(self.place, self.hint, strict=True)
        )
        named = {"state": self._seen.labels, "message": pairs, "action": self._done.labels}
        return {column: words for column, words in named.items() if words}

    def pair_of(self, state: object, hint: object) -> str | None:
        """Return the name of the pair of a state and a hint as files have them; nothing if there is none."""
        place, said = self._seen.place(state), self._said.place(hint)
        return None if place is None or said is None else self.labels["message"][place * len(self.hints) + said]

    def heard(self, message: Array) -> Array:
        """Return the first pair of the same hint, (any shape): what stands for the hint in receivers' rows."""
        return np.asarray(self.messages[self.hint[grid_index(self.messages, message)]])

    def earned(self, replies: Array) -> Array:
        """Return what each pair earns, whatever the state that a row names, (state, message), payoff units."""
        return self._alike(super().earned(replies))

    def suspected(self, says: Array) -> Array:
        """Return with which state each hint comes, (state, message)."""
        return np.asarray(says[0][np.arange(len(self.states))[:, None] * len(self.hints) + self.hint])

    @cached_property
    def literal_table(self) -> Array:
        """Receiver's payoff if the hint is true, (message, action)."""
        return np.asarray(super().literal_table[self.hint])

    @cached_property
    def margin(self) -> float:  # type: ignore[override]
        """The most that a false hint which is believed changes the sender's payoff, per unit of the lie."""
        believed, truth = self._believed[0].reshape(self.hint_lies.shape), self.hint_lies.argmin(axis=1)
        change = np.abs(believed - believed[np.arange(len(truth)), truth][:, None])
        size = self.hint_lies - self.hint_lies.min(axis=1, keepdims=True)
        by_lie = np.divide(change, size, out=np.zeros_like(change), where=size > 0).max()
        return float(by_lie if by_lie > 0 else np.ptp(self._sender) / self.hint_lies[self.hint_lies > 0].min())

    @cached_property
    def _believed(self) -> Array:
        """What each pair earns the sender if the hint is taken at its word, (state, message)."""
        return self._alike(self._sender @ evenly(self.literal_table).T)

    def _alike(self, table: Array) -> Array:
        """Return what stands in the row of each pair's own state, in all rows, (state, message)."""
        return np.broadcast_to(table[self.place, np.arange(len(self.place))], table.shape)

    def trusting_gain(self, message: Numbers, trust: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return what a pair earns if the hint is taken at its word with the chance `trust`, and ignored otherwise."""
        seen, pair = grid_index(self.states, state), grid_index(self.messages, message)
        ignored = np.broadcast_to(self._ignored[self.place], self.untruth.shape)
        return trust * self._believed[seen, pair] + (1 - trust) * ignored[seen, pair]

    def accuracy(self, message: Numbers, outcome: Numbers) -> Numbers:
        """Return how well a hint was borne out (broadcasts): 1 for the truth, 0 for the largest possible lie."""
        lie = self.hint_lies[grid_index(self.states, outcome), self.hint[grid_index(self.messages, message)]]
        return 1 - lie / self.hint_lies.max()

    def spec(self) -> Spec:
        """Return the game as plain data."""
        found = {name: value for name, value in super().spec().items() if name != "prior"}
        return found | {"lies": self.hint_lies.tolist()}

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Rebuild the game from `spec`; ``payoffs`` there, columns of a payoff table, stands for states to payoffs."""
        raise_all(["prior: the sender chooses the state"] * ("prior" in spec), GameError, "The game is not valid:")
        return super().from_spec(spec)


def _text(item: Item) -> str:
    return as_label(item) if isinstance(item, str) else f"{item:g}"
