"""Experiments as people run and export them with oTree: groups of three, both roles, answers in advance, dropouts."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from otree_exports import GAMES, LAYOUT, wide_export

import estimation as est
from estimation import cli

PLAIN = LAYOUT.split("[otree.covariates]")[0]
WORDS = """
[conditions.high]
family = "sender-receiver"
states = [0, 1]
messages = ["Option A", "Option B"]
meanings = { "Option A" = 1, "Option B" = 0 }
actions = [0, 1]
sender = [[0, 1], [1, 0]]
receiver = [[1, 0], [0, 1]]
"""


@pytest.fixture
def read(tmp_path):
    def run(frame, layout=PLAIN, games=GAMES, **options):
        (tmp_path / "export.csv").write_text(frame.to_csv(index=False))
        (tmp_path / "games.toml").write_text(games + layout)
        return est.read_own(tmp_path / "export.csv", tmp_path / "games.toml", **options)

    return run


def of_players(*names: str) -> str:
    """Return a layout in which these values are fields of the player, and the others of the group."""
    layout = PLAIN
    for name in ("state", "message", "action"):
        field = "player" if name in names else "group"
        layout = layout.replace(f'"group.{name}"', f'"{field}.{name}"').replace(f'"player.{name}"', f'"{field}.{name}"')
    return layout


def groups_of_three(rounds: int = 3) -> pd.DataFrame:
    """One sender and two receivers in each of two groups: state of the group, everything else on people's own rows."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"participant.code": [f"p{number}" for number in range(6)], "session.code": "s"})
    frame["session.config.treatment"] = "high"
    for turn in range(1, rounds + 1):
        prefix, place = f"talk.{turn}.", (np.arange(6) + turn) % 3
        frame[prefix + "player.role"] = np.where(place == 0, "Sender", "Receiver")
        frame[prefix + "group.id_in_subsession"] = np.arange(6) // 3
        frame[prefix + "group.state"] = np.repeat(rng.integers(0, 10, 2), 3)
        frame[prefix + "player.message"] = np.where(place == 0, rng.integers(0, 20, 6), np.nan)
        frame[prefix + "player.action"] = np.where(place == 0, np.nan, rng.integers(0, 20, 6))
    return frame


def test_each_of_two_receivers_has_their_own_action_and_the_sender_as_partner(read):
    wide = groups_of_three()
    frame = read(wide).frame
    assert (frame["role"] == "sender").sum() == 6
    for _, row in frame[frame["role"] == "receiver"].iterrows():
        own = wide[wide["participant.code"] == row["subject"]].iloc[0]
        group = wide[wide["participant.code"].between(*(("p0", "p2") if row["subject"] < "p3" else ("p3", "p5")))]
        sender = group[group[f"talk.{row['period']}.player.role"] == "Sender"].iloc[0]
        assert row["action"] == own[f"talk.{row['period']}.player.action"]
        assert row["message"] == sender[f"talk.{row['period']}.player.message"]
        assert (row["state"], row["partner"]) == (
            sender[f"talk.{row['period']}.group.state"],
            sender["participant.code"],
        )
    assert frame.loc[frame["role"] == "sender", ["partner", "action"]].isna().all(axis=None)


def test_one_action_of_the_group_is_not_that_of_two_receivers(read):
    wide = groups_of_three().rename(columns=lambda name: name.replace("player.action", "group.action"))
    with pytest.raises(
        est.DataError, match=r"\(group.action\) is one value for several receivers.*field of the player"
    ):
        read(wide.fillna(3.0), PLAIN.replace("player.action", "group.action"))


def test_members_who_do_not_decide_are_named(read):
    wide = groups_of_three()
    for turn in range(1, 4):
        last = wide.groupby(f"talk.{turn}.group.id_in_subsession").tail(1).index
        wide.loc[last, f"talk.{turn}.player.role"] = "Judge"
    with pytest.raises(est.DataError, match=r"has 'Judge'.*name whoever does not decide as bystander"):
        read(wide)
    assert read(wide, PLAIN + 'bystander = "Judge"\n').decisions["receiver"] < 12


