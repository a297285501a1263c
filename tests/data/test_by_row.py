"""A parameter of a game may stand in a column of the table: each of its values is a condition."""

from __future__ import annotations

import numpy as np
import pytest

import estimation as est
from estimation.errors import DataError

GAMES = """
[conditions.talk]
family = "crawford-sobel"
bias = { column = "bias" }
prior_weights = "empirical"
[conditions.plain]
family = "crawford-sobel"
bias = 2
"""
ROWS = ["s,sender,1,talk,1,2,,1", "s,sender,2,talk,5,5,,0.5", "r,receiver,1, talk,3,4,3,1", "r,receiver,2,plain,,4,3,"]


@pytest.fixture
def read(tmp_path):
    """Read rows of decisions with these games."""

    def rows(lines, bias="bias", games=GAMES):
        (tmp_path / "games.toml").write_text(games, encoding="utf-8")
        text = "\n".join([f"subject,role,period,condition,state,message,action,{bias}", *lines])
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        return est.read_own(tmp_path / "table.csv", tmp_path / "games.toml")

    return rows


def test_each_value_of_the_column_is_a_game_of_its_own(read):
    """Rows are told apart by their value, other conditions stay as they are, and priors are counted in each."""
    table = read(ROWS)
    assert {name: game.bias for name, game in table.games.items()} == {
        "plain": 2,
        "talk, bias 0.5": 0.5,
        "talk, bias 1": 1.0,
    }
    np.testing.assert_array_equal(table.games["talk, bias 1"].prior, [1, 0, 0, 0, 0])
    assert list(table.frame["bias"].dropna()) == [1.0, 1.0, 0.5]


def test_a_column_that_is_missing_or_empty_is_named(read):
    """It is said which column, and which rows of which file."""
    with pytest.raises(DataError, match="column 'bias' is missing; did you mean 'bia'"):
        read(ROWS, bias="bia")
    with pytest.raises(DataError, match="column 'bias': line 2 has nothing"):
        read(["s,sender,1,talk,1,2,,", *ROWS[1:]])


def test_values_that_agree_in_six_digits_are_two_games(read):
    table = read(["s,sender,1,talk,1,2,,1.2345671", "s,sender,2,talk,1,2,,1.2345674", "s,sender,3,talk,1,2,,2"])
    assert [game.bias for game in table.games.values()] == [1.2345671, 1.2345674, 2.0]
    assert list(table.frame["condition"]) == [f"talk, bias {value}" for value in ("1.2345671", "1.2345674", "2")]


def test_a_name_that_another_condition_has_is_not_given_twice(read):
    with pytest.raises(DataError, match="condition 'talk, bias 1' is there already"):
        read(ROWS, games=GAMES + '[conditions."talk, bias 1"]\nfamily = "crawford-sobel"\nbias = 3\n')


def test_a_word_in_a_column_tells_games_apart_too(read):
    games = '[conditions.talk]\nfamily = "estimation"\nhighest = 20\ndirection = { column = "wants" }\n'
    rows = ["s,sender,1,talk,3,5,,over", "s,sender,2,talk,7,4,,under"]
    table = read(rows, bias="wants", games=games)
    assert {name: game.direction for name, game in table.games.items()} == {
        "talk, direction over": 1,
        "talk, direction under": -1,
    }
