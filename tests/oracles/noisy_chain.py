"""Chains of logit replies from their definition: loops over one option at a time."""

from __future__ import annotations

import math


def logit(worth, precision):
    """Probabilities of options in proportion to exp(precision * worth)."""
    best = max(worth.values())
    weight = {option: math.exp(precision * (value - best)) for option, value in worth.items()}
    total = sum(weight.values())
    return {option: each / total for option, each in weight.items()}


def noisy_chain(game, levels, convention, precision, cost=0.0, margin=1.0, lie=abs, shares=None):
    """Return by level: senders' worth[state][message] without the cost, and receivers' worth[message][action].

    `shares(level)` are those of the levels below in the mind of a level's people; without it all are of the last one.
    """
    sent = [{s: {m: -margin * abs(m - s) for m in game.messages} for s in game.states}]
    heard = [{m: {a: game.receiver(a, m) for a in game.actions} for m in game.messages}]
    says = [{s: logit(sent[0][s], precision) for s in game.states}]
    does = [{m: logit(heard[0][m], precision) for m in game.messages}]
    for level in range(1, levels + 1):
        share = shares(level) if shares else [0.0] * (level - 1) + [1.0]
        worth = {s: dict.fromkeys(game.messages, 0.0) for s in game.states}
        for s in game.states:
            for m in game.messages:
                for below, weight in enumerate(share):
                    for a in game.actions:
                        worth[s][m] += weight * does[below][m][a] * game.sender(a, s)
        sent.append(worth)
        says.append(
            {s: logit({m: worth[s][m] - cost * lie(m - s) for m in game.messages}, precision) for s in game.states}
        )
        imagined = [0.0] * level + [1.0] if convention == "W" else [*share, 0.0]
        heard.append({m: after(game, says, imagined, m) for m in game.messages})
        does.append({m: logit(heard[-1][m], precision) for m in game.messages})
    return sent, heard


def after(game, says, share, message):
    """What actions are worth after a message of senders of whom `share` are of each level, by Bayes' rule."""
    weight = [
        chance * sum(part * level[s][message] for part, level in zip(share, says, strict=True))
        for s, chance in zip(game.states, game.prior, strict=True)
    ]
    return {
        a: sum(w * game.receiver(a, s) for w, s in zip(weight, game.states, strict=True)) / sum(weight)
        for a in game.actions
    }
