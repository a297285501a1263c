"""Three recommenders who gain by different things: games of labels, as TOML has them, and a table of whom one meets."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
from oracles.table_chain import Listed

import estimation as est

STATES, ACTIONS = ["fund rises", "fund falls"], ["buy", "keep away"]
RIGHT = {"fund rises": "buy", "fund falls": "keep away"}
GAINS = {
    "friend": lambda s, a: 4.0 * (RIGHT[s] == a),
    "broker": lambda s, a: 3.0 * (a == "buy") + 1.0 * (RIGHT[s] == a),
    "rival": lambda s, a: 4.0 * (RIGHT[s] != a),
}
"""What each earns: by the receiver being right, by a sale, and by the receiver being wrong."""
TRUE = {"friend": 0.95, "broker": 0.6, "rival": 0.25}  # how often what they say is true


def listed(name):
    """The game with one of them, written out."""
    pairs = list(itertools.product(STATES, ACTIONS))
    return Listed(
        states=STATES,
        messages=STATES,
        actions=ACTIONS,
        prior={"fund rises": 0.6, "fund falls": 0.4},
        sender={(s, a): GAINS[name](s, a) for s, a in pairs},
        receiver={(s, a): 5.0 * (RIGHT[s] == a) for s, a in pairs},
        means={state: [state] for state in STATES},
        lie={(s, m): float(s != m) for s in STATES for m in STATES},
    )


def as_toml():
    """All three as conditions of a file of games."""
    lines = []
    for name in GAINS:
        game = listed(name)
        rows = {
            "states": STATES,
            "actions": ACTIONS,
            "sender": [[game.sender[s, a] for a in ACTIONS] for s in STATES],
            "receiver": [[game.receiver[s, a] for a in ACTIONS] for s in STATES],
            "prior": list(game.prior.values()),
        }
        lines += [f"[conditions.{name}]", 'family = "sender-receiver"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in rows.items()]
    return "\n".join(lines) + "\n"


def games():
    """The games of the package with these tables."""
    found = {}
    for name in GAINS:
        game = listed(name)
        sides = ([[side[s, a] for a in ACTIONS] for s in STATES] for side in (game.sender, game.receiver))
        found[name] = est.SenderReceiverGame(STATES, ACTIONS, *sides, prior=[0.6, 0.4])
    return found


def met(people=12, rounds=24, seed=1):
    """A table of receivers who meet the three in turn and see what came out; actions are placeholders."""
    rng, names, rows = np.random.default_rng(seed), list(GAINS), []
    for person, turn in itertools.product(range(people), range(rounds)):
        who, state = names[(person + turn) % 3], rng.choice(STATES, p=[0.6, 0.4])
        said = state if rng.random() < TRUE[who] else STATES[1 - STATES.index(state)]
        rows.append((f"s{person:02d}", "receiver", turn + 1, who, state, said, "buy", who))
    columns = ["subject", "role", "period", "condition", "state", "message", "action", "partner"]
    return est.Table.from_frame(pd.DataFrame(rows, columns=columns), games(), name="recommenders", synthetic=True)
