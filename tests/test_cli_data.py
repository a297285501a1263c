"""The command line about data: results out, complaints on standard error, exit code 2, no traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from builders import MALFORMED, expected, make_frame, make_table

from estimation import cli
from estimation.data.library import places

GAMES = """
[conditions.over]
family = "estimation"
direction = "over"
[conditions.under]
family = "estimation"
direction = "under"
lie_power = 2.0
"""


@pytest.fixture
def estimation(capsys):
    """Run a command; gives exit code, standard output and standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


@pytest.fixture
def files(tmp_path):
    def save(frame):
        (tmp_path / "games.toml").write_text(GAMES)
        frame.to_csv(tmp_path / "mine.csv", index=False)
        return tmp_path / "mine.csv", "--games", tmp_path / "games.toml"

    return save


def test_a_good_table_is_described(estimation, files):
    code, out, err = estimation("check", *files(make_frame()), "--schema", "cheap-talk")
    assert (code, err) == (0, "")
    assert "meets the cheap-talk schema" in out
    assert "24 (12 as sender, 12 as receiver)" in out


def test_a_good_table_is_described_for_programs(estimation, files):
    code, out, _ = estimation("check", *files(make_frame()), "--json")
    result = json.loads(out)
    assert code == 0
    assert result["valid"]
    assert result["decisions"] == {"sender": 12, "receiver": 12}
    assert result["fingerprint"] == make_table().fingerprint


@pytest.mark.parametrize(("spoil", "fragments"), MALFORMED.values(), ids=list(MALFORMED))
def test_a_malformed_table_ends_with_code_two_and_every_problem(estimation, files, spoil, fragments):
    code, out, err = estimation("check", *files(spoil(make_frame())))
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for fragment in expected(fragments, "line", 2):
        assert fragment in err


def test_a_malformed_table_is_explained_to_programs(estimation, files):
    code, out, err = estimation("check", *files(MALFORMED["unknown role"][0](make_frame())), "--json")
    result = json.loads(out)
    assert code == 2
    assert result["error"] == "DataError"
    assert "line 4 has 'judge'" in result["problems"][0]
    assert "judge" in err


def test_a_person_without_a_decision_is_named(estimation, files, tmp_path):
    roster = tmp_path / "people.txt"
    roster.write_text("s01\ns02\n\ns03\ns04\ns05\n")
    code, _, err = estimation("check", *files(make_frame()), "--subjects", roster)
    assert code == 2
    assert "no decision of 's05'" in err


def test_games_can_be_taken_from_a_known_data_set(estimation, files):
    path, *_ = files(make_frame().replace({"condition": {"over": "over-linear", "under": "under-quadratic"}}))
    code, out, _ = estimation("check", path, "--game-from", "oey_what_is_reality")
    assert code == 0
    assert "over-linear, under-quadratic" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "mine.csv"],
        ["check", "mine.csv", "--games", "a.toml", "--game-from", "oey_what_is_reality"],
        ["check", "mine.csv", "--games", "absent.toml"],
        ["check", "absent.csv", "--game-from", "oey_what_is_reality"],
        ["check", "absent.csv", "--game-from", "nobody"],
        ["check", "absent.csv", "--game-from", "oey_what_is_reality", "--subjects", "absent.txt"],
        ["check", "mine.csv", "--schema", "chess"],
        ["fetch", "nobody"],
        ["fetch"],
        ["juggle"],
        ["datasets", "--jsn"],
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_carried_out_ends_with_code_two_and_words(estimation, arguments):
    code, out, err = estimation(*arguments)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_the_data_sets_are_listed_with_their_state(estimation):
    code, out, _ = estimation("datasets")
    assert code == 0
    assert re.search(r"oey_what_is_reality +204 people", out)
    entries = json.loads(estimation("datasets", "--json")[1])["datasets"]
    (entry,) = [entry for entry in entries if entry["name"] == "oey_what_is_reality"]
    assert set(entry) == {"name", "description", "synthetic", "available", "licence"}


@pytest.mark.data
def test_fetching_what_is_here_says_where_it_is(estimation):
    code, out, _ = estimation("fetch", "oey_what_is_reality", "--json")
    assert code == 0
    assert set(json.loads(out)["files"]) == {"Exp1_2_sender.csv", "Exp1_2_receiver.csv"}


def test_fetching_without_a_network_says_what_to_download(estimation, monkeypatch, tmp_path):
    import pooch

    def no_network(*args, **options):
        raise ConnectionError("no network")

    monkeypatch.delenv(places.MIRROR_VARIABLE, raising=False)
    monkeypatch.setattr("estimation.data.library.files.cache_folder", lambda name: tmp_path / name)
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", no_network)
    code, _, err = estimation("fetch", "oey_what_is_reality")
    assert code == 2
    for fragment in ("Exp1_2_sender.csv", "Exp1_2_receiver.csv", "sha256", "ESTIMATION_DATA_DIR", "no network"):
        assert fragment in err


def test_an_unexpected_error_keeps_its_traceback(monkeypatch):
    def broken():
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("estimation.data.catalogue", broken)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        cli.main(["datasets"])


def test_help_is_given_without_loading_what_only_commands_need():
    code = "import sys; from estimation import cli; sys.argv = ['estimation', '--help']\ntry:\n cli.main()\n"
    code += "finally:\n assert not {'pandas', 'pymc', 'pooch'} & set(sys.modules), 'slow imports'"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    for command in ("datasets", "fetch", "check"):
        assert command in done.stdout


def test_the_version_is_printed(estimation):
    code, out, _ = estimation("--version")
    assert code == 0
    assert out.strip()
