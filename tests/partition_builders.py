"""Folders of simulated people in partitions. All data SYNTHETIC."""

from __future__ import annotations

from builders import forecast_game

import estimation as est

GAMES = {"risky": forecast_game()}
POPULATION = {"sender_precision": (0.006, 0.5), "lapse": (0.05, 0.5)}


def simulated(folder, people=60, each=20, decisions=8, **more):
    size = {"people": people, "each": each, "decisions": decisions, "roles": ("sender",), "seed": 3}
    return est.simulate_partitions(est.Honest(), GAMES, folder, POPULATION, **size | more)
