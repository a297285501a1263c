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
    (tmp_path / "games.toml").write_text(GAMES, encoding="utf-8")

    def rows(lines, bias="bias"):
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
