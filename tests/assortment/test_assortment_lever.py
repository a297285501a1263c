"""What the lever does, and where a simpler method goes wrong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from oracles.assortment_brute_force import Everything, all_menus, naive_fixed_point

from estimation.assortment import Assortment, AtLeast, AtMost, Exactly


def small(seed, count=8):
    rng = np.random.default_rng(seed)
    revenue, weight = rng.uniform(0, 10, count), rng.lognormal(-1, 1.5, count)
    return Assortment(revenue, weight), Everything(all_menus(count), revenue, weight)


def test_the_naive_fixed_point_iteration_stops_at_worse_menus_where_solve_is_right():
    """The shift is lever / no-purchase of the answer; several menus reproduce it, and not all are best."""
    failures, worst = 0, 0.0
    for seed in range(300):
        problem, everything = small([3, seed])
        lever = float(np.random.default_rng([4, seed]).uniform(0.5, 8))
        best = everything.best(lever)
        assert problem.solve(lever).objective == pytest.approx(best, abs=1e-10)
        loss = 1 - naive_fixed_point(everything, lever) / best
        failures += loss > 1e-9
        worst = max(worst, loss)
    assert failures >= 5
    assert worst > 0.02


def test_at_lever_zero_the_menu_has_the_most_revenue():
    for seed in range(20):
        problem, everything = small([5, seed])
        menu = problem.solve(0.0)
        assert menu.revenue == pytest.approx(everything.measures[0].max(), abs=1e-12)
        assert menu.shift == 0.0
        assert menu.gap <= 1e-12


def test_at_a_huge_lever_the_menu_has_the_most_utility():
    for seed in range(20):
        problem, everything = small([6, seed])
        menu = problem.subject_to(AtMost(4)).solve(1e12)
        allowed = everything.menus.sum(1) <= 4
        assert menu.utility == pytest.approx(everything.measures[1][allowed].max(), abs=1e-12)


def test_a_larger_lever_never_lowers_utility_nor_raises_revenue():
    for seed in range(20):
        menus = [small([7, seed], 12)[0].subject_to(AtMost(5)).solve(lever) for lever in np.geomspace(0.01, 100, 30)]
        assert np.all(np.diff([menu.utility for menu in menus]) >= -1e-12)
        assert np.all(np.diff([menu.revenue for menu in menus]) <= 1e-12)


def test_the_menu_is_empty_if_every_product_loses_money_and_utility_is_worth_nothing():
    menu = Assortment([-1.0, -2.0], [1.0, 1.0]).solve(0.0)
    assert menu.products == ()
    assert (menu.revenue, menu.utility, menu.no_purchase) == (0.0, 0.0, 1.0)


def test_losses_are_chosen_with_care_where_products_must_be_offered():
    problem = Assortment([-5.0, -1.0, -3.0], [1.0, 2.0, 0.1], products=list("abc"))
    assert problem.subject_to(AtLeast(1)).solve(0.0).products == ("c",)
    assert problem.subject_to(Exactly(2)).solve(0.0).products == ("b", "c")


def test_a_catalogue_without_products_has_one_empty_menu():
    problem = Assortment([], [])
    assert problem.solve(2.0).products == ()
    assert len(problem.frontier()) == 1


def test_a_cap_of_zero_leaves_the_empty_menu():
    problem = Assortment([1.0, 2.0], [1.0, 1.0]).subject_to(AtMost(0))
    assert problem.solve(3.0).products == ()
    assert problem.frontier().table["size"].tolist() == [0]


def test_without_constraints_menus_along_the_frontier_are_nested():
    rng = np.random.default_rng(11)
    problem = Assortment(rng.uniform(0, 10, 200), rng.lognormal(-1, 1.5, 200))
    menus = [set(menu.products) for menu in problem.frontier().menus]
    assert all(one < other for one, other in pairwise(menus))


def test_the_frontier_gives_the_same_answer_as_solving_for_one_lever():
    rng = np.random.default_rng(12)
    problem = Assortment(rng.uniform(0, 10, 300), rng.lognormal(-4, 1, 300)).subject_to(AtMost(40))
    frontier = problem.frontier()
    for lever in np.geomspace(0.01, 100, 25):
        one, other = frontier.best(lever), problem.solve(lever)
        assert one.objective == pytest.approx(other.objective, rel=1e-12)


def test_narrowing_to_undecided_products_does_not_lose_menus():
    """The same frontier with and without the rule that drops products which cannot cross the cut."""
    from estimation.assortment.oracles.base import Oracle
    from estimation.assortment.oracles.cardinality import TopGains
    from estimation.assortment.sweep import sweep

    class Plain(TopGains):
        narrow = Oracle.narrow

    for seed, (low, high) in enumerate([(0, 30), (0, 150), (20, 60), (50, 50), (0, 400)]):
        rng = np.random.default_rng([13, seed])
        catalogue = Assortment(rng.uniform(-1, 10, 400), rng.lognormal(-4, 1, 400)).catalogue
        one, other = sweep(catalogue, TopGains(low, high)), sweep(catalogue, Plain(low, high))
        np.testing.assert_allclose(one.ends, other.ends, rtol=1e-9)
        np.testing.assert_array_equal(one.changed, other.changed)


def test_a_menu_within_a_revenue_loss_keeps_its_promise_and_gains_utility():
    rng = np.random.default_rng(14)
    frontier = Assortment(rng.uniform(0, 10, 100), rng.lognormal(-3, 1, 100)).subject_to(AtMost(20)).frontier()
    largest = frontier.table["revenue"].iloc[0]
    utilities = []
    for loss in (0.0, 0.01, 0.05, 0.2, 1.0):
        menu = frontier.within(loss)
        assert menu.revenue >= (1 - loss) * largest
        utilities.append(menu.utility)
    assert utilities == sorted(utilities)
    assert utilities[-1] == frontier.table["utility"].iloc[-1]
