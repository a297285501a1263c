"""Menus for mixtures of logits that are proved: against every menu, against enumeration, and against more draws."""

from __future__ import annotations

import time
import warnings
from itertools import product

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus
from oracles.assortment_families import FAMILIES

from estimation.assortment import Assortment, AtMost, NotUnimodularWarning, Risk, TailMean, WorstCase, under_draws
from estimation.assortment.posterior import lagrangian, proof
from estimation.errors import AssortmentError

FAST = ("free", "between", "category_minima", "precedence", "refresh", "space", "quality")


def mixture(name, seed, logits=3):
    """Make a problem of a family with segments that differ, and the objective of each of its menus for a lever."""
    rng = np.random.default_rng([41, sorted(FAMILIES).index(name), seed])
    while True:
        found = FAMILIES[name](rng)
        if len(found.everything.menus) > 1:
            break
    revenue, menus = found.problem.catalogue.revenue, found.everything.menus
    weights = rng.lognormal(-1, 1.5, (logits, len(revenue)))
    shares = rng.uniform(0.2, 1, logits)
    under = under_draws(found.problem, weights[None], outside_weight=1.0, shares=shares)

    def values(lever):
        total = 1 + weights @ menus.T
        each = (weights * revenue) @ menus.T / total + lever * np.log(total)
        return shares / shares.sum() @ each

    return under, values


def proved_to_be_best(name, seed, lever):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotUnimodularWarning)
        under, values = mixture(name, seed)
        decision = under.solve(lever, seconds=30.0)
    best = values(lever).max()
    assert decision.objective == pytest.approx(best, rel=1e-9, abs=1e-9)
    assert decision.bound >= best - 1e-9 * max(1.0, abs(best))
    assert decision.gap <= 1e-6 * max(1.0, abs(best))


@pytest.mark.parametrize("lever", [0.0, 1.5])
@pytest.mark.parametrize("name", FAST)
def test_the_best_of_all_menus_is_found_and_proved(name, lever):
    proved_to_be_best(name, 0, lever)


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_the_best_of_all_menus_is_found_and_proved_under_every_family_of_constraints(name):
    for seed, lever in product(range(1, 4), (0.0, 0.4, 3.0)):
        proved_to_be_best(name, seed, lever)


