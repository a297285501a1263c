"""Beauty contests: the recursion in loops, and its limits; published means are in the ledger."""

from __future__ import annotations

import math

import numpy as np
import pytest

from estimation.errors import GameError
from estimation.games import BeautyContest


def test_the_recursion_agrees_with_loops():
    tau, target, steps = 1.7, 0.6, 12
    share = [math.exp(-tau) * tau**k / math.factorial(k) for k in range(steps + 1)]
    guesses = [50.0]
    for k in range(1, steps + 1):
        mean = sum(share[h] * guesses[h] for h in range(k)) / sum(share[:k])
        guesses.append(target * mean)
    np.testing.assert_allclose(BeautyContest(target).hierarchy(tau, steps), guesses)


def test_level_k_shrinks_the_middle_by_the_target():
    contest = BeautyContest(2 / 3)
    np.testing.assert_allclose([contest.level_k(k) for k in range(4)], 50 * (2 / 3) ** np.arange(4))


def test_in_a_small_group_the_own_guess_counts_in_the_average():
    contest = BeautyContest(0.7, players=3)
    guess = contest.reply(40.0)
    assert guess == pytest.approx(0.7 * (2 * 40 + guess) / 3)
    assert BeautyContest(0.7, players=10_000).reply(40.0) == pytest.approx(28.0, abs=0.01)


def test_without_thinking_the_mean_is_the_middle_and_with_much_thinking_the_equilibrium():
    contest = BeautyContest(0.5)
    assert contest.hierarchy_mean(1e-9) == pytest.approx(50)
    assert contest.hierarchy_mean(25.0) < 1.0
    assert BeautyContest(1.3).hierarchy_mean(25.0) == pytest.approx(100, abs=0.5), "above one the end is the top"


@pytest.mark.parametrize("options", [{"target": 0}, {"target": 1, "low": 5, "high": 5}, {"target": 1, "players": 1}])
def test_impossible_contests_are_refused(options):
    with pytest.raises(GameError, match="not valid"):
        BeautyContest(**options)
