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
        (["--theory", "level-k"], "a LevelK says nothing about a PlayTable"),
        (["--theory", "nash", "--role", "sender"], "nobody sends messages"),
        (["--theory", "normal-form-level-k"], "knows kinds of people"),
        (["--theory", "nash", "--no-pooled"], "does not say who chose what"),
        (["--theory", "nash", "--option", "careless=~ country"], "has no option 'careless'"),
    ],
)
def test_what_does_not_fit_counts_ends_with_code_two_and_words(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert run("fit", "arad_rubinstein_2012", *arguments) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []
