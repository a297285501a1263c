"""What messages and actions earn against what others do: all that chains of replies ask of a game."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from estimation.arrays import Array


class Exchange:
    """One sender who is told the state, and one receiver; games of another form write these anew.

    Attributes
    ----------
    one_to_one
        Whether it is so: theories of equilibrium need it.
    is_scaled
        Whether what people do are numbers on a scale, so that they may err around the best one by so much.
    course
        How it goes, in words, with places for the options of each.
    """

    one_to_one: ClassVar[bool] = True
    is_scaled: ClassVar[bool] = True
    course: ClassVar[str] = (
        "The sender sees the state, {state}, and sends a message, {message}. The receiver hears the message, does not "
        "see the state, and takes an action, {action}."
    )

    if TYPE_CHECKING:

        @property
        def actions(self) -> Array:
            """What the receiver may do, (action,)."""

        @property
        def prior(self) -> Array:
            """Probabilities of the states, (state,)."""

        @property
        def sender_table(self) -> Array:
            """Sender's payoff, (action, state)."""

        @property
        def receiver_table(self) -> Array:
            """Receiver's payoff, (action, state)."""

        @property
        def literal_table(self) -> Array:
            """Receiver's payoff if the message is true, (message, action)."""

    @property
    def credulous(self) -> Array:
        """What all who hear a message think that actions earn if it is true, (heard, action), payoff units.

        A row for each message; of receivers who are not alike, one for each of them.
        """
        return self.literal_table

    def own_rows(self, heard: Array) -> Array:
        """Return the rows of those whose decisions are looked at, (heard, action) → (message, action)."""
        return heard

    def earned(self, replies: Array) -> Array:
        """Return what each message earns if receivers reply so, (heard, action) → (state, message), payoff units."""
        return np.asarray((replies @ self.sender_table).T)

    def suspected(self, says: Array) -> Array:
        """Return what is said in each state, as receivers hear it, (state, heard), of probabilities or their logs."""
        return says

    def replied(self, belief: Array, others: Array) -> Array:
        """Return what actions earn by a belief, (heard, state) → (heard, action), payoff units.

        `others` (heard, action): what other receivers do, if there are any.
        """
        return np.asarray(belief @ self.receiver_table.T)

    def payoff_scale(self, role: str) -> float:
        """Return how much a role's payoff differs over the options of a decision, on average over states."""
        return float(self.prior @ getattr(self, f"{role}_table").std(axis=0))

    def unheard_payoff(self, message: Array) -> Array:
        """Return what actions earn if messages say nothing of the state, (message, action), payoff units."""
        return np.broadcast_to(self.receiver_table @ self.prior, (len(message), len(self.actions)))

    def unheard_scale(self, role: str) -> float:
        """Return `payoff_scale` where messages say nothing of the state."""
        return self.payoff_scale(role)
