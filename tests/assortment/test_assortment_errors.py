"""Everything that is wrong is said at once, with the product, the value and the way out."""

from __future__ import annotations

import numpy as np
import pytest
from small_shop import shop

from estimation.assortment import (
    Assortment,
    AtLeast,
    AtMost,
    Display,
    Exactly,
    LinearRows,
    OnePrice,
    PerCategory,
    PriceWindow,
    QualityConsistent,
    Refresh,
    Requires,
    price_ladder,
)
from estimation.errors import AssortmentError


def problems_of(build):
    with pytest.raises(AssortmentError) as caught:
        build()
    return caught.value.problems


def test_every_bad_number_is_named_with_its_product():
    found = problems_of(
        lambda: Assortment([1.0, np.nan, 3.0], [1.0, -2.0, np.inf], outside_weight=0.0, products=["a", "b", "c"])
    )
    assert len(found) == 4
    assert found[0].startswith("product 'b': revenue is nan")
    assert found[1].startswith("product 'b': weight is -2.0")
    assert found[2].startswith("product 'c': weight is inf")
    assert found[3].startswith("outside_weight is 0.0")


def test_unequal_lengths_and_repeated_labels_are_reported_together():
    found = problems_of(lambda: Assortment([1.0, 2.0], [1.0], products=["a", "a"]))
    assert any("revenue has 2, weight has 1" in problem for problem in found)
    assert any("products repeat: 'a'" in problem for problem in found)


