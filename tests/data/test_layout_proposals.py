"""`estimation layout` proposes what the names of columns say, names both readings, and what it did not understand."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pandas as pd
import pytest
from otree_exports import GAMES, LAYOUT, one_app, wide_export

import estimation as est
from estimation import cli
from estimation.data.exports.proposal import propose

PLAIN = LAYOUT.split("[otree.covariates]")[0]


@pytest.fixture
def proposed(tmp_path):
    def run(content, name="export.csv"):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else content.to_csv(index=False))
        return propose(file)

    return run


@pytest.fixture
def read(tmp_path):
    def run(frame, layout):
        (tmp_path / "read.csv").write_text(frame.to_csv(index=False))
        (tmp_path / "games.toml").write_text(GAMES + layout)
        return est.read_own(tmp_path / "read.csv", tmp_path / "games.toml")

    return run


@pytest.mark.parametrize("places", [False, True])
def test_a_proposal_that_is_settled_reads_the_file_as_a_layout_by_hand_does(proposed, read, places):
    wide = wide_export()
    if places:  # of two places in the group, the one that sends is told from who has a message
        wide = wide[[name for name in wide if not name.endswith("player.role")]]
    found = proposed(wide)
    assert (found.readings, found.missing) == ({}, [])
    assert found.conditions == ["high"]
    told = tomllib.loads(found.to_toml())["otree"]
    assert told["role"] == ("player.id_in_group" if places else "player.role")
    assert read(wide, found.to_toml().split("[conditions")[0]).fingerprint == read(wide_export(), PLAIN).fingerprint


def test_the_form_of_one_app_lacks_only_the_name_of_the_app(proposed):
    found = proposed(one_app(wide_export()).assign(**{"player.mood": "fine"}))
    assert found.notes["app"] == "nothing says how the app is called: put its name here"
    assert proposed(one_app(wide_export()), "forecasts_2026-11-03.csv").settled["app"] == "forecasts"
    assert found.settled["state"] == "group.state"
    assert found.not_understood == ["player.mood"]
    assert "# Not understood, and not read: player.mood" in found.to_toml()
    frame = one_app(wide_export())
    seen = max(frame[found.settled[name]].astype(float).max() for name in ("state", "message", "action"))
    assert f"# highest = {seen:g}  # the highest that was seen" in found.to_toml()


def test_two_readings_are_named_and_none_is_taken(proposed):
    wide = wide_export()
    for turn in range(1, 5):
        wide[f"talk.{turn}.player.report"] = np.arange(len(wide), dtype=float)
        wide[f"talk.{turn}.subsession.practice_round"] = int(turn == 1)
    found = proposed(wide)
    assert sorted(found.readings["message"]) == ["player.message", "player.report"]
    assert found.marks == ["subsession.practice_round"]
    text = found.to_toml()
    assert "# message may be read in 2 ways; keep one of these lines:" in text
    assert "message" not in tomllib.loads(text)["otree"]
    assert '# leave_out = ["subsession.practice_round"]' in text


def test_columns_that_say_the_same_are_one_reading(proposed):
    wide = wide_export()
    for turn in range(1, 5):
        groups = wide.groupby(f"talk.{turn}.group.id_in_subsession")
        wide[f"talk.{turn}.group.message"] = groups[f"talk.{turn}.player.message"].transform("first")
    found = proposed(wide)
    assert found.settled["message"] == "group.message"
    assert found.notes["message"] == "player.message says the same"
    assert found.not_understood == ["app survey"]


def test_what_one_column_must_be_leaves_the_other_to_the_other(proposed):
    lines = ["s\t1\tsubjects\tPeriod\tSubject\tGroup\tType\tSignal\tMessage\tGuess"]
    lines += [f"s\t1\tsubjects\t1\t{who}\t1\t{who}\t3\t4\t5" for who in (1, 2)]
    found = proposed("\n".join(lines).replace("s\t1\tsub", "250203_1015\t1\tsub"), "data.xls")
    assert found.kind == "ztree"
    assert {key: found.settled[key] for key in ("state", "message", "action")} == {
        "state": "Signal",
        "message": "Message",
        "action": "Guess",
    }
    assert found.readings == {"sender": ["1", "2"], "receiver": ["1", "2"]}


def test_a_column_that_is_the_only_one_for_two_things_is_said_to_be_one_of_them(proposed):
    lines = ["s\t1\tsubjects\tPeriod\tSubject\tGroup\tType\tSignal\tGuess"]
    lines += [f"s\t1\tsubjects\t1\t{who}\t1\t{who}\t3\t5" for who in (1, 2)]
    found = proposed("\n".join(lines).replace("s\t1\tsub", "250203_1015\t1\tsub"), "data.xls")
    assert 'proposed as message too: it is one of them; write "" for what the file lacks' in found.notes["state"]
    assert "proposed as state too" in found.notes["message"]
    assert "action" not in found.notes


def test_answers_in_advance_apps_and_roles_that_may_be_either_are_named(proposed):
    wide = wide_export()
    for turn in range(1, 5):
        wide = wide.assign(**{f"talk.{turn}.player.action_{said}": 1.0 for said in range(3)})
    assert proposed(wide).readings["action"] == ["player.action", "player.action_{message}"]
    second = wide_export().rename(columns=lambda name: name.replace("talk.", "talk_low."))
    apps = proposed(wide_export().merge(second[[c for c in second if c[:8] == "talk_low" or c.endswith(".code")]]))
    assert apps.readings["app"] == ["talk", "talk_low"]
    assert '# app = ["talk", "talk_low"]' in apps.to_toml()
    nobody = wide_export()
    for turn in range(1, 5):
        nobody[[f"talk.{turn}.player.{name}" for name in ("message", "action")]] = 3.0
        nobody[f"talk.{turn}.player.role"] = np.nan
    assert proposed(nobody).readings["role"] == ["player.id_in_group", "both"]


def test_trials_and_tables_are_proposed_for_too(proposed):
    trial = {"run_id": 1, "trial_type": "slider", "rt": 3, "response": {"guess": 4}, "heard": 5}
    found = proposed(json.dumps([trial, trial]), "trials.json")
    assert (found.kind, found.settled["action"], found.settled["subject"]) == ("jspsych", "response.guess", "run_id")
    assert {"role", "state", "message"} <= set(found.missing)
    assert "# message = ?  # nothing says what it is" in found.to_toml()
    table = proposed(pd.DataFrame({"Subject": ["a", "b"], "Type": ["sender", "receiver"], "Message": [1, 2]}))
    assert (table.kind, table.settled["role"], table.settled["sender"]) == ("table", "Type", "sender")


def test_the_command_prints_the_proposal_or_the_same_for_programs(tmp_path, capsys):
    (tmp_path / "export.csv").write_text(wide_export().to_csv(index=False))
    for options, check in (([], lambda out: "[otree]" in out), (["--json"], lambda out: json.loads(out)["settled"])):
        with pytest.raises(SystemExit) as ended:
            cli.main(["layout", str(tmp_path / "export.csv"), *options])
        assert ended.value.code == 0
        assert check(capsys.readouterr().out)


def test_a_file_without_messages_and_actions_may_hold_choices_and_is_told_how_they_are_read(proposed):
    columns = {f"F-1-{item}-{name}": ["$5", "$6"] for item in (1, 2) for name in (1, 2)}
    asked = proposed(pd.DataFrame({"ResponseId": ["a", "b"], **columns, "C1": ["1", "2"]})).to_toml()
    assert "--layout LAYOUT.toml" in asked
    assert '# wide = "F-{task}-{alternative}-{attribute}"' in asked
    assert "--layout" not in proposed(wide_export()).to_toml()
