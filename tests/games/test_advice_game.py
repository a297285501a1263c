"""The game of advice: plain data, tables and files, and what if advisers were right more often."""

from __future__ import annotations

import json

import numpy as np
import pytest
from advised import RIGHT, advised

import estimation as est
from estimation.games import AdviceGame, from_spec


@pytest.mark.parametrize(
    "game",
    [
        AdviceGame(),
        AdviceGame(["low", "middle", "high"], ["Ann", "Bob"], own="experience", prior=[1, 2, 1]),
        AdviceGame([1, 2], ["a", 7], own="told", earlier=True, accuracies={"7": 0.9}, receiver=[[2, 0], [0, 1]]),
    ],
    ids=["plain", "words", "numbers"],
)
def test_a_game_is_the_same_after_a_trip_through_plain_data(game):
    again = from_spec(json.loads(json.dumps(game.spec())))
    assert again == game
    assert type(again) is AdviceGame
    assert again.reads == game.reads
    np.testing.assert_array_equal(again.receiver_table, game.receiver_table)


def test_who_bets_on_what_is_true_earns_one_and_the_recommendation_is_taken_at_its_word():
    game = AdviceGame(["low", "middle", "high"])
    np.testing.assert_array_equal(game.receiver_table, np.eye(3))
    np.testing.assert_array_equal(game.literal, [0, 1, 2])
    assert game.pays_the_right_bet
    assert AdviceGame(own="told").reads == ("own_probability",)
    assert AdviceGame(own="experience", column="chance", earlier=True).reads == (
        *("chance", "earlier_right", "earlier_wrong"),
    )


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"advisers": "Ann"}, "list of names"),
        ({"advisers": ["Ann", " Ann"]}, "listed twice"),
        ({"advisers": [""]}, "needs a name"),
        ({"own": "feeling"}, "own must be '"),
        ({"own": "told", "states": ["a", "b", "c"]}, "not of 3"),
        ({"accuracies": {"Ann": 0.5}}, "none of the advisers"),
        ({"advisers": ["Ann"], "accuracies": {"Ann": 1.0}}, "probability in"),
        ({"states": ["up"]}, "two or more"),
        ({"states": "updown"}, "list of numbers or of words"),
        ({"column": 3}, "name of a column"),
    ],
)
def test_everything_that_is_wrong_is_said(options, part):
    with pytest.raises(est.GameError, match=part):
        AdviceGame(**options)


def test_a_file_says_the_same(tmp_path):
    path = tmp_path / "games.toml"
    path.write_text(
        '[conditions.bets]\nfamily = "advice"\nstates = ["down", "up"]\nadvisers = ["good", "even", "bad"]\n'
        'own = "told"\naccuracies = { even = 0.5 }\n',
        encoding="utf-8",
    )
    table = advised(own="told", accuracies={"even": 0.5})
    table.written.to_csv(tmp_path / "bets.csv", index=False)
    assert est.read_games(path) == table.games
    assert est.read_table(tmp_path / "bets.csv", est.read_games(path)).fingerprint == table.fingerprint


def share_right(table):
    frame = table.frame
    return (frame["message"] == frame["state"]).groupby(frame["partner"]).mean()


@pytest.mark.parametrize("change", [0.1, -0.1])
def test_a_scenario_of_other_accuracy_changes_recommendations_and_earlier_experience_and_nothing_else(change):
    """The share moves by what is asked for, up to the rounding of one recommendation by person and adviser."""
    table = advised(people=30, decisions=60, own="experience", earlier=True)
    other = est.with_accuracy(table, change, seed=3)
    moved = share_right(other) - share_right(table)
    np.testing.assert_allclose(moved[list(RIGHT)], change, atol=4 * 0.5 / 20 / np.sqrt(30))
    kept = ["subject", "period", "condition", "state", "action", "partner"]
    assert other.frame[kept].equals(table.frame[kept])
    before, after = (one.frame["earlier_right"] for one in (table, other))
    np.testing.assert_allclose(after - before, np.clip(change * (before + 2), -before, 2))
    assert "met by the same people" in other.name
    assert other.synthetic


def test_nobody_can_be_right_more_often_than_always():
    with pytest.raises(est.FitError, match="adviser 'good' would be right in 1"):
        est.with_accuracy(advised(people=10, decisions=30), 0.4)
    with pytest.raises(est.FitError, match="no game of advice"):
        est.with_accuracy(est.design({"a": est.EstimationGame("over", highest=5)}, 2, 2, seed=1))
