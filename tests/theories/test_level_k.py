"""Level-k on the grids of real games: against its closed forms, its equivalences, and its options."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from oracles.cheap_talk_tables import BABBLING_LEVEL, CELLS

from estimation.errors import GameError, TheoryError
from estimation.games import Discrete, ForecastSharing
from estimation.theories import Babbling, LevelK, TrustEmbedded
from estimation.theories.messages.forecast_closed_forms import (
    babbling_level,
    credulous_capacity,
    level_k_capacity,
    level_k_report,
)

GAMES = {name: ForecastSharing(**numbers) for name, numbers in CELLS.items()}
cells = pytest.mark.parametrize("cell", CELLS)
LEVELS = 3


def at(**values):
    return {name: np.array([[value]]) for name, value in values.items()}


def aims(theory, game, level):
    """A level's message in every state and action after every message."""
    message = theory.sender_target(game, level, {}, game.states)[:, 0]
    return message, theory.receiver_target(game, level, {}, game.messages)[:, 0]


@cells
@pytest.mark.parametrize("level", range(LEVELS + 1))
def test_with_smallest_lies_every_level_does_what_the_closed_form_says(cell, level):
    """Capacities and forecasts are whole numbers on the grid, which moves a reply by less than one."""
    game = GAMES[cell]
    message, action = aims(LevelK(LEVELS, off_path="skeptical", response="normal"), game, level)
    np.testing.assert_array_equal(message, np.round(level_k_report(game, level, game.states)))
    np.testing.assert_allclose(action, level_k_capacity(game, level, game.messages), atol=1)


@cells
@pytest.mark.parametrize("level", [1, 2, 3])
def test_with_largest_lies_everybody_reports_the_cap_and_nobody_listens(cell, level):
    game = GAMES[cell]
    message, action = aims(LevelK(LEVELS, ties="max", response="normal"), game, level)
    assert (message == 150).all()
    np.testing.assert_allclose(action, game.babbling_capacity(), atol=1)


@cells
def test_reports_off_the_path_are_ignored_believed_or_held_against_the_sender(cell):
    game = GAMES[cell]
    off_path = game.messages < -150 + level_k_report(game, 1, -150.0) + 150  # below the lowest report of level 1
    replies = {
        rule: aims(LevelK(1, off_path=rule, response="normal"), game, 1)[1][off_path]
        for rule in ("ignore", "literal", "skeptical")
    }
    np.testing.assert_allclose(replies["ignore"], game.babbling_capacity(), atol=1)
    np.testing.assert_allclose(replies["literal"], credulous_capacity(game, game.messages[off_path]), atol=1)
    np.testing.assert_allclose(replies["skeptical"], credulous_capacity(game, -150.0), atol=1)


def test_deep_enough_levels_babble():
    game = GAMES["dear, uncertain"]
    depth = babbling_level(game)
    assert depth == BABBLING_LEVEL["dear, uncertain"]
    message, action = aims(LevelK(depth, response="normal"), game, depth)
    assert (message == 150).all()
    assert action[-1] == pytest.approx(game.babbling_capacity(), abs=1)


@pytest.mark.parametrize("direction", ["over", "under"])
def test_in_the_estimation_game_one_step_of_thought_goes_to_the_end_of_the_scale(direction):
    game = estimation_game(direction)
    end = 100 if direction == "over" else 0
    message, action = aims(LevelK(2, response="normal"), game, 1)
    assert (message == end).all()
    assert (action == 50).all()
    message, action = aims(LevelK(2, response="normal"), game, 0)
    np.testing.assert_array_equal(message, game.states)
    np.testing.assert_array_equal(action, game.messages)


