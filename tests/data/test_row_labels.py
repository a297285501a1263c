"""People, and what else a table needs, may stand in the index of a frame: they are read as columns are."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of

import estimation as est
from estimation.games.money_request import money_request

PEOPLE = ["p", "p", "q", "q"]
CHOICES = pd.DataFrame(
    {"subject": PEOPLE, "situation": [1, 1, 2, 2], "alternative": list("abab"), "chosen": [1, 0, 0, 1]}
).assign(price=[1.0, 2, 3, 5], rank=[1, 2, 2, 1])
TWICE = pd.concat([CHOICES, CHOICES.assign(situation=CHOICES["situation"] + 2)], ignore_index=True)
"""Two people with two situations each: without the people there would be four."""

WIDE = pd.DataFrame({"subject": PEOPLE, "choice": list("abab"), "price.a": [1.0, 2, 3, 4], "price.b": 2.0})
TASKS = pd.DataFrame({"one": ["a", "b"], "two": ["b", "c"], "three": ["c", "a"], "best": ["a", "c"], "worst": "b"})
DECISIONS = pd.DataFrame({"subject": list("aabb"), "role": "sender", "period": [1, 2, 1, 2], "condition": "over"})
DECISIONS = DECISIONS.assign(state=3, message=4, action=5, partner=list("bbaa"))
PLAYED = pd.DataFrame({"subject": ["a", "b"], "game": "g", "player": "row", "choice": ["11", "12"]})

READERS = {
    "long": (est.read_choices, TWICE),
    "frame": (est.ChoiceTable.from_frame, TWICE),
    "wide": (lambda frame: est.choices_from_wide(frame, alternatives=["a", "b"], attributes=["price"]), WIDE),
    "ranks": (lambda frame: est.read_ranks(frame, attributes=["price"]), TWICE.drop(columns="chosen")),
    "tasks": (
        lambda frame: est.read_best_worst(frame, offered=["one", "two", "three"]),
        pd.concat([TASKS, TASKS]).assign(subject=PEOPLE),
    ),
    "layout": (lambda frame: est.ChoiceLayout().table(frame), TWICE),
    "decisions": (lambda frame: est.Table.from_frame(frame, games_of()), DECISIONS),
    "plays": (lambda frame: est.PlayTable.from_frame(frame, {"g": money_request()}), PLAYED),
}


@pytest.mark.parametrize("reader", READERS)
def test_people_in_the_index_are_the_people_of_the_column(reader):
    read, frame = READERS[reader]
    expected = read(frame)
    assert len(expected.subjects) == 2
    assert read(frame.set_index("subject")) == expected
    assert read(frame.set_index(["subject", frame.columns[1]])) == expected if reader != "tasks" else True


def test_partners_in_the_index_are_kept():
    expected = est.Table.from_frame(DECISIONS, games_of())
    found = est.Table.from_frame(DECISIONS.set_index("partner"), games_of())
    assert found == expected
    assert set(found.frame["partner"]) == {"a", "b"}


def test_a_column_goes_before_an_index_of_its_name_and_other_indices_are_only_labels():
    frame = TWICE.set_axis(pd.Index(range(8), name="subject"))
    assert est.read_choices(frame) == est.read_choices(TWICE)
    assert est.read_choices(TWICE.set_axis(pd.Index(range(8), name="income"))).attributes == ["price", "rank"]


def test_a_column_called_subject_says_in_every_form_who_chose():
    read, frame = READERS["wide"]
    assert read(frame).subjects == ["p", "q"]
    assert read(frame.drop(columns="subject")).subjects == ["1", "2", "3", "4"]
    assert read(frame) == est.choices_from_wide(frame, alternatives=["a", "b"], attributes=["price"], subject="subject")


def test_columns_may_be_called_by_numbers():
    numbered = TWICE.rename(columns={"price": 5})
    expected = est.read_choices(TWICE.rename(columns={"price": "5"}), attributes=["5"])
    assert est.read_choices(numbered, attributes=["5"]) == est.read_choices(numbered, attributes=[5]) == expected
