"""The level-k chain from its definition: lists, dictionaries and loops over one option at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CLOSE = 1e-9


@dataclass(frozen=True)
class Naive:
    """A small game written out.

    Parameters
    ----------
    states, prior, messages, actions
        Lists.
    sender, receiver
        Payoffs as functions of (action, state).
    direction
        +1 if the sender wants the receiver to believe in high states, -1 in low ones.
    """

    states: list[float]
    prior: list[float]
    messages: list[float]
    actions: list[float]
    sender: Any
    receiver: Any
    direction: int


def best(options, worth):
    """All options whose worth is the highest."""
    top = max(worth(option) for option in options)
    return [option for option in options if worth(option) >= top - CLOSE * (1 + abs(top))]


def reply_of_sender(game, receiver, ties):
    """state → {message: probability}, against a receiver given as message → action."""
    strategy = {}
    for state in game.states:
        good = best(game.messages, lambda message, state=state: game.sender(receiver[message], state))
        if ties == "min":
            good = [min(good, key=lambda message, state=state: abs(message - state))]
        elif ties == "max":
            good = [max(good) if game.direction > 0 else min(good)]
        strategy[state] = {message: 1 / len(good) for message in good}
    return strategy


def worth_after(game, sender, message, off_path):
    """What each action is worth to a receiver who has `sender` in mind and hears `message`: action → payoff."""
    weight = {
        state: prior * sender[state].get(message, 0.0) for state, prior in zip(game.states, game.prior, strict=True)
    }
    if sum(weight.values()) <= 0:
        if off_path == "literal":
            weight = {message: 1.0}
        elif off_path == "skeptical":
            weight = {(min if game.direction > 0 else max)(game.states): 1.0}
        else:
            weight = dict(zip(game.states, game.prior, strict=True))
    total = sum(weight.values())
    return {
        action: sum(share * game.receiver(action, state) for state, share in weight.items()) / total
        for action in game.actions
    }


def choose(worth):
    """The best action; the middle one of several, the upper of two middle ones."""
    good = best(list(worth), worth.__getitem__)
    return good[len(good) // 2]


def chain(game, levels, convention, ties, off_path):
    """Return lists by level: senders (state → {message: probability}) and receivers (message → action)."""
    senders = [{state: {state: 1.0} for state in game.states}]
    receivers = [
        {
            message: choose({action: game.receiver(action, message) for action in game.actions})
            for message in game.messages
        }
    ]
    for _ in range(levels):
        new = reply_of_sender(game, receivers[-1], ties)
        mind = new if convention == "W" else senders[-1]
        receivers.append({message: choose(worth_after(game, mind, message, off_path)) for message in game.messages})
        senders.append(new)
    return senders, receivers
