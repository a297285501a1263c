"""oTree exports become tables of decisions, and files that are something else are told what to change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from otree_exports import GAMES, LAYOUT, one_app, wide_export, with_all_columns

import estimation as est

PLAIN = LAYOUT.split("[otree.covariates]")[0]


@pytest.fixture
def read(tmp_path):
    def run(frame, layout=LAYOUT):
        (tmp_path / "export.csv").write_text(frame.to_csv(index=False))
        (tmp_path / "games.toml").write_text(GAMES + layout)
        return est.read_own(tmp_path / "export.csv", tmp_path / "games.toml")

    return run


def test_each_decision_of_each_round_becomes_a_row(read):
    wide = wide_export()
    table = read(wide)
    assert table.decisions == {"sender": 12, "receiver": 12}
    assert set(table.subjects) == set(wide["participant.code"])
    assert not table.synthetic
    frame = table.frame
    assert set(frame["age"]) == set(wide["survey.1.player.age"])
    first = wide[wide["talk.2.player.role"] == "Sender"].iloc[0]
    row = frame[(frame["subject"] == first["participant.code"]) & (frame["period"] == 2)].iloc[0]
    assert row["role"] == "sender"
    assert row["state"] == first["talk.2.group.state"]
    assert row["message"] == first["talk.2.player.message"]


def test_what_one_member_entered_is_known_to_the_group(read):
    frame = read(wide_export()).frame
    pairs = frame.merge(frame, left_on=["subject", "period"], right_on=["partner", "period"])
    assert len(pairs) == len(frame)
    for column in ("state", "message", "action"):
        np.testing.assert_array_equal(pairs[f"{column}_x"], pairs[f"{column}_y"])


def test_the_export_of_one_app_says_the_same(read):
    wide, layout = wide_export(), LAYOUT.split("[otree.covariates]")[0]
    assert read(one_app(wide), layout).fingerprint == read(wide, layout).fingerprint


def test_identifiers_of_digits_keep_their_zeros(read):
    assert {"00000000", "00000001"} <= set(read(wide_export()).subjects)


def test_roles_may_be_places_in_the_group(read):
    wide = wide_export()
    places = LAYOUT.replace("player.role", "player.id_in_group").replace('"Sender"', "1").replace('"Receiver"', "2")
    assert read(wide, places).fingerprint == read(wide).fingerprint


def test_a_state_that_is_not_revealed_is_not_in_the_rows_of_receivers(read):
    frame = read(wide_export(), LAYOUT.replace("[otree.covariates]", "revealed = false\n[otree.covariates]")).frame
    assert frame.loc[frame["role"] == "receiver", "state"].isna().all()
    assert frame.loc[frame["role"] == "sender", "state"].notna().all()


def test_those_who_left_bots_and_trials_are_left_out_and_counted(read):
    wide = wide_export()
    left = wide.index[wide["talk.4.player.role"] == "Receiver"][0]
    wide.loc[left, "talk.4.player.action"] = np.nan
    table = read(wide)
    assert sum(table.decisions.values()) == 23
    assert any("1 of 24 rows hold no decision" in caveat for caveat in table.source.caveats)
    wide = wide_export()
    wide.loc[[0, 1], "participant._is_bot"] = 1
    wide.loc[2, "session.is_demo"] = 1
    caveats = read(wide).source.caveats
    assert any("2 bots" in caveat for caveat in caveats)
    assert any("1 participant of demo sessions is left out" in caveat for caveat in caveats)


def test_bots_alone_are_synthetic(read):
    assert read(wide_export().assign(**{"participant._is_bot": 1})).synthetic


@pytest.mark.parametrize(
    ("frame", "layout", "fragments"),
    [
        (wide_export(), LAYOUT.replace('"talk"', '"chat"'), ["no app 'chat'", "['survey', 'talk']"]),
        (wide_export(), LAYOUT.replace("group.state", "group.truth"), ["'group.truth'", "'group.state'"]),
        (wide_export(), LAYOUT.replace("session.config.treatment", "treatment"), ["neither a column nor", "['high']"]),
        (wide_export(), LAYOUT.replace('"Sender"', '"A"'), ["neither 'A' (sender)", "has 'Sender'"]),
        (wide_export(), LAYOUT.replace("sender =", "sendr ="), ["'sendr'", "did you mean 'sender'"]),
        (wide_export(), LAYOUT.replace("survey.1.player.age", "age"), ["covariate 'age'"]),
        (wide_export(), "", ["this is an oTree export", "[otree]", 'app = "talk"']),
        (pd.DataFrame({"subject": ["a"]}), LAYOUT, ["this is no oTree export", "leave [otree] out"]),
        (wide_export().replace({"session.config.treatment": "high"}, "low"), LAYOUT, ["condition", "'low'"]),
        (
            one_app(wide_export()).drop(columns="subsession.round_number"),
            PLAIN,
            ["column 'subsession.round_number' is missing", "export the app, or all apps (wide)"],
        ),
    ],
)
def test_a_wrong_file_is_told_what_to_change(read, frame, layout, fragments):
    with pytest.raises(est.DataError) as caught:
        read(frame, layout)
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_two_messages_in_one_group_are_not_guessed_between(read):
    wide = wide_export()
    wide["talk.1.player.message"] = np.arange(len(wide), dtype=float)
    assert any("rows hold another message (player.message)" in caveat for caveat in read(wide).caveats)
    wide["talk.1.player.role"] = "Sender"
    with pytest.raises(est.DataError, match="differs between members of a group"):
        read(wide)


SHAPES = {
    "3, all apps": {"role": False, "started": "participant.time_started", "one": False},
    "3, one app": {"role": False, "started": "participant.time_started", "one": True},
    "4, all apps": {"role": False, "started": "participant.time_started_utc", "one": False},
    "4, one app": {"role": False, "started": "participant.time_started_utc", "one": True},
    "5, all apps": {"role": True, "started": "participant.time_started_utc", "one": False},
    "5, one app": {"role": True, "started": "participant.time_started_utc", "one": True},
    "5, bots of the browser beside people": {"role": True, "started": "participant.visited", "one": False, "bots": 2},
    "5, saved by a spreadsheet": {"role": True, "started": "participant.visited", "one": False, "saved": True},
    "5, two sessions": {"role": True, "started": "participant.label", "one": False, "sessions": 2},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_exports_of_all_versions_and_forms_say_the_same(read, shape):
    wide = wide_export(rounds=3)
    known = read(wide, PLAIN)
    wide.insert(4, shape["started"], "")
    layout = PLAIN
    if not shape["role"]:  # before version 5 the role is a method, which exports do not hold
        wide = wide[[name for name in wide if not name.endswith("player.role")]]
        layout = layout.replace("player.role", "player.id_in_group").replace('"Sender"', "1").replace('"Receiver"', "2")
    if shape.get("bots"):
        bots = wide.head(shape["bots"]).assign(**{"participant._is_bot": 1, "session.code": "bots"})
        bots["participant.code"] = [f"bot{number}" for number in range(len(bots))]
        wide = pd.concat([wide, bots], ignore_index=True)
    if shape.get("saved"):
        wide = wide.replace({"participant._is_bot": {0: "FALSE"}, "session.is_demo": {0: "FALSE"}})
    if shape.get("sessions"):  # groups are numbered anew in each session
        again = wide.assign(**{"session.code": "later", "participant.code": "z" + wide["participant.code"]})
        table = read(pd.concat([wide, again], ignore_index=True), layout)
        assert len(table) == 2 * len(known)
        assert table.of(known.subjects).fingerprint == known.fingerprint
        return
    assert read(one_app(wide) if shape["one"] else wide, layout).fingerprint == known.fingerprint


@pytest.mark.parametrize("version", ["3", "5"])
@pytest.mark.parametrize("form", ["all apps", "one app"])
def test_columns_that_the_software_adds_change_nothing(read, version, form):
    """Every administrative column is there; the export of one app knows a session by its code alone."""
    wide = wide_export(rounds=3)
    whole, layout = with_all_columns(wide, version), PLAIN
    if form == "one app":
        whole = one_app(whole)
        whole = whole[[name for name in whole if not name.startswith("session.") or name == "session.code"]]
        layout = PLAIN.replace("session.config.treatment", "high")  # the only condition, by its name
    table = read(whole, layout)
    assert table.fingerprint == read(wide, PLAIN).fingerprint
    assert not table.caveats


def test_demo_sessions_alone_are_read_with_a_warning(read):
    wide = wide_export().assign(**{"session.is_demo": 1})
    table = read(wide)
    assert sum(table.decisions.values()) == 24
    assert "Every session is a demo session: these may be trials of the software." in table.source.caveats


def test_participants_who_are_marked_as_excluded_are_told_and_can_be_left_out(read):
    wide = wide_export().assign(**{"participant.exclude_from_data_analysis": [1, 0, 0, 0, 0, 0]})
    table = read(wide, PLAIN)
    (told,) = table.caveats
    assert told.startswith("participant.exclude_from_data_analysis is set in 4 of 24 decisions that are read; ")
    left = read(wide, PLAIN + '[filter]\nleave_out = ["participant.exclude_from_data_analysis"]\n')
    assert len(left) == 20
    assert wide["participant.code"][0] not in left.subjects
