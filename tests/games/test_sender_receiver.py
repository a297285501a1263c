"""A game by its table: from lists, functions, frames and files; in numbers or words; all that is wrong at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from table_games import GAMES, HIDING, as_csv, as_toml

import estimation as est

WORDS = ["high", "low"]
EVEN = [[1.0, 0.0], [0.0, 1.0]]


def small(**options):
    """A game of common interest in words."""
    return est.SenderReceiverGame(**{"states": WORDS, "actions": WORDS, "sender": EVEN, "receiver": EVEN} | options)


@pytest.mark.parametrize("name", GAMES)
def test_toml_payoff_tables_frames_and_functions_say_the_same_game(name, tmp_path):
    """However a game is written down, it is the same one, and is read back from what it says of itself."""
    (tmp_path / "games.toml").write_text(as_toml(name), encoding="utf-8")
    (tmp_path / "pay.csv").write_text(as_csv(name), encoding="utf-8")
    (tmp_path / "two.toml").write_text(
        f'[conditions.{name}]\nfamily = "sender-receiver"\npayoffs = "pay.csv"\n', encoding="utf-8"
    )
    listed = GAMES[name]
    by_function = est.SenderReceiverGame(
        listed.states,
        listed.actions,
        lambda action, state: listed.sender[state, action],
        lambda action, state: listed.receiver[state, action],
        prior=listed.prior,
    )
    read = [est.read_games(tmp_path / file)[name] for file in ("games.toml", "pay.csv", "two.toml")]
    by_frame = est.SenderReceiverGame.from_frame(pd.read_csv(tmp_path / "pay.csv"))
    for game in (*read, by_frame, est.games.from_spec(by_function.spec())):
        assert game == by_function


def test_a_payoff_file_of_one_game_needs_no_column_of_conditions(tmp_path):
    (tmp_path / "pay.csv").write_text(
        "state,action,sender,receiver\n0,0,1,1\n0,1,0,0\n1,0,0,0\n1,1,1,1\n", encoding="utf-8"
    )
    (tmp_path / "games.toml").write_text(
        '[conditions.mine]\nfamily = "sender-receiver"\npayoffs = "pay.csv"\n', encoding="utf-8"
    )
    assert est.read_games(tmp_path / "games.toml")["mine"] == est.SenderReceiverGame([0, 1], [0, 1], EVEN, EVEN)


def test_a_biased_game_by_its_table_is_crawford_and_sobels():
    """Payoffs, sizes of lies and the direction of the sender's interest are those of the family with formulas."""
    known = est.CrawfordSobel(1.0)
    game = est.SenderReceiverGame(known.states, known.actions, known.sender_payoff, known.receiver_payoff)
    assert game.direction == known.direction
    for table in ("sender_table", "receiver_table", "literal_table", "untruth", "prior"):
        np.testing.assert_allclose(getattr(game, table), getattr(known, table), rtol=1e-12)


def test_the_direction_of_interest_is_found_where_there_is_one():
    """Wanting higher or lower actions has a direction; mixed and opposed interests and words have none."""
    receiver = -np.abs(np.subtract.outer([1, 2, 3], [1, 2, 3])).astype(float)
    for sender, direction in (([[1, 2, 3]] * 3, 1), ([[3, 2, 1]] * 3, -1), (receiver, 0), (-receiver, 0)):
        assert est.SenderReceiverGame([1, 2, 3], [1, 2, 3], sender, receiver).direction == direction
    assert small().direction == 0


def test_messages_may_leave_several_states_possible():
    """A vague message is no lie in any of them, and is believed by the prior among them."""
    game = est.SenderReceiverGame(
        ["low", "middle", "high"],
        ["low", "middle", "high"],
        np.eye(3),
        np.eye(3),
        messages=["low", "not low", "nothing"],
        prior=[0.2, 0.2, 0.6],
        meanings={"not low": ["middle", "high"], "nothing": ["low", "middle", "high"]},
    )
    np.testing.assert_array_equal(game.untruth, [[0, 1, 0], [1, 0, 0], [1, 0, 0]])
    np.testing.assert_allclose(game.literal_table, [[1, 0, 0], [0, 0.25, 0.75], [0.2, 0.2, 0.6]])
    listed = game.spec()["meanings"]
    assert est.SenderReceiverGame(**{k: v for k, v in game.spec().items() if k != "family"}) == game
    assert listed == [["low"], ["middle", "high"], ["low", "middle", "high"]]


def test_sizes_of_lies_are_given_or_follow_from_the_options():
    """Numbers lie by distance, words by 0 or 1; a matrix says otherwise, and the margin is per unit of it."""
    numbers = est.SenderReceiverGame([0, 2, 3], [0, 1], [[0, 1]] * 3, [[1, 0], [0, 1], [0, 1]])
    np.testing.assert_array_equal(numbers.untruth, [[0, 2, 3], [2, 0, 1], [3, 1, 0]])
    np.testing.assert_array_equal(small().untruth, [[0, 1], [1, 0]])
    dear = small(lies=[[0, 10], [10, 0]])
    assert dear.margin == pytest.approx(small().margin / 10)
    assert dear.lie_size(np.array([1.0]), np.array([0.0])) == 10