def test_defaults_on_the_rows_of_others_are_not_taken_for_what_was_entered(read):
    wide = wide_export()
    clean = read(wide, PLAIN)
    for turn in range(1, 5):
        sends = wide[f"talk.{turn}.player.role"] == "Sender"
        wide[f"talk.{turn}.player.state"] = wide[f"talk.{turn}.group.state"].where(sends, 0.0)
        for name, owner in (("message", sends), ("action", ~sends)):
            wide[f"talk.{turn}.player.{name}"] = wide[f"talk.{turn}.player.{name}"].where(owner, 0.0)
    read_anew = read(wide, of_players("state", "message", "action"))
    assert read_anew.fingerprint == clean.fingerprint
    assert any("rows hold another state (player.state)" in caveat for caveat in read_anew.caveats)


def test_a_default_does_not_stand_for_a_decision_that_was_not_made(read):
    wide = wide_export()
    left = wide.index[wide["talk.3.player.role"] == "Receiver"][0]
    for turn in range(1, 5):
        hears = wide[f"talk.{turn}.player.role"] == "Receiver"
        wide[f"talk.{turn}.player.action"] = wide[f"talk.{turn}.player.action"].where(hears, 0.0)
    wide.loc[left, "talk.3.player.action"] = np.nan
    table = read(wide)
    assert table.decisions == {"sender": 12, "receiver": 11}


def test_everybody_sends_and_receives_where_nobody_has_a_role(read):
    wide = wide_export(rounds=2)
    rng = np.random.default_rng(8)
    for turn in (1, 2):
        wide[f"talk.{turn}.player.role"] = np.nan
        for name, most in (("state", 14), ("message", 20), ("action", 20)):
            wide[f"talk.{turn}.player.{name}"] = rng.integers(0, most, len(wide)).astype(float)
    table = read(wide, of_players("state", "message", "action"))
    assert table.decisions == {"sender": 12, "receiver": 12}
    assert any("everybody sends and receives" in caveat for caveat in table.caveats)
    frame = table.frame.set_index(["subject", "period", "role"])
    for code, row in wide.set_index("participant.code").iterrows():
        other = frame.loc[(code, 1, "receiver"), "partner"]
        sent, heard = frame.loc[(code, 1, "sender")], frame.loc[(code, 1, "receiver")]
        theirs = wide[wide["participant.code"] == other].iloc[0]
        assert other != code
        assert (sent["state"], sent["message"]) == (row["talk.1.player.state"], row["talk.1.player.message"])
        assert (heard["message"], heard["action"]) == (theirs["talk.1.player.message"], row["talk.1.player.action"])
        assert sent["action"] == theirs["talk.1.player.action"]
    said = read(wide, of_players("state", "message", "action").replace('"player.role"', '"both"'))
    assert said.fingerprint == table.fingerprint


def test_who_leaves_is_named_with_round_and_partner_and_the_other_decisions_are_read(read):
    wide = wide_export()
    sender = wide.index[wide["talk.4.player.role"] == "Sender"][0]
    group = wide.loc[sender, "talk.4.group.id_in_subsession"]
    together = wide[wide["talk.4.group.id_in_subsession"] == group]
    wide.loc[together.index, ["talk.4.player.message", "talk.4.player.action"]] = np.nan
    wide.loc[together.index[together.index != sender], "talk.4.player.action"] = 3.0
    table = read(wide)
    assert table.decisions == {"sender": 11, "receiver": 11}
    (caveat,) = table.caveats
    receiver = together.index[together.index != sender][0]
    codes = wide["participant.code"]
    assert f"{codes[sender]!r} in round 4 (no message, with {codes[receiver]!r})" in caveat
    assert f"{codes[receiver]!r} in round 4 (no message, with {codes[sender]!r})" in caveat


def test_a_field_that_is_empty_everywhere_is_no_dropout(read):
    wide = wide_export()
    for turn in range(1, 5):
        wide[f"talk.{turn}.group.state"] = np.nan
    with pytest.raises(est.DataError, match=r"no 'Sender' has a state: 'group\.state' is empty"):
        read(wide)


