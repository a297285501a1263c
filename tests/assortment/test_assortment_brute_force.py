"""What the searches find is what trying every menu finds."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from oracles.assortment_families import FAMILIES, OTHER, UNIMODULAR

from estimation.assortment import NotUnimodularWarning
from estimation.assortment.constraints.base import stack
from estimation.assortment.oracles.linear import LinearOracle
from estimation.errors import AssortmentError

INSTANCES, SLOW_INSTANCES = 18, 4
LEVERS = (0.0, 0.03, 0.4, 2.0, 9.0, 1e3, 1e8)
SLOW = {family.__name__ for family in OTHER}


def cases(name):
    """Feasible random instances of a family."""
    number = sorted(FAMILIES).index(name)
    for instance in range(SLOW_INSTANCES if name in SLOW else INSTANCES):
        found = FAMILIES[name](np.random.default_rng([2021, number, instance]))
        if len(found.everything.menus):
            yield found
        else:
            with pytest.raises(AssortmentError, match="No menu meets these demands"):
                found.problem.solve()


@pytest.fixture(autouse=True)
def _branch_and_bound_is_expected_here(request):
    with warnings.catch_warnings():
        if any(name in request.node.name for name in (*SLOW, "four_hundred")):
            warnings.simplefilter("ignore", NotUnimodularWarning)
        yield


@pytest.mark.parametrize("family", FAMILIES)
def test_the_best_menu_equals_brute_force_for_every_lever(family):
    for found in cases(family):
        for lever in LEVERS:
            menu = found.problem.solve(lever)
            best = found.everything.best(lever)
            assert menu.objective == pytest.approx(best, rel=1e-9, abs=1e-9)
            assert menu.bound >= best - 1e-9 * max(1.0, abs(best))
            assert menu.gap <= 1e-9 * max(1.0, abs(best))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_best_menu_is_feasible_and_its_measures_are_those_of_its_products(family):
    for found in cases(family):
        problem, everything = found.problem, found.everything
        labels = problem.catalogue.products.tolist()
        for lever in LEVERS:
            menu = problem.solve(lever)
            chosen = np.array([label in menu.products for label in labels])
            place = np.flatnonzero((everything.menus == chosen).all(axis=1))
            assert len(place) == 1
            revenue, utility, none = (measure[place[0]] for measure in everything.measures)
            assert (menu.revenue, menu.utility, menu.no_purchase) == pytest.approx((revenue, utility, none), abs=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_raising_every_revenue_by_the_shift_makes_the_best_menu_the_one_of_most_revenue(family):
    for found in cases(family):
        for lever in LEVERS[1:5]:
            menu = found.problem.solve(lever)
            assert menu.shift == pytest.approx(lever / menu.no_purchase)
            reached = menu.revenue - menu.shift * menu.no_purchase
            assert reached == pytest.approx(found.everything.shifted_best(menu.shift), abs=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_frontier_equals_the_hull_of_all_menus(family):
    for found in cases(family):
        table = found.problem.frontier().table
        revenue, utility = found.everything.supported()
        merged = table[table["weight_high"] - table["weight_low"] > 1e-9 * (1 + table["weight_low"])]
        np.testing.assert_allclose(merged["revenue"], revenue, rtol=0, atol=1e-9)
        np.testing.assert_allclose(merged["utility"], utility, rtol=0, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_menu_of_the_frontier_is_best_over_its_whole_range_of_levers(family):
    for found in cases(family):
        frontier = found.problem.frontier()
        for row, menu in zip(frontier.table.itertuples(), frontier.menus, strict=True):
            assert (menu.revenue, menu.utility) == pytest.approx((row.revenue, row.utility), abs=1e-12)
            assert len(menu) == row.size
            for lever in (row.weight_low, min(row.weight_high, 1e6)):
                best = found.everything.best(lever)
                assert menu.revenue + lever * menu.utility == pytest.approx(best, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_candidate_is_revenue_optimal_at_both_ends_of_its_range_of_shifts(family):
    for found in cases(family):
        for row in found.problem.frontier().candidates.itertuples():
            for shift in (row.shift, min(row.shift_high, row.shift + 1e4)):
                best = found.everything.shifted_best(shift)
                assert row.revenue - shift * row.no_purchase == pytest.approx(best, rel=1e-9, abs=1e-9)


def test_at_least_four_hundred_feasible_instances_are_compared_with_ties_losses_and_empty_menus_among_them():
    found = [instance for family in FAMILIES for instance in cases(family)]
    revenues = [instance.problem.catalogue.revenue for instance in found]
    assert len(found) >= 400
    assert sum(len(np.unique(revenue)) < len(revenue) for revenue in revenues) >= 100
    assert sum((revenue < 0).any() for revenue in revenues) >= 100
    assert sum((revenue == 0).any() for revenue in revenues) >= 50
    assert sum(not instance.problem.solve(0.0).products for instance in found) >= 5
    assert max(len(revenue) for revenue in revenues) == 14


@pytest.mark.parametrize("family", FAMILIES)
def test_the_special_oracle_and_the_general_program_find_the_same_gain_for_any_gains(family):
    rng = np.random.default_rng(77)
    for found in cases(family):
        problem, menus = found.problem, found.everything.menus
        rows = stack(problem.catalogue, problem.constraints)
        general = LinearOracle(rows.matrix, rows.lower, rows.upper, integral=False)
        for gain in (rng.normal(size=menus.shape[1]), rng.integers(-2, 3, menus.shape[1]).astype(float)):
            best = (menus @ gain).max()
            assert gain @ problem.oracle.best(gain) == pytest.approx(best, abs=1e-9)
            assert gain @ general.best(gain) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("family", [family.__name__ for family in UNIMODULAR])
def test_families_known_to_be_integral_need_no_branch_and_bound(family):
    for found in cases(family):
        with warnings.catch_warnings():
            warnings.simplefilter("error", NotUnimodularWarning)
            assert found.problem.oracle is not None


@pytest.mark.parametrize("family", ["space", "odd_cycle"])
def test_families_that_are_not_unimodular_warn_and_stay_exact(family):
    found = FAMILIES[family](np.random.default_rng(5))
    with pytest.warns(NotUnimodularWarning, match="are not totally unimodular"):
        menu = found.problem.solve(1.0)
    assert menu.objective == pytest.approx(found.everything.best(1.0), abs=1e-9)
