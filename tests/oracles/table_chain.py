"""The level-k chain of a game that is given by its table, from its definition: dictionaries and loops."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from oracles.cheap_talk_chain import best


@dataclass(frozen=True)
class Listed:
    """A game written out.

    Parameters
    ----------
    states, messages, actions
        Lists of numbers or words.
    prior
        state → probability.
    sender, receiver
        (state, action) → payoff.
    means
        message → the states that it leaves possible.
    lie
        (state, message) → size.
    """

    states: list[Any]
    messages: list[Any]
    actions: list[Any]
    prior: dict[Any, float]
    sender: dict[Any, float]
    receiver: dict[Any, float]
    means: dict[Any, list[Any]]
    lie: dict[Any, float]


def evenly(options):
    return {option: 1 / len(options) for option in options}


def among_actions(game, worth):
    """The best actions: of words all of them, of numbers the middle one."""
    good = best(game.actions, worth.__getitem__)
    return evenly(good) if isinstance(good[0], str) else {good[len(good) // 2]: 1.0}


def among_messages(game, state, worth):
    """The smallest lies among the best messages: of words all of them, of numbers the lowest."""
    good = best(game.messages, worth.__getitem__)
    small = best(good, lambda message: -game.lie[state, message])
    return evenly(small if isinstance(small[0], str) else small[:1])


def literal(game, message):
    """What each action is worth if the message is true: action → payoff."""
    weight = {state: game.prior[state] for state in game.means[message]}
    total = sum(weight.values())
    return {a: sum(w / total * game.receiver[s, a] for s, w in weight.items()) for a in game.actions}


def earned(game, state, receiver, cost):
    """What each message earns against a receiver (message → {action: probability}): message → payoff."""
    return {
        message: sum(p * game.sender[state, action] for action, p in receiver[message].items())
        - cost * game.lie[state, message]
        for message in game.messages
    }


def heard(game, sender, message):
    """What each action is worth to who has a sender in mind; an unexpected message leaves the prior."""
    weight = {state: game.prior[state] * sender[state].get(message, 0.0) for state in game.states}
    weight = weight if sum(weight.values()) > 0 else game.prior
    total = sum(weight.values())
    return {a: sum(w / total * game.receiver[s, a] for s, w in weight.items()) for a in game.actions}


def chain(game, levels, convention, cost=0.0):
    """Return senders (state → {message: probability}) and receivers (message → {action: probability}) by level."""
    truth = {state: {message: -game.lie[state, message] for message in game.messages} for state in game.states}
    senders = [{state: among_messages(game, state, truth[state]) for state in game.states}]
    receivers = [{message: among_actions(game, literal(game, message)) for message in game.messages}]
    for _ in range(levels):
        new = {s: among_messages(game, s, earned(game, s, receivers[-1], cost)) for s in game.states}
        mind = new if convention == "W" else senders[-1]
        receivers.append({m: among_actions(game, heard(game, mind, m)) for m in game.messages})
        senders.append(new)
    return senders, receivers


def softmax(worth, precision):
    top = max(worth.values())
    weight = {option: math.exp(precision * (value - top)) for option, value in worth.items()}
    return {option: value / sum(weight.values()) for option, value in weight.items()}


def noisy_chain(game, levels, precision, margin, cost):
    """Return the last level's payoffs, (state → message → payoff) before the cost, and (message → action → payoff)."""
    says = {s: softmax({m: -margin * game.lie[s, m] for m in game.messages}, precision) for s in game.states}
    does = {m: softmax(literal(game, m), precision) for m in game.messages}
    for _ in range(levels):
        gains = {s: earned(game, s, does, 0.0) for s in game.states}
        says = {s: softmax(earned(game, s, does, cost), precision) for s in game.states}
        payoffs = {m: heard(game, says, m) for m in game.messages}
        does = {m: softmax(payoffs[m], precision) for m in game.messages}
    return gains, payoffs