@pytest.mark.parametrize(
    "game", [*GAMES.values(), estimation_game("over"), estimation_game("under")], ids=[*CELLS, "over", "under"]
)
def test_the_theories_meet_at_honesty_credulity_and_costless_lies(game):
    """Honest and trusting people think no step ahead; level 1 is a sender who trusts in trust and bears any lie."""
    level_k, trust = LevelK(1, response="normal"), TrustEmbedded(response="normal")
    honest = trust.sender_target(game, 0, at(trust=0.5, lying_cost=2 * game.margin), game.states)
    np.testing.assert_array_equal(honest, level_k.sender_target(game, 0, {}, game.states))
    trusting = trust.receiver_target(game, 0, at(trust=1.0), game.messages)
    np.testing.assert_allclose(trusting, level_k.receiver_target(game, 0, {}, game.messages), atol=1e-4)
    shameless = trust.sender_target(game, 0, at(trust=1.0, lying_cost=1e-4 * game.margin), game.states)
    np.testing.assert_array_equal(shameless, level_k.sender_target(game, 1, {}, game.states))


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({"max_level": -1}, ["max_level must be a whole number from 0, not -1"]),
        ({"max_level": 2.0}, ["max_level must be a whole number from 0, not 2.0"]),
        ({"max_level": True}, ["max_level must be a whole number from 0, not True"]),
        (
            {"convention": "X", "ties": "none", "off_path": "panic"},
            [
                "convention must be 'W' or 'C', not 'X'",
                "ties must be 'min', 'max' or 'uniform', not 'none'",
                "off_path must be 'ignore', 'literal' or 'skeptical', not 'panic'",
            ],
        ),
        ({"ties": "uniform", "response": "normal"}, ["ties='uniform' has no single best message"]),
    ],
    ids=["negative level", "broken level", "no level", "three options", "no single aim"],
)
def test_every_wrong_option_is_named_at_once(options, problems):
    with pytest.raises(TheoryError) as caught:
        LevelK(**options)
    assert len(caught.value.problems) == len(problems)
    for problem in problems:
        assert problem in str(caught.value)


def test_people_differ_in_level_and_noise_only():
    theory = LevelK(2)
    assert theory.types == ("level 0", "level 1", "level 2")
    assert theory.own_parameters([estimation_game()], ("sender", "receiver")) == ()
    assert [p.name for p in theory.parameters([estimation_game()], ("sender",))] == ["sender_precision", "lapse"]


def test_closed_forms_refuse_laws_and_levels_they_do_not_hold_for():
    law = Discrete([-1, 0, 1], [1, 2, 1])
    game = ForecastSharing(**CELLS["dear, certain"], noise_law=law)
    with pytest.raises(GameError, match="must be uniform"):
        babbling_level(game)
    with pytest.raises(TheoryError, match="level must be 0 or more, not -1"):
        level_k_capacity(GAMES["dear, certain"], -1, 0.0)


@pytest.mark.parametrize("game", [forecast_game(), estimation_game("under")], ids=["forecast", "under"])
def test_babblers_have_a_favourite_message_and_listen_to_nobody(game):
    theory = Babbling(response="normal")
    low, high = game.messages[[0, -1]]
    for share in (0.0, 0.25, 1.0):
        aim = theory.sender_target(game, 0, at(favourite=share), game.states)
        np.testing.assert_allclose(aim, low + share * (high - low))
        payoff = theory.sender_payoff(game, 0, at(favourite=share), game.states)
        assert (payoff == payoff[0]).all()
        assert game.messages[np.argmax(payoff[0])] == pytest.approx(low + share * (high - low), abs=0.5)
    payoff = theory.receiver_payoff(game, 0, {}, game.messages)
    for column, action in enumerate(game.actions):
        expected = sum(p * game.receiver_payoff(action, s) for s, p in zip(game.states, game.prior, strict=True))
        np.testing.assert_allclose(payoff[:, column], expected)
    if isinstance(game, ForecastSharing):
        assert theory.receiver_target(game, 0, {}, game.messages)[0, 0] == pytest.approx(
            game.babbling_capacity(), abs=0.5
        )
    assert [p.name for p in theory.own_parameters([game], ("sender", "receiver"))] == ["favourite"]
    assert theory.own_parameters([game], ("receiver",)) == ()
