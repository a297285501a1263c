"""Words as states, messages and actions: read from files and frames, kept as places, written as words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from table_games import HIDING, as_toml

import estimation as est
from estimation.errors import DataError
from estimation.inference.problem import MessageProblem

NAMES = ["subject", "role", "period", "condition", "state", "message", "action"]


@pytest.fixture
def games(tmp_path):
    """A game of words and one of numbers."""
    (tmp_path / "games.toml").write_text(as_toml("opposed") + as_toml("biased"), encoding="utf-8")
    return est.read_games(tmp_path / "games.toml")


def frame(*rows):
    return pd.DataFrame(rows, columns=NAMES)


def test_words_with_odd_signs_go_through_files_unharmed(games, tmp_path):
    """A table read from words is the one read from its own file, and says the words again."""
    rows = [("a", "sender", place, "opposed", word, HIDING[0], None) for place, word in enumerate(HIDING)]
    rows += [
        ("b", "receiver", 1, "opposed", None, HIDING[2], f" {HIDING[1]}"),
        ("c", "sender", 1, "biased", "3", "5", None),
    ]
    table = est.Table.from_frame(frame(*rows), games)
    np.testing.assert_array_equal(table.frame["state"].dropna(), [0, 1, 2, 3])
    table.written.to_csv(tmp_path / "table.csv", index=False)
    again = est.read_table(tmp_path / "table.csv", games)
    assert again.fingerprint == table.fingerprint
    pd.testing.assert_frame_equal(again.written, table.written)
    assert list(table.written["state"][:3]) == HIDING
    assert est.Table.from_frame(table.frame, games).fingerprint == table.fingerprint


def test_words_that_are_no_options_are_all_named(games):
    """Each column says which rows hold other words, and what may be meant; numbers are no words there."""
    with pytest.raises(DataError) as told:
        est.Table.from_frame(
            frame(
                ("a", "sender", 1, "opposed", "link", "1", None),
                ("b", "receiver", 1, "opposed", "", "Mitte", "rechts"),
                ("c", "receiver", 1, "biased", None, "links", "2"),
                ("d", "sender", 1, "opposed", None, "links", None),
            ),
            games,
        )
    found = told.value.problems
    assert len(found) == 5
    text = "\n".join(found)
    assert "did you mean 'links'" in text
    assert "row 0 has '1'" in text
    assert "row 2 has 'links'" in text
    assert "row 3 has nothing" in text


def test_outcomes_may_be_words_too(games):
    """People learn from outcomes that are written as the states are."""
    rows = [("a", "receiver", n, "opposed", None, HIDING[n % 3], HIDING[0]) for n in range(4)]
    seen = frame(*rows).assign(outcome=[HIDING[0], HIDING[1], None, HIDING[2]])
    table = est.Table.from_frame(seen, games)
    problem = MessageProblem(est.DynamicTrust(), table)
    (block,) = problem.crowd.people[0].blocks
    np.testing.assert_array_equal(block.history.accuracy, [1, 1, 0])


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["high", "low"], "if these are the options"),
        (["high", "3"], "write digits"),
        ([f"word {place}" for place in "abcdefghijk"], "write digits"),
    ],
)
def test_a_few_words_are_perhaps_options_and_many_or_words_among_numbers_are_mistakes(games, cells, advice):
    rows = [("a", "sender", place, "biased", 3, cell, None) for place, cell in enumerate(cells)]
    with pytest.raises(DataError) as caught:
        est.Table.from_frame(frame(*rows), games)
    (said,) = [problem for problem in caught.value.problems if "'message'" in problem]
    assert said.rpartition("; ")[0].count("if these are the options") + said.count("; write digits") == 1
    assert f"; {advice}" in said
