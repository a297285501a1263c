"""The shipped SYNTHETIC experiment's games, where branches of equilibria turn back in all four cells."""

from __future__ import annotations

import numpy as np
import pytest

from estimation import load
from estimation.theories.messages.costly_lying import RATIONAL
from estimation.theories.replies.equilibrium import TOLERANCE, MessageGame, Replies, follow
from estimation.theories.replies.equilibrium_table import PRECISION, cost_axis, solved_grids

CELLS = ["C_H U_H", "C_H U_L", "C_L U_H", "C_L U_L"]
TWO, EVERY = [0.0, RATIONAL], PRECISION.values.tolist()
SOME = 4  # of the costs of lying, every fourth


def id_of(value):
    return f"{len(value)} precisions" if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    ("cell", "precisions", "step"),
    [
        *((cell, TWO, SOME) for cell in CELLS),
        (CELLS[0], EVERY, SOME),
        *(pytest.param(cell, which, 1, marks=pytest.mark.slow) for cell in CELLS for which in (TWO, EVERY)),
    ],
    ids=id_of,
)
def test_every_point_of_a_table_is_an_equilibrium(cell, precisions, step):
    game = load("simulated_forecast_sharing").games[cell]
    tables = MessageGame.of(game, *solved_grids(game))
    for cost in cost_axis(game).values[::step]:
        points = follow(lambda p, c=cost: Replies(tables, p, c), 0 * tables.lie, precisions)
        for precision, point in zip(precisions, points, strict=True):
            gap = Replies(tables, precision, cost).around(point) - point
            assert np.abs(gap).max() < TOLERANCE * tables.unit, (precision, cost)
