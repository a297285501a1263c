"""Logit equilibrium of a message game from its definition: loops, and damped replies repeated until nothing moves."""

from __future__ import annotations

import math


def softmax(values):
    top = max(values)
    weight = [math.exp(value - top) for value in values]
    return [w / sum(weight) for w in weight]


def spread(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def scale(game, payoff):
    """Standard deviation of a payoff over the actions, averaged over the states."""
    return sum(p * spread([payoff(a, s) for a in game.actions]) for p, s in zip(game.prior, game.states, strict=True))


def sender_reply(game, receiver, precision, cost, lie):
    """P(message | state) as rows, against P(action | message) as rows."""
    rows = []
    for state in game.states:
        worth = []
        for message, actions in zip(game.messages, receiver, strict=True):
            gain = sum(p * game.sender(a, state) for p, a in zip(actions, game.actions, strict=True))
            worth.append(precision * (gain - cost * lie(message, state)))
        rows.append(softmax(worth))
    return rows


def receiver_reply(game, sender, precision):
    """P(action | message) as rows, against P(message | state) as rows; Bayes' rule after every message."""
    rows = []
    for column in range(len(game.messages)):
        weight = [p * row[column] for p, row in zip(game.prior, sender, strict=True)]
        worth = [
            precision * sum(w * game.receiver(a, s) for w, s in zip(weight, game.states, strict=True)) / sum(weight)
            for a in game.actions
        ]
        rows.append(softmax(worth))
    return rows


def equilibrium(game, precision, cost, lie, damping=0.3, rounds=400):
    """Both sides' strategies after many replies, from uniform receivers, each time only a part of the way."""
    own = precision / scale(game, game.sender)
    other = precision / scale(game, game.receiver)
    receiver = [[1 / len(game.actions)] * len(game.actions) for _ in game.messages]
    for _ in range(rounds):
        sender = sender_reply(game, receiver, own, cost, lie)
        reply = receiver_reply(game, sender, other)
        receiver = [
            [(1 - damping) * old + damping * new for old, new in zip(before, after, strict=True)]
            for before, after in zip(receiver, reply, strict=True)
        ]
    return sender_reply(game, receiver, own, cost, lie), receiver
