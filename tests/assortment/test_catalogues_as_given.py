"""Catalogues are what series, mappings, tables, ladders and written numbers say, put in order by their labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from small_shop import shop

from estimation.assortment import Assortment, LinearRows, PerCategory, price_ladder


def test_series_are_aligned_by_their_labels():
    revenue = pd.Series([1.0, 2.0, 3.0], index=["a", "b", "c"])
    weight = pd.Series([30.0, 10.0, 20.0], index=["c", "a", "b"])
    catalogue = Assortment(revenue, weight).catalogue
    assert catalogue.products.tolist() == ["a", "b", "c"]
    assert catalogue.weight.tolist() == [10.0, 20.0, 30.0]


def test_mappings_are_aligned_by_their_keys_and_tables_with_a_default_index_by_their_order():
    catalogue = Assortment({"a": 1.0, "b": 2.0}, {"b": 20.0, "a": 10.0}).catalogue
    assert catalogue.weight.tolist() == [10.0, 20.0]
    table = pd.DataFrame({"id": [2, 0, 1], "revenue": [1.0, 2.0, 3.0], "kind": ["x", "y", "x"]})
    problem = Assortment(table["revenue"], [1.0, 1.0, 1.0], products=table["id"])
    assert problem.catalogue.place == {2: 0, 0: 1, 1: 2}
    assert problem.catalogue.revenue.tolist() == [1.0, 2.0, 3.0]
    assert problem.subject_to(PerCategory(table["kind"], at_most=1)).solve(9.0).products == (0, 1)


def test_a_price_ladder_makes_pairs_with_the_logit_weight_and_the_margin():
    problem = price_ladder({"tea": 2.0, "cake": 1.0}, [1.0, 3.0], sensitivity={"tea": 0.5, "cake": 1.0}, unit_cost=0.5)
    catalogue = problem.catalogue
    assert catalogue.products.tolist() == [("tea", 1.0), ("tea", 3.0), ("cake", 1.0), ("cake", 3.0)]
    np.testing.assert_allclose(catalogue.weight, np.exp([1.5, 0.5, 0.0, -2.0]))
    np.testing.assert_allclose(catalogue.revenue, [0.5, 2.5, 0.5, 2.5])
    items = [item for item, _ in problem.solve(0.0).products]
    assert len(set(items)) == len(items)


def test_a_ladder_takes_tables_by_item_as_it_takes_mappings():
    slopes = pd.Series([1.0, 0.5], index=["cake", "tea"])
    table = price_ladder(pd.Series({"tea": 2.0, "cake": 1.0}), [1.0, 3.0], sensitivity=slopes).catalogue
    mapping = price_ladder({"tea": 2.0, "cake": 1.0}, [1.0, 3.0], sensitivity={"tea": 0.5, "cake": 1.0}).catalogue
    assert table.products.equals(mapping.products)
    np.testing.assert_array_equal(table.weight, mapping.weight)


def test_numbers_that_are_written_as_text_are_numbers():
    assert Assortment(["1.5", "2e1"], ["1", "0.5"]).catalogue.proceeds.tolist() == [1.5, 10.0]


def test_a_frame_without_names_is_in_the_order_of_the_products():
    rows = np.array([[1.0, 0.0, 1.0, 0.0]])
    frame, array = (shop(LinearRows(given, upper=1)).solve(5.0) for given in (pd.DataFrame(rows), rows))
    assert frame.products == array.products
    assert not {"pen", "notebook"} <= set(frame.products)
