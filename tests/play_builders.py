"""Choices in games without communication that theories of play make."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.data import PlayTable


def simulated(theory, games, people, values, seed, kinds=None):
    """SYNTHETIC choices: everybody plays each game once, half of them as column; `values` shared or per person."""
    rng = np.random.default_rng(seed)
    everyone = {name: np.broadcast_to(value, people) for name, value in values.items()}
    kinds = np.zeros(people, int) if kinds is None else kinds
    rows = []
    for name, game in games.items():
        for start, player in enumerate(("row", "column")):
            chance = np.stack([theory.choice_probability(game, player, k, everyone) for k in range(len(theory.types))])
            for person in range(start, people, 2):
                own = np.broadcast_to(chance, (len(chance), people, chance.shape[-1]))[kinds[person], person]
                choice = game.options(player)[rng.choice(len(own), p=own / own.sum())]
                rows.append({"subject": f"s{person:03d}", "game": name, "player": player, "choice": choice})
    return PlayTable.from_frame(pd.DataFrame(rows), games, name="simulated", synthetic=True)
