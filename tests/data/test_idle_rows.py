"""Rows without a decision: those who left are named once, with the round after which they did."""

from __future__ import annotations

import pandas as pd

from estimation.data.exports.idle import idle


def said_of(played: dict[str, list[int]], rounds: int, partners: dict[str, str]) -> str:
    """Return what is said where each person decided in these rounds."""
    every = [(who, at, partners[who]) for at in range(1, rounds + 1) for who in played]
    rows = pd.DataFrame(every, columns=["subject", "round", "partner"]).assign(period=lambda rows: rows["round"])
    here = pd.Series([at in played[who] for who, at, _ in every])
    return idle(
        rows.assign(round=rows["round"].astype(str)), here.to_numpy(), here.map({True: "nothing", False: "action"})
    )


def test_who_left_is_named_once_and_those_left_alone_are_counted():
    partners = {"a": "b", "b": "a", "c": "d", "d": "c"}
    said = said_of({"a": [1, 2], "b": [1, 2, 5], "c": [1, 2, 3, 4, 5], "d": [1, 2, 3, 4, 5]}, 5, partners)
    assert said == (
        "5 of 20 rows hold no decision and are left out: 1 person left: 'a' after round 2; 2 rows of people who were "
        "to play with them then."
    )


def test_who_came_back_did_not_leave():
    said = said_of({"a": [1, 4], "b": [1, 2, 3, 4]}, 4, {"a": "b", "b": "a"})
    assert "left:" not in said
    assert "somebody did not play: 'a' in round 2 (no action, with 'b'), 'a' in round 3 (no action, with 'b')" in said


def test_who_decided_nothing_at_all_is_no_leaver():
    assert "1 of 2 participants made none: 'b'." in said_of({"a": [1, 2], "b": []}, 2, {"a": "b", "b": "a"})
