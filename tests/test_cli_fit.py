"""From a file of decisions to a verdict and back, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from builders import MALFORMED, make_frame

import estimation as est
from estimation import cli
from estimation.commands.compare import named_fits
from estimation.commands.inputs import theory_of

pytestmark = pytest.mark.usefixtures("_few_experiments")

GAMES = """
[conditions.over]
family = "estimation"
direction = "over"
highest = 20
[conditions.under]
family = "estimation"
direction = "under"
highest = 20
"""
PEOPLE = ["--people", "6", "--decisions", "6", "--seed", "2"]
POPULATION = {"trust": "0.6:1", "lying_cost": "0.4:0.8", "sender_precision": "1:0.3", "receiver_precision": "1:0.3"}
SETTINGS = [word for name, value in POPULATION.items() for word in ("--set", f"{name}={value}")]
SAMPLING = ["--draws", "200", "--tune", "60", "--chains", "2", "--seed", "3"]


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


@pytest.fixture
def estimation(capsys):
    """Run a command; gives exit code, standard output and standard error."""
    return lambda *arguments: run(capsys, *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with games, simulated decisions and two fits of them, all made by commands."""
    place = tmp_path_factory.mktemp("cli")
    (place / "games.toml").write_text(GAMES)
    simulation = ["--theory", "trust", "--games", place / "games.toml", *PEOPLE, *SETTINGS, "--set", "lapse=0.05:0.3"]
    _succeed("simulate", *simulation, "--out", place / "simulated_tiny.csv")
    games = ["--games", place / "simulated_tiny.games.toml"]
    for theory in ("trust", "babbling"):
        data = [place / "simulated_tiny.csv", *games, "--role", "sender", "--theory", theory]
        _succeed("fit", *data, *SAMPLING, "--out", place / f"{theory}.nc")
    return place


