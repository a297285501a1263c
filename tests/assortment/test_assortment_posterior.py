"""The decision under draws: a mixture of logits, checked against every menu."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus

from estimation.assortment import Assortment, AtMost, Expected, PerCategory, Requires, TailMean, WorstCase, under_draws
from estimation.errors import AssortmentError

COUNT, DRAWS = 9, 40
FOUR = (AtMost(4),)


def make(seed, spread, constraints=FOUR, count=COUNT, draws=DRAWS):
    rng = np.random.default_rng([12, seed])
    revenue = rng.uniform(1, 10, count)
    weights = np.exp(rng.normal(-1, 1, count) + spread * rng.normal(size=(draws, count)))
    return under_draws(Assortment(revenue, np.exp(np.log(weights).mean(0))).subject_to(*constraints), weights)


def every_value(found, lever, allowed):
    """(draw, menu) objective of every feasible menu, from choice probabilities."""
    menus = all_menus(len(found.problem.catalogue))
    menus = menus[allowed(menus)]
    weights, revenue = found.draws.logits, found.problem.catalogue.revenue
    total = 1 + weights @ menus.T
    return np.einsum("dp,mp,p->dm", weights, menus, revenue) / total + lever * np.log(total)


def at_most_four(menus):
    return menus.sum(1) <= 4


RISKS = {"expected": Expected(), "tail": TailMean(0.2), "worst": WorstCase()}


def by_hand(risk, values):
    ordered = np.sort(values, axis=0)
    return {"expected": values.mean(0), "tail": ordered[: DRAWS // 5].mean(0), "worst": ordered[0]}[risk]


@pytest.mark.parametrize("risk", RISKS)
@pytest.mark.parametrize("spread", [0.1, 0.6, 1.5])
def test_the_chosen_menu_is_the_best_of_all_or_nearly_and_the_bound_holds(risk, spread):
    losses = []
    for seed in range(8):
        found = make(seed, spread)
        decision = found.solve(1.5, RISKS[risk])
        best = by_hand(risk, every_value(found, 1.5, at_most_four)).max()
        assert decision.objective <= best + 1e-9 <= decision.bound + 2e-9
        assert decision.gap == pytest.approx(decision.bound - decision.objective, abs=1e-12)
        losses.append(1 - decision.objective / best)
    assert np.mean(losses) < 1e-3
    assert np.median(losses) < 1e-12


def test_local_search_respects_constraints():
    constraints = (PerCategory(np.arange(COUNT) % 3, at_most=1), Requires(3, 1))

    def allowed(menus):
        return np.all([menus[:, k::3].sum(1) <= 1 for k in range(3)], axis=0) & (menus[:, 3] <= menus[:, 1])

    for seed in range(6):
        found = make(seed, 1.0, constraints)
        decision = found.solve(0.7)
        chosen = np.isin(np.arange(COUNT), decision.products)
        assert allowed(chosen[None])[0]
        assert decision.objective <= every_value(found, 0.7, allowed).mean(0).max() + 1e-9


def test_probability_best_and_regret_are_counted_over_all_menus():
    found = make(3, 0.6)
    decision = found.solve(1.0)
    best = every_value(found, 1.0, at_most_four).max(1)
    np.testing.assert_allclose(decision.best, best, atol=1e-9)
    np.testing.assert_allclose(decision.regret, best - decision.values, atol=1e-9)
    assert decision.probability_best == np.mean(decision.values >= best - 1e-9)
    assert decision.gap == pytest.approx(decision.regret.mean(), abs=1e-9)


def test_if_all_draws_agree_the_decision_is_that_of_one_logit():
    found = make(4, 0.0)
    one, other = found.solve(2.0), found.problem.solve(2.0)
    assert one.products == other.products
    assert one.gap <= 1e-9
    assert one.probability_best == 1.0
    assert one.plug_in_loss == pytest.approx(0.0, abs=1e-12)


def test_deciding_at_the_mean_utilities_loses_where_draws_differ():
    losses = [make(seed, 2.0).solve(1.0).plug_in_loss for seed in range(10)]
    assert min(losses) >= -1e-12
    assert max(losses) > 1e-3


def test_risk_aversion_trades_the_mean_for_the_tail():
    for seed in range(5):
        found = make(seed, 1.2)
        mean, tail = found.solve(1.0), found.solve(1.0, TailMean(0.1))
        table = found.compare({"mean": mean.products, "tail": tail.products}, 1.0)
        assert table["objective"]["mean"] >= table["objective"]["tail"] - 1e-9
        assert table["tail_mean"]["tail"] >= table["tail_mean"]["mean"] - 1e-9
        assert table["probability_best_of_these"].sum() == pytest.approx(1.0)


def test_a_comparison_takes_menus_and_agrees_with_the_decision():
    found = make(5, 0.8)
    decision, plug = found.solve(1.0), found.problem.solve(1.0)
    table = found.compare({"decision": decision.products, "plug-in": plug, "empty": ()}, 1.0)
    assert table["objective"]["decision"] == pytest.approx(decision.objective)
    assert table["regret"]["decision"] == pytest.approx(decision.regret.mean())
    assert table["objective"]["empty"] == 0.0
    assert decision.plug_in_loss == pytest.approx(table["objective"]["decision"] - table["objective"]["plug-in"])


@pytest.mark.parametrize("lever", [0.0, 1.0])
def test_the_integer_program_bounds_every_menu_and_is_tighter_than_perfect_information(lever):
    for seed in range(3):
        found = make(seed, 2.0, count=7, draws=8)
        best = every_value(found, lever, at_most_four).mean(0).max()
        bound = found.program_bound(lever)
        assert best - 1e-7 <= bound <= best * 1.002
        assert bound < found.solve(lever).bound


@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_pricing_the_differences_of_draws_bounds_every_menu_tighter_than_perfect_information(spread):
    for seed in range(2):
        found = make(seed, spread, count=6, draws=8)
        decision = found.solve(1.0)
        best = every_value(found, 1.0, at_most_four).mean(0).max()
        once = found.lagrangian_bound(decision.products, 1.0)
        often = found.lagrangian_bound(decision.products, 1.0, steps=4)
        assert best - 1e-7 <= often <= once
        assert often <= best * 1.01
        assert often - best < 0.5 * (decision.bound - best) + 1e-3 * best


def test_a_tail_that_holds_all_draws_is_the_mean_and_a_tiny_one_is_the_worst_case():
    values = np.random.default_rng(1).normal(size=(30, 5))
    np.testing.assert_allclose(TailMean(1.0)(values), Expected()(values))
    np.testing.assert_allclose(TailMean(1e-9)(values), WorstCase()(values))


def test_what_is_wrong_with_draws_is_listed():
    problem = Assortment([1.0, 2.0], [1.0, 1.0], products=["a", "b"])
    with pytest.raises(AssortmentError, match="2 products"):
        under_draws(problem, [1.0, 2.0, 3.0])
    with pytest.raises(AssortmentError, match=r"draw 1, product 'b': weight is -1.0") as caught:
        under_draws(problem, [[1.0, 1.0], [np.nan, -1.0]], outside_weight=[0.0, 1.0])
    assert len(caught.value.problems) == 3
    with pytest.raises(AssortmentError, match="share is 0"):
        TailMean(0)
    with pytest.raises(AssortmentError, match="'c' not in the catalogue"):
        under_draws(problem, [[1.0, 1.0]]).compare({"odd": ["c"]})
