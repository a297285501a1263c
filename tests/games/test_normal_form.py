"""Normal-form games: matrices, labels, errors, Gambit's files, and the 11-20 game."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.data.library.nfg import read_nfg
from estimation.errors import DataError, GameError
from estimation.games import NormalForm, money_request


def test_each_player_sees_own_options_first():
    game = NormalForm([[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]])
    assert game.payoff("row")[1, 2] == 6
    assert game.payoff("column")[2, 1] == 12
    assert (game.options("row"), game.options("column")) == (("1", "2"), ("1", "2", "3"))


def test_a_symmetric_game_gives_both_the_same_position():
    game = NormalForm.symmetric([[3, 0], [5, 1]], ["cooperate", "defect"])
    assert game.is_symmetric
    np.testing.assert_array_equal(game.payoff("row"), game.payoff("column"))
    assert not NormalForm([[3, 0], [5, 1]], [[3, 0], [5, 1]]).is_symmetric


def test_a_game_survives_a_trip_through_plain_data():
    game = NormalForm([[1, 2]], [[3, 4]], ("only",), ("left", "right"))
    assert NormalForm.from_spec(game.spec()) == game
    assert hash(NormalForm.from_spec(game.spec())) == hash(game)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (([[1, 2]], [[1], [2]]), "differ in shape"),
        (([[1, np.nan]], [[1, 2]]), "must be finite"),
        (([1, 2], [[1, 2]]), r"row: payoffs must be a matrix, not of shape \(2,\)"),
        (([[]], [[1, 2]]), r"row: payoffs must be a matrix, not of shape \(1, 0\)"),
        (([["a"]], [[1]]), "not a matrix of numbers"),
        (([[1, 2]], [[1, 2]], ("a", "b")), "row_options must be 1 different labels"),
        (([[1, 2]], [[1, 2]], ("a",), "bc"), "column_options must be a list of labels, not one text: 'bc'"),
        (([[1, 2]], [[1, 2]], ("a",), ("b", "b")), "column_options must be 2 different labels"),
    ],
)
def test_a_game_that_makes_no_sense_is_refused(arguments, fragment):
    with pytest.raises(GameError, match=fragment):
        NormalForm(*arguments)


def test_a_misspelt_key_is_refused():
    with pytest.raises(GameError, match="did you mean row"):
        NormalForm.from_spec({"family": "normal-form", "rwo": [[1]], "row": [[1]], "column": [[1]]})


def test_gambits_files_vary_the_first_players_option_fastest(tmp_path):
    file = tmp_path / "game.nfg"
    file.write_text('NFG 1 R "a game"\n{ "A" "B" } { 2 3 }\n1 10 2 20 3 30 4 40 5 50 6 60\n')
    game = read_nfg(file)
    np.testing.assert_array_equal(game.row, [[1, 3, 5], [2, 4, 6]])
    np.testing.assert_array_equal(game.column, [[10, 30, 50], [20, 40, 60]])


@pytest.mark.parametrize("text", ["", 'NFG 1 R "x" {"a" "b" "c"} {2 2 2} 1 2', 'NFG 1 R "x" {"a" "b"} {2 2} 1 2 3'])
def test_other_files_are_refused(tmp_path, text):
    file = tmp_path / "game.nfg"
    file.write_text(text)
    with pytest.raises(DataError, match="is not a two-player game"):
        read_nfg(file)


def test_who_asks_for_one_less_gets_the_bonus():
    game = money_request()
    pay = game.payoff("row")
    for own in range(11, 21):
        for other in range(11, 21):
            assert pay[own - 11, other - 11] == own + 20 * (own == other - 1)


def test_the_request_game_needs_two_requests():
    with pytest.raises(GameError, match="high must be more than low"):
        money_request(20, 20)
