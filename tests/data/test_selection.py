"""Practice, time-outs and people who are left out: the same in a file of games and as options, counted in caveats."""

from __future__ import annotations

import json

import pytest
from builders import make_frame
from otree_exports import GAMES, LAYOUT, one_app, wide_export

import estimation as est
from estimation import cli

PLAIN = LAYOUT.split("[otree.covariates]")[0]


@pytest.fixture
def read(tmp_path):
    def run(frame, told="", **options):
        (tmp_path / "data.csv").write_text(frame.to_csv(index=False))
        (tmp_path / "games.toml").write_text(GAMES + told)
        return est.read_own(tmp_path / "data.csv", tmp_path / "games.toml", **options)

    return run


def marked():
    """Return an export whose first two of four rounds are practice, and in which one person once ran out of time."""
    wide = wide_export()
    for turn in range(1, 5):
        wide[f"talk.{turn}.subsession.is_practice"] = int(turn <= 2)
        wide[f"talk.{turn}.player.timed_out"] = 0
    wide.loc[3, "talk.4.player.timed_out"] = 1
    return wide


@pytest.mark.parametrize("form", [lambda wide: wide, one_app])
def test_practice_is_left_out_by_number_or_by_mark_and_counted(read, form):
    export = form(marked())
    whole = read(export, PLAIN)
    want = whole.frame[whole.frame["period"] >= 3]
    for told, options, words in (
        ('[filter]\nrounds = "3-"\n', {}, "only rounds 3- count"),
        ('[filter]\nleave_out = "subsession.is_practice"\n', {}, "subsession.is_practice is '1'"),
        ('[filter]\nleave_out = { "subsession.is_practice" = 1 }\n', {}, "subsession.is_practice is '1'"),
        ("", {"rounds": "3-"}, "only rounds 3- count"),
        ("", {"leave_out": ["subsession.is_practice"]}, "subsession.is_practice is '1'"),
    ):
        table = read(export, PLAIN + told, **options)
        assert table.frame.equals(want.reset_index(drop=True))
        assert table.caveats[0] == f"12 of 24 decisions are left out: {words}."
    assert any("subsession.is_practice is set in 12 of 24 decisions" in caveat for caveat in whole.caveats)


def test_a_time_out_takes_one_decision_and_leaves_that_of_the_other(read):
    table = read(marked(), PLAIN, leave_out=["player.timed_out"], rounds="3-")
    code = marked()["participant.code"][3]
    assert len(table) == 11
    assert 4 not in set(table.of(code).frame["period"])
    assert code in set(table.frame.loc[table.frame["period"] == 4, "partner"])
    assert table.caveats[0] == "1 of 24 decisions are left out: player.timed_out is '1'."


def test_people_are_left_out_by_name_and_are_not_missed_on_the_list(read):
    export, codes = marked(), list(wide_export()["participant.code"])
    table = read(export, PLAIN, exclude=codes[:1], subjects=codes)
    assert table.subjects == sorted(codes[1:])
    assert table.caveats[0] == f"4 of 24 decisions are left out: those of {codes[0]!r}."
    with pytest.raises(est.DataError, match="exclude names 'nobody', without a decision"):
        read(export, PLAIN, exclude=["nobody"])


def test_plain_tables_are_selected_from_in_the_same_way(read):
    games = {"high": est.games.from_spec({"family": "estimation", "direction": "over", "highest": 20})}
    frame = make_frame(games=games).assign(late="no")
    frame.loc[0, "late"] = "yes"
    whole = read(frame)
    assert len(read(frame, rounds="1-2, 5")) == (frame["period"].isin([1, 2, 5])).sum()
    table = read(frame, "[filter]\nleave_out = ['late']\n")
    assert len(table) == len(whole) - 1
    assert table.caveats == (f"1 of {len(whole)} decisions are left out: late is 'yes'.",)
    with pytest.raises(est.DataError, match="there is no column 'lost'"):
        read(frame, leave_out=["lost"])
    with pytest.raises(est.DataError, match="no rows"):
        read(frame, rounds="100-")


def test_commands_take_the_same_as_options(tmp_path, capsys):
    (tmp_path / "export.csv").write_text(marked().to_csv(index=False))
    (tmp_path / "games.toml").write_text(GAMES + PLAIN)
    code = marked()["participant.code"][0]
    start = ["check", str(tmp_path / "export.csv"), "--games", str(tmp_path / "games.toml"), "--json"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*start, "--rounds", "3-", "--leave-out", "player.timed_out", "--exclude", code])
    found = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    assert [caveat.split(" are")[0] for caveat in found["caveats"]] == [
        "1 of 24 decisions",
        "4 of 23 decisions",
        "10 of 19 decisions",
    ]
    for wrong in (["--rounds", "3-"], ["--exclude", "a"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(["fit", "oey_what_is_reality", "--theory", "trust", *wrong])
        assert ended.value.code == 2
        assert "is for a file with --games" in capsys.readouterr().err


def test_a_selection_that_leaves_nothing_out_says_nothing(read):
    export = marked().assign(**{f"talk.{turn}.player.timed_out": 0 for turn in range(1, 5)}).assign(arm="x")
    told = '[filter]\nkeep = { "arm" = "x" }\nleave_out = "player.timed_out"\n'
    table, whole = read(export, PLAIN + told), read(export, PLAIN)
    assert table.fingerprint == whole.fingerprint
    assert not [caveat for caveat in table.caveats if "left out" in caveat]
