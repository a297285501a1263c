"""Rows of the user's own hold whatever their unit, and however different their entries are in size."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus

from estimation.assortment import Assortment, LinearRows, NotUnimodularWarning, under_draws
from estimation.errors import AssortmentError

pytestmark = pytest.mark.filterwarnings("ignore::estimation.assortment.NotUnimodularWarning")
LABELS = ["pen", "pad", "clip"]


def stationery(matrix, **bounds):
    problem = Assortment([10.0, 6.0, 3.0], [0.5, 1.0, 2.0], products=LABELS)
    return problem.subject_to(LinearRows(matrix, **bounds))


@pytest.mark.parametrize("unit", [1e-300, 1e-12, 1e-8, 1.0, 1e6, 1e300])
def test_the_unit_of_a_budget_changes_no_menu(unit):
    sizes = np.array([[2.0, 3.0, 1.5]])
    usual, other = (stationery(sizes * each, upper=4.99 * each) for each in (1.0, unit))
    assert other.solve().products == usual.solve().products == ("pen",)
    found, expected = ([menu.products for menu in problem.frontier().menus] for problem in (other, usual))
    assert found == expected
    assert other.frontier().within(0.5).products == usual.frontier().within(0.5).products
    draws = np.random.default_rng(1).lognormal(size=(5, 3))
    assert under_draws(other, draws).solve(0.5).products == under_draws(usual, draws).solve(0.5).products


@pytest.mark.parametrize("size", [1e4, 1e9, 1e12, 1e300])
def test_what_lets_others_in_is_bought_with_them_however_large_its_entry_is(size):
    problem = Assortment([10.0, 6.0, -3.0], [0.5, 1.0, 2.0]).subject_to(LinearRows([[1.0, 1.0, -size]], upper=0))
    assert problem.solve().products == (0, 1, 2)


@pytest.mark.parametrize("size", [1e9, 1e300])
def test_beside_a_product_that_never_fits_the_others_keep_their_limit(size):
    problem = stationery([[size, 1.0, 1.0]], upper=1.5)
    assert problem.solve().products == ("pad",)
    assert {len(menu) for menu in problem.frontier().menus} == {1}


@pytest.mark.parametrize("power", [3, 7, 11])
def test_menus_meet_rows_whose_entries_are_of_very_different_sizes_and_none_that_does_is_better(power):
    rng = np.random.default_rng(power)
    menus = all_menus(6)
    for _ in range(12):
        matrix = rng.choice([-1.0, 1.0], (2, 6)) * np.exp(rng.uniform(-power, power, (2, 6)))
        upper = matrix @ menus[rng.integers(len(menus))] + 0.3 * rng.random(2)
        revenue, weight = rng.normal(5, 4, 6), rng.lognormal(size=6)
        menu = Assortment(revenue, weight).subject_to(LinearRows(matrix, upper=upper)).solve()
        chosen = np.isin(np.arange(6), menu.products)
        meets = (menus @ matrix.T <= upper).all(axis=1)
        assert meets[np.flatnonzero((menus == chosen).all(axis=1))[0]]
        assert menu.revenue == pytest.approx(((menus @ (revenue * weight)) / (1 + menus @ weight))[meets].max())


def test_rows_that_nothing_meets_are_named_in_any_unit():
    with pytest.raises(AssortmentError, match="row 0 of the linear rows"):
        stationery([[1e-12, 1e-12, 1e-12]], lower=3.1e-12).solve()


def test_whole_rows_are_still_recognised_as_unimodular_beside_rows_in_another_unit(recwarn):
    problem = stationery([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]], upper=1.0)
    assert problem.solve().products == ("pen",)
    assert not [warning for warning in recwarn if warning.category is NotUnimodularWarning]
