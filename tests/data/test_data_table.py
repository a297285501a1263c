"""A table is frozen, sorted, labelled, and known by a fingerprint of what it says."""

from __future__ import annotations

import dataclasses
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from builders import estimation_game, games_of, make_frame, make_table, with_cell
from hypothesis import given, settings, strategies as st

from estimation.data import Source, Table
from estimation.errors import DataError


def test_a_fingerprint_is_sixty_four_hexadecimal_digits():
    assert re.fullmatch(r"[0-9a-f]{64}", make_table().fingerprint)


FINGERPRINT = make_table().fingerprint


@settings(max_examples=40)
@given(
    st.permutations(range(24)),
    st.permutations(["subject", "role", "period", "condition", "state", "message", "action"]),
)
def test_the_order_of_rows_and_columns_leaves_the_fingerprint_alone(rows, columns):
    shuffled = make_frame().iloc[rows][columns]
    assert Table.from_frame(shuffled, games_of()).fingerprint == FINGERPRINT


def test_an_index_may_be_called_as_a_column_is():
    """`set_index` with drop=False leaves the column and calls the index by its name."""
    frame = make_frame()
    for keys in ("subject", ["subject", "period"]):
        assert Table.from_frame(frame.set_index(keys, drop=False), games_of()).fingerprint == FINGERPRINT


def test_integers_and_floats_of_the_same_value_have_one_fingerprint():
    frame = make_frame().assign(age=range(24))
    as_integers = frame.astype({"state": int, "message": int, "action": int})
    as_floats = frame.astype({"age": float})
    games = games_of()
    assert Table.from_frame(as_integers, games).fingerprint == Table.from_frame(as_floats, games).fingerprint


@pytest.mark.parametrize("column", ["state", "message", "action"])
def test_any_changed_value_changes_the_fingerprint(column):
    frame = make_frame()
    value = (frame.loc[7, column] + 1) % 101
    changed = Table.from_frame(with_cell(frame, 7, column, value), games_of())
    assert changed.fingerprint != make_table().fingerprint


def test_covariates_and_games_are_part_of_the_fingerprint():
    plain = make_table()
    frame = make_frame()
    with_age = Table.from_frame(frame.assign(age=30), games_of())
    with_text = Table.from_frame(frame.assign(age="30"), games_of())
    other_games = games_of() | {"over": estimation_game("over", lie_power=2.0)}
    other_game = Table.from_frame(frame, other_games)
    assert len({table.fingerprint for table in (plain, with_age, with_text, other_game)}) == 4


def test_name_and_games_that_nobody_played_leave_the_fingerprint_alone():
    games = games_of() | {"never played": estimation_game("over", highest=50)}
    table = Table.from_frame(make_frame(), games, name="another")
    assert table.fingerprint == make_table().fingerprint
    assert table.conditions == ["over", "under"]
    assert sorted(table.games) == ["over", "under"]


def test_changing_what_a_table_hands_out_or_was_made_of_does_not_change_it():
    frame, games = make_frame(), games_of()
    table = Table.from_frame(frame, games)
    kept = table.frame
    frame.loc[:, "state"] = 0.0
    games.clear()
    table.games.clear()
    handed_out = table.frame
    handed_out.loc[:, "message"] = 0.0
    pd.testing.assert_frame_equal(table.frame, kept)
    assert len(table.games) == 2


def test_attributes_of_a_table_cannot_be_set():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_table().name = "other"


def test_a_table_crosses_process_borders():
    table = make_table("forecast-sharing")
    again = pickle.loads(pickle.dumps(table))
    assert again == table
    assert hash(again) == hash(table)
    pd.testing.assert_frame_equal(again.frame, table.frame)


def test_facts_of_a_table_are_properties():
    table = make_table(subjects=3, periods=5)
    assert table.subjects == ["s01", "s02", "s03"]
    assert table.roles == ["sender", "receiver"]
    assert table.decisions == {"sender": 9, "receiver": 6}
    assert table.conditions == ["over", "under"]
    assert len(table) == 15


def test_only_one_role_keeps_the_name_and_notes_the_selection():
    table = make_table()
    senders = table.only("sender")
    assert senders.roles == ["sender"]
    assert senders.name == table.name
    assert senders.label == f"{table.name} [senders only]"
    assert senders.fingerprint != table.fingerprint
    assert senders.only("sender") is senders


def test_some_people_only_leaves_out_conditions_that_nobody_of_them_played():
    table = make_table()
    one = table.of("s01")
    assert one.subjects == ["s01"]
    assert one.conditions == ["over"]
    assert one.label.endswith("[1 of 4 people]")
    assert table.of(table.subjects) is table
    assert table.of(["s02", "s01"]).only("receiver").label.endswith("[2 of 4 people, receivers only]")


def test_a_selection_equals_the_table_made_of_the_same_rows():
    table = make_table()
    frame = make_frame()
    direct = Table.from_frame(frame[frame["role"] == "sender"], games_of())
    assert table.only("sender").fingerprint == direct.fingerprint


@pytest.mark.parametrize(
    ("select", "fragment"),
    [
        (lambda table: table.only("judge"), "'judge'"),
        (lambda table: table.only("sender").only("receiver"), "'receiver'"),
        (lambda table: table.of(["s01", "s77"]), "'s77'"),
        (lambda table: table.of([]), "no subject is named"),
    ],
)
def test_selecting_what_is_not_there_is_refused(select, fragment):
    with pytest.raises(DataError, match=fragment):
        select(make_table())


def test_synthetic_data_are_labelled_wherever_they_are_named():
    table = make_table(synthetic=True)
    for named in (table, table.only("sender"), table.of("s01")):
        assert named.label.endswith("(SYNTHETIC)")
        assert "SYNTHETIC" in repr(named)
        assert "SYNTHETIC" in named._repr_html_()


def test_a_synthetic_source_makes_a_synthetic_table_whatever_else_is_said():
    table = make_table(source=Source(title="made up", synthetic=True), synthetic=False)
    assert table.synthetic


def test_a_table_prints_itself_in_a_few_lines():
    text = repr(make_table())
    assert len(text.splitlines()) <= 8
    for fact in (
        "made_up_estimation",
        "4",
        "24 (12 as sender, 12 as receiver)",
        "over, under",
        make_table().fingerprint[:16],
    ):
        assert fact in text


def test_html_shows_labels_as_text():
    assert "<b>" not in make_table(name="<b>bold</b>")._repr_html_()


def test_missing_covariates_have_a_stable_fingerprint():
    frame = make_frame().assign(age=np.nan, country=None)
    assert Table.from_frame(frame, games_of()).fingerprint == Table.from_frame(frame, games_of()).fingerprint


def test_a_table_equals_tables_of_the_same_rows_and_nothing_else():
    table = make_table()
    assert table == make_table()
    assert table != make_table(seed=5)
    assert table != make_table(name="other")
    assert table != table.frame.to_csv()
    assert table not in [3, None]
