"""Rows without a decision: those who left are named once, with the round after which they did."""

from __future__ import annotations

import pandas as pd

import estimation as est
from estimation.data.exports.idle import idle, idle_by_role

WORDS = {"A": "sender", "B": "receiver"}


def rows_of(played: dict[str, list[int]], rounds: int, partners: dict[str, str]) -> tuple:
    """Return rows of people who decided in these rounds, which hold a decision, and what the others lack."""
    every = [(who, at, partners[who]) for at in range(1, rounds + 1) for who in played]
    rows = pd.DataFrame(every, columns=["subject", "round", "partner"]).assign(period=lambda rows: rows["round"])
    here = pd.Series([at in played[who] for who, at, _ in every])
    rows = rows.assign(round=rows["round"].astype(str))
    return rows, here.to_numpy(), here.map({True: "nothing", False: "action"})


def said_of(played: dict[str, list[int]], rounds: int, partners: dict[str, str]) -> str:
    return idle(*rows_of(played, rounds, partners))


def test_who_left_is_named_once_and_those_left_alone_are_counted():
    partners = {"a": "b", "b": "a", "c": "d", "d": "c"}
    said = said_of({"a": [1, 2], "b": [1, 2, 5], "c": [1, 2, 3, 4, 5], "d": [1, 2, 3, 4, 5]}, 5, partners)
    assert said == (
        "5 of 20 rows hold no decision and are left out: 1 person left: 'a' after round 2; 2 rows of people whose "
        "partner had left."
    )


def test_who_came_back_did_not_leave():
    said = said_of({"a": [1, 4], "b": [1, 2, 3, 4]}, 4, {"a": "b", "b": "a"})
    assert "left:" not in said
    assert "somebody did not play: 'a' in round 2 (no action, with 'b'), 'a' in round 3 (no action, with 'b')" in said


def test_who_decided_nothing_at_all_is_no_leaver():
    assert "1 of 2 participants made none: 'b'." in said_of({"a": [1, 2], "b": []}, 2, {"a": "b", "b": "a"})


def test_each_role_is_told_of_its_own_leavers_and_of_rounds_without_a_partner():
    partners = {"a": "b", "b": "a", "c": "d", "d": "c"}
    rows, *known = rows_of({"a": [1, 2], "b": [1, 2], "c": [1, 2, 3, 4], "d": [1, 2, 3]}, 4, partners)
    # b, whose partner had left, has not played afterwards either: both are told of as having left
    rows["role"] = rows["subject"].map({"a": "A", "b": "B", "c": "A", "d": "B"})
    assert idle_by_role(rows, *known, WORDS) == [
        "Senders: 2 of 8 rows hold no decision and are left out: 1 person left: 'a' after round 2.",
        "Receivers: 3 of 8 rows hold no decision and are left out: 1 person left: 'b' after round 2; somebody did not "
        "play: 'd' in round 4 (no action, with 'c').",
    ]


def test_where_people_change_roles_it_is_said_once_of_all():
    rows, *known = rows_of({"a": [1, 2], "b": [1, 2, 3, 4]}, 4, {"a": "b", "b": "a"})
    rows["role"] = ["A", "B", "B", "A"] * 2
    assert idle_by_role(rows, *known, WORDS) == [idle(rows, *known)]


def test_who_never_got_a_role_is_told_of_in_both():
    rows, *known = rows_of({"a": [1, 2], "b": [1, 2], "c": []}, 2, {"a": "b", "b": "a", "c": "a"})
    rows["role"] = rows["subject"].map({"a": "A", "b": "B"})
    (said,) = idle_by_role(rows, *known, WORDS)
    assert said == (
        "People without a role: 2 of 2 rows hold no decision and are left out: 1 of 1 participants made none: 'c'."
    )


def test_a_table_of_one_role_does_not_name_who_left_in_the_other():
    caveats = ("Senders: one left.", "Receivers: one left.", "People without a role: one left.", "A pilot.")
    table = est.load("simulated_forecast_sharing")
    source = est.Source(title="made up", synthetic=True, caveats=caveats)
    table = est.Table.from_frame(table.frame, table.games, name="made_up", synthetic=True, source=source)
    assert table.caveats == caveats
    assert table.only("receiver").caveats == caveats[1:]
    senders = table.only("sender")
    assert senders.caveats == (caveats[0], *caveats[2:])
    assert senders.spec()["caveats"] == list(senders.caveats)
    assert senders.of(senders.subjects[:2]).caveats == senders.caveats
