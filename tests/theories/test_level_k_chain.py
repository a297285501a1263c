"""The chain of level-k best replies is what its definition says, option by option."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from oracles.cheap_talk_chain import chain, worth_after
from small_games import GAMES, pair

from estimation.games import EstimationGame
from estimation.theories import CognitiveHierarchy, LevelK, LevelKLying
from estimation.theories.replies.best import OFF_PATH, TIES

LEVELS = 4
OPTIONS = list(product(("W", "C"), TIES, OFF_PATH))


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_each_level_replies_best_to_the_one_below(name, options):
    game, naive = pair(name)
    got = LevelK(LEVELS, *options).chain(game)
    senders, receivers = chain(naive, LEVELS, *options)
    for level in range(LEVELS + 1):
        sender = [[senders[level][state].get(message, 0.0) for message in naive.messages] for state in naive.states]
        np.testing.assert_allclose(got.sender[level], sender, atol=1e-12, err_msg=f"sender {level}")
        replies = game.actions[np.argmax(got.receiver[level], axis=-1)]
        assert replies.tolist() == [receivers[level][message] for message in naive.messages], level
        np.testing.assert_array_equal(got.receiver[level].sum(axis=-1), 1)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_each_option_is_worth_what_the_other_side_in_mind_makes_of_it(name, options):
    game, naive = pair(name)
    got = LevelK(LEVELS, *options).chain(game)
    senders, receivers = chain(naive, LEVELS, *options)
    for level in range(1, LEVELS + 1):
        below = receivers[level - 1]
        worth = [[naive.sender(below[message], state) for message in naive.messages] for state in naive.states]
        np.testing.assert_allclose(got.sender_payoff[level], worth, atol=1e-9)
        mind = senders[level] if options[0] == "W" else senders[level - 1]
        worth = [list(worth_after(naive, mind, message, options[2]).values()) for message in naive.messages]
        np.testing.assert_allclose(got.receiver_payoff[level], worth, atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
def test_the_chain_starts_with_truth_and_belief(name):
    game, naive = pair(name)
    got = LevelK(0).chain(game)
    np.testing.assert_array_equal(got.sender[0], np.eye(len(game.states)))
    for row, message in enumerate(naive.messages):
        literal = [naive.receiver(action, message) for action in naive.actions]
        np.testing.assert_allclose(got.receiver_payoff[0][row], literal, atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("ties", TIES)
def test_the_two_conventions_count_receivers_one_apart(name, ties):
    """Crawford's receiver replies to the sender one level down, Cai and Wang's to the one of their own level."""
    game, _ = pair(name)
    same, one_down = LevelK(3, "W", ties).chain(game), LevelK(4, "C", ties).chain(game)
    np.testing.assert_array_equal(one_down.receiver[1], same.receiver[0])
    np.testing.assert_array_equal(one_down.receiver[2], same.receiver[1])
    np.testing.assert_array_equal(one_down.sender[1], one_down.sender[2])
    np.testing.assert_array_equal(one_down.sender[3], same.sender[2])


def test_a_chain_is_computed_once_per_game():
    theory = LevelK(2)
    assert theory.chain(EstimationGame(highest=9)) is theory.chain(EstimationGame(highest=9))


@pytest.mark.parametrize(
    "theory",
    [
        theory(beliefs=beliefs)
        for theory in (LevelK, LevelKLying, CognitiveHierarchy)
        for beliefs in ("exact", "own", "separate")
    ],
    ids=lambda theory: f"{theory.name} {theory.beliefs}",
)
def test_the_payoffs_of_all_levels_are_tabulated_once_per_game(theory):
    assert theory.tables(EstimationGame(highest=9)) is theory.tables(EstimationGame(highest=9))
