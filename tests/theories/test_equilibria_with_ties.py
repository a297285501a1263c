"""Nash equilibria of games with ties: each extreme one once, whatever the unit of payoffs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from estimation.games import NormalForm
from estimation.theories import Nash, equilibria
from estimation.theories.plays.nash import regret

SAME_UNLESS_BOTH = NormalForm([[1, 0], [0, 0]], [[1, 0], [0, 0]])
SAFE_OR_GUESS = NormalForm([[0, 0], [1, -1], [-1, 1]], [[0, 0], [0, 1], [1, 0]])
"""Playing safe is best only against even play, and leaves the other indifferent."""
BY_HAND = [
    (SAME_UNLESS_BOTH, [([1, 0], [1, 0]), ([0, 1], [0, 1])]),
    (SAFE_OR_GUESS, [([1, 0, 0], [0.5, 0.5]), ([0, 0.5, 0.5], [0.5, 0.5])]),
    (NormalForm(np.ones((2, 2)), np.ones((2, 2))), [(a, b) for a in ([1, 0], [0, 1]) for b in ([1, 0], [0, 1])]),
    (NormalForm([[2, 0], [2, 1]], [[2, 0], [0, 1]]), [([1, 0], [1, 0]), ([0, 1], [0, 1]), ([1 / 3, 2 / 3], [1, 0])]),
]


@pytest.mark.parametrize("unit", [1e-10, 0.1, 1.0, 1e6])
@pytest.mark.parametrize(("game", "expected"), BY_HAND)
def test_equilibria_with_ties_are_those_solved_by_hand_each_once(game, expected, unit):
    found = equilibria(NormalForm(unit * game.row + unit, unit * game.column))
    assert len(found) == len(expected)
    for row, column in expected:
        assert any(np.allclose(row, one) and np.allclose(column, other) for one, other in found)


def test_play_counts_an_equilibrium_once_however_many_supports_lead_to_it():
    play = Nash().choice_probability(SAME_UNLESS_BOTH, "row", 0, {"careless": 0.0})
    np.testing.assert_allclose(play, 0.5)


def test_every_game_with_ties_has_an_equilibrium_and_no_two_are_the_same():
    rng = np.random.default_rng(1951)
    for _ in range(60):
        game = NormalForm(*rng.integers(0, 3, (2, *rng.integers(1, 5, 2))))
        found = equilibria(game)
        assert found
        assert all(regret(game, row, column) < 1e-9 for row, column in found)
        both = [np.concatenate(pair) for pair in found]
        assert all(np.abs(one - other).max() > 1e-6 for one, other in combinations(both, 2))
