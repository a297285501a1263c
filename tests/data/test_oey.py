"""The real experiment gives the numbers that were published about it."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from estimation.data import catalogue, describe
from estimation.data.places import shipped_folder
from estimation.data.rules import nearest_option

NAME = "oey_what_is_reality"
SENDER, RECEIVER = "mean message minus state", "mean action minus message"

pytestmark = pytest.mark.data


def published() -> list[dict[str, str]]:
    with (shipped_folder() / NAME / "published.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def gaps(table, quantity) -> pd.DataFrame:
    """Return the sender's lies (message - state) or the receiver's corrections (action - message)."""
    role, high, low = {
        SENDER: ("sender", "message", "state"),
        RECEIVER: ("receiver", "action", "message"),
    }[quantity]
    rows = table.only(role).frame
    return rows.assign(gap=rows[high] - rows[low])


def of_group(rows, group) -> pd.DataFrame:
    return rows[(rows["goal"] == group) | (rows["condition"] == group) | (group == "all")]


def mean_gap(quantity) -> Callable:
    return lambda table, group: of_group(gaps(table, quantity), group)["gap"].mean()


def t_of_mean_gap(quantity) -> Callable:
    def t(table, group):
        gap = of_group(gaps(table, quantity), group)["gap"]
        return gap.mean() / (gap.std() / np.sqrt(len(gap)))

    return t


def effect_of_cost(quantity) -> Callable:
    def effect(table, group):
        by_cost = of_group(gaps(table, quantity), group).groupby("cost")["gap"].mean()
        return by_cost["linear"] - by_cost["quadratic"]

    return effect


def correlation(table, _group="all") -> float:
    rows = table.only("sender").frame
    return rows["state"].corr(rows["message"])


def t_of_correlation(table, _group) -> float:
    r, n = correlation(table), len(table.only("sender"))
    return r * np.sqrt((n - 2) / (1 - r**2))


def by_person(table) -> pd.DataFrame:
    means = {
        name: gaps(table, name).groupby(["condition", "subject"])["gap"].mean() for name in (SENDER, RECEIVER)
    }
    return pd.DataFrame(means)


def within_cells(table, _group) -> float:
    cells = pd.DataFrame(
        {name: gaps(table, name).groupby("condition")["gap"].mean() for name in (SENDER, RECEIVER)}
    )
    people = by_person(table)
    return people.sub(cells.reindex(people.index.get_level_values("condition")).to_numpy()).corr().iloc[0, 1]


def over_cells(table, _group) -> float:
    means = [gaps(table, name).groupby("condition")["gap"].mean() for name in (SENDER, RECEIVER)]
    return means[0].corr(means[1])


COMPUTED: dict[str, Callable] = {
    "sender rows": lambda table, _group: table.decisions["sender"],
    "receiver rows": lambda table, _group: table.decisions["receiver"],
    "people": lambda table, _group: len(table.subjects),
    "correlation of state and message": correlation,
    "t of correlation of state and message": t_of_correlation,
    SENDER: mean_gap(SENDER),
    RECEIVER: mean_gap(RECEIVER),
    f"t of {SENDER}": t_of_mean_gap(SENDER),
    f"t of {RECEIVER}": t_of_mean_gap(RECEIVER),
    "linear minus quadratic message minus state": effect_of_cost(SENDER),
    "linear minus quadratic action minus message": effect_of_cost(RECEIVER),
    "correlation of own lie and correction": lambda table, _group: by_person(table).corr().iloc[0, 1],
    "correlation of own lie and correction within cells": within_cells,
    "correlation of mean lie and mean correction over cells": over_cells,
}
EARLIER_RUN = "mean action minus message in the earlier run"


@pytest.mark.parametrize(
    "row",
    [row for row in published() if row["quantity"] != EARLIER_RUN],
    ids=lambda row: f"{row['quantity']}, {row['group']}",
)
def test_a_published_number_is_reproduced_to_its_last_digit(oey_table, row):
    value = COMPUTED[row["quantity"]](oey_table, row["group"])
    assert value == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["digits"]))


def test_the_number_of_the_earlier_run_is_not_that_of_these_data(oey_table):
    (row,) = [row for row in published() if row["quantity"] == EARLIER_RUN]
    assert abs(mean_gap(RECEIVER)(oey_table, "under") - float(row["value"])) > 0.4


@pytest.mark.parametrize(
    ("condition", "people"),
    [("over-linear", 56), ("over-quadratic", 48), ("under-linear", 47), ("under-quadratic", 53)],
)
def test_each_condition_has_its_people(oey_table, condition, people):
    frame = oey_table.frame
    assert frame.loc[frame["condition"] == condition, "subject"].nunique() == people


def test_the_cost_that_grows_faster_makes_lies_smaller(oey_table):
    size = gaps(oey_table, SENDER).groupby("cost")["gap"].agg(lambda gap: gap.abs().mean())
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
