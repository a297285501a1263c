"""The sales-based linear program and the oracle sweep are two routes to one frontier."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from oracles.assortment_families import FAMILIES, UNIMODULAR, flow_rows, optional_quality, ragged_quality

from estimation.assortment import Assortment, AtLeast, AtMost, PerCategory, Requires
from estimation.assortment.oracles.base import InfeasibleError
from estimation.assortment.sales import SalesProgram, sales_frontier

# Optional quality order is no polytope of 0/1 vertices; the rows of the network have broken bounds.
BROKEN = (optional_quality, ragged_quality, flow_rows)
INTEGRAL = [family.__name__ for family in UNIMODULAR if family not in (optional_quality, FAMILIES["flow_rows"])]


def cases(name):
    number = INTEGRAL.index(name)
    drawn = (FAMILIES[name](np.random.default_rng([2013, number, instance])) for instance in range(18))
    return [found for found in drawn if len(found.everything.menus)]


@pytest.mark.parametrize("family", INTEGRAL)
def test_every_vertex_of_the_sales_program_is_a_menu_and_has_the_value_of_brute_force(family):
    for found in cases(family):
        program = SalesProgram(found.problem)
        for shift in (0.0, 0.5, 3.0, 40.0):
            plan = program.solve(shift)
            assert plan.fraction < 1e-7
            assert plan.value == pytest.approx(found.everything.shifted_best(shift), abs=1e-9)


@pytest.mark.parametrize("family", INTEGRAL)
def test_the_parametric_program_and_the_oracle_sweep_give_the_same_frontier(family):
    for found in cases(family):
        slow, fast = sales_frontier(found.problem), found.problem.frontier()
        for lever in np.geomspace(1e-3, 1e4, 20):
            one, other = slow.best(lever), fast.best(lever)
            assert one.revenue + lever * one.utility == pytest.approx(other.revenue + lever * other.utility, rel=1e-9)


def test_an_infeasible_sales_program_says_so():
    problem = Assortment([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]).subject_to(AtMost(1), AtLeast(2, among=[0, 1]))
    with pytest.raises(InfeasibleError):
        SalesProgram(problem).solve(0.0)


@pytest.mark.parametrize("family", ["cap", "laminar", "precedence"])
def test_beyond_brute_force_both_routes_give_the_same_menus(family):
    rng = np.random.default_rng(17)
    count = 80
    constraints = {
        "cap": [AtMost(15)],
        "laminar": [PerCategory(np.arange(count) % 8, at_most=3), PerCategory(np.arange(count) % 2, at_most=9)],
        "precedence": [Requires(product, int(rng.integers(0, product))) for product in range(1, count)],
    }
    problem = Assortment(rng.uniform(0, 10, count), rng.lognormal(-3, 1, count)).subject_to(*constraints[family])
    slow, fast = sales_frontier(problem).candidates, problem.frontier().candidates
    np.testing.assert_allclose(slow["revenue"], fast["revenue"], atol=1e-9)
    np.testing.assert_allclose(slow["shift"], fast["shift"], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(slow["size"], fast["size"])


def test_menus_under_precedence_are_nested_and_no_more_than_one_per_product():
    rng = np.random.default_rng(18)
    demands = [Requires(product, int(rng.integers(0, product))) for product in range(1, 100)]
    frontier = Assortment(rng.uniform(0, 10, 100), rng.lognormal(-3, 1, 100)).subject_to(*demands).frontier()
    menus = [set(menu.products) for menu in frontier.menus]
    assert len(frontier.candidates) <= 101
    assert all(one < other for one, other in pairwise(menus))


def test_interior_point_and_simplex_give_the_same_value():
    rng = np.random.default_rng(19)
    problem = Assortment(rng.uniform(0, 10, 50), rng.lognormal(-3, 1, 50)).subject_to(AtMost(9))
    one, other = (SalesProgram(problem, interior_point=flag).solve(2.0) for flag in (True, False))
    assert one.value == pytest.approx(other.value, abs=1e-9)
