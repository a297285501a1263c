"""Plausible slips in what is given are refused with what to give instead; numbers of any type are taken."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from estimation.assortment import (
    Assortment,
    AtMost,
    Display,
    LinearRows,
    OnePrice,
    PerCategory,
    Placement,
    PriceWindow,
    QualityConsistent,
    Refresh,
    Requires,
    WorstCase,
    total_unimodularity,
    under_draws,
)
from estimation.errors import AssortmentError
from estimation.report.menus.figures import plot_bands, plot_frontier, plot_menus, plot_tradeoff

LABELS = ["pen", "pad", "clip"]
DRAWS = [[1.0, 2.0, 3.0], [2.0, 1.0, 1.0]]
GAPS = pd.DataFrame({"pen": pd.array([1, None], "Int64"), "pad": [1, 2], "clip": [1, 2]})
WHOLE = pd.DataFrame({"clip": [1, 2], "pen": pd.array([2, 1], "Int64"), "pad": [1, 2]})


def stationery():
    return Assortment([10.0, 6.0, 3.0], [0.5, 1.0, 2.0], products=LABELS)


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        (Requires("pen", ["pad", "clip"]), "write a Requires for each pair"),
        (Requires(["pen"], "pad"), "write a Requires for each pair"),
        (AtMost(1, among="pen"), "'pen' is no list"),
        (AtMost(1, among=3), "3 is no list"),
        (AtMost(1, among=[["pen"]]), r"\['pen'\] not in the catalogue"),
        (AtMost(1, among=iter(LABELS)), "is no list"),
        (Refresh("pen", 1), "'pen' is no list"),
        (Refresh([["pen"]], 1), r"\['pen'\] not in the catalogue"),
        (PerCategory(None, at_most=1), "PerCategory: None is no list"),
        (PerCategory("abc", at_most=1), "'abc' is no list"),
        (PerCategory([["a"], ["b"], ["c"]], at_most=1), r"product 'pen' has \['a'\]; give it one value"),
        (PerCategory(pd.DataFrame({"of": ["a", "b", "a"]}), at_most=1), "give one per product, in order"),
        (PriceWindow(None, 0, 1, at_most=1), "None is no list"),
        (OnePrice(3), "OnePrice: 3 is no list"),
        (Display([["a"], ["b"], ["c"]], [1, 2, 3]), r"product 'pad' has \['b'\]"),
        (QualityConsistent(3, LABELS, [1, 2, 3]), "3 is no list; give lists of items"),
        (QualityConsistent(["pen"], LABELS, [1, 2, 3]), "'pen' is no list; give each chain as a list"),
        (QualityConsistent([[["pen"]]], LABELS, [1, 2, 3]), r"no product belongs to item \['pen'\]"),
        (LinearRows(None), "no numbers in rows of one length"),
        (LinearRows([[1, 2, 3], [1, 2]]), "no numbers in rows of one length"),
        (LinearRows([["a", "b", "c"]]), "row 0, column 0 is nan; entries must be finite"),
        (LinearRows(np.array([[1, None, 2]], dtype=object)), "row 0, column 1 is nan"),
        (LinearRows(np.array([[1j, 2, 3]])), "row 0, column 0 is nan"),
        (LinearRows(GAPS), "row 1, column 0 is nan"),
        (LinearRows([[1, 2, 3]], upper="much"), "upper is 'much'; give numbers"),
        (LinearRows([[1, 2, 3]], upper=[None]), r"upper is \[None\]; give numbers"),
        (LinearRows([[1, 2, 3]], lower={"a": 1}), "lower is {'a': 1}; give one number per row"),
        (LinearRows([[1, 2, 3]], upper=[[1], [2, 3]]), "give one number per row, 1 in all"),
        (LinearRows([[1, 2, 3]], upper=2, names="x"), "'x' is no list; give one name per row"),
    ],
)
def test_a_demand_that_cannot_be_read_says_what_to_give(demand, said):
    with pytest.raises(AssortmentError, match=said):
        stationery().subject_to(demand)


@pytest.mark.parametrize("rows", [np.array([[1, 1, 2], [2, 2, 1]], dtype=object), WHOLE[LABELS], WHOLE])
def test_rows_of_whole_numbers_of_any_type_are_read_as_numbers(rows):
    rows = rows.set_axis(LABELS, axis=1) if rows is not WHOLE and isinstance(rows, pd.DataFrame) else rows
    with pytest.warns(UserWarning, match="are not totally unimodular"):
        menu = stationery().subject_to(LinearRows(rows, upper=2)).solve()
    assert menu.products == ("pen",)


@pytest.mark.parametrize("given", [AtMost(1), None])
def test_one_constraint_where_a_list_belongs_is_refused(given):
    with pytest.raises(AssortmentError, match=r"constraints must be a list, as in \[AtMost"):
        Assortment([1.0, 2.0], [1.0, 1.0], constraints=given)


@pytest.mark.parametrize(
    ("revenue", "products", "said"),
    [
        ([[1, 2], [3]], None, "revenue has shape"),
        ([1, 2], 3, "products: 3 is no list"),
        ([1, 2], [["a"], ["b"]], r"products: \['a'\] is no label"),
    ],
)
def test_products_that_cannot_be_read_are_refused(revenue, products, said):
    with pytest.raises(AssortmentError, match=said):
        Assortment(revenue, [1.0, 2.0], products=products)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weights": [["a", "b", "c"]]}, "draw 0, product 'pen': weight is nan"),
        ({"weights": [[1, 2, 3], [1, 2]]}, "weights must be numbers in rows of one length"),
        ({"weights": {"pen": [1], "pad": [1], "clip": [1]}}, "weights must be numbers in rows of one length"),
        ({"weights": GAPS}, "draw 1, product 'pen': weight is nan"),
        ({"weights": DRAWS, "shares": {"north": 1}}, "shares must be numbers"),
        ({"weights": DRAWS, "shares": ["a"]}, "shares must be finite"),
        ({"weights": DRAWS, "draw_weights": {"a": 1}}, "draw_weights must be numbers"),
        ({"weights": DRAWS, "outside_weight": {"a": 1}}, "outside_weight must be numbers"),
        ({"weights": DRAWS, "outside_weight": "much"}, "outside_weight must be finite"),
    ],
)
def test_draws_that_cannot_be_read_are_refused(given, said):
    with pytest.raises(AssortmentError, match=said):
        under_draws(stationery(), **given)


def test_weights_in_the_place_of_the_problem_are_refused():
    with pytest.raises(AssortmentError, match="give a problem, as Assortment makes it, before the weights"):
        under_draws(DRAWS, stationery())


@pytest.mark.parametrize("risk", ["worst", WorstCase])
def test_a_risk_by_its_name_or_its_class_is_refused(risk):
    with pytest.raises(AssortmentError, match=r"give Expected\(\), TailMean\(share\) or WorstCase\(\)"):
        under_draws(stationery(), DRAWS).solve(risk=risk)


@pytest.mark.parametrize(
    ("menus", "said"),
    [
        ({}, "give menus by name"),
        ([("pen",)], "give menus by name"),
        ({"now": "pen"}, "menu 'now': 'pen' is no list"),
        ({"now": 3}, "menu 'now': 3 is no list"),
        ({"now": [["pen"]], "later": ["glue"]}, "menu 'later': 'glue' not in the catalogue"),
    ],
)
def test_menus_that_cannot_be_compared_are_refused(menus, said):
    with pytest.raises(AssortmentError, match=said):
        under_draws(stationery(), DRAWS).compare(menus)


def test_one_lever_where_several_belong_is_refused():
    for ask in (under_draws(stationery(), DRAWS).frontier, Placement({"a": stationery()}, {"a": 1.0}).tradeoff):
        with pytest.raises(AssortmentError, match="utility_weights: 3 is no list"):
            ask(3)


@pytest.mark.parametrize(
    ("problems", "customers", "said"),
    [
        (stationery(), {"a": 1.0}, "problems must be given by place"),
        ({"a": stationery()}, 3, "customers must be given by place"),
        ({"a": 3}, {"a": 1.0}, "place 'a': 3 is no problem"),
    ],
)
def test_places_without_names_or_problems_are_refused(problems, customers, said):
    with pytest.raises(AssortmentError, match=said):
        Placement(problems, customers)


@pytest.mark.parametrize("matrix", ["abc", [[1], [1, 2]], None])
def test_what_is_no_matrix_is_not_asked_whether_it_is_unimodular(matrix):
    with pytest.raises(AssortmentError, match="is no matrix; give rows of numbers"):
        total_unimodularity(matrix)


@pytest.mark.parametrize("draw", [plot_frontier, plot_menus, plot_tradeoff, plot_bands])
def test_a_problem_that_is_drawn_before_it_is_solved_is_refused(draw):
    with pytest.raises(AssortmentError, match=r"cannot be drawn here; give what .*frontier\(\) gives"):
        draw(stationery())


class WithoutDraws:
    """One best value of each parameter."""


def test_a_fit_without_draws_and_a_column_that_is_not_there_are_named_together():
    with pytest.raises(AssortmentError) as caught:
        Assortment.from_fit(WithoutDraws(), pd.DataFrame({"price": [1.0]}), "revenue")
    assert len(caught.value.problems) == 2
    assert "WithoutDraws says nothing of what products are worth" in caught.value.problems[0]
    assert "no column 'revenue', only 'price'" in caught.value.problems[1]
    with pytest.raises(AssortmentError, match="products must be a table with one row per product, not list"):
        Assortment.from_fit(WithoutDraws(), [1.0], [1.0])
