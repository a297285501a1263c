"""Games without communication that theories of play are tried on: of random payoffs, and two that are known."""

from __future__ import annotations

import numpy as np

from estimation.games import NormalForm

RNG = np.random.default_rng(1995)
RANDOM = [NormalForm(RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))) for _ in range(4)]
PENNIES = NormalForm([[9, 0], [0, 1]], [[0, 1], [1, 0]])
DILEMMA = NormalForm.symmetric([[3, 0], [5, 1]])
GAMES = [*RANDOM, PENNIES, DILEMMA]
