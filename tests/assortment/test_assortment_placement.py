"""Several places from one catalogue, and the worked example of three fulfilment centres."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.examples.fulfilment import MINIMA

FOLDER = Path(__file__).parents[2] / "datasets" / "simulated_fulfilment"
LEVERS = (0.0, 0.5, 2.0)


@pytest.fixture(scope="module")
def plans():
    placement = est.simulated_fulfilment()
    return {lever: placement.solve(lever) for lever in LEVERS}


@pytest.fixture(scope="module")
def products():
    return pd.read_csv(FOLDER / "products.csv", index_col="product", keep_default_na=False)


def test_the_shipped_tables_are_those_that_the_script_makes(products):
    spec = importlib.util.spec_from_file_location("generate", FOLDER / "generate.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = script.products(np.random.default_rng(2021)).round(4).set_index("product")
    pd.testing.assert_frame_equal(made, products, check_dtype=False)


def test_every_centre_keeps_to_its_space_its_minima_and_does_not_split_sets(plans, products):
    centres = pd.read_csv(FOLDER / "centres.csv", index_col="centre")
    for plan in plans.values():
        for name, stock in plan.stock.items():
            held = products.loc[list(stock)]
            assert len(held) <= centres.loc[name, "slots"]
            counts = held["category"].value_counts()
            assert all(counts.get(category, 0) >= least for category, least in MINIMA.items())
            assert set(held.loc[held["set"] != "", "set"].value_counts()) <= {2}


def test_revenue_utility_and_the_total_are_what_their_customers_add_up_to(plans, products):
    centres = pd.read_csv(FOLDER / "centres.csv", index_col="centre")
    plan = plans[0.5]
    revenue = utility = 0.0
    for name, row in centres.iterrows():
        stock = list(plan.stock[name])
        for share, who in ((row["loyal_share"], "loyal"), (1 - row["loyal_share"], "others")):
            weight = products.loc[stock, f"{who}_{name}"]
            total = 1 + weight.sum()
            revenue += row["customers"] * share * (weight * products.loc[stock, "revenue"]).sum() / total
            utility += row["customers"] * share * np.log(total)
    assert plan.table.loc["total", "revenue"] == pytest.approx(revenue)
    assert plan.table.loc["total", "utility"] == pytest.approx(utility)
    assert plan.table.loc["total", "objective"] == pytest.approx(revenue + 0.5 * utility)
    assert plan.table.loc["total", "stocked"] == len({p for stock in plan.stock.values() for p in stock})


def test_loyal_toothpaste_buyers_get_their_toothpaste_once_utility_counts(plans):
    without, with_it = (sum("toothpaste 1" in stock for stock in plans[lever].stock.values()) for lever in (0.0, 0.5))
    assert without < with_it == 3


def test_no_stock_of_a_centre_could_be_better_by_a_twentieth(plans):
    table = plans[0.5].table
    assert (table["gap"] < 0.05 * table["objective"]).all()


def test_more_weight_on_utility_never_earns_more_and_fewer_customers_leave():
    rng = np.random.default_rng(41)
    problems = {
        place: est.Assortment(rng.uniform(0, 9, 30), rng.lognormal(-2, 1, 30)).subject_to(est.AtMost(8))
        for place in ("one", "two")
    }
    table = est.Placement(problems, {"one": 10, "two": 30}).tradeoff([0.0, 1.0, 4.0, 20.0])
    assert table["revenue"].is_monotonic_decreasing
    assert table["utility"].is_monotonic_increasing
    assert table["no_purchase"].is_monotonic_decreasing
    assert (table["gap"] < 1e-9).all()


def test_the_example_is_labelled_synthetic_everywhere(plans):
    assert all("SYNTHETIC" in plan.label for plan in plans.values())
    placement = est.simulated_fulfilment()
    assert all("SYNTHETIC" in problem.problem.catalogue.label for problem in placement.problems.values())


def test_places_without_customers_are_refused_all_at_once():
    shop = est.Assortment([1.0], [1.0])
    with pytest.raises(est.AssortmentError) as caught:
        est.Placement({"a": shop, "b": shop}, {"a": -1})
    assert len(caught.value.problems) == 2
    with pytest.raises(est.AssortmentError, match="no place"):
        est.Placement({}, {})
