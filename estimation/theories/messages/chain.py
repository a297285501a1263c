"""The chain of best replies from a truthful sender and a credulous receiver, with or without a cost of lying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.theories.messages.replies import (
    literal_payoff,
    payoff_given_sender,
    receiver_reply,
    sender_reply,
    truth_payoff,
    worth_against,
)


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


@lru_cache(maxsize=64)
def best_reply_chain(game: Game, max_level: int, convention: str, ties: str, off_path: str) -> Chain:
    """Return the chain of selfish people (computed once per game and kept)."""
    return costly_chain(game, max_level, convention, ties, off_path, 0.0)


def costly_chain(game: Game, max_level: int, convention: str, ties: str, off_path: str, lying_cost: float) -> Chain:
    """Return the chain of people who all have the same cost of lying, payoff per unit."""
    cost = lying_cost * game.lie_size(game.messages[None, :], game.states[:, None])
    truth, credulous = truth_payoff(game), literal_payoff(game)
    senders = [(truth, sender_reply(game, truth, "min"))]
    receivers = [(credulous, receiver_reply(credulous))]
    for _ in range(max_level):
        gain = worth_against(game, receivers[-1][1])
        new_sender = gain, sender_reply(game, gain - cost, ties)
        imagined = new_sender[1] if convention == "W" else senders[-1][1]
        payoff = payoff_given_sender(game, imagined, off_path)
        senders.append(new_sender)
        receivers.append((payoff, receiver_reply(payoff)))
    stacked = [np.stack(part) for side in (senders, receivers) for part in zip(*side, strict=True)]
    return Chain(sender_payoff=stacked[0], sender=stacked[1], receiver_payoff=stacked[2], receiver=stacked[3])
