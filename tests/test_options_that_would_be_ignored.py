"""Options that would be passed over are refused, with what to leave out."""

from __future__ import annotations

import pytest
from builders import games_of, make_frame
from command_line import command

import estimation as est
from estimation.commands.choice_options import layout_of
from estimation.commands.inputs import pairs_of, theory_of
from estimation.commands.market_inputs import curves_of
from estimation.data.files.game_files import games_toml

GAMES = games_toml(games_of())
OF_A_FIT = {"theory": "trust", "option": "max_level=2", "set": "trust=1:1", "share": "level 1=1", "games": "games.toml"}
OF_A_FIT |= {"people": 3, "decisions": 40}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_frame().to_csv("mine.csv", index=False)
    make_frame().to_csv("simulated_mine.csv", index=False)
    (tmp_path / "games.toml").write_text(GAMES, encoding="utf-8")
    (tmp_path / "shop.csv").write_text("product,revenue,weight\npen,2,1\nbook,3,1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("option", OF_A_FIT)
def test_a_simulation_from_a_fit_takes_no_option_of_those_without(option, place, capsys):
    given = ["--fit", "any.nc", "--out", "simulated_new.csv", f"--{option}", OF_A_FIT[option]]
    code, _, err = command(capsys, "simulate", *given)
    assert code == 2
    assert f"--{option} is for simulations without --fit" in err
    assert not (place / "simulated_new.csv").exists()


@pytest.mark.parametrize("option", ["outside", "subject", "wide", "columns", "rank"])
def test_a_table_of_decisions_is_not_checked_with_options_of_choices(option, place, capsys):
    given = ["--schema", "cheap-talk", "--games", "games.toml", f"--{option}", "x"]
    code, _, err = command(capsys, "check", "mine.csv", *given)
    assert code == 2
    assert f"--{option} is for choices; leave it out" in err


def test_a_simulated_table_is_labelled_by_the_check_as_by_the_fit(place, capsys):
    code, out, _ = command(capsys, "check", "simulated_mine.csv", "--games", "games.toml")
    assert code == 0
    assert "simulated_mine (SYNTHETIC)" in out
    assert "SYNTHETIC" not in command(capsys, "check", "mine.csv", "--games", "games.toml")[1]


def test_one_best_menu_has_no_tolerance(place, capsys):
    code, _, err = command(capsys, "assort", "shop.csv", "--utility-weight", 1, "--tolerance", 0.1)
    assert code == 2
    assert "--tolerance is for the whole frontier" in err


@pytest.mark.parametrize(
    "given", [["--title", "Talk"], ["--author", "Doe"], ["--data", "x.csv"], ["--price", "p"], ["--no-share-data"]]
)
def test_published_tables_take_no_option_of_packages(given, place, capsys):
    code, _, err = command(capsys, "reproduce", *given)
    assert code == 2
    assert f"{given[0]} is for a package of your own fits" in err


def test_what_has_one_value_is_said_once():
    with pytest.raises(est.TheoryError, match="--option gives 'max_level' more than one value"):
        theory_of("level-k", ["max_level=2", "max_level = 3"])
    with pytest.raises(est.TheoryError, match="--set gives 'trust' more than one value"):
        pairs_of(["trust=1:1", "trust=2:1"], "--set")
    with pytest.raises(est.DataError, match="--alternatives gives '1' more than one meaning"):
        layout_of(None, None, ["1=train,2=car", "1=bus"], None)
    assert layout_of(None, ["price"], ["1=train", "1=train"], None).alternatives == {"1": "train"}


def test_a_share_is_one_number(place, capsys):
    given = ["--theory", "level-k", "--games", "games.toml", "--share", "level 1=0.5:0.2", "--out", "simulated_a.csv"]
    code, _, err = command(capsys, "simulate", *given)
    assert code == 2
    assert "--share level 1: give one number" in err


def test_a_product_has_one_curve(fit_of_pens):
    with pytest.raises(est.ChoiceError, match="--curve gives 'pencil' more than one curve"):
        curves_of(fit_of_pens, None, ["pencil=1:2", "pencil=2:3"], "price", "known")


@pytest.fixture(scope="module")
def fit_of_pens():
    class Fit:
        table = est.load("simulated_pens")

    return Fit()
