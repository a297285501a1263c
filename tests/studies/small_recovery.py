"""A study of real fits that a test can kill: ``python small_recovery.py STORE``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine import GAMES, TRUST

import estimation as est

PEOPLE = {name: TRUST[name] for name in ("trust", "receiver_precision", "lapse")}


def small_design():
    return est.design(GAMES, people=6, decisions=6, seed=1, roles=("receiver",))


def small_recovery(store, simulations=8, **options):
    return est.recovery(
        est.TrustEmbedded(),
        small_design(),
        PEOPLE,
        simulations=simulations,
        seed=3,
        store=store,
        progress=False,
        **options,
    )


if __name__ == "__main__":
    small_recovery(sys.argv[1])
