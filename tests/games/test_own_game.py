"""A game of somebody's own, in one file, is played by every theory, fitted, saved, read back and checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from builders import estimation_game
from walkthroughs import printed

import estimation as est
from estimation.games.game import Game

ROOT = Path(__file__).parents[2]
APPRAISAL = printed("Add a game")["appraisal.py"]
GAMES = """
[conditions.small]
family = "appraisal"
highest = 6
[conditions.large]
family = "appraisal"
highest = 8
share = 1.0
"""
QUICK = {"method": "importance", "draws": 60, "chains": 2, "cores": 1, "seed": 1, "progress": False}
SMALL = estimation_game("over", highest=12)
UNDER = estimation_game("under", highest=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the game, its conditions, a table and a fit."""
    place = tmp_path_factory.mktemp("own")
    (place / "appraisal.py").write_text(APPRAISAL, encoding="utf-8")
    (place / "games.toml").write_text(GAMES, encoding="utf-8")
    est.import_file(place / "appraisal.py")
    situations = est.design(est.read_games(place / "games.toml"), 8, 4, seed=1)
    population = {"sender_precision": (2.0, 0.3), "receiver_precision": (1.0, 0.3), "lapse": (0.02, 0.3)}
    table, _ = est.simulate(est.Honest(), situations, population, seed=1)
    table.frame.to_csv(place / "table.csv", index=False)
    est.fit(est.Honest(), table, path=place / "fit.nc", **QUICK)
    return place


def run(folder, *arguments):
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_fit_is_read_back_once_its_file_has_been_imported_and_not_before(folder):
    code = """
import estimation as est, sys
try:
    est.load_fit("fit.nc")
except est.EstimationError as refusal:
    print(refusal, file=sys.stderr)
est.import_file("appraisal.py")
print(est.load_fit("fit.nc").table.games["large"])
"""
    done = run(folder, "-c", code)
    assert "'appraisal' of appraisal.py is not defined here; import the file first" in done.stderr
    assert done.stdout == "Appraisal(highest=8, share=1.0)\n", done.stderr


def test_its_tables_are_checked_on_the_command_line(folder, estimation, monkeypatch):
    monkeypatch.chdir(folder)
    check = ["check", "table.csv", "--schema", "cheap-talk", "--games", "games.toml"]
    done = run(folder, "-m", "estimation.cli", *check)
    assert done.returncode == 2
    assert "family 'appraisal' is none of" in done.stderr
    assert "--own" in done.stderr
    assert estimation(*check, "--own", "appraisal.py")


def test_what_is_wrong_with_its_parameters_is_listed(folder):
    with pytest.raises(est.GameError, match=r"'hihgest' is not a parameter; did you mean highest\?"):
        est.import_file(folder / "appraisal.py").Appraisal.from_spec({"family": "appraisal", "hihgest": 3})


@pytest.mark.parametrize("theory", [est.TrustEmbedded(), est.LevelK(2), est.Babbling()], ids=str)
def test_every_theory_works_on_it(folder, theory):
    table = est.load_fit(folder / "fit.nc").table
    assert np.isfinite(est.fit(theory, table, **QUICK).summary["median"]).all()


def test_a_family_of_the_package_is_not_taken_twice(tmp_path):
    text = APPRAISAL.replace("Appraisal", "Estimation")
    (tmp_path / "twice.py").write_text(text, encoding="utf-8")
    with pytest.raises(est.GameError, match="family 'estimation' of a game of the package"):
        est.import_file(tmp_path / "twice.py")


@pytest.mark.parametrize("game", [SMALL, UNDER], ids=["over", "under"])
@pytest.mark.parametrize("trust", [0.0, 0.37, 1.0])
def test_what_a_trusting_receiver_does_by_search_is_near_its_closed_form(game, trust):
    """The closed form is a median between options of the grid; the search takes the better neighbour."""
    message, action = game.messages[:, None], game.actions[None, :]
    by_sums = Game.trusting_payoff(game, action, message, trust)
    want = game.trusting_payoff(action, message, trust)  # which takes a doubt of 1e-9 for none
    np.testing.assert_allclose(by_sums, want, atol=1e-9 * len(game.states))
    found, exact = (Game.trusting_action(game, game.messages, trust), game.trusting_action(game.messages, trust))
    assert np.abs(found - exact).max() < 1
    assert Game.margin.func(game) == game.margin


def test_where_a_gradient_is_needed_the_search_is_refused(folder):
    import pytensor.tensor as pt

    game = est.load_fit(folder / "fit.nc").table.games["small"]
    with pytest.raises(est.GameError, match="or write trusting_action"):
        game.trusting_action(game.messages, pt.scalar(), pt)
