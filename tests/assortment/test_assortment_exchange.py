"""The lever in money, and the frontier as a table that can be handed on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from estimation.assortment import Assortment, AtMost, listing
from estimation.errors import AssortmentError


def frontier(seed=0, count=40, cap=12):
    rng = np.random.default_rng([51, seed])
    names = [f"p{place}" for place in range(count)]
    problem = Assortment(rng.uniform(-1, 10, count), rng.lognormal(-2, 1, count), products=names)
    return problem.subject_to(AtMost(cap)).frontier()


@pytest.mark.parametrize("seed", range(5))
def test_the_price_of_utility_is_the_lever_at_which_neighbours_are_equally_good(seed):
    found = frontier(seed)
    table, steps = found.table, found.exchange()
    assert len(steps) == len(table) - 1 > 3
    np.testing.assert_allclose(steps["revenue_lost"] / steps["utility_gained"], steps["revenue_per_utility"], rtol=1e-6)
    for place, lever in steps["revenue_per_utility"].items():
        one, other = table.loc[place - 1], table.loc[place]
        assert one["revenue"] + lever * one["utility"] == pytest.approx(other["revenue"] + lever * other["utility"])
    assert steps["revenue_per_utility"].is_monotonic_increasing


@pytest.mark.parametrize("seed", range(5))
def test_what_a_lost_customer_costs_makes_neighbours_earn_the_same(seed):
    found = frontier(seed)
    table, steps = found.table, found.exchange()
    for place, cost in steps["revenue_per_customer_kept"].items():
        one, other = table.loc[place - 1], table.loc[place]
        earned = [row["revenue"] - cost * row["no_purchase"] for row in (one, other)]
        assert earned[0] == pytest.approx(earned[1])
        assert one["shift_high"] <= cost * (1 + 1e-9)
        assert cost <= other["shift"] * (1 + 1e-9)


def test_a_menu_is_revenue_optimal_when_lost_customers_cost_what_the_table_says():
    found = frontier(1)
    catalogue = found.path.catalogue
    for row, menu in zip(found.table.itertuples(), found.menus, strict=True):
        cost = (row.shift + min(row.shift_high, 2 * row.shift + 1)) / 2
        raised = Assortment(catalogue.revenue + cost, catalogue.weight, products=catalogue.products)
        assert set(raised.subject_to(AtMost(12)).solve(0.0).products) == set(menu.products)


def test_with_a_price_coefficient_utility_is_consumer_surplus_in_money():
    steps = frontier(2).exchange(price_coefficient=0.25)
    np.testing.assert_allclose(steps["surplus_gained"], 4 * steps["utility_gained"])
    np.testing.assert_allclose(steps["revenue_per_surplus"], steps["revenue_lost"] / steps["surplus_gained"], rtol=1e-6)
    for wrong in (0.0, -1.0, np.nan):
        with pytest.raises(AssortmentError, match="price_coefficient is"):
            frontier().exchange(wrong)


def test_the_file_holds_the_table_and_menus_that_its_changes_add_up_to(tmp_path):
    found = frontier(3)
    written = pd.read_csv(found.to_csv(tmp_path / "frontier.csv"), index_col="menu", keep_default_na=False)
    for name in found.table:
        np.testing.assert_allclose(written[name].astype(float), found.table[name], rtol=1e-12)
    here: set[str] = set()
    for row, menu in zip(written.itertuples(), found.menus, strict=True):
        entered, left = (set(text.split("; ")) - {""} for text in (row.enters, row.leaves))
        assert not entered & here
        assert left <= here
        here = (here | entered) - left
        assert here == set(menu.products) == set(row.products.split("; "))
    assert [path.name for path in tmp_path.iterdir()] == ["frontier.csv"]


def test_whole_menus_are_left_out_of_listings_that_would_be_huge(monkeypatch):
    monkeypatch.setattr(listing, "MOST", 10)
    table = frontier(4).listing()
    assert "products" not in table
    assert {"enters", "leaves"} <= set(table)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(AssortmentError, match="make it first"):
        frontier().to_csv(tmp_path / "nowhere" / "frontier.csv")


def test_a_search_that_takes_long_tells_how_far_it_is():
    rng = np.random.default_rng(52)
    told = []
    found = Assortment(rng.uniform(0, 9, 60), rng.lognormal(-2, 1, 60)).subject_to(AtMost(9)).frontier(told.append)
    assert told == list(range(1, len(found.path.table) + 1))
