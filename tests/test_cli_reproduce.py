"""The command that computes published numbers anew: lists, verdicts, exit codes, complaints."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import estimation as est
from estimation import cli
from estimation.replication.listing import numbers_named
from estimation.replication.target import ReplicationVerdict


@pytest.fixture
def reproduce(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main(["reproduce", *arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


def test_without_a_target_everything_is_listed_and_nothing_computed(reproduce):
    code, out, err = reproduce()
    assert (code, err) == (0, "")
    for name in est.published().tables():
        assert name in out
    for fragment in ("takes seconds", "takes minutes", "not attempted", "a posterior mean against"):
        assert fragment in out
    assert out.rstrip().endswith(est.published().summary)


def test_a_target_is_computed_and_set_beside_the_printed_numbers(reproduce):
    code, out, err = reproduce("guessing_games/opening-example")
    assert code == 0
    assert "[1/1] guessing_games/opening-example: equilibrium by dominance (seconds)" in err
    assert "2 published results from 1 source: 2 reproduced." in out


def test_numbers_are_given_to_programs_as_plain_data(reproduce):
    code, out, _ = reproduce("beauty_contests", "--json")
    result = json.loads(out)
    assert code == 0
    assert result["counts"]["reproduced"] == 8
    first = result["numbers"][0]
    assert (first["printed"], first["verdict"]) == ("49.5", "reproduced")
    assert first["ours"] == pytest.approx(49.52, abs=0.01)


def test_numbers_that_differ_by_the_record_end_well(reproduce):
    code, out, _ = reproduce("camerer_ho_chong_2004/table-6")
    assert code == 0
    assert "6 differ" in out


@pytest.fixture
def misprinted(monkeypatch):
    """The list with another number printed: what a change of ours looks like to the record."""
    first, *rest = numbers_named("guessing_games/opening-example")
    wrong = (replace(first, printed="301"), *rest)
    monkeypatch.setattr("estimation.replication.run.numbers_named", lambda _: wrong)


@pytest.mark.usefixtures("misprinted")
def test_a_number_that_differs_against_the_record_ends_with_code_one_and_is_named(reproduce):
    code, out, _ = reproduce("guessing_games/opening-example")
    assert code == 1
    assert "agrees by the record and differs now" in out
    assert json.loads(reproduce("guessing_games", "--json")[1])["ok"] is False


def test_an_unknown_target_ends_with_code_two_and_the_nearest_names(reproduce):
    code, out, err = reproduce("swismetro")
    assert (code, out) == (2, "")
    assert "'swismetro' is none of" in err
    assert "nearest: swissmetro" in err


def test_absent_data_end_with_code_two_and_the_command_that_fetches_them(reproduce, monkeypatch):
    monkeypatch.setattr("estimation.replication.run._is_here", lambda _: False)
    code, out, err = reproduce("yogurt/own")
    assert code == 2
    assert "not attempted" in out
    assert "estimation fetch yogurt" in err


def test_a_target_without_data_of_its_own_says_why_it_was_not_attempted(reproduce):
    code, out, _ = reproduce("out_of_reach")
    assert code == 0
    assert "none of the tables is claimed" in " ".join(out.split())


@pytest.mark.parametrize("arguments", [["swissmetro", "--all"], ["--json", "--markdown"]], ids=" ".join)
def test_requests_that_contradict_themselves_are_refused(reproduce, arguments):
    code, _, err = reproduce(*arguments)
    assert code == 2
    assert "not both" in err


def test_all_targets_are_computed_on_request(reproduce, monkeypatch):
    """Two tables stand for all: the others are computed elsewhere."""
    some = numbers_named("guessing_games")
    monkeypatch.setattr("estimation.replication.run.numbers_named", lambda name: numbers_named(name) if name else some)
    code, out, _ = reproduce("--all", "--markdown")
    assert code == 0
    assert out.startswith("# Published results, computed anew")
    assert out.count("## guessing_games/") == len({target.name for target in some})
    assert str(ReplicationVerdict.NOT_ATTEMPTED) in out
