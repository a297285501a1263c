"""Chains of best replies that start at a truthful sender and a credulous receiver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.theories.replies.best import payoff_given_sender, receiver_reply, sender_reply, truth_payoff

Shares = Callable[[int], Array]


@dataclass(frozen=True, eq=False)
class Chain:
    """Payoffs and exact best replies by level.

    Attributes
    ----------
    sender_payoff : (level, state, message) array, payoff units
        Before the cost of lying; at level 0 the wish to tell the truth.
    receiver_payoff : (level, message, action) array, payoff units
    sender : (level, state, message) array, probability
    receiver : (level, message, action) array, probability
    """

    sender_payoff: Array
    receiver_payoff: Array
    sender: Array
    receiver: Array

    @property
    def payoffs(self) -> tuple[Array, Array]:
        """What options are worth to senders and receivers, by level."""
        return self.sender_payoff, self.receiver_payoff


def last_level(level: int) -> Array:
    """Return shares of the levels below in the mind of people who think that all others are just one below."""
    return np.asarray(np.eye(level)[-1])


def solved_chain(
    game: Game,
    levels: int,
    convention: str,
    ties: str,
    off_path: str,
    lying_cost: float = 0.0,
    shares: Shares = last_level,
) -> Chain:
    """Return the chain of people who all have the same cost of lying, payoff per unit.

    `shares` gives, for a level, the shares of the levels below in the mind of its people: all are of the last one.
    """
    cost = lying_cost * game.lie_size(game.messages[None, :], game.states[:, None])
    truth, credulous = truth_payoff(game), game.credulous
    senders = [(truth, sender_reply(game, truth, "min"))]
    receivers = [(credulous, receiver_reply(game, credulous))]
    for level in range(1, levels + 1):
        share = shares(level)
        others = np.tensordot(share, [reply for _, reply in receivers], 1)
        gain = game.earned(others)
        new_sender = gain, sender_reply(game, gain - cost, ties)
        imagined = new_sender[1] if convention == "W" else np.tensordot(share, [reply for _, reply in senders], 1)
        payoff = payoff_given_sender(game, imagined, off_path, others)
        senders.append(new_sender)
        receivers.append((payoff, receiver_reply(game, payoff)))
    here = [(game.own_rows(payoff), game.own_rows(reply)) for payoff, reply in receivers]
    stacked = [np.stack(part) for side in (senders, here) for part in zip(*side, strict=True)]
    return Chain(sender_payoff=stacked[0], sender=stacked[1], receiver_payoff=stacked[2], receiver=stacked[3])


best_reply_chain = lru_cache(maxsize=64)(solved_chain)
"""The same, computed once per game and kept."""
