"""Cognitive hierarchy and level-k with a lying cost from their definitions: loops over one option at a time."""

from __future__ import annotations

import math

from oracles.cheap_talk_chain import best, choose, worth_after


def shares(step, tau):
    """Camerer, Ho and Chong's g_k: Poisson shares of fewer steps, adding up to one."""
    weight = [math.exp(-tau) * tau**h / math.factorial(h) for h in range(step)]
    return [w / sum(weight) for w in weight]


def smallest_lie(game, state, worth):
    return min(best(game.messages, worth), key=lambda message: abs(message - state))


def hierarchy(game, steps, tau):
    """Return by step: senders' worth[state][message], messages, receivers' worth[message][action], actions."""
    says = [{state: state for state in game.states}]
    literal = {m: {a: game.receiver(a, m) for a in game.actions} for m in game.messages}
    does = [{m: choose(literal[m]) for m in game.messages}]
    sent, heard = [None], [literal]
    for step in range(1, steps + 1):
        share = shares(step, tau)
        worth = {
            state: {
                m: sum(w * game.sender(reply[m], state) for w, reply in zip(share, does, strict=True))
                for m in game.messages
            }
            for state in game.states
        }
        crowd = {
            state: {m: sum(w for w, said in zip(share, says, strict=True) if said[state] == m) for m in game.messages}
            for state in game.states
        }
        sent.append(worth)
        heard.append({m: worth_after(game, crowd, m, "literal") for m in game.messages})
        says.append({s: smallest_lie(game, s, lambda m, s=s, worth=worth: worth[s][m]) for s in game.states})
        does.append({m: choose(heard[-1][m]) for m in game.messages})
    return sent, says, heard, does


def costly_chain(game, levels, cost, lie, off_path="ignore"):
    """Return by level: messages by state, actions by message; convention W, people whose lies cost `cost` a unit."""
    says = [{state: state for state in game.states}]
    does = [{m: choose({a: game.receiver(a, m) for a in game.actions}) for m in game.messages}]
    for _ in range(levels):
        below = does[-1]
        says.append(
            {
                s: smallest_lie(game, s, lambda m, s=s, below=below: game.sender(below[m], s) - cost * lie(m, s))
                for s in game.states
            }
        )
        now = {s: {m: 1.0} for s, m in says[-1].items()}
        does.append({m: choose(worth_after(game, now, m, off_path)) for m in game.messages})
    return says, does
