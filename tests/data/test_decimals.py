"""Decimals, as databases write prices, are the numbers that the same digits of a text are."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.inference.problem import MessageProblem


def as_decimals(values):
    return [None if pd.isna(value) else Decimal(str(value)) for value in values]


@pytest.fixture(scope="module")
def table():
    return est.load("simulated_forecast_sharing")


@pytest.fixture(scope="module")
def decisions(table):
    numbers = ["state", "message", "action", "period"]
    return table.frame.assign(**{name: as_decimals(table.frame[name]) for name in numbers})


@pytest.fixture(scope="module")
def choices():
    frame = choice_frame(people=150, situations=6)
    frame["subject"] = frame["subject"].str.removeprefix("s").astype(int)
    return frame.assign(price=np.random.default_rng(1).integers(1, 10**9, len(frame)) / 100)


def stored(choices):
    """Return choices as a database gives them: numbers, marks and numbers of people are decimals."""
    return choices.assign(**{name: as_decimals(choices[name]) for name in ("price", "chosen", "subject")})


def test_tables_read_decimals_as_numbers(table, decisions, choices):
    assert est.Table.from_frame(decisions, table.games).fingerprint == table.fingerprint
    assert est.read_choices(stored(choices)).fingerprint == est.read_choices(choices).fingerprint


def test_partitions_read_decimals_as_numbers(tmp_path, table, decisions, choices):
    (tmp_path / "talk").mkdir()
    decisions.to_parquet(tmp_path / "talk" / "all.parquet")
    parts = est.partitions(tmp_path / "talk", table.games)
    assert est.Table.from_frame(parts.read(parts.parts[0]).frame, table.games).fingerprint == table.fingerprint
    (tmp_path / "shop").mkdir()
    stored(choices).to_parquet(tmp_path / "shop" / "all.parquet")
    shop = est.choice_partitions(tmp_path / "shop")
    assert shop.read(shop.parts[0]).fingerprint == est.read_choices(choices).fingerprint
    assert len(shop.example) < len(shop)  # prices are no labels, all of which the example would have


def test_decimals_that_are_streamed_to_partitions_stand_there_as_numbers(tmp_path, choices):
    stored(choices).to_parquet(tmp_path / "all.parquet")
    parts = est.write_choice_partitions(tmp_path / "all.parquet", tmp_path / "parts", 2)
    written = pd.concat([pd.read_parquet(parts.file_of(part)) for part in parts.parts])
    assert sorted(written["price"]) == sorted(choices["price"])
    assert set(parts.subjects) == set(choices["subject"].astype(str))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("price", "Infinity", "'price' .* must be finite"),
        ("chosen", "0.5", "'chosen' .* must be 0 or 1"),
        ("subject", "0.5", "'subject' .* must be a label"),
    ],
)
def test_decimals_that_cannot_be_meant_are_named(choices, column, value, words):
    frame = stored(choices)
    frame[column] = [Decimal(value), *frame[column][1:]]
    with pytest.raises(est.DataError, match=words):
        est.read_choices(frame)


def test_decimals_of_a_covariate_are_no_categories(table):
    frame = table.frame
    ages = {subject: Decimal(20 + place % 30) for place, subject in enumerate(table.subjects)}
    with_age = est.Table.from_frame(frame.assign(age=frame["subject"].map(ages)), table.games)
    problem = MessageProblem(est.Honest(sender_precision="~ age"), with_age)
    assert problem.labels["covariate"] == ["sender_precision: age"]
