"""The menu of most utility within a loss of revenue: against every menu, one by one."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pytest
from oracles.assortment_families import FAMILIES

from estimation.assortment import Assortment, AtMost, LinearRows, NotUnimodularWarning

LOSSES = (0.0, 0.02, 0.1, 0.35)
ALL = 1128
"""Calls in `make slow`: random problems of every family, each with every loss."""


def calls(name, instances):
    """Feasible random problems of a family, each with its frontier."""
    for instance in range(instances):
        found = FAMILIES[name](np.random.default_rng([23, sorted(FAMILIES).index(name), instance]))
        if len(found.everything.menus):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotUnimodularWarning)
                yield found, found.problem.frontier()


def missed(found, frontier, loss):
    """Utility that a menu within the loss has beyond the one given, whose promise and whose bound are checked."""
    menu = frontier.within(loss)
    revenue, utility, _ = found.everything.measures
    floor = revenue.max() - loss * abs(revenue.max())
    best = utility[revenue >= floor - 1e-12 * max(1.0, abs(floor))].max()
    assert menu.revenue >= floor - 1e-12 * max(1.0, abs(floor))
    assert menu.utility <= menu.utility_bound
    assert menu.utility_bound >= best - 1e-9
    if best - menu.utility < 1e-9:
        assert menu.utility_bound == pytest.approx(best, abs=1e-6)
    return best - menu.utility


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_the_best_of_all_menus_in_every_family_of_constraints(family):
    for found, frontier in calls(family, 2):
        for loss in LOSSES[1:3]:
            assert missed(found, frontier, loss) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.slow
def test_it_is_the_best_of_all_menus_in_1128_random_calls():
    tried, wrong = 0, []
    for name in FAMILIES:
        for found, frontier in calls(name, 16):
            for loss in LOSSES:
                tried += 1
                if missed(found, frontier, loss) > 1e-9:
                    wrong.append((name, loss))
    assert tried >= ALL
    assert not wrong


def test_menus_that_are_best_for_no_lever_are_found_where_they_have_more_utility():
    more = 0
    for _, frontier in calls("free", 12):
        table = frontier.candidates
        for loss in LOSSES[1:]:
            largest = table["revenue"].iloc[0]
            on_the_frontier = table["utility"][table["revenue"] >= largest - loss * abs(largest)].max()
            menu = frontier.within(loss)
            assert menu.utility >= on_the_frontier - 1e-12
            more += menu.utility > on_the_frontier + 1e-6
            assert np.isnan(menu.shift) == (menu.utility > on_the_frontier + 1e-12)
    assert more >= 5


def test_a_menu_that_loses_exactly_what_may_be_lost_is_the_best_without_a_search():
    frontier = Assortment([8.0, 1.0, 0.5], np.ones(3)).frontier()
    menu = frontier.within(0.25)  # revenues 8/2, 9/3 and 9.5/4
    assert menu.products == (0, 1)
    assert menu.utility == menu.utility_bound == pytest.approx(np.log(3))


def test_a_menu_below_the_floor_by_less_than_the_solver_tells_is_not_given():
    frontier = Assortment([8.0, 1.0 - 1e-10, 0.5], np.array([1.0, 1.0, 0.6])).frontier()
    menu = frontier.within(0.25)
    assert menu.revenue >= 3.0
    assert menu.products == (0, 2)


def test_a_frontier_of_few_menus_answers_as_the_whole_one_does():
    rng = np.random.default_rng(8)
    problem = Assortment(rng.uniform(1, 10, 60), rng.lognormal(-3, 1, 60)).subject_to(AtMost(12))
    whole, few = problem.frontier(), problem.approximate(0.2)
    assert len(few.candidates) < len(whole.candidates)
    for loss in (0.01, 0.1):
        assert few.within(loss).utility == pytest.approx(whole.within(loss).utility, abs=1e-9)


def test_what_cannot_be_proved_in_time_is_bounded():
    rng = np.random.default_rng(9)
    space = LinearRows(rng.uniform(0.5, 2, (3, 120)), upper=[20.0, 22.0, 24.0])
    problem = Assortment(rng.uniform(1, 10, 120), rng.lognormal(-3, 1, 120)).subject_to(space)
    with pytest.warns(NotUnimodularWarning):
        frontier = problem.approximate(0.3)
    hurried = frontier.within(0.07, seconds=0.0)
    assert hurried.utility <= hurried.utility_bound <= 1.05 * hurried.utility
    assert hurried.utility < hurried.utility_bound
    assert "utility at most" in str(hurried)


def test_of_a_hundred_thousand_products_a_millionth_is_missed_at_most_after_seconds():
    rng = np.random.default_rng(10)
    problem = Assortment(rng.uniform(1, 10, 100_000), rng.lognormal(-10, 1, 100_000))
    frontier = problem.frontier()
    start = time.perf_counter()
    menu = frontier.within(0.02, seconds=1.0)
    assert time.perf_counter() - start < 20
    assert menu.utility_bound - menu.utility < 1e-6
