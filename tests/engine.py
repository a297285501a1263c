"""Small simulated experiments for tests of the engine: 21 options instead of 101, so that fits take seconds."""

from __future__ import annotations

import numpy as np
import pandas as pd

import estimation as est

GAMES = {
    "over": est.EstimationGame("over", highest=20, lie_reference=2.0),
    "under": est.EstimationGame("under", highest=20, lie_reference=2.0),
}
TRUST = {
    "trust": (0.6, 1.0),
    "lying_cost": (0.6, 0.7),
    "sender_precision": (3.0, 0.4),
    "receiver_precision": (3.0, 0.4),
    "lapse": (0.04, 0.7),
}
LEVELS = {name: TRUST[name] for name in ("sender_precision", "receiver_precision", "lapse")}


def trust_experiment(people=20, decisions=20, seed=1, roles=("sender", "receiver"), games=None):
    """Simulate trust-embedded people; return the table and their true parameters."""
    situations = est.design(games or GAMES, people, decisions, seed, roles)
    wanted = {"sender": ("trust", "lying_cost", "sender_precision"), "receiver": ("trust", "receiver_precision")}
    names = {name for role in roles for name in wanted[role]} | {"lapse"}
    return est.simulate(est.TrustEmbedded(), situations, {n: TRUST[n] for n in names}, seed=seed + 100)


def level_experiment(people=20, decisions=20, seed=1, shares=None, theory=None):
    """Simulate level-k people; return the table and their true levels and parameters."""
    situations = est.design(GAMES, people, decisions, seed)
    return est.simulate(theory or est.LevelK(), situations, LEVELS, shares=shares, seed=seed + 200)


LEARNING = {
    "trust": (0.5, 0.6),
    "trust_gain": (0.1, 0.4),
    "trust_loss": (0.35, 0.4),
    "receiver_precision": (3.0, 0.3),
    "lapse": (0.03, 0.5),
}


def messages_with_outcomes(people=30, decisions=24, seed=1, partners=1):
    """Receivers who are told the truth for a while, then lies, then the truth again, and who always learn which."""
    game, rng = GAMES["over"], np.random.default_rng(seed)
    rows = []
    for person in range(people):
        state = rng.choice(game.states, size=decisions, p=game.prior)
        third = np.arange(decisions) * 3 // decisions
        lie = np.where(third == 1, rng.integers(6, 14, decisions), rng.integers(0, 2, decisions))
        rows += [
            {
                "subject": f"s{person:02d}",
                "role": "receiver",
                "period": turn + 1,
                "condition": "over",
                "state": state[turn],
                "message": min(state[turn] + lie[turn], game.messages[-1]),
                "action": state[turn],
                "partner": f"p{rng.integers(partners)}",
            }
            for turn in range(decisions)
        ]
    return est.Table.from_frame(pd.DataFrame(rows), {"over": game}, name="messages", synthetic=True)