def test_the_empirical_prior_is_counted_among_what_senders_saw():
    """States in the table make the prior of the game that the table holds; without a table there is none."""
    game = small(prior="empirical")
    rows = [("a", "sender", period, "c", state, "high", None) for period, state in enumerate([*["high"] * 3, "low"])]
    rows.append(("b", "receiver", 1, "c", "low", "low", "low"))
    names = ["subject", "role", "period", "condition", "state", "message", "action"]
    table = est.Table.from_frame(pd.DataFrame(rows, columns=names), {"c": game})
    np.testing.assert_allclose(table.games["c"].prior, [0.75, 0.25])
    with pytest.raises(est.GameError, match="table of decisions"):
        _ = game.prior


def test_everything_that_is_wrong_with_a_game_is_said_at_once():
    """One error names each part with what to do; nothing is dropped because something else is wrong."""
    with pytest.raises(est.GameError) as told:
        small(
            sender=[[1.0]],
            receiver=[["x", 1], [2, 2]],
            prior={"high": 1, "hihg": 2},
            messages=["high", "up"],
            meanings={"upp": "high"},
        )
    found = "\n".join(told.value.problems)
    for part in ("sender must have a row", "receiver must be numbers", "did you mean 'high'", "nothing of state 'low'"):
        assert part in found
    assert "'up' is the name of no state" in found
    assert "'upp' is none of the messages" in found
    assert len(told.value.problems) == 6
    with pytest.raises(est.GameError) as told:
        est.SenderReceiverGame(["a", 1, "a"], [2, 1], EVEN, EVEN, messages=["only"])
    assert len(told.value.problems) == 4


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"states": "high"}, "list of numbers or of words"),
        ({"states": [True, False]}, "must be numbers or words, not True, False"),
        ({"actions": [1.0, np.nan]}, "must be numbers or words, not nan"),
        ({"prior": "even"}, "'uniform', 'empirical'"),
        ({"prior": [1, -1]}, "not negative"),
        ({"prior": [1, 1, 1]}, "2 probabilities"),
        ({"lies": [[0, 0], [0, 0]]}, "no message is a lie"),
        ({"meanings": ["high"]}, "each of the 2 messages"),
        ({"meanings": {"high": []}}, "rules every state out"),
        ({"sender": [[1, 1], [2, 2]]}, "the sender earns the same whatever is done"),
        ({"sender": pd.DataFrame(EVEN)}, "from_frame"),
        ({"receiver": [[1, np.inf], [2, 2]]}, "receiver must be finite"),
    ],
)
def test_each_mistake_has_a_sentence_of_its_own(options, part):
    """What is wrong is named with the part of the game that it is in."""
    with pytest.raises(est.GameError, match="not valid") as told:
        small(**options)
    assert part in str(told.value)


def test_a_payoff_table_names_each_row_that_is_missing_or_there_twice():
    """Every cell of the table is needed, once, in numbers; a prior is that of a state."""
    columns = {"state": ["a", "a", "a", "b"], "action": ["x", "x", "y", "x"], "sender": [1, 2, 3, "?"]}
    with pytest.raises(est.GameError) as told:
        est.SenderReceiverGame.from_frame(columns | {"receiver": [1, 2, 3, 4]})
    assert [text.split(" ")[-1] for text in told.value.problems[:2]] == ["times", "missing"]
    assert "'?'" in told.value.problems[2]
    with pytest.raises(est.GameError, match="column 'receiver' is missing"):
        est.SenderReceiverGame.from_frame(columns)
    whole = {"state": list("aabb"), "action": list("xyxy"), "sender": [1, 2, 2, 1], "receiver": [1, 2, 2, 1]}
    with pytest.raises(est.GameError, match="state 'a' has several priors"):
        est.SenderReceiverGame.from_frame(whole | {"prior": [0.4, 0.5, 0.5, 0.5]})


def test_words_are_the_same_whatever_their_blanks_and_accents():
    """Accents in one piece or two, and blanks of any kind, do not make another option."""
    composed, taken_apart = "né", "né"
    assert small(states=[f" {composed} ", "low"], messages=None).labels["state"] == (composed, "low")
    assert small(states=[taken_apart, "x\u00a0 y"]) == small(states=[composed, "x y"])
    assert small(states=["1", "2.5"]).labels.keys() == {"action"}
    assert HIDING[2] in small(states=HIDING[1:], messages=None).labels["state"]


def test_blanks_around_the_name_of_a_condition_make_no_other_game(tmp_path):
    """Every other row says " deception ": one game with all of the rows, not the last half alone."""
    head, *rows = as_csv("deception").splitlines()
    named = [row.replace('"deception"', '" deception "') if place % 2 else row for place, row in enumerate(rows)]
    (tmp_path / "pay.csv").write_text(as_csv("deception"), encoding="utf-8")
    (tmp_path / "named.csv").write_text("\n".join([head, *named]), encoding="utf-8")
    assert est.read_games(tmp_path / "named.csv") == est.read_games(tmp_path / "pay.csv")


@pytest.mark.parametrize("column", ["condition", "receiver"])
def test_a_column_that_a_payoff_table_has_twice_is_not_chosen_from(tmp_path, column):
    head, *rows = as_csv("deception").splitlines()
    (tmp_path / "pay.csv").write_text("\n".join([f"{head},{column}", *(f"{row},0" for row in rows)]), encoding="utf-8")
    with pytest.raises(est.DataError, match=f"column '{column}' is there twice"):
        est.read_games(tmp_path / "pay.csv")
