"""What must hold for any products: order, units and levers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from oracles.assortment_brute_force import Everything, all_menus

from estimation.assortment import Assortment, AtMost

revenues = st.one_of(st.integers(-3, 6).map(float), st.floats(-10, 100, allow_nan=False).map(lambda x: round(x, 6)))
weights = st.one_of(st.integers(1, 3).map(float), st.floats(1e-4, 1e3).map(lambda x: round(x, 6)))
products = st.lists(st.tuples(revenues, weights), min_size=1, max_size=8)
levers = st.one_of(st.just(0.0), st.floats(1e-3, 1e4))
caps = st.integers(0, 8)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def build(rows, cap, outside=1.0, scale=1.0, shift=0.0):
    revenue, weight = np.array(rows).T
    return Assortment(scale * revenue + shift, weight, outside).subject_to(AtMost(cap))


def close(one, other, size=1.0):
    return one == pytest.approx(other, rel=1e-9, abs=1e-9 * max(1.0, size))


@quick
@given(products, caps, levers)
def test_solve_equals_brute_force(rows, cap, lever):
    revenue, weight = np.array(rows).T
    menus = all_menus(len(rows))
    everything = Everything(menus[menus.sum(1) <= cap], revenue, weight)
    menu = build(rows, cap).solve(lever)
    assert close(menu.objective, everything.best(lever))
    assert menu.gap <= 1e-9 * max(1.0, abs(menu.objective))


@quick
@given(products, caps, st.lists(levers, min_size=2, max_size=5))
def test_utility_rises_and_revenue_falls_with_the_lever(rows, cap, several):
    menus = [build(rows, cap).solve(lever) for lever in sorted(several)]
    for one, other in pairwise(menus):
        assert other.utility >= one.utility - 1e-9
        assert other.revenue <= one.revenue + 1e-9 * max(1.0, abs(one.revenue)) + 1e-9


@quick
@given(products, caps, levers, st.randoms(use_true_random=False))
def test_the_order_of_the_products_does_not_matter(rows, cap, lever, random):
    shuffled = random.sample(rows, len(rows))
    assert close(build(rows, cap).solve(lever).objective, build(shuffled, cap).solve(lever).objective)


@quick
@given(products, caps, levers, st.floats(0.01, 100))
def test_weights_matter_only_relative_to_the_outside_weight(rows, cap, lever, factor):
    scaled = [(revenue, weight * factor) for revenue, weight in rows]
    one, other = build(rows, cap).solve(lever), build(scaled, cap, outside=factor).solve(lever)
    assert close(one.objective, other.objective)
    assert close(one.bound, other.bound)


@quick
@given(products, caps, levers, st.floats(0.01, 100))
def test_a_change_of_currency_changes_revenue_and_lever_alike(rows, cap, lever, factor):
    one, other = build(rows, cap).solve(lever), build(rows, cap, scale=factor).solve(factor * lever)
    assert close(factor * one.objective, other.objective, factor)


@quick
@given(products, caps, st.just(0.0) | st.floats(1e-6, 50))
def test_raising_all_revenues_by_a_constant_keeps_the_candidates_from_there_on(rows, cap, constant):
    """R - z p becomes R - (z + s) p + s: the same menus, with shifts smaller by the constant."""
    before, after = (build(rows, cap).frontier().candidates, build(rows, cap, shift=constant).frontier().candidates)
    for shift in (0.0, 1.0, 10.0, 1e3):
        reach = (before["revenue"] - (shift + constant) * before["no_purchase"]).max()
        assert close((after["revenue"] - shift * after["no_purchase"]).max(), reach + constant, 100 + constant + shift)


@quick
@given(products, caps)
def test_the_table_of_the_frontier_is_in_order(rows, cap):
    table = build(rows, cap).frontier().table
    assert np.all(np.diff(table["utility"]) > 0)
    assert np.all(np.diff(table["revenue"]) <= 1e-12)
    assert np.all(table["weight_low"] <= table["weight_high"])
    assert np.all(table["weight_low"].to_numpy()[1:] == table["weight_high"].to_numpy()[:-1])
    assert table["weight_low"].iloc[0] == 0.0
    assert table["weight_high"].iloc[-1] == np.inf


@quick
@given(products, caps, levers)
def test_the_shift_of_a_solved_menu_lies_in_its_range_on_the_frontier(rows, cap, lever):
    problem = build(rows, cap)
    menu = problem.solve(lever)
    candidates = problem.frontier().candidates
    row = candidates.iloc[(candidates["utility"] - menu.utility).abs().argmin()]
    if abs(row["utility"] - menu.utility) < 1e-12:
        slack = 1e-6 * (1 + menu.shift)
        assert row["shift"] - slack <= menu.shift <= row["shift_high"] + slack
