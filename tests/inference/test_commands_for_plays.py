"""Commands lead from counts of plays to a report, and say in words what does not fit them."""

from __future__ import annotations

import json

import pytest

from estimation import cli

pytestmark = pytest.mark.usefixtures("_few_experiments")


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    return ended.value.code


def test_three_commands_lead_from_counts_to_a_report(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    levels = ["--theory", "normal-form-level-k", "--option", "max_level=3", "--option", "per=choice"]
    assert run("fit", "arad_rubinstein_2012", *levels, "--draws", 200) == 0
    name = "arad_rubinstein_2012-normal_form_level_k.nc"
    assert f"The fit is in {name}" in capsys.readouterr().out
    rival = ["--theory", "logit-eq", "--pooled", "--out", "b.nc", "--json"]
    assert run("fit", "arad_rubinstein_2012", *rival) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"]
    assert said["theory"] == {"theory": "LogitEquilibrium"}
    assert run("compare", name, "b.nc", "--out", "both.html") == 0
    out = capsys.readouterr().out
    assert "one unit only" in out
    assert "both.html" in out
    assert run("report", "b.nc", "--out", "one.pdf") == 0
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--theory", "level-k"], "level-k is a theory of messages, and arad_rubinstein_2012 holds plays"),
        (["--theory", "trust"], "name one that fits: logit-equilibrium, nash, normal-form-cognitive-hierarchy"),
        (["--theory", "nash", "--games", "g.toml"], "--games is for a file of your own"),
        (["--theory", "nash", "--synthetic"], "--synthetic is for a file of your own"),
        (["--theory", "logit-eq", "--option", "precision=3"], "has no option 'precision'; it has none"),
        (["--theory", "nash", "--role", "sender"], "nobody sends messages"),
        (["--theory", "normal-form-level-k"], "there is --theory normal-form-level-k --option per=choice"),
        (["--theory", "nash", "--no-pooled"], "does not say who chose what"),
        (["--theory", "nash", "--option", "careless=~ country"], "has no option 'careless'"),
    ],
)
def test_what_does_not_fit_counts_ends_with_code_two_and_words(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert run("fit", "arad_rubinstein_2012", *arguments) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []


def test_plays_of_ones_own_are_sent_to_python_and_theories_of_play_away_from_messages(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plays.csv").write_text("game,player,choice\ng,row,1\n", encoding="utf-8")
    assert run("fit", "plays.csv", "--theory", "nash") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "est.PlayTable.from_frame" in said
    assert "--games" not in said
    assert run("fit", "simulated_forecast_sharing", "--theory", "nash") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "nash is a theory of play, and simulated_forecast_sharing holds messages" in said
