"""Receivers who met liars of known size: every fact known of the file, and that told and met are apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.data.library.places import shipped_folder

NAME = "oey_liars"
pytestmark = pytest.mark.data(NAME)


@pytest.fixture(scope="module")
def table():
    return est.load(NAME)


@pytest.fixture(scope="module")
def frame(table):
    return table.frame


def test_everybody_receives_a_hundred_times_and_nobody_sends(table, frame):
    assert (len(table), len(table.subjects), table.roles) == (10_600, 106, ["receiver"])
    assert (frame.groupby("subject")["period"].agg(["min", "max", "nunique"]) == [1, 100, 100]).all(axis=None)
    assert not table.synthetic
    assert frame["partner"].isna().all()


@pytest.mark.parametrize(
    ("condition", "liar", "people"), [("met-honest", 0.3, 34), ("met-small", 8.1, 35), ("met-big", 21.9, 37)]
)
def test_conditions_are_whom_people_met(frame, condition, liar, people):
    met = frame[frame["condition"] == condition]
    assert met["subject"].nunique() == people
    assert set(met["liar"]) == {liar}


def test_what_people_were_told_is_crossed_with_whom_they_met(frame):
    person = frame.groupby("subject")[["told", "liar"]].agg(["first", "nunique"])
    assert (person.xs("nunique", axis=1, level=1) == 1).all(axis=None)
    cells = pd.crosstab(person["told", "first"], person["liar", "first"])
    assert sorted(cells.index) == ["big", "honest", "small"]
    assert (cells.to_numpy().min(), cells.to_numpy().max()) == (9, 15)


@pytest.mark.parametrize(
    ("condition", "correction", "sd", "slope", "message", "state"),
    [
        ("met-honest", 4.73, 13.7, 0.755, 50.4, 50.1),
        ("met-small", 4.00, 14.1, 0.766, 57.7, 49.5),
        ("met-big", 15.15, 24.3, 0.507, 70.4, 49.5),
    ],
)
def test_the_known_facts_of_each_condition(frame, condition, correction, sd, slope, message, state):
    met = frame[frame["condition"] == condition]
    gap = met["message"] - met["action"]
    assert gap.mean() == pytest.approx(correction, abs=0.006)
    assert gap.std() == pytest.approx(sd, abs=0.06)
    assert np.polyfit(met["message"], met["action"], 1)[0] == pytest.approx(slope, abs=0.0006)
    assert met["message"].mean() == pytest.approx(message, abs=0.06)
    assert met["state"].mean() == pytest.approx(state, abs=0.06)


def test_the_sender_exaggerates_by_a_normal_number_of_known_mean_and_spread(frame):
    """Where nothing is cut; standard errors of means are .2, of variances some 2."""
    middle = frame[frame["state"].between(35, 65)]
    lie = middle["message"] - middle["state"]
    for liar, one in lie.groupby(middle["liar"]):
        assert one.mean() == pytest.approx(liar, abs=4 * 8.1 / np.sqrt(len(one)))
        assert one.var() == pytest.approx(8.1**2, abs=4 * 8.1**2 * np.sqrt(2 / len(one)))


def test_the_prior_is_that_of_the_states_drawn(table, frame):
    game = table.games["met-big"]
    drawn = np.array([(frame["state"] <= state).mean() for state in game.states])
    assert np.abs(drawn - np.cumsum(game.prior)).max() < 4 * 0.5 / np.sqrt(len(frame))
    assert {game.direction for game in table.games.values()} == {1}


def test_nobody_was_shown_what_was_true(table, frame):
    assert frame["outcome"].isna().all()
    with pytest.raises(est.TheoryError, match="outcome"):
        est.fit(est.DynamicTrust(), table)


def test_the_data_are_never_shipped():
    source = est.describe(NAME)
    assert not source.redistribution
    assert not any((shipped_folder() / NAME / file.name).exists() for file in source.files)
    assert all("ae9831a8173998348eac38a4a250d1075ca8071c" in file.url for file in source.files)
