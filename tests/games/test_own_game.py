"""A game of somebody's own, in one file, is played by every theory, fitted, saved, read back and checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
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


def own(**changed):
    """A game of five states, the sender always wants more, with something changed."""
    written = {
        "states": np.arange(5.0),
        "prior": np.full(5, 0.2),
        "direction": 1,
        "sender_payoff": lambda _, action, state, xp=np: action + 0 * state,  # noqa: ARG005
        "receiver_payoff": lambda _, action, state, xp=np: -((action - state) ** 2),  # noqa: ARG005
    }
    return type(Game)("Raising", (Game,), written | changed)


RECEIVERS = pd.DataFrame({"subject": ["a", "b"], "role": "receiver", "period": 1, "condition": "own", "state": np.nan})
RECEIVERS = RECEIVERS.assign(message=[3.0, 4.0], action=[2.0, 3.0])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"states": np.arange(5.0)[::-1]}, "states must be different numbers, the smallest first"),
        ({"states": ["low", "high"]}, "states must be an array of finite numbers"),
        ({"prior": np.ones(5)}, "the probabilities of the prior sum to 5; divide them by it"),
        ({"prior": (-0.2, 0.3, 0.3, 0.3, 0.3)}, r"prior has probabilities below zero \(-0.2\)"),
        ({"prior": np.full(4, 0.25)}, "prior needs 5 probabilities, one for each state, not 4"),
        ({"prior": property(lambda _: np.full(5, np.nan))}, "prior must be an array of finite numbers"),
        ({"direction": "over"}, "direction must be 1, -1 or 0, not 'over'"),
        ({"sender_payoff": lambda _, action, state, xp=np: 1.0}, r"sender_payoff gives shape \(\), not \(5, 5\)"),  # noqa: ARG005
        ({"receiver_payoff": lambda _, action, state: action - state}, "receiver_payoff cannot be computed"),
        (
            {"receiver_payoff": lambda _, action, state, xp=np: action / xp.maximum(state, 0)},
            "receiver_payoff is nan for action 0",
        ),
    ],
)
def test_a_game_of_ones_own_that_makes_no_sense_is_refused_before_it_is_fitted(changed, told):
    with np.errstate(all="ignore"), pytest.raises(est.EstimationError, match=told):
        est.Table.from_frame(RECEIVERS, {"own": own(**changed)()})
    with np.errstate(all="ignore"), pytest.raises(est.EstimationError, match=told):
        est.design({"own": own(**changed)()}, 4, 4, seed=1)


def test_options_and_probabilities_may_be_lists():
    listed, arrays = own(states=[0, 1, 2, 3, 4], prior=(0.2,) * 5)(), own()()
    tables = [est.Table.from_frame(RECEIVERS, {"own": game}) for game in (listed, arrays)]
    modes = [est.mode(est.TrustEmbedded(lapse=False), table, pooled=True) for table in tables]
    assert modes[0].log_likelihood == modes[1].log_likelihood


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
