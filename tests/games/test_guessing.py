"""Guessing games by brute force over whole guesses; the worked example is in the ledger."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.errors import GameError
from estimation.games import Guesser, GuessingGame
from estimation.theories.plays.best_reply import best_reply

EXAMPLE = GuessingGame(Guesser(1.5, 300, 900), Guesser(0.5, 100, 900))


@pytest.mark.parametrize(
    ("own", "other"),
    [((1.5, 300, 900), (0.5, 100, 900)), ((0.7, 100, 500), (1.3, 300, 900)), ((0.5, 100, 900), (1.3, 300, 500))],
)
def test_level_k_and_equilibrium_agree_with_brute_force_over_whole_guesses(own, other):
    game = GuessingGame(Guesser(*own), Guesser(*other))
    grid = game.normal_form()
    mine, theirs = game.own.whole_guesses(), game.other.whole_guesses()
    believed = game.other.middle
    for level in (1, 2):
        reply = best_reply(grid, "row", np.eye(len(theirs))[np.abs(theirs - believed).argmin()])
        assert abs(mine[reply.argmax()] - game.level_k(level)) <= 1.0
        believed = game.mirrored.level_k(level)
    best, answer = game.equilibrium(), game.mirrored.equilibrium()
    assert game.points(best, answer) >= game.points(mine, answer).max() - 1e-9
    assert game.mirrored.points(answer, best) >= game.mirrored.points(theirs, best).max() - 1e-9


def test_points_fall_with_the_distance_from_the_aim_and_stay_positive_longer_than_they_fall_fast():
    aim = 1.5 * 300
    assert EXAMPLE.points(aim, 300) == 300
    assert EXAMPLE.points(aim + 100, 300) == 100 + 90
    assert EXAMPLE.points(aim - 150, 300) == 50 + 85
    assert EXAMPLE.points(0, 300) == EXAMPLE.points(300, 300), "guesses outside count as the nearest end"


def test_a_round_of_dominance_deletes_what_no_guess_of_the_other_can_justify():
    # Against guesses in 300..900 the opponent's aim lies in 150..450, whose centre is 300.
    assert EXAMPLE.dominance(0) == EXAMPLE.level_k(1)
    assert EXAMPLE.dominance(1) == 450
    assert EXAMPLE.dominance(200) == pytest.approx(EXAMPLE.equilibrium())


def test_impossible_games_are_refused():
    with pytest.raises(GameError, match="high must be more than low"):
        Guesser(1.0, 5, 5)
    with pytest.raises(GameError, match="target must be positive"):
        Guesser(-1.0, 0, 5)
    with pytest.raises(GameError, match="no unique equilibrium"):
        GuessingGame(Guesser(1.0, 100, 200), Guesser(1.0, 100, 200)).equilibrium()
    with pytest.raises(GameError, match="level must be 1"):
        EXAMPLE.level_k(0)
