"""Advice on the command line: from TOML and a CSV file alone to a report."""

from __future__ import annotations

import json

import pytest
from advised import paid
from judges import judged

import estimation as est

pytestmark = pytest.mark.usefixtures("_few_experiments")

GAMES = {
    "bets": """
        family = "advice"
        states = ["down", "up"]
        advisers = ["good", "even", "bad"]
        own = "told"
        interest = "paid"
    """,
    "dates": """
        family = "judge-advisor"
        lowest = 0
        highest = 100
        advisers = ["near", "far"]
    """,
}
FITTED = {"bets": ("adviser-motives", "adviser-learning"), "dates": ("advice-weighting", "honest")}
QUICK = ["--draws", "100", "--seed", "1"]
TRUE = {"trust_near": (0.7, 0.4), "trust_far": (0.2, 0.4), "receiver_error": (4.0, 0.2), "lapse": (0.03, 0.3)}


def decisions(name):
    """Rows as a file has them: bets are placeholders, estimates those of simulated judges."""
    if name == "dates":
        return est.simulate(est.AdviceWeighting(), judged(people=6, decisions=10), TRUE, seed=2)[0].written
    return paid(people=6, decisions=12, own="told").written


@pytest.fixture(params=FITTED)
def place(request, tmp_path):
    """A folder with decisions, and the game in TOML."""
    name = request.param
    (tmp_path / "games.toml").write_text(f"[conditions.{name}]\n{GAMES[name]}", encoding="utf-8")
    decisions(name).assign(condition=name).to_csv(tmp_path / "simulated_decisions.csv", index=False)
    return name, tmp_path


def test_toml_and_a_file_of_decisions_are_read(estimation, place):
    _, folder = place
    data, games = folder / "simulated_decisions.csv", folder / "games.toml"
    said = json.loads(estimation("check", data, "--games", games, "--json"))
    assert said["fingerprint"] == est.read_table(data, est.read_games(games), synthetic=True).fingerprint


@pytest.mark.slow
def test_and_lead_to_a_report(estimation, place):
    name, folder = place
    data, fits = (folder / "simulated_decisions.csv", "--games", folder / "games.toml"), []
    for theory in FITTED[name]:
        fits.append(folder / f"{theory}.nc")
        estimation("fit", *data, "--theory", theory, *QUICK, "--out", fits[-1])
    assert "predicts" in estimation("compare", *fits) or "cannot be told apart" in estimation("compare", *fits)
    estimation("report", *fits, "--out", folder / "report.html")
    assert "The game that was played" in (folder / "report.html").read_text(encoding="utf-8")
