"""The real experiment: its conditions, its prior, its other side; the ledger holds what was published about it."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.data import catalogue, describe
from estimation.data.library.places import shipped_folder
from estimation.data.tables.rules import nearest_option
from estimation.replication.lies_and_corrections import LIE, gaps

NAME = "oey_what_is_reality"
pytestmark = pytest.mark.data


@pytest.mark.parametrize(
    ("condition", "people"),
    [("over-linear", 56), ("over-quadratic", 48), ("under-linear", 47), ("under-quadratic", 53)],
)
def test_each_condition_has_its_people(oey_table, condition, people):
    frame = oey_table.frame
    assert frame.loc[frame["condition"] == condition, "subject"].nunique() == people


def test_the_cost_that_grows_faster_makes_lies_smaller():
    size = gaps(LIE).groupby("cost")["gap"].agg(lambda gap: gap.abs().mean())
    assert size["quadratic"] < size["linear"]


def test_the_games_carry_goal_and_cost_of_their_condition(oey_table):
    for condition, game in oey_table.games.items():
        goal, cost = condition.split("-")
        assert game.direction == {"over": 1, "under": -1}[goal]
        assert game.lie_power == {"linear": 1.0, "quadratic": 2.0}[cost]
        assert game.lie_reference == 10.0


def test_the_inferred_prior_describes_the_states_that_were_drawn(oey_table):
    states = oey_table.frame["state"]
    for game in oey_table.games.values():
        drawn = np.array([(states <= state).mean() for state in game.states])
        assert np.abs(drawn - np.cumsum(game.prior)).max() < 0.01
        assert game.state_spread == pytest.approx(states.std(), rel=0.03)


def test_the_draws_are_far_wider_than_the_instructions_say(oey_table):
    binomial = np.sqrt(100 * 0.5 * 0.5)
    assert oey_table.frame["state"].std() > 3.5 * binomial


def test_the_other_side_moves_as_a_poisson_with_mean_five(oey_table):
    frame = oey_table.frame
    heard = frame[(frame["role"] == "receiver") & frame["state"].between(20, 80)]
    sign = heard["goal"].map({"over": 1, "under": -1})
    lie = sign * (heard["message"] - heard["state"])
    assert lie.mean() == pytest.approx(5.0, abs=4 * np.sqrt(5 / len(lie)))
    assert lie.var() == pytest.approx(5.0, rel=0.1)


def test_the_table_is_real_lists_no_partner_and_keeps_its_covariates(oey_table):
    frame = oey_table.frame
    assert not oey_table.synthetic
    assert frame["partner"].isna().all()
    assert list(frame.columns[-3:]) == ["goal", "cost", "accuracy"]
    assert frame["accuracy"].between(0.75, 1.0).all()
    assert set(nearest_option(frame["message"].to_numpy(), np.arange(101.0)) - frame["message"]) == {0.0}


def test_the_data_are_never_shipped():
    source = describe(NAME)
    assert not source.redistribution
    assert not any((shipped_folder() / NAME / file.name).exists() for file in source.files)
    assert all("5ea73f8932fffa14dde0281c4ff21c5f71b3f14a" in file.url for file in source.files)
    assert [entry.available for entry in catalogue() if entry.name == NAME] == [True]
