"""The shipped SYNTHETIC experiment's games, where branches of equilibria turn back in all four cells."""

from __future__ import annotations

import numpy as np
import pytest

from estimation import load
from estimation.theories.messages.costly_lying import RATIONAL
from estimation.theories.replies.equilibrium import TOLERANCE, MessageGame, Replies, follow
from estimation.theories.replies.equilibrium_table import PRECISION, cost_axis, solved_grids

QUICKEST, *OTHERS = CELLS = ["C_H U_H", "C_H U_L", "C_L U_H", "C_L U_L"]
EVERY = PRECISION.values.tolist()


@pytest.mark.parametrize(
    ("cell", "precisions"),
    [
        (QUICKEST, EVERY),
        *((cell, [0.0, RATIONAL]) for cell in CELLS),
        *(pytest.param(cell, EVERY, marks=pytest.mark.slow) for cell in OTHERS),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} precisions",
)
def test_every_point_of_a_table_is_an_equilibrium(cell, precisions):
    game = load("simulated_forecast_sharing").games[cell]
    tables = MessageGame.of(game, *solved_grids(game))
    for cost in cost_axis(game).values:
        points = follow(lambda p, c=cost: Replies(tables, p, c), 0 * tables.lie, precisions)
        for precision, point in zip(precisions, points, strict=True):
            gap = Replies(tables, precision, cost).around(point) - point
            assert np.abs(gap).max() < TOLERANCE * tables.unit, (precision, cost)
