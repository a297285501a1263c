"""Few menus, each promise kept."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.assortment_brute_force import Everything, all_menus

from estimation.assortment import Assortment, AtMost, PerCategory, Requires
from estimation.assortment.grid import log_ratio, missed
from estimation.errors import AssortmentError

TOLERANCES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-6)
COUNT = 10
# Mean number of grid points from the empty menu on, computed elsewhere on 200 other instances of these families (14
# products). They grow with the square root of log(1 + largest attraction), whose mean there follows from the last one.
COUNTED = {1e-1: 3.0, 1e-2: 6.0, 1e-3: 16.0, 1e-4: 47.0, 1e-6: 456.0}
THEIR_TOP = 8e-6 * (COUNTED[1e-6] - 1) ** 2


def draw(seed):
    """Draw a problem of one of four families, with all of its menus."""
    rng = np.random.default_rng([8, seed])
    revenue = rng.uniform(0, 10, COUNT)
    weight = rng.lognormal(0, 1, COUNT)
    weight *= 9 / weight.sum()
    menus = all_menus(COUNT)
    parts = [
        ([], np.ones(len(menus), bool)),
        ([AtMost(4)], menus.sum(1) <= 4),
        ([PerCategory(np.arange(COUNT) % 3, at_most=2)], np.all([menus[:, k::3].sum(1) <= 2 for k in range(3)], 0)),
        (
            [Requires(k, k // 2) for k in range(1, COUNT)],
            np.all([menus[:, k] <= menus[:, k // 2] for k in range(1, COUNT)], 0),
        ),
    ]
    constraints, allowed = parts[seed % 4]
    return Assortment(revenue, weight).subject_to(*constraints), Everything(menus[allowed], revenue, weight)


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_for_one_lever_the_guarantee_is_kept(tolerance):
    for seed in range(60):
        problem, everything = draw(seed)
        lever = float(np.random.default_rng([9, seed]).uniform(0.1, 10))
        found = problem.approximate(tolerance, utility_weight=lever).best(lever)
        assert found.objective >= (1 - tolerance) * everything.best(lever) - 1e-12


@pytest.mark.parametrize("tolerance", TOLERANCES[:3])
def test_for_all_levers_at_once_the_guarantee_is_kept(tolerance):
    for seed in range(24):
        problem, everything = draw(seed)
        frontier = problem.approximate(tolerance)
        for lever in [0.0, *np.geomspace(1e-6, 1e6, 25)]:
            assert frontier.best(lever).objective >= (1 - tolerance) * everything.best(lever) - 1e-12


def measured(tolerance):
    """Mean number of shifts that were tried, and the mean of the bound that starts from the empty menu."""
    tried, bounds, tops = [], [], []
    for seed in range(60):
        problem, everything = draw(seed)
        tried.append(problem.approximate(tolerance, utility_weight=1.0).grid)
        top = everything.measures[1].max()
        tops.append(top)
        bounds.append(np.ceil(top / log_ratio(tolerance * top)) + 1)
    return np.array(tried), np.array(bounds), np.sqrt(tops).mean()


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_the_number_of_shifts_is_within_the_formula_and_falls_short_of_it_by_starting_at_the_revenue_optimum(tolerance):
    tried, bounds, root = measured(tolerance)
    assert np.all(tried <= bounds)
    formula = np.sqrt(np.log(10) / (8 * tolerance)) + 1
    assert bounds.mean() <= formula + 1
    assert bounds.mean() >= 0.8 * formula - 1
    scaled = 1 + (COUNTED[tolerance] - 1) * root / np.sqrt(THEIR_TOP)
    assert bounds.mean() == pytest.approx(scaled, rel=0.01, abs=0.6)  # whole numbers, rounded up


def test_the_number_of_shifts_does_not_grow_with_the_catalogue():
    rng = np.random.default_rng(10)
    counts = []
    for size in (100, 10_000):
        weight = rng.lognormal(0, 1, size)
        counts.append(
            Assortment(rng.uniform(0, 10, size), 9 * weight / weight.sum()).approximate(1e-3, utility_weight=2.0).grid
        )
    assert max(counts) <= 20


def test_the_missed_amount_agrees_with_its_expansion_and_its_inverse():
    for step in (1e-3, 9.9e-3, 1.01e-2, 0.3, 2.0):
        series = step**2 / 8 - step**4 / 576
        assert missed(step) == pytest.approx(series, rel=2e-3 * step**2 + 1e-8)
        assert log_ratio(missed(step)) == pytest.approx(step, rel=1e-6)


def test_no_share_is_promised_where_the_menu_of_most_attraction_loses_money():
    with pytest.raises(AssortmentError, match="negative revenue"):
        Assortment([1.0, -5.0], [1.0, 1.0]).approximate(0.1)


@pytest.mark.parametrize("tolerance", [0.0, 1.0, -1.0, np.nan])
def test_a_tolerance_that_is_no_share_is_refused(tolerance):
    with pytest.raises(AssortmentError, match="tolerance is"):
        Assortment([1.0], [1.0]).approximate(tolerance)
