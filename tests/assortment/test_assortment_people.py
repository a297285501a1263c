"""People who differ, and what more data would be worth: against every menu, with sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus

from estimation.assortment import Assortment, AtMost, TailMean, WorstCase, under_draws
from estimation.errors import AssortmentError

COUNT, DRAWS, PEOPLE = 7, 10, 4


def make(seed, *constraints, unsure=0.5, differ=1.0, draws=DRAWS):
    """Draw a problem in which people differ and the posterior is wide; give it with shares of demand."""
    rng = np.random.default_rng([31, seed])
    revenue = rng.uniform(1, 10, COUNT)
    typical = rng.normal(-1, 1, COUNT) + differ * rng.normal(size=(1, PEOPLE, COUNT))
    weights = np.exp(typical + unsure * rng.normal(size=(draws, 1, COUNT)))
    shares = rng.uniform(0.5, 2, PEOPLE)
    problem = Assortment(revenue, weights.mean((0, 1))).subject_to(*constraints)
    return under_draws(problem, weights, shares=shares), weights, shares / shares.sum()


def by_hand(weights, shares, revenue, lever, menus):
    """(draw, menu) objective, one customer at a time."""
    value = np.zeros((len(weights), len(menus)))
    for draw, people in enumerate(weights):
        for person, share in zip(people, shares, strict=True):
            for place, menu in enumerate(menus):
                total = 1.0 + person[menu].sum()
                value[draw, place] += share * ((person * revenue)[menu].sum() / total + lever * np.log(total))
    return value


@pytest.fixture(scope="module")
def solved():
    """Three problems with all of their menus, and the decisions for a lever."""
    cases = []
    for seed in range(3):
        found, weights, shares = make(seed, AtMost(3))
        menus = all_menus(COUNT)
        menus = menus[menus.sum(1) <= 3]
        cases.append((found, by_hand(weights, shares, found.problem.catalogue.revenue, 1.5, menus), menus))
    return cases


def test_within_a_draw_people_are_averaged_by_their_share_of_demand():
    found, weights, shares = make(0)
    menus = all_menus(COUNT)[::9]
    expected = by_hand(weights, shares, found.problem.catalogue.revenue, 0.8, menus)
    np.testing.assert_allclose(found.draws.objective(menus, 0.8), expected, rtol=1e-12)


def test_one_person_who_stands_for_all_is_a_plain_draw():
    rng = np.random.default_rng(32)
    problem = Assortment(rng.uniform(1, 9, COUNT), np.ones(COUNT))
    weights = rng.lognormal(-1, 1, (DRAWS, COUNT))
    one, other = under_draws(problem, weights), under_draws(problem, weights[:, None, :])
    assert one.solve(1.0).products == other.solve(1.0).products
    assert one.solve(1.0).gap == other.solve(1.0).gap


@pytest.mark.parametrize("risk", [None, TailMean(0.3), WorstCase()], ids=["expected", "tail", "worst"])
def test_the_menu_for_people_who_differ_is_the_best_of_all_and_lies_below_its_bound(solved, risk):
    for found, values, _ in solved:
        score = values.mean(0) if risk is None else risk(values)
        decision = found.solve(1.5, risk)
        assert decision.objective == pytest.approx(score.max(), rel=1e-9)
        assert decision.bound >= score.max() - 1e-9


def test_regret_and_the_probability_of_being_best_are_those_of_trying_all_menus(solved):
    for found, values, menus in solved:
        decision = found.solve(1.5)
        mine = values[:, (menus == np.isin(np.arange(COUNT), decision.products)).all(1)][:, 0]
        np.testing.assert_allclose(decision.regret, values.max(1) - mine, atol=1e-9)
        assert decision.probability_best == np.mean(mine >= values.max(1) - 1e-9)


def test_without_constraints_the_bound_is_the_mean_of_what_each_person_would_want():
    found, weights, shares = make(5)
    revenue = found.problem.catalogue.revenue
    wanted = [
        [by_hand(person[None, None], [1.0], revenue, 0.7, all_menus(COUNT)).max() for person in people]
        for people in weights
    ]
    assert found.solve(0.7).bound == pytest.approx(float(np.mean(wanted @ shares)), rel=1e-9)


@pytest.mark.parametrize("lever", [0.0, 1.5])
def test_integer_programs_bound_every_menu_for_people_with_unequal_shares(lever):
    found, weights, shares = make(6, AtMost(3), draws=2)
    menus = all_menus(COUNT)
    menus = menus[menus.sum(1) <= 3]
    best = by_hand(weights, shares, found.problem.catalogue.revenue, lever, menus).mean(0).max()
    decision = found.solve(lever)
    assert best - 1e-7 <= found.program_bound(lever) <= best * 1.005
    priced = found.lagrangian_bound(decision.products, lever, steps=5)
    assert best - 1e-7 <= priced < decision.bound


def worth_by_hand(weights, revenue, lever, spread):
    """Expected value of data that leave a share of the spread, over all menus, one outcome at a time."""
    utility = np.log(weights)
    centre, menus = utility.mean(0), all_menus(weights.shape[-1])
    outcomes = []
    for own in utility:
        moved = centre + np.sqrt(1 - spread**2) * (own - centre)
        later = np.exp(moved + spread * (utility - centre))
        outcomes.append(by_hand(later[:, None], [1.0], revenue, lever, menus).mean(0))
    return np.max(outcomes, axis=1).mean() - np.mean(outcomes, axis=0).max()


@pytest.mark.parametrize("spread", [0.0, 0.5, 0.9])
def test_the_value_of_information_is_that_of_trying_all_menus_after_all_outcomes(spread):
    for seed in range(3):
        rng = np.random.default_rng([33, seed])
        revenue, weights = (rng.uniform(1, 10, 5), np.exp(rng.normal(-1, 1, 5) + 0.8 * rng.normal(size=(12, 5))))
        found = under_draws(Assortment(revenue, weights.mean(0)), weights)
        assert found.value_of_information(1.0, spread) == pytest.approx(
            worth_by_hand(weights, revenue, 1.0, spread), abs=1e-9
        )


def test_perfect_information_is_worth_the_gap_and_no_information_nothing():
    rng = np.random.default_rng(34)
    weights = np.exp(rng.normal(-1, 1, COUNT) + 0.8 * rng.normal(size=(40, COUNT)))
    found = under_draws(Assortment(rng.uniform(1, 10, COUNT), weights.mean(0)).subject_to(AtMost(3)), weights)
    worth = [found.value_of_information(1.0, spread) for spread in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert worth[0] == pytest.approx(found.solve(1.0).gap, abs=1e-9)
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] == 0.0
    assert worth[0] > 1e-3


def test_along_the_lever_utility_rises_and_the_bands_hold_the_means():
    found, _, _ = make(7, AtMost(4))
    table = found.frontier([0.0, 0.5, 1.0, 2.0, 5.0, 50.0]).table
    assert table["utility"].is_monotonic_increasing
    assert table["revenue"].is_monotonic_decreasing
    assert (table["revenue_low"] < table["revenue_high"]).all()
    assert ((table["utility_low"] <= table["utility"]) & (table["utility"] <= table["utility_high"])).all()
    levers = found.frontier().table.index
    assert levers[0] == 0.0
    assert 2 <= len(levers) <= 12


def test_what_is_wrong_with_shares_people_and_shares_of_spread_is_said():
    problem = Assortment([1.0, 2.0], [1.0, 1.0], products=["a", "b"])
    good = np.ones((3, 2, 2))
    with pytest.raises(AssortmentError, match=r"shares have shape \(3,\)"):
        under_draws(problem, good, shares=[1, 1, 1])
    with pytest.raises(AssortmentError, match="not all zero"):
        under_draws(problem, good, shares=[0, 0])
    with pytest.raises(AssortmentError, match=r"draw 0, person 1, product 'a': weight is 0"):
        under_draws(problem, [[[1.0, 1.0], [0.0, 1.0]]])
    with pytest.raises(AssortmentError, match=r"outside_weight has shape \(2,\)"):
        under_draws(problem, good, outside_weight=[1.0, 1.0])
    with pytest.raises(AssortmentError, match="spread is 2"):
        under_draws(problem, good).value_of_information(1.0, spread=2)
    with pytest.raises(AssortmentError, match="There are no draws"):
        under_draws(problem)
