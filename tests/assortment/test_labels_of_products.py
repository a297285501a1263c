"""Numbers belong to the product that their label names, whatever the order, and gaps bound nothing that they should."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est

REVENUE, WEIGHT = {0: 10.0, 1: 6.0, 2: 3.0}, {2: 2.0, 0: 0.5, 1: 1.0}


def read(problem):
    catalogue = problem.catalogue
    return {
        label: (float(catalogue.revenue[place]), float(catalogue.weight[place]))
        for label, place in catalogue.place.items()
    }


RIGHT = {label: (REVENUE[label], WEIGHT[label]) for label in REVENUE}


def test_keys_of_mappings_name_products_even_where_they_are_numbers_from_zero():
    assert read(est.Assortment(REVENUE, WEIGHT)) == RIGHT
    assert read(est.Assortment(WEIGHT, WEIGHT)) == {label: (value, value) for label, value in WEIGHT.items()}
    assert read(est.Assortment(REVENUE, [2.0, 0.5, 1.0], products=[2, 0, 1])) == RIGHT


def test_a_table_that_was_sorted_keeps_its_labels_and_what_stands_beside_it_goes_by_them():
    table = pd.DataFrame({"revenue": [10.0, 6.0, 3.0], "weight": [0.5, 1.0, 2.0], "kind": ["x", "y", "y"]})
    ranked = table.sort_values("weight", ascending=False)
    assert ranked.index.tolist() == [2, 1, 0]
    assert read(est.Assortment(ranked["revenue"], table["weight"])) == RIGHT
    problem = est.Assortment(table["revenue"], table["weight"], products=ranked.index)
    assert read(problem) == RIGHT
    named = problem.subject_to(est.PerCategory(table["kind"], at_most=1)).frontier()
    assert all(set(menu.products) in ({0, 1}, {0, 2}) for menu in named.menus)


def test_other_weights_go_by_their_labels_and_keep_what_draws_are_relative_to():
    problem = est.Assortment([10.0, 6.0], [0.5, 1.0], 2.0, ["a", "b"], draws=[[0.5, 1.0]])
    other = problem.at_weights(pd.Series({"b": 7.0, "a": 5.0}))
    assert read(other) == {"a": (10.0, 5.0), "b": (6.0, 7.0)}
    for asked in (problem, other):
        np.testing.assert_allclose(est.under_draws(asked).draws.weights, [[[0.25, 0.5]]])


def test_what_buying_nothing_weighs_beside_draws_is_the_problems_or_must_be_said():
    problem = est.Assortment([10.0, 6.0], [0.5, 1.0], 2.0, ["a", "b"])
    with pytest.raises(est.AssortmentError, match="buying nothing weighs 2 in the problem"):
        est.under_draws(problem, [[0.5, 1.0]])
    menu = est.under_draws(problem, [[0.5, 1.0]], outside_weight=2.0).solve(1.0)
    assert menu.objective == pytest.approx(problem.solve(1.0).objective)


def test_frames_of_draws_and_of_rows_go_by_their_columns():
    problem = est.Assortment([10.0, 6.0, 3.0], [0.5, 1.0, 2.0], products=["a", "b", "c"])
    draws = pd.DataFrame([[2.0, 0.5, 1.0]], columns=["c", "a", "b"])
    np.testing.assert_array_equal(est.under_draws(problem, draws).draws.weights, [[[0.5, 1.0, 2.0]]])
    rows = pd.DataFrame([[0.0, 1.0, 1.0]], columns=["c", "a", "b"])
    menus = problem.subject_to(est.LinearRows(rows, upper=1)).frontier().menus
    assert not any({"a", "b"} <= set(menu.products) for menu in menus)
    assert problem.subject_to(est.LinearRows(rows, upper=1)).solve(9.0).products == ("b", "c")
    unknown = draws.rename(columns={"c": "d"})
    for wrong in (lambda: est.under_draws(problem, unknown), lambda: problem.subject_to(est.LinearRows(unknown))):
        with pytest.raises(est.AssortmentError, match="'d', 'a', 'b' are not the products 'a', 'b', 'c'"):
            wrong()


def test_products_without_a_category_are_of_none():
    problem = est.Assortment([10.0, 9.0, 8.0], [0.5, 1.0, 2.0], products=["a", "b", "c"])
    kinds = pd.Series(["x", np.nan, np.nan], index=["a", "b", "c"])
    everything = problem.subject_to(est.PerCategory(kinds, at_most=1)).solve(50.0)
    assert everything.products == ("a", "b", "c")
    first = problem.subject_to(est.PerCategory(kinds, at_least=1), est.AtMost(1)).solve(50.0)
    assert first.products == ("a",)


PAIRS = [("pen", "9"), ("pen", "10"), ("pad", "9"), ("pad", "10")]


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        (est.PriceWindow([1.0, np.nan, 2.0, 3.0], 0, 2, at_most=1), r"the price of \('pen', '10'\) is no number"),
        (est.QualityConsistent([["pen", "pad"]]), "prices must be numbers, which have an order, not '9', '10'"),
        (est.OnePrice(item=["pen", None, "pad", "pad"]), r"\('pen', '10'\) without item, price or location"),
    ],
)
def test_prices_and_items_that_nothing_can_be_said_of_are_refused(demand, words):
    with pytest.raises(est.AssortmentError, match=words):
        est.Assortment([1.0, 2.0, 1.0, 2.0], np.ones(4), products=PAIRS).subject_to(demand)


def test_a_place_called_total_and_a_ladder_on_which_dearer_is_dearer_liked_are_refused():
    problem = est.Assortment([1.0], [1.0])
    with pytest.raises(est.AssortmentError, match="no place may be called 'total'"):
        est.Placement({"total": problem}, {"total": 3})
    with pytest.raises(est.AssortmentError, match="sensitivity of item 'pen' is -1"):
        est.price_ladder({"pen": 1.0}, [1.0, 2.0], sensitivity=-1.0)
