"""Small simulated experiments for tests of the engine: 21 options instead of 101, so that fits take seconds."""

from __future__ import annotations

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
    wanted = {
        "sender": ("trust", "lying_cost", "sender_precision"),
        "receiver": ("trust", "receiver_precision"),
    }
    names = {name for role in roles for name in wanted[role]} | {"lapse"}
    return est.simulate(est.TrustEmbedded(), situations, {n: TRUST[n] for n in names}, seed=seed + 100)


def level_experiment(people=20, decisions=20, seed=1, shares=None, theory=None):
    """Simulate level-k people; return the table and their true levels and parameters."""
    situations = est.design(GAMES, people, decisions, seed)
    return est.simulate(theory or est.LevelK(), situations, LEVELS, shares=shares, seed=seed + 200)