def halves(seed, count=24, logits=4, cap=9):
    """Segments to whom the products of each half of the catalogue are alike, and the optimum by enumeration."""
    rng = np.random.default_rng([42, seed])
    revenue = np.sort(rng.uniform(0.2, 1, count))[::-1]
    weights = np.exp(3 * rng.normal(size=(logits, 2)) - 1)[:, np.arange(count) * 2 // count]
    best = 0.0
    for first, second in product(range(count // 2 + 1), repeat=2):
        if first + second <= cap:
            offered = np.r_[:first, count // 2 : count // 2 + second]
            total = 1 + weights[:, offered].sum(1)
            best = max(best, (weights[:, offered] @ revenue[offered] / total).mean())
    return under_draws(Assortment(revenue, np.ones(count)).subject_to(AtMost(cap)), weights[None]), best


def test_hard_segments_whose_optimum_enumeration_knows_are_solved_to_it():
    gaps = []
    for seed in range(3):
        under, best = halves(seed)
        decision = under.solve(seconds=30.0)
        assert decision.objective == pytest.approx(best, rel=1e-9)
        assert decision.gap <= 1e-6 * best
        gaps.append(under.solve().gap / best)
    assert max(gaps) > 0.02


def test_a_bound_holds_and_is_no_worse_than_perfect_information_whenever_the_time_is_up():
    under, best = halves(7)
    printed = under.solve().bound
    for seconds in (1e-6, 0.02, 0.2):
        begin = time.perf_counter()
        decision = under.solve(seconds=seconds)
        assert best - 1e-9 <= decision.bound <= printed + 1e-12
        assert time.perf_counter() - begin < seconds + 10
    assert under.program_bound(seconds=30.0) == pytest.approx(best, rel=1e-6)


def test_the_bound_by_prices_is_never_worse_than_the_one_printed_and_stops_in_time():
    rng = np.random.default_rng(43)
    for seed in range(3):
        problem = Assortment(rng.uniform(1, 10, 9), np.ones(9)).subject_to(AtMost(4))
        under = under_draws(
            problem, rng.lognormal(-1, [0.2, 1.0, 3.0][seed], (40, 9)), draw_weights=rng.uniform(size=40)
        )
        decision = under.solve(1.0)
        menus = all_menus(9)
        best = under.draws.mean(under.draws.objective(menus[menus.sum(1) <= 4], 1.0)).max()
        bounds = [under.lagrangian_bound(decision.products, 1.0, steps=steps) for steps in (1, 5)]
        assert best - 1e-9 <= bounds[1] <= bounds[0] <= decision.bound
        assert under.lagrangian_bound(("no such menu",)[:0], 1.0, steps=3) <= decision.bound
        assert under.lagrangian_bound(decision.products, 1.0, steps=10**9, seconds=0.3) <= decision.bound
        assert under.lagrangian_bound(decision.products, 1.0, seconds=0.0) == pytest.approx(decision.bound)


def test_with_too_many_logits_for_one_program_the_gap_is_narrowed_by_prices(monkeypatch):
    rng = np.random.default_rng(44)
    problem = Assortment(rng.uniform(1, 10, 8), np.ones(8)).subject_to(AtMost(3))
    under = under_draws(problem, rng.lognormal(-1, 1, (60, 8)))
    whole = under.solve(0.5, seconds=60.0)
    monkeypatch.setattr(proof, "PAIRS", 100)
    monkeypatch.setattr(lagrangian, "PAIRS", 100)
    priced = under.solve(0.5, seconds=60.0)
    assert whole.objective - 1e-9 <= priced.bound
    assert priced.gap < 0.2 * under.solve(0.5).gap


def test_a_segment_that_does_not_consider_a_product_leaves_the_proof_exact():
    rng = np.random.default_rng(45)
    weights = np.where(rng.uniform(size=(6, 10)) < 0.3, rng.uniform(0.2, 2, (6, 10)), 1e-13)
    revenue, menus = rng.uniform(1, 3, 10), all_menus(10)
    total = 1 + weights @ menus.T
    best = ((weights * revenue) @ menus.T / total).mean(0).max()
    decision = under_draws(Assortment(revenue, np.ones(10)), weights[None]).solve(seconds=30.0)
    assert decision.objective == pytest.approx(best, rel=1e-9)
    assert decision.gap < 1e-6


def test_draws_count_by_their_weights_as_if_each_stood_there_so_many_times():
    rng = np.random.default_rng(46)
    times = np.array([3, 1, 0, 2, 4])
    revenue, weights = rng.uniform(1, 9, 7), rng.lognormal(-1, 1.2, (5, 7))
    problem = Assortment(revenue, np.ones(7)).subject_to(AtMost(3))
    one, many = (
        under_draws(problem, weights, draw_weights=times),
        under_draws(problem, np.repeat(weights, times, axis=0)),
    )
    for risk in (None, TailMean(0.25), TailMean(0.5), WorstCase()):
        weighted, repeated = one.solve(1.0, risk), many.solve(1.0, risk)
        assert weighted.products == repeated.products
        for name in ("objective", "bound", "revenue", "utility", "no_purchase", "probability_best", "plug_in_loss"):
            assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), abs=1e-9)
    menus = {"one": (0, 1), "other": (2, 3, 4)}
    np.testing.assert_allclose(one.compare(menus, 1.0, 0.3), many.compare(menus, 1.0, 0.3), atol=1e-9)
    assert one.value_of_information(1.0) == pytest.approx(many.value_of_information(1.0), abs=1e-9)
    assert one.solve(1.0, seconds=20.0).bound == pytest.approx(many.solve(1.0, seconds=20.0).bound, rel=1e-6)
    table = one.frontier([0.5]).table.iloc[0]
    assert table["revenue_low"] <= table["revenue"] <= table["revenue_high"]


def test_weights_of_draws_that_cannot_be_read_are_refused():
    problem = Assortment([1.0, 2.0], [1.0, 1.0])
    for given, what in (([1.0], "have shape"), ([1.0, -1.0], "must be finite"), ([0.0, 0.0], "not all zero")):
        with pytest.raises(AssortmentError, match=f"draw_weights .*{what}"):
            under_draws(problem, [[1.0, 1.0], [2.0, 1.0]], draw_weights=given)


def test_a_risk_of_ones_own_that_takes_objectives_only_still_works():
    class Median(Risk):
        def __call__(self, values):
            return np.median(values, axis=0)

    rng = np.random.default_rng(47)
    problem = Assortment(rng.uniform(1, 9, 5), np.ones(5))
    decision = under_draws(problem, rng.lognormal(-1, 1, (9, 5))).solve(1.0, Median())
    assert decision.objective == pytest.approx(np.median(decision.values))
    with pytest.raises(AssortmentError, match="only the mean"):
        under_draws(problem, rng.lognormal(-1, 1, (9, 5))).solve(1.0, TailMean(0.1), seconds=1.0)