@pytest.mark.parametrize("action", ["player.action_{message}", "player.action_0"])
def test_answers_in_advance_are_one_decision_a_message(read, action):
    wide, games = wide_export(), GAMES.replace("20", "3")
    for turn in range(1, 5):
        hears = wide[f"talk.{turn}.player.role"] == "Receiver"
        wide[f"talk.{turn}.group.state"] %= 3
        wide[f"talk.{turn}.player.message"] = wide[f"talk.{turn}.player.message"] % 4
        for message in range(4):
            wide[f"talk.{turn}.player.action_{message}"] = np.where(hears, max(message - turn % 2, 0), np.nan)
    table = read(wide, PLAIN.replace("player.action", action), games)
    assert table.decisions == {"sender": 12, "receiver": 48}
    assert any("strategy method" in caveat for caveat in table.caveats)
    frame = table.frame
    heard = frame[frame["role"] == "receiver"]
    turn = (heard["period"] + 3) // 4
    assert (heard["action"] == np.maximum(heard["message"] - turn % 2, 0)).all()
    assert (heard["hypothetical"] == 1).sum() == 36
    assert (heard["state"].isna() == (heard["hypothetical"] == 1)).all()
    assert (heard.loc[heard["hypothetical"] == 0, "period"] % 4 == 0).all()
    sent = frame[frame["role"] == "sender"]
    assert (sent["action"] == np.maximum(sent["message"] - (sent["period"] // 4) % 2, 0)).all()


def test_a_column_that_ends_like_one_message_is_the_action_where_the_other_messages_have_none(read):
    """``player.guess_1`` is then a column of its own, not the answer to message 1."""
    wide = wide_export().rename(columns=lambda name: name.replace("player.action", "player.guess_1"))
    layout = PLAIN.replace("player.action", "player.guess_1")
    assert read(wide, layout).fingerprint == read(wide_export()).fingerprint


def test_one_app_a_treatment_is_said_and_may_be_read(read, tmp_path, monkeypatch, capsys):
    first, second = wide_export(rounds=2), wide_export(rounds=2, seed=9)
    second = second.rename(columns=lambda name: name.replace("talk.", "talk_low."))
    second["participant.code"] = [f"z{code}" for code in second["participant.code"]]
    wide = pd.concat([first, second], ignore_index=True)
    everybody = list(wide["participant.code"])
    table = read(wide)
    assert any("'talk_low' (6 participants) has the same fields and is not read" in caveat for caveat in table.caveats)
    assert any("6 of 12 participants made none: 'z00000000'" in caveat for caveat in table.caveats)
    with pytest.raises(est.DataError, match=r"(?s)no decision of 'z00000000'.*'talk_low'") as caught:
        read(wide, subjects=everybody)
    assert all(code in str(caught.value) for code in everybody[6:])
    (tmp_path / "roster.txt").write_text("\n".join(everybody))
    asked = ["check", "export.csv", "--games", "games.toml", "--subjects", "roster.txt", "--json"]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        cli.main(asked)
    assert json.loads(capsys.readouterr().out)["problems"] == list(caught.value.problems)
    games = "".join(GAMES.replace("conditions.high", f"conditions.{app}") for app in ("talk", "talk_low"))
    both = PLAIN.replace('"talk"', '["talk", "talk_low"]').replace('"session.config.treatment"', '"app"')
    whole = read(wide, both, games, subjects=everybody)
    assert (whole.conditions, len(whole)) == (["talk", "talk_low"], 24)
    second["participant.code"] = first["participant.code"]
    within = read(first.merge(second[[c for c in second if c[:8] == "talk_low" or c.endswith(".code")]]), both, games)
    assert within.frame.groupby("condition")["period"].agg(["min", "max"]).to_numpy().tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("condition", ["high", "session.config.treatment"])
def test_messages_may_be_words(read, condition):
    wide = wide_export()
    for turn in range(1, 5):
        wide[f"talk.{turn}.group.state"] %= 2
        wide[f"talk.{turn}.player.action"] %= 2
        said = wide[f"talk.{turn}.player.message"]
        wide[f"talk.{turn}.player.message"] = said.map(lambda cell: "Option A" if cell > 8 else "Option B").where(
            said.notna()
        )
    layout = PLAIN.replace("session.config.treatment", condition)
    table = read(wide, layout, WORDS)
    assert set(table.written["message"]) == {"Option A", "Option B"}
    with pytest.raises(est.DataError, match=r'family = "sender-receiver" and messages = \["Option'):
        read(wide, layout)
