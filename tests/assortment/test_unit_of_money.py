"""Under a posterior, numbers are those of loops over draws, people and menus, in whatever unit money is counted."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import estimation as est

NAMES = ["10", "2", "1", "20", "3"]
MENUS = [menu for size in range(len(NAMES) + 1) for menu in combinations(range(len(NAMES)), size)]
UNITS = (1e-9, 1.0, 1e9)


def problem(seed, people):
    """Draw revenues of either sign, weights, shares of people and probabilities of draws."""
    rng = np.random.default_rng(seed)
    weights = rng.lognormal(-4, 1.5, (4, people, len(NAMES)))
    return rng.normal(1, 1.5, len(NAMES)), weights, rng.dirichlet(np.ones(people)), rng.dirichlet(np.ones(4))


def objectives(revenue, weights, shares, lever, menus):
    """(draw, menu) by the definition."""
    found = np.zeros((len(weights), len(menus)))
    for draw, person, place in np.ndindex(len(weights), len(shares), len(menus)):
        weight, menu = weights[draw, person], menus[place]
        total = 1 + sum(weight[product] for product in menu)
        earned = sum(revenue[product] * weight[product] for product in menu) / total
        found[draw, place] += shares[person] * (earned + lever * np.log(total))
    return found


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("lever", [0.0, 0.4])
def test_a_decision_is_that_of_loops(unit, people, lever):
    for seed in range(4):
        revenue, weights, shares, parts = problem(seed, people)
        allowed = [menu for menu in MENUS if len(menu) <= 3]
        values = objectives(revenue * unit, weights, shares, lever * unit, allowed)
        asked = est.Assortment(revenue * unit, np.ones(len(NAMES)), products=NAMES).subject_to(est.AtMost(3))
        under = est.under_draws(asked, weights, shares=shares, draw_weights=parts)
        found = under.solve(lever * unit, seconds=5.0)
        place = allowed.index(tuple(sorted(NAMES.index(product) for product in found.products)))
        best, mean = values.max(axis=1), parts @ values
        assert found.objective == pytest.approx(mean.max(), rel=1e-7)
        assert found.bound >= mean.max() * (1 - 1e-9)
        likely = parts @ (values[:, place] >= best * (1 - 1e-9))
        table = under.compare({"chosen": found, "same": found, "nothing": []}, lever * unit)
        assert table.loc["chosen", "probability_best_of_these"] == table.loc["same", "probability_best_of_these"]
        assert table["probability_best_of_these"].sum() == pytest.approx(1)
        if people == 1:  # elsewhere it is about the menus that were found for the draw
            assert found.probability_best == pytest.approx(likely)
            regret = parts @ (best - values[:, place])
            assert table.loc["chosen", "regret"] == pytest.approx(regret, rel=1e-6, abs=1e-9 * mean.max())


def test_menus_that_tie_share_the_probability_of_being_best_of_these_in_any_unit():
    for unit in UNITS:
        revenue, weights, _, parts = problem(7, 1)
        revenue[1], weights[..., 1] = revenue[0], weights[..., 0] * (1 + 1e-14)
        asked = est.Assortment(revenue * unit, np.ones(len(NAMES)), products=NAMES)
        table = est.under_draws(asked, weights, draw_weights=parts).compare({"one": ["10"], "other": ["2"]})
        np.testing.assert_allclose(table["probability_best_of_these"], 0.5)


def test_the_bound_of_a_menu_is_as_near_as_the_tolerance_says_in_any_unit():
    revenue, weights, *_ = problem(3, 1)
    menus = [
        est.Assortment(revenue * unit, weights[0, 0], products=NAMES).subject_to(est.AtMost(2)).solve(0.3 * unit)
        for unit in UNITS
    ]
    assert len({menu.products for menu in menus}) == 1
    assert all(menu.gap <= 1e-11 * menu.objective for menu in menus)
