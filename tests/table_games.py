"""Three games by their tables, as files of users have them, and written out for the oracles."""

from __future__ import annotations

import itertools
import json

from oracles.table_chain import Listed

from estimation.games import SenderReceiverGame

HIDING = ["links", "Mitte", "“rechts”, 5 % $a_b$ & <ö>"]  # words with signs that files, formulas and pages trip over


def deception():
    """Two options of which one pays the receiver more, the other the sender (as in Gneezy 2005)."""
    states, actions = ["A pays you more", "B pays you more"], ["A", "B"]
    return _listed(states, actions, lambda s, a: 5.0 if s[0] == a else 6.0, lambda s, a: 6.0 if s[0] == a else 5.0)


def biased():
    """Five states; the sender wants the action to be one higher (as in Crawford and Sobel 1982)."""
    numbers = [1.0, 2.0, 3.0, 4.0, 5.0]
    weights = [0.1, 0.2, 0.3, 0.25, 0.15]
    return _listed(
        numbers,
        numbers,
        lambda s, a: round(110 - 20 * abs(s + 1 - a) ** 1.4, 3),
        lambda s, a: round(110 - 20 * abs(s - a) ** 1.4, 3),
        weights,
    )


def opposed():
    """The receiver looks for what the sender hides; words without an order."""
    return _listed(HIDING, HIDING, lambda s, a: 4.0 * (s != a), lambda s, a: 4.0 * (s == a), [0.5, 0.3, 0.2])


def _listed(states, actions, sender, receiver, weights=None):
    weights = weights or [1 / len(states)] * len(states)
    pairs = list(itertools.product(states, actions))
    return Listed(
        states=list(states),
        messages=list(states),
        actions=list(actions),
        prior=dict(zip(states, weights, strict=True)),
        sender={(s, a): sender(s, a) for s, a in pairs},
        receiver={(s, a): receiver(s, a) for s, a in pairs},
        means={state: [state] for state in states},
        lie={(s, m): float(s != m) if isinstance(s, str) else abs(s - m) for s in states for m in states},
    )


GAMES = {"deception": deception(), "biased": biased(), "opposed": opposed()}


def played(name):
    """The game of the package with these tables."""
    listed = GAMES[name]
    sides = (listed.sender, listed.receiver)
    tables = ([[side[s, a] for a in listed.actions] for s in listed.states] for side in sides)
    return SenderReceiverGame(listed.states, listed.actions, *tables, prior=list(listed.prior.values()))


def as_toml(name):
    """The game as a condition of ``games.toml``."""
    game = GAMES[name]
    rows = {
        "states": game.states,
        "actions": game.actions,
        "sender": [[game.sender[s, a] for a in game.actions] for s in game.states],
        "receiver": [[game.receiver[s, a] for a in game.actions] for s in game.states],
        "prior": list(game.prior.values()),
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
    return "\n".join([f"[conditions.{name}]", 'family = "sender-receiver"', *lines, ""])


def as_csv(name):
    """The game as a table of payoffs."""
    game = GAMES[name]
    rows = [(name, s, a, game.sender[s, a], game.receiver[s, a], game.prior[s]) for s, a in game.sender]
    cells = [["condition", "state", "action", "sender", "receiver", "prior"], *rows]
    return "".join(",".join(_quoted(cell) for cell in row) + "\n" for row in cells)


def _quoted(cell):
    return '"' + str(cell).replace('"', '""') + '"'
