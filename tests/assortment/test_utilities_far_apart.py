"""Utilities tens of logits apart: what is called best is best, against every menu in exact fractions."""

from __future__ import annotations

import warnings
from fractions import Fraction
from math import log1p

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus

from estimation.assortment import (
    Assortment,
    AtMost,
    Display,
    Exactly,
    LinearRows,
    NotUnimodularWarning,
    PerCategory,
    QualityConsistent,
    Requires,
    under_draws,
)
from estimation.assortment.placement import Placement

MENUS = all_menus(6)
HALVES = [0, 0, 1, 1, 2, 2]
SIDES = [0, 1, 0, 1, 0, 1]
SIZE = np.array([[2.0, 4.0, 3.0, 1.0, 5.0, 2.0]])
MIXED = np.array([[2.0, -3.0, 1.0, -1.0, 2.0, 3.0]])


def at_most_one_each(menus, groups):
    return np.all([menus[:, np.equal(groups, group)].sum(axis=1) <= 1 for group in set(groups)], axis=0)


def in_order(menus):
    """One price per item, 0 or 1, that does not fall from item to item."""
    dear = menus[:, 1::2]
    return (menus[:, ::2] != dear).all(axis=1) & (dear[:, :-1] <= dear[:, 1:]).all(axis=1)


DEMANDS = {
    "none": ([], np.ones(len(MENUS), bool)),
    "requires": ([Requires(0, 1), Requires(2, 1), Requires(3, 4)], None),
    "itself": ([Requires(0, 0)], np.ones(len(MENUS), bool)),
    "space": ([LinearRows(SIZE, upper=7.0)], MENUS @ SIZE[0] <= 7.0),
    "mixed": ([LinearRows(MIXED, upper=-1.0)], MENUS @ MIXED[0] <= -1.0),
    "exactly": ([Exactly(3)], MENUS.sum(axis=1) == 3),
    "crossing": (
        [PerCategory(HALVES, at_most=1), PerCategory(SIDES, at_most=1)],
        at_most_one_each(MENUS, HALVES) & at_most_one_each(MENUS, SIDES),
    ),
    "fill": (
        [Display(HALVES, SIDES, fill=True)],
        at_most_one_each(MENUS, HALVES) & np.all([MENUS[:, place::2].sum(axis=1) == 1 for place in (0, 1)], axis=0),
    ),
    "quality": ([QualityConsistent([[0, 1, 2]], HALVES, [float(side) for side in SIDES])], in_order(MENUS)),
    "capped": ([AtMost(2), Requires(0, 1)], (MENUS.sum(axis=1) <= 2) & (MENUS[:, 0] <= MENUS[:, 1])),
}
DEMANDS["requires"] = (
    DEMANDS["requires"][0],
    np.all([MENUS[:, one] <= MENUS[:, other] for one, other in ((0, 1), (2, 1), (3, 4))], axis=0),
)


@pytest.fixture(autouse=True)
def _branch_and_bound_is_expected_here():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotUnimodularWarning)
        yield


def measures(revenue, weight, menus):
    """Expected revenue of each menu, exactly, and its utility."""
    revenue, weight = ([Fraction(value) for value in column.tolist()] for column in (revenue, weight))
    found = []
    for menu in menus:
        held = np.flatnonzero(menu)
        attraction = sum((weight[place] for place in held), Fraction(0))
        proceeds = sum((weight[place] * revenue[place] for place in held), Fraction(0))
        found.append((proceeds / (1 + attraction), Fraction(log1p(attraction))))
    return found


def instances(demands, count):
    """Problems with log weights of standard deviation 10 and 20, and the exact measures of their menus."""
    constraints, allowed = DEMANDS[demands]
    rng = np.random.default_rng([2026, sorted(DEMANDS).index(demands)])
    for instance in range(count):
        revenue, weight = np.round(rng.normal(5, 4, 6), 1), np.exp(rng.normal(0, 10.0 * (1 + instance % 2), 6))
        problem = Assortment(revenue, weight).subject_to(*constraints)
        yield problem, MENUS[allowed], measures(revenue, weight, MENUS[allowed])


def exactly(menu, menus, known):
    chosen = np.isin(np.arange(6), menu.products)
    return known[int(np.flatnonzero((menus == chosen).all(axis=1))[0])]


@pytest.mark.parametrize("demands", DEMANDS)
def test_no_menu_is_better_than_the_one_called_best_and_none_exceeds_its_bound(demands):
    for problem, menus, known in instances(demands, 12):
        frontier, size = problem.frontier(), float(np.abs(problem.catalogue.revenue).max())
        for lever in (0.0, 0.1, 3.0):
            best = max(revenue + Fraction(lever) * utility for revenue, utility in known)
            within_rounding = 1e-13 * (size + abs(float(best)))
            menu = problem.solve(lever)
            for found in (menu, frontier.best(lever)):
                revenue, utility = exactly(found, menus, known)
                assert best - revenue - Fraction(lever) * utility <= within_rounding
            assert best <= menu.bound + within_rounding
            assert menu.gap <= 1e-9 * size


@pytest.mark.parametrize("demands", DEMANDS)
def test_within_a_loss_no_menu_has_more_utility_than_the_bound_and_the_menu_keeps_the_revenue(demands):
    for problem, menus, known in instances(demands, 6):
        frontier, size = problem.frontier(), float(np.abs(problem.catalogue.revenue).max())
        most = max(revenue for revenue, _ in known)
        for loss in (0.01, 0.3):
            floor, menu = most - Fraction(loss) * abs(most), frontier.within(loss)
            assert exactly(menu, menus, known)[0] >= floor - Fraction(1e-12 * size)
            utility = max(utility for revenue, utility in known if revenue >= floor)
            assert float(utility) <= menu.utility_bound + 1e-9 * (1 + float(utility))


@pytest.mark.parametrize(
    ("revenue", "utility", "demand", "best"),
    [
        ([8.4, 1.7, 9.3], [-4, 17, 3], Requires(1, 0), (2,)),
        ([5.9, 6.3, 3.3], [-7, 17, -8], LinearRows([[2, 4, 3]], upper=3), (0,)),
        ([8.6, 9.3, 3.1], [3, 2, 15], LinearRows([[4, 1, 2]], upper=4), (0,)),
        ([10.0, 7.0], [np.log(1e7), np.log(1e11)], Requires(0, 0), (0,)),
    ],
)
def test_a_product_that_outweighs_all_others_does_not_hide_what_they_earn(revenue, utility, demand, best):
    problem = Assortment(revenue, np.exp(utility)).subject_to(demand)
    assert problem.solve().products == best
    assert problem.frontier().best(0.0).products == best
    assert problem.frontier().within(0.0).products == best
    assert Placement({"here": problem}, {"here": 1.0}).solve().stock == {"here": best}
    decision = under_draws(problem, np.exp([utility])).solve()
    assert decision.products == best
    assert decision.bound == pytest.approx(problem.solve().revenue, rel=1e-12)


def test_large_gains_that_cancel_do_not_hide_a_menu_that_earns_more():
    """Two products that need each other earn 10 on average, whatever else is offered; the third alone earns 10.5."""
    weight = np.exp([46.0, 46.0, 0.0])
    problem = Assortment([12.3, 7.7, 21.0], weight).subject_to(Requires(0, 1), Requires(1, 0))
    assert problem.solve().products == (2,)
    assert problem.frontier().best(0.0).products == (2,)