def test_a_table_instead_of_a_column_is_refused():
    assert "shape (2, 2)" in problems_of(lambda: Assortment(np.ones((2, 2)), [1.0, 1.0]))[0]


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        (AtLeast(10**400), "AtLeast(inf): no catalogue has so many products"),
        (AtMost(10**5000, among=["pen"]), "AtMost(inf): no catalogue has so many products"),
        (Exactly(-(10**5000)), "-inf is not a whole number >= 0"),
        (PerCategory(["a", "a", "b", "b"], at_most=10**400), "PerCategory at_most of 'every category': no catalogue"),
        (PriceWindow([1.0, 2, 3, 4], 1.0, 2.0, at_least=10**400), "no catalogue has so many products"),
        (Refresh(["pen"], at_most=10**400), "no catalogue has so many products"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_counts_beyond_all_numbers_are_refused_without_their_digits(demand, said):
    (first, *_) = problems_of(lambda: shop(demand).frontier())
    assert said in first
    assert len(first) < 200


def test_numbers_beyond_all_numbers_are_infinite_and_refused_as_such():
    endless = 10**400
    (first,) = problems_of(lambda: Assortment([endless, 1.0], [1.0, 1.0]))
    assert first == "product 0: revenue is inf; revenue must be a finite number"
    assert "weight is inf" in problems_of(lambda: Assortment([1.0, 1.0], [1.0, endless]))[0]
    (first,) = problems_of(lambda: Assortment([1.0], [1.0], outside_weight=10**5000))
    assert first.startswith("outside_weight is inf")
    for asked in (lambda: shop().solve(endless), lambda: shop().frontier().best(endless)):
        with pytest.raises(AssortmentError, match="utility_weight is inf"):
            asked()
    with pytest.raises(AssortmentError, match="revenue_loss is inf"):
        shop().frontier().within(10**5000)
    with pytest.raises(AssortmentError, match="tolerance is inf"):
        shop().approximate(10**5000)


def test_limits_beyond_all_numbers_are_none():
    endless, free = 10**400, shop().frontier()
    whole = PriceWindow([1.0, 2, 3, endless], 0, endless, at_most=4)
    for demand in (whole, LinearRows([[1, 1, 1, 1]], lower=-endless, upper=[endless])):
        assert shop(demand).frontier().table["revenue"].tolist() == pytest.approx(free.table["revenue"].tolist())


def test_a_product_without_a_number_is_named():
    found = problems_of(lambda: Assortment({"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 1.0}))
    assert found == ("product 'b': weight is nan; weight is exp(utility) and must be finite and > 0",)


def test_problems_of_several_constraints_are_listed_together():
    found = problems_of(
        lambda: shop(
            AtMost(-1),
            AtLeast(True),
            Exactly(1, among=["ink"]),
            Requires("notebook", "crayon"),
            PerCategory({"pen": "write"}, at_most=1),
            PriceWindow([1.0, 2.0], 3.0, 1.0, at_most=1),
            Refresh(["glue"], 1),
            LinearRows(np.ones((1, 3)), upper=1),
            OnePrice(),
            "at most three",
        )
    )
    text = "\n".join(found)
    for part in (
        "AtMost(-1): -1 is not a whole number",
        "AtLeast(True): True is not a whole number",
        "'ink' not in the catalogue",
        "'crayon' not in the catalogue",
        "no value for product 'pencil', 'notebook', 'pad'",
        "2 values for 4 products",
        "low must not exceed high",
        "'glue' not in the catalogue",
        "matrix has shape (1, 3)",
        "is no pair",
        "'at most three' is no constraint",
    ):
        assert part in text


def test_categories_pairs_and_rows_name_what_is_strange():
    kinds = {"pen": "write", "pencil": "write", "notebook": "paper", "pad": "paper"}
    text = "\n".join(
        [
            *problems_of(lambda: shop(PerCategory(kinds, at_most={"glue": 1}, at_least={"write": 0.5}))),
            *problems_of(lambda: shop(LinearRows([[1, 1, np.nan, 0]], lower=2, upper=[1]))),
            *problems_of(lambda: shop(LinearRows([[1, 1, 1, 0]], upper=[1, 2], names=["a", "b"]))),
            *problems_of(lambda: shop(Display(item=list("aabb"), location=list("xxyz")))),
            *problems_of(lambda: shop(QualityConsistent([["a", "q"]], item=list("aabb"), price=[1, 2, 1, 2]))),
            *problems_of(lambda: shop(AtMost(1, among=["pen", "pen"]), Refresh(["pen", "pen"], 1))),
        ]
    )
    for part in (
        "no product has category 'glue'",
        "at_least of 'write': 0.5",
        "row 0, column 2 is nan",
        "row 0 has lower 2.0 above upper 1.0",
        "upper has shape (2,)",
        "2 names for 1 rows",
        "more than one product for ('a', 'x')",
        "no product belongs to item 'q'",
        "named twice in `among`",
        "named twice in `today`",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("constraints", "named"),
    [
        (
            [AtMost(1), AtLeast(2), AtMost(3, among=["pen", "pad"])],
            ["at most 1 of 4 products", "at least 2 of 4 products"],
        ),
        ([AtLeast(5)], ["at least 5 of 4 products"]),
        (
            [Exactly(1, among=["pen", "pad"]), AtLeast(4), AtMost(4)],
            ["exactly 1 of 2 products", "at least 4 of 4 products"],
        ),
        (
            [AtLeast(1, among=["notebook"]), Requires("notebook", "pen"), AtMost(0, among=["pen"])],
            ["at least 1 of 1 products", "'notebook' requires 'pen'", "at most 0 of 1 products"],
        ),
        (
            [PerCategory(["w", "w", "p", "p"], at_least=2), PriceWindow([1, 2, 3, 4], 1, 3, at_most=2)],
            ["at least 2 of the 2 products in category 'w'", "at least 2 of the 2 products in category 'p'"],
        ),
        ([Refresh(["pen"], 1), AtLeast(3)], ["at most 1 changes to today's 1 products", "at least 3 of 4 products"]),
    ],
    ids=["caps", "too-many", "counts", "precedence", "categories", "refresh"],
)
@pytest.mark.filterwarnings("ignore::estimation.assortment.NotUnimodularWarning")
def test_demands_that_contradict_each_other_are_named_and_no_others(constraints, named):
    with pytest.raises(AssortmentError, match="No menu meets these demands together") as caught:
        shop(*constraints).solve(1.0)
    found = caught.value.problems
    assert set(named) <= set(found)
    assert len(found) <= len(named) + 1


def test_a_display_that_cannot_be_filled_is_infeasible():
    pairs = [("a", "left"), ("a", "right"), ("b", "back")]
    problem = Assortment([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], products=pairs).subject_to(Display(fill=True))
    with pytest.raises(AssortmentError, match="exactly one item in location 'right'"):
        problem.solve()


def test_price_lists_that_cannot_be_put_in_order_are_infeasible():
    pairs = [("good", 1.0), ("poor", 2.0)]
    problem = Assortment([1.0, 1.0], [1.0, 1.0], products=pairs).subject_to(QualityConsistent([["poor", "good"]]))
    with pytest.raises(AssortmentError, match="'good' is not cheaper than 'poor'"):
        problem.solve()


@pytest.mark.parametrize("lever", [-1.0, np.nan, np.inf])
def test_a_lever_that_is_negative_or_not_finite_is_refused(lever):
    for ask in (shop().solve, shop().frontier().best, lambda weight: shop().approximate(0.1, weight)):
        with pytest.raises(AssortmentError, match="utility_weight is"):
            ask(lever)


def test_a_share_of_revenue_outside_zero_and_one_is_refused():
    with pytest.raises(AssortmentError, match="revenue_loss is 2"):
        shop().frontier().within(2)


def test_a_price_ladder_lists_what_is_missing():
    found = problems_of(lambda: price_ladder({"tea": 1.0, "cake": 1.0}, [2.0, 2.0], sensitivity={"tea": 1.0}))
    assert found == ("sensitivity: no value for item 'cake'", "prices are [2.0, 2.0]; give at least one, each once")


def test_of_many_products_without_a_number_five_are_named_and_the_rest_counted():
    found = problems_of(lambda: Assortment(["1", "2", *["?"] * 7], np.ones(9)))
    assert len(found) == 6
    assert found[0].startswith("product 2: revenue is nan")
    assert found[5] == "revenue: 2 more products like these"


def test_an_order_of_quality_needs_items_and_prices():
    assert "'pen', 'pencil', 'notebook', 'pad' is no pair" in problems_of(lambda: shop(QualityConsistent([["a"]])))[0]


def test_menus_and_frontiers_say_what_they_are_in_one_line():
    problem = shop(AtMost(2))
    assert "2 products" in str(problem.solve(1.0))
    assert str(problem.frontier()).startswith("Frontier of")
    assert repr(problem) == "Assortment of 4 products under 1 constraint"
    assert [len(menu) for menu in problem.frontier().menus[:1]] == [len(problem.frontier().menus[0])]
