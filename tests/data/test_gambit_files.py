"""Payoff files of Gambit: read as their format says, and whatever else they hold is refused in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import estimation as est
from estimation.data.library.nfg import read_nfg

HEAD = 'NFG 1 R "a game" { "Ann" "Bob" } '


def test_the_option_of_the_first_player_varies_fastest(tmp_path):
    (tmp_path / "game.nfg").write_text(HEAD + "{ 2 3 }\n\n1 -1 2 -2 3 -3 4 -4 5 -5 6 -6\n")
    game = read_nfg(tmp_path / "game.nfg")
    np.testing.assert_array_equal(game.row, [[1, 3, 5], [2, 4, 6]])
    np.testing.assert_array_equal(game.column, -np.asarray(game.row))


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "payoff version, of two players"),
        ('NFG 1 R "a" { "A" "B" "C" } { 1 1 1 } 1 2 3', "of two players"),
        (HEAD + "{ 1 1 } 1 two", "its payoffs must be numbers"),
        (HEAD + "{ 1 1 } 1_0 2", "its payoffs must be numbers"),
        (HEAD + "{ 1 1 } 1/2 2", "its payoffs must be numbers"),
        (HEAD + "{ 2 2 } 1 2 3", "it has 3 payoffs where 2 x 2 options need 8"),
        (HEAD + "{ 999999999 999999999 } 1 2", "it has 2 payoffs where"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(tmp_path, text, fragment):
    (tmp_path / "game.nfg").write_text(text)
    with pytest.raises(est.DataError, match=fragment):
        read_nfg(tmp_path / "game.nfg")
