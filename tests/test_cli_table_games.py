"""Games by their tables on the command line: from a file of decisions and a payoff table, or TOML, to a report."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from table_games import GAMES, HIDING, as_csv, as_toml, played

import estimation as est

pytestmark = pytest.mark.usefixtures("_few_experiments")

SAMPLING = ["--role", "sender", "--draws", "200", "--tune", "60", "--chains", "2", "--seed", "3"]
POPULATION = {"sender_precision": (1.0, 0.3), "receiver_precision": (1.0, 0.3), "lapse": (0.05, 0.3)}


@pytest.fixture(params=["opposed", *(pytest.param(name, marks=pytest.mark.slow) for name in ("deception", "biased"))])
def place(request, tmp_path):
    """A folder with decisions of honest people in words or numbers, and both ways of saying which game it was."""
    name = request.param
    (tmp_path / "games.toml").write_text(as_toml(name), encoding="utf-8")
    (tmp_path / "payoffs.csv").write_text(as_csv(name), encoding="utf-8")
    situations = est.design(est.read_games(tmp_path / "games.toml"), 9, 4, seed=1)
    table, _ = est.simulate(est.Honest(), situations, POPULATION, seed=2)
    table.written.to_csv(tmp_path / "simulated_words.csv", index=False)
    return tmp_path


def test_two_files_lead_from_decisions_to_a_report(estimation, place):
    """A file of decisions and one that says the game are checked, fitted by two theories, compared and reported."""
    checked = [
        json.loads(estimation("check", place / "simulated_words.csv", "--games", place / games, "--json"))
        for games in ("games.toml", "payoffs.csv")
    ]
    assert checked[0]["fingerprint"] == checked[1]["fingerprint"]
    data = [place / "simulated_words.csv", "--games", place / "payoffs.csv"]
    for theory in ("honest", "babbling"):
        estimation("fit", *data, "--theory", theory, *SAMPLING, "--out", place / f"{theory}.nc")
    fits = [place / "honest.nc", place / "babbling.nc"]
    assert "honest" in estimation("compare", *fits).split("better")[0]
    estimation("report", *fits, "--out", place / "report.html")
    page = (place / "report.html").read_text(encoding="utf-8")
    words = any(isinstance(state, str) for state in GAMES[next(iter(est.read_games(place / "games.toml")))].states)
    assert ("share of true messages" in page) == words or "mean exaggeration" in page


OTHER_FORMS = {
    "hide-and-hint": """
        states = ["cellar", "garden", "roof"]
        messages = ["not the roof", "the roof"]
        meanings = { "not the roof" = ["cellar", "garden"], "the roof" = "roof" }
        actions = ["cellar", "garden", "roof"]
        sender = [[0, 5, 5], [5, 0, 5], [5, 5, 0]]
        receiver = [[4, 0, 0], [0, 3, 0], [0, 0, 6]]
    """,
    "two-receivers": """
        states = ["bad", "good"]
        actions = ["stay out", "invest"]
        sender = [[0, 3], [0, 3]]
        receiver = [[[1, 1], [-2, 0]], [[1, 1], [4, 2]]]
    """,
    "two-audiences": """
        states = ["bad", "good"]
        actions = ["stay out", "invest"]
        sender = [[[0, 1], [3, 2]], [[0, 1], [3, 2]]]
        receivers = { client = [[1, 1], [-2, 0]], supervisor = [[1, 0], [0, 3]] }
        who = "client"
    """,
}


@pytest.mark.slow
@pytest.mark.parametrize("family", OTHER_FORMS)
def test_hiders_and_two_receivers_go_the_same_way(estimation, tmp_path, family):
    """A file of decisions, with states and hints in columns of their own, and TOML lead to a report."""
    games, decisions = tmp_path / "games.toml", tmp_path / "simulated_decisions.csv"
    said = f'[conditions.one]\nfamily = "{family}"\n{OTHER_FORMS[family]}'
    if family == "two-audiences":  # the other receiver's decisions are a condition of their own
        said += said.replace(".one]", ".other]").replace('who = "client"', 'who = "supervisor"')
    games.write_text(said, encoding="utf-8")
    table, _ = est.simulate(est.Honest(), est.design(est.read_games(games), 9, 5, seed=1), POPULATION, seed=2)
    table.written.to_csv(decisions, index=False)
    estimation("check", decisions, "--games", games)
    data, role = [decisions, "--games", games], "receiver" if family == "two-audiences" else "sender"
    for theory in ("honest", "babbling"):
        how = [role if word == "sender" else word for word in SAMPLING]
        estimation("fit", *data, "--theory", theory, *how, "--out", tmp_path / f"{theory}.nc")
    fits = [tmp_path / "honest.nc", tmp_path / "babbling.nc"]
    assert "honest" in estimation("compare", *fits).split("better")[0]
    estimation("report", *fits, "--out", tmp_path / "report.html")
    fact = "share of true messages" if role == "sender" else "share of messages taken literally"
    assert fact in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_simulated_decisions_are_written_in_words(estimation, tmp_path):
    """What a simulation writes can be read again with the games that it writes beside it."""
    (tmp_path / "games.toml").write_text(as_toml("opposed"), encoding="utf-8")
    settings = [word for name, value in POPULATION.items() for word in ("--set", f"{name}={value[0]}:{value[1]}")]
    out = tmp_path / "simulated_hiding.csv"
    options = ["--people", "4", "--decisions", "3", "--seed", "1", *settings, "--out", out]
    estimation("simulate", "--theory", "honest", "--games", tmp_path / "games.toml", *options)
    assert set(pd.read_csv(out)["message"]) <= set(HIDING)
    estimation("check", out, "--games", tmp_path / "simulated_hiding.games.toml")


def test_predictions_name_words():
    """Shares of true messages come by word; an average of words is refused."""
    games = {"opposed": played("opposed")}
    table, _ = est.simulate(est.Honest(), est.design(games, 6, 4, seed=1), POPULATION, seed=2)
    fit = est.fit(est.Honest(), table.only("sender"), pooled=True, draws=60, chains=2, seed=1, progress=False)
    assert set(est.predict(fit, what="follow", by="state")["state"]) <= set(HIDING)
    with pytest.raises(est.FitError, match="words have no average"):
        est.predict(fit)