def _succeed(*arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    assert ended.value.code == 0


def test_a_simulation_comes_with_its_truth_and_its_games(folder):
    decisions = pd.read_csv(folder / "simulated_tiny.csv")
    assert len(decisions) == 6 * 6 * 2
    assert set(pd.read_csv(folder / "simulated_tiny.truth.csv")) >= {"subject", "trust", "lying_cost"}
    assert not list(folder.glob(".*"))


def test_what_is_simulated_passes_the_check(estimation, folder):
    code, out, _ = estimation("check", folder / "simulated_tiny.csv", "--games", folder / "simulated_tiny.games.toml")
    assert code == 0
    assert "72 (36 as sender, 36 as receiver)" in out


def test_a_fit_leaves_one_file_and_nothing_unfinished(folder):
    assert {path.name for path in folder.glob("*.nc*")} == {"trust.nc", "babbling.nc"}


def test_two_fits_are_compared_and_reported(estimation, folder, tmp_path):
    page = tmp_path / "report.html"
    code, out, err = estimation("compare", folder / "trust.nc", folder / "babbling.nc", "--out", page)
    assert code == 0
    assert "SYNTHETIC" in out
    assert "elpd" in out
    assert str(page) in out
    assert "comparing" in err
    assert "SYNTHETIC" in page.read_text(encoding="utf-8")


def test_a_comparison_is_given_to_programs(estimation, folder):
    code, out, _ = estimation("compare", folder / "trust.nc", folder / "babbling.nc", "--json")
    result = json.loads(out)
    assert code == 0
    assert {row["theory"] for row in result["table"]} == {"trust-embedded", "babbling"}
    assert set(result["diagnoses"]) == {"trust-embedded", "babbling"}


def test_a_single_fit_is_reported(estimation, folder, tmp_path):
    forms = [tmp_path / "one.html", tmp_path / "one.md"]
    code, out, _ = estimation("report", folder / "trust.nc", "--out", forms[0], "--out", forms[1], "--json")
    assert code == 0
    assert json.loads(out)["reports"] == [str(path) for path in forms]
    assert all(path.is_file() for path in forms)


def test_a_fit_can_be_simulated_from(estimation, folder, tmp_path):
    out = tmp_path / "simulated_again.csv"
    code, text, _ = estimation("simulate", "--fit", folder / "trust.nc", "--out", out, "--json")
    assert code == 0
    assert json.loads(text)["synthetic"]
    assert len(pd.read_csv(out)) == 36


@pytest.mark.parametrize("spoil", [spoil for spoil, _ in MALFORMED.values()], ids=list(MALFORMED))
def test_a_malformed_file_is_explained_before_anything_is_computed(estimation, tmp_path, spoil):
    (tmp_path / "games.toml").write_text(GAMES.replace("highest = 20\n", ""))
    spoil(make_frame()).to_csv(tmp_path / "mine.csv", index=False)
    data = [tmp_path / "mine.csv", "--games", tmp_path / "games.toml"]
    code, out, err = estimation("fit", *data, "--theory", "trust", "--out", tmp_path / "fit.nc")
    assert (code, out) == (2, "")
    assert "  1. " in err
    assert "Traceback" not in err
    assert {path.name for path in tmp_path.iterdir()} == {"games.toml", "mine.csv"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fit", "mine.csv", "--theory", "trust"], "--games FILE.toml"),
        (["fit", "nobody", "--theory", "trust"], "'nobody' is none of"),
        (["fit", "nobody", "--theory", "astrology"], "astrology"),
        (["fit", "nobody", "--theory", "level-k", "--option", "max_levl=2"], "did you mean 'max_level'?"),
        (["fit", "nobody", "--theory", "level-k", "--option", "ties"], "'ties' is not of the form key=value"),
        (["fit", "nobody", "--theory", "level-k", "--option", "ties=often"], "ties must be '"),
        (["fit", "simulated_forecast_sharing", "--theory", "trust", "--out", "fit.txt"], "must end in .nc"),
        (["fit", "simulated_forecast_sharing", "--theory", "trust", "--draws", "1"], "draws must be a whole number"),
        (
            ["fit", "simulated_forecast_sharing", "--theory", "trust", "--option", "trust=~ country"],
            "there is no column 'country'",
        ),
        (["compare", "absent.nc", "other.nc"], "absent.nc is not a file"),
        (["compare", "absent.nc", "other.nc", "--out", "report.docx"], "supported are .html, .pdf"),
        (["report", "absent.nc", "--out", "report.html"], "absent.nc is not a file"),
        (["simulate", "--out", "simulated_x.csv"], "--fit FIT.nc, or --theory and --games"),
        (
            ["simulate", "--theory", "trust", "--games", "g.toml", "--out", "people.csv"],
            "must be named simulated_*.csv",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_ends_with_code_two_and_words(estimation, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = estimation(*arguments)
    assert (code, out) == (2, "")
    assert words in " ".join(err.split())
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_one_fit_alone_cannot_be_compared(estimation, folder):
    code, _, err = estimation("compare", folder / "trust.nc")
    assert code == 2
    assert "at least two fits" in err


def test_a_theory_of_one_role_names_the_option_that_leaves_the_other_out(estimation, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = Path(est.__file__).parent / "examples" / "discounting.py"
    code, _, err = estimation("fit", "simulated_forecast_sharing", "--theory", f"{own}:Discounting", "--out", "own.nc")
    assert code == 2
    assert "it says nothing about receivers; use --role sender" in " ".join(err.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--theory", "normal-form-level-k"], "nobody sends messages, and only those are simulated"),
        (["--theory", "trust", "--set", "trust=0.5"], "give the typical value and the spread, as trust=0.5:1"),
        (["--theory", "trust", "--set", "trust=many"], "--set 'trust=many' is not of the form name=number"),
    ],
)
def test_a_simulation_that_is_not_clear_is_refused(estimation, folder, tmp_path, arguments, said):
    out = tmp_path / "simulated_x.csv"
    code, _, err = estimation("simulate", "--games", folder / "games.toml", *arguments, "--out", out)
    assert code == 2
    assert said in " ".join(err.split())
    assert list(tmp_path.iterdir()) == []


def test_the_beginning_of_several_names_is_not_clear_and_each_is_named(estimation, folder, tmp_path):
    data = (folder / "simulated_tiny.csv", "--games", folder / "games.toml")
    code, _, err = estimation("fit", *data, "--theory", "adv", "--out", tmp_path / "fit.nc")
    assert code == 2
    assert "'adv' may be " in err
    for name in ("advice-taking", "advice-weighting", "adviser-learning"):
        assert f"{name} of the package" in " ".join(err.split())


def test_options_of_theories_may_be_truth_values_numbers_and_words():
    theory = theory_of("level-k", ["lapse=no", "max_level=3", "ties=max"])
    assert theory == est.LevelK(lapse=False, max_level=3, ties="max")
    assert theory_of("level-k", ["lapse=True"]) == est.LevelK()


def test_a_fit_of_messages_has_no_market(estimation, folder):
    code, _, err = estimation("market", folder / "trust.nc")
    assert code == 2
    assert "There is no market:" in err
    assert "trust.nc holds a fit of messages, not of choices" in " ".join(err.split())


def test_fits_of_the_same_theory_are_told_apart_by_their_files_and_these_by_their_folders(folder, tmp_path):
    places = [tmp_path / name for name in ("other.nc", "elsewhere/trust.nc")]
    for place in places:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes((folder / "trust.nc").read_bytes())
    first = folder / "trust.nc"
    assert list(named_fits([first, folder / "babbling.nc"])) == ["trust-embedded", "babbling"]
    assert list(named_fits([first, places[0]])) == ["trust", "other"]
    assert list(named_fits([first, places[1]])) == [str(first), str(places[1])]
