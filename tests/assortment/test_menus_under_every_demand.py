"""Every kind of demand, alone and beside every other: menus against loops over all menus, and none is dropped."""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import combinations
from math import log

import numpy as np
import pandas as pd
import pytest

import estimation as est

ITEMS, PRICES = ("b", "a", "c"), (10.0, 9.0, 2.0)
PAIRS = [(item, price) for item in ITEMS for price in PRICES]  # names out of order: 10 before 9
MENUS = [menu for size in range(len(PAIRS) + 1) for menu in combinations(PAIRS, size)]
KIND = dict(zip(PAIRS, ["x", "y", None, np.nan, "x", "y", "x", None, "y"], strict=True))
ROW = dict(zip(PAIRS, [1, -1, 2, 0, 1, 1, -1, 2, 1], strict=True))
TODAY = {PAIRS[1], PAIRS[5]}
LEVERS, LOSSES = (0.0, 0.7, 5.0), (0.0, 0.1, 0.5)


def kinds(menu, kind):
    return sum(KIND[product] == kind for product in menu)


def once(menu, place):
    return max(Counter(product[place] for product in menu).values(), default=0) <= 1


def in_order(menu, *items):
    price = dict(menu)
    return all(price[low] <= price[high] for low, high in combinations(items, 2) if low in price and high in price)


def frame():
    columns = pd.Index(PAIRS[::-1], tupleize_cols=False)
    return pd.DataFrame([[ROW[product] for product in PAIRS[::-1]]], columns=columns)


DEMANDS = {
    "at most": (est.AtMost(4), lambda menu: len(menu) <= 4),
    "at least": (est.AtLeast(2), lambda menu: len(menu) >= 2),
    "exactly": (est.Exactly(1, among=PAIRS[:4]), lambda menu: len(set(menu) & set(PAIRS[:4])) == 1),
    "must have": (est.AtLeast(1, among=[PAIRS[8]]), lambda menu: PAIRS[8] in menu),
    "category": (
        est.PerCategory(KIND, at_most=1, at_least={"y": 1}),
        lambda menu: kinds(menu, "x") <= 1 and kinds(menu, "y") == 1,
    ),
    "requires": (est.Requires(PAIRS[0], PAIRS[4]), lambda menu: PAIRS[0] not in menu or PAIRS[4] in menu),
    "requires that": (est.Requires(PAIRS[4], PAIRS[7]), lambda menu: PAIRS[4] not in menu or PAIRS[7] in menu),
    "window": (
        est.PriceWindow([price for _, price in PAIRS], 3, 9.5, at_most=2, at_least=1),
        lambda menu: 1 <= sum(3 <= price <= 9.5 for _, price in menu) <= 2,
    ),
    "refresh": (est.Refresh(list(TODAY), 3), lambda menu: len(set(menu) ^ TODAY) <= 3),
    "one price": (est.OnePrice(), lambda menu: once(menu, 0)),
    "display": (est.Display(), lambda menu: once(menu, 0) and once(menu, 1)),
    "full display": (est.Display(fill=True), lambda menu: once(menu, 0) and once(menu, 1) and len(menu) == 3),
    "quality": (
        est.QualityConsistent([["a", "b"]]),
        lambda menu: once(menu, 0) and len(menu) == 3 and in_order(menu, "a", "b"),
    ),
    "quality, optional": (
        est.QualityConsistent([["a", "c", "b"]], optional=True),
        lambda menu: once(menu, 0) and in_order(menu, "a", "c", "b"),
    ),
    "rows": (est.LinearRows(frame(), lower=-1, upper=3), lambda menu: -1 <= sum(ROW[product] for product in menu) <= 3),
}


def numbers(seed):
    """Draw revenues of either sign, weights, and what buying nothing weighs."""
    rng = np.random.default_rng(seed)
    revenue = dict(zip(PAIRS, rng.normal(2, 3, len(PAIRS)).round(1).tolist(), strict=True))
    weight = dict(zip(PAIRS, rng.lognormal(-0.5, 1, len(PAIRS)).tolist(), strict=True))
    return revenue, weight, float(rng.uniform(0.5, 3))


def measures(menu, revenue, weight, outside):
    """Expected revenue and utility of a menu by the definition: the sum over what may be bought."""
    total = outside + sum(weight[product] for product in menu)
    return sum(revenue[product] * weight[product] / total for product in menu), log(total / outside)


@pytest.mark.parametrize("first", DEMANDS)
def test_menus_are_those_of_a_loop_over_all_menus_under_one_demand_and_under_two(first):
    given = numbers(list(DEMANDS).index(first))
    worth = {menu: measures(menu, *given) for menu in MENUS}
    problem = est.Assortment(given[0], given[1], given[2])
    later = list(DEMANDS)[list(DEMANDS).index(first) :]
    for names in [(first,), *((first, second) for second in later[1:])]:
        allowed = [menu for menu in MENUS if all(DEMANDS[name][1](menu) for name in names)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", est.NotUnimodularWarning)
            asked = problem.subject_to(*(DEMANDS[name][0] for name in names))
            if not allowed:
                with pytest.raises(est.AssortmentError, match="No menu meets these demands"):
                    asked.frontier()
                continue
            frontier = asked.frontier()
            solved = [asked.solve(lever) for lever in LEVERS]
        for lever, menu in zip(LEVERS, solved, strict=True):
            best = max(worth[one][0] + lever * worth[one][1] for one in allowed)
            for found in (menu, frontier.best(lever)):
                assert found.products in allowed, names
                assert found.objective == pytest.approx(best, rel=1e-9, abs=1e-9), names
                assert (found.revenue, found.utility) == pytest.approx(worth[found.products]), names
            assert menu.bound >= best - 1e-9, names
        largest = max(worth[one][0] for one in allowed)
        for loss in LOSSES:
            floor = largest - loss * abs(largest) - 1e-9
            best = max(worth[one][1] for one in allowed if worth[one][0] >= floor)
            found = frontier.within(loss)
            assert found.products in allowed, names
            assert found.revenue >= floor, names
            assert found.utility == pytest.approx(best, abs=1e-7), names
