"""Level-k chains of hiders who give hints, and of two receivers, alike or not: dictionaries and loops."""

from __future__ import annotations

from itertools import product

from oracles.cheap_talk_chain import best
from oracles.table_chain import among_actions, among_messages, evenly, literal


def smallest_lies(game, pairs):
    return evenly(best(pairs, lambda pair: -game.lie[pair]))


def hiding_chain(game, levels, convention, cost=0.0):
    """Return senders ({(state, hint): probability}) and receivers (hint → {action: probability}) by level."""
    pairs = list(product(game.states, game.messages))
    senders = [smallest_lies(game, pairs)]
    receivers = [{hint: among_actions(game, literal(game, hint)) for hint in game.messages}]
    for _ in range(levels):
        seeker = receivers[-1]
        worth = {
            (state, hint): sum(p * game.sender[state, action] for action, p in seeker[hint].items())
            - cost * game.lie[state, hint]
            for state, hint in pairs
        }
        new = smallest_lies(game, best(pairs, worth.__getitem__))
        mind = new if convention == "W" else senders[-1]
        receivers.append({hint: among_actions(game, sought(game, mind, hint)) for hint in game.messages})
        senders.append(new)
    return senders, receivers


def sought(game, sender, hint):
    """What each action is worth to who hears a hint; one that is never given says nothing."""
    weight = {state: sender.get((state, hint), 0.0) for state in game.states}
    weight = weight if sum(weight.values()) > 0 else evenly(game.states)
    total = sum(weight.values())
    return {action: sum(w / total * game.receiver[s, action] for s, w in weight.items()) for action in game.actions}


def two_chain(game, both, other, levels, convention, cost=0.0):
    """Return senders (state → {message: probability}) and receivers (message → {action: probability}) by level.

    `both` (state, action, action) → the sender's payoff; `other` (state, action, other's action) → a receiver's.
    """

    def worth(belief, rival):
        total = sum(belief.values())
        return {
            a: sum(w / total * p * other[s, a, b] for s, w in belief.items() for b, p in rival.items())
            for a in game.actions
        }

    def heard(sender, message, rival):
        belief = {s: game.prior[s] * sender[s].get(message, 0.0) for s in game.states}
        return worth(belief if sum(belief.values()) > 0 else game.prior, rival)

    anything = evenly(game.actions)
    means = {m: {s: game.prior[s] for s in game.means[m]} for m in game.messages}
    truth = {s: {m: -game.lie[s, m] for m in game.messages} for s in game.states}
    senders = [{s: among_messages(game, s, truth[s]) for s in game.states}]
    receivers = [{m: among_actions(game, worth(means[m], anything)) for m in game.messages}]
    for _ in range(levels):
        last = receivers[-1]
        gains = {
            s: {
                m: sum(p * q * both[s, a, b] for a, p in last[m].items() for b, q in last[m].items())
                - cost * game.lie[s, m]
                for m in game.messages
            }
            for s in game.states
        }
        new = {s: among_messages(game, s, gains[s]) for s in game.states}
        mind = new if convention == "W" else senders[-1]
        receivers.append({m: among_actions(game, heard(mind, m, last[m])) for m in game.messages})
        senders.append(new)
    return senders, receivers


def audiences_chain(game, both, payoffs, levels, convention, cost=0.0):
    """Return senders by level, and name → receivers by level, where each of two receivers has payoffs of their own.

    `both` (state, first's action, second's action) → the sender's payoff; `payoffs` name → (state, own action, other's
    action) → that receiver's.
    """
    first, second = payoffs

    def worth(name, belief, rival):
        total = sum(belief.values())
        return {
            a: sum(w / total * p * payoffs[name][s, a, b] for s, w in belief.items() for b, p in rival.items())
            for a in game.actions
        }

    def heard(sender, message):
        belief = {s: game.prior[s] * sender[s].get(message, 0.0) for s in game.states}
        return belief if sum(belief.values()) > 0 else game.prior

    anything = evenly(game.actions)
    means = {m: {s: game.prior[s] for s in game.means[m]} for m in game.messages}
    truth = {s: {m: -game.lie[s, m] for m in game.messages} for s in game.states}
    senders = [{s: among_messages(game, s, truth[s]) for s in game.states}]
    receivers = {
        name: [{m: among_actions(game, worth(name, means[m], anything)) for m in game.messages}] for name in payoffs
    }
    for _ in range(levels):
        last = {name: done[-1] for name, done in receivers.items()}
        gains = {
            s: {
                m: sum(p * q * both[s, a, b] for a, p in last[first][m].items() for b, q in last[second][m].items())
                - cost * game.lie[s, m]
                for m in game.messages
            }
            for s in game.states
        }
        new = {s: among_messages(game, s, gains[s]) for s in game.states}
        mind = new if convention == "W" else senders[-1]
        for name, other in ((first, second), (second, first)):
            reply = {m: among_actions(game, worth(name, heard(mind, m), last[other][m])) for m in game.messages}
            receivers[name].append(reply)
        senders.append(new)
    return senders, receivers
