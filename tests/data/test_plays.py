"""Choices in games without communication: checked at the border, counted, and loaded from the catalogue."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from estimation.data import PlayTable, load
from estimation.errors import DataError
from estimation.games import NormalForm

GAME = NormalForm([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5, 6]], ("top", "bottom"), ("a", "b", "c"))


def frame(**columns):
    base = {
        "subject": ["x", "x", "y"],
        "game": ["g"] * 3,
        "player": ["row", "column", "row"],
        "choice": ["top", "c", "top"],
    }
    return pd.DataFrame(base | columns)


def test_choices_are_counted_by_person_game_and_player():
    counts, people = PlayTable.from_frame(frame(), {"g": GAME, "other": GAME}).counts()
    assert people == ["x", "y"]
    np.testing.assert_array_equal(counts["g", "row"], [[1, 0], [1, 0]])
    np.testing.assert_array_equal(counts["g", "column"], [[0, 0, 1], [0, 0, 0]])


def test_counts_without_identities_have_one_unit_for_each_game_and_player():
    plays = PlayTable.from_frame(frame(count=[5, 2, 3]).drop(columns="subject"), {"g": GAME})
    counts, units = plays.counts()
    assert units == ["g, column", "g, row"]
    np.testing.assert_array_equal(counts["g", "row"], [[0, 0], [8, 0]])
    assert (len(plays), plays.individual, plays.subjects) == (10, False, [])


def test_whole_numbers_are_the_same_label_with_and_without_a_decimal_point():
    game = NormalForm([[1, 2], [3, 4]], [[1, 2], [3, 4]], (1.0, 2.0), (" a", "b"))
    assert game.row_options == ("1", "2")
    assert game.column_options == ("a", "b")
    numbers = frame(choice=[2.0, 1.0, 2.0], player="row", game=[1, 1.0, 1])
    plays = PlayTable.from_frame(numbers, {1: game})
    np.testing.assert_array_equal(plays.counts()[0]["1", "row"], [[1, 1], [0, 1]])
    assert plays.of([1]).fingerprint == plays.fingerprint


def test_one_text_is_one_name_of_a_game():
    plays = PlayTable.from_frame(frame(), {"g": GAME})
    assert plays.of("g").fingerprint == plays.fingerprint
    with pytest.raises(DataError, match="game 'gg' is none of"):
        plays.of("gg")


def test_an_option_that_is_none_is_shown_beside_those_that_are():
    with pytest.raises(DataError, match=r"row 1 has 'd'; .* the column player of game 'g' has 'a', 'b', 'c'$"):
        PlayTable.from_frame(frame(choice=["top", "d", "top"]), {"g": GAME})


def test_names_that_two_games_share_and_games_that_are_none_are_refused():
    with pytest.raises(DataError, match=r"two games are called '1'(.|\n)*'x' is of int"):
        PlayTable.from_frame(frame(), {1: GAME, "1": GAME, "x": 3})


def test_games_that_have_no_names_are_refused():
    with pytest.raises(DataError, match=r"games must be \{name: NormalForm\}, not list"):
        PlayTable.from_frame(frame(), [GAME])


def test_everything_that_is_wrong_is_listed_at_once():
    wrong = frame(
        game=["g", "h", "g"],
        player=["row", "row", "judge"],
        choice=["left", "top", "top"],
        count=[1, -1, 1],
        subject=["x", None, "y"],
    )
    with pytest.raises(DataError) as caught:
        PlayTable.from_frame(wrong, {"g": GAME})
    for fragment in (
        "column 'game'",
        "'h'",
        "column 'player'",
        "'judge'",
        "'left'",
        "column 'count'",
        "column 'subject'",
    ):
        assert fragment in str(caught.value)
    with pytest.raises(DataError, match="column 'choice'"):
        PlayTable.from_frame(frame().drop(columns="choice"), {"g": GAME})
    with pytest.raises(DataError, match="no rows"):
        PlayTable.from_frame(frame().head(0), {"g": GAME})


def test_equal_choices_in_equal_games_have_equal_fingerprints():
    one, same = (PlayTable.from_frame(frame(), {"g": GAME}, name=name) for name in ("one", "other"))
    moved = PlayTable.from_frame(frame(), {"g": NormalForm(GAME.row + 1, GAME.column, *labels(GAME))})
    assert one.fingerprint == same.fingerprint != moved.fingerprint
    assert "SYNTHETIC" in repr(PlayTable.from_frame(frame(), {"g": GAME}, synthetic=True))


def labels(game):
    return game.row_options, game.column_options


def test_the_shares_of_the_request_game_are_a_cited_table():
    plays = load("arad_rubinstein_2012")
    assert len(plays) == pytest.approx(108)
    assert "was not read" in plays.source.caveats[0]


@pytest.mark.data("normal_form_games")
def test_symmetric_games_are_symmetric_and_counted_as_the_rows():
    """Stahl and Wilson's are read as they printed them: in the rescaled copies one payoff of game 3 is a slip."""
    plays = load("normal_form_games")
    once = {name: game for name, game in plays.games.items() if name.startswith(("SW95", "HSW01", "HS07", "SH08"))}
    assert all(game.is_symmetric for game in once.values())
    assert once["SW95-3"].row.tolist() == [[75, 0, 45], [80, 35, 45], [100, 35, 41]]
    assert set(plays.frame[plays.frame["game"].isin(list(once))]["player"]) == {"row"}


@pytest.mark.data("callaway_3x3_individual")
def test_callaways_pilot_has_sixty_people_with_fifty_games_each():
    plays = load("callaway_3x3_individual")
    assert len(plays.subjects) == 60
    assert set(plays.frame.groupby("subject")["game"].nunique()) == {50}
    assert all(game.row.shape == (3, 3) for game in plays.games.values())


@pytest.mark.data("callaway_3x3_individual")
def test_callaways_payoffs_are_those_that_the_column_players_saw_turned_round():
    """The raw files hold each game twice, once from either side; the two must be one game."""
    import json

    from estimation.data.library.places import mirror_folder

    folder = mirror_folder("callaway_3x3_individual")
    if folder is None:
        pytest.skip("needs the raw files: set ESTIMATION_DATA_DIR")
    games = load("callaway_3x3_individual").games
    for treatment in ("negative", "positive"):
        for row in pd.read_csv(folder / f"{treatment}_games_df.csv").itertuples():
            seen = np.array(json.loads(row.col))
            np.testing.assert_array_equal(games[f"{treatment} {row.round}"].payoff("column"), seen[..., 0])
            np.testing.assert_array_equal(games[f"{treatment} {row.round}"].payoff("row").T, seen[..., 1])
