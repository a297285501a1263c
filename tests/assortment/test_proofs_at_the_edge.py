"""Proofs where time ends, where programs are cut short, and where nothing or everything is open: bounds must hold."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from oracles.assortment_brute_force import all_menus

from estimation.assortment import Assortment, AtLeast, AtMost, Exactly, LinearRows, PerCategory, Requires, under_draws
from estimation.assortment.constraints.base import stack
from estimation.assortment.oracles.base import Ends, Unconstrained
from estimation.assortment.oracles.closure import Closure
from estimation.assortment.oracles.highs import Program, SolverError
from estimation.assortment.posterior import branch, lagrangian, proof, relaxation
from estimation.assortment.posterior.branch import prove, whole_box
from estimation.assortment.posterior.relaxation import Mixture
from estimation.errors import AssortmentError

MENUS = all_menus(9)


def logits(seed, *, lever=0.5, count=6):
    """Logits that differ, without constraints, and the objective of every menu."""
    rng = np.random.default_rng([48, seed])
    revenue, weights = rng.uniform(1, 10, 9), rng.lognormal(-1, 1.5, (count, 9))
    rows = stack(Assortment(revenue, np.ones(9)).catalogue, [])
    each = (weights * revenue) @ MENUS.T / (1 + weights @ MENUS.T) + lever * np.log(1 + weights @ MENUS.T)
    mixture = Mixture(weights, np.full(count, 1 / count), revenue, lever, rows, each.max(axis=1), np.zeros(9))
    return mixture, each.mean(axis=0)


def unpolished(menu):
    return menu


@pytest.mark.parametrize("lever", [0.0, 0.5])
def test_from_the_worst_menu_without_local_search_the_best_is_found_and_proved(lever):
    mixture, values = logits(0, lever=lever)
    box = whole_box(mixture, Unconstrained())
    found = prove(mixture, box, MENUS[values.argmin()], unpolished, 60.0)
    assert found.objective == pytest.approx(values.max(), rel=1e-9)
    np.testing.assert_array_equal(found.chosen, MENUS[values.argmax()])
    assert values.max() - 1e-9 <= found.bound <= values.max() * (1 + 1e-6)


def ticking(monkeypatch, step):
    """Let every look at the clock take so many seconds."""
    ticks = itertools.count()
    monkeypatch.setattr(branch, "time", SimpleNamespace(perf_counter=lambda: step * next(ticks)))


@pytest.mark.parametrize("seconds", [2.5, 4.5, 8.0, 20.0])
@pytest.mark.parametrize("lever", [0.0, 0.5])
def test_whenever_the_time_is_up_the_bound_holds(monkeypatch, seconds, lever):
    mixture, values = logits(0, lever=lever)
    box = whole_box(mixture, Unconstrained())
    ticking(monkeypatch, 1.0)
    found = prove(mixture, box, MENUS[values.argmin()], unpolished, seconds)
    assert found.objective <= values.max() + 1e-12
    assert found.bound >= values.max() - 1e-9


def test_a_program_that_ends_without_a_menu_leaves_the_bound_and_the_best_menu_as_they_are(monkeypatch):
    mixture, values = logits(1)
    start, box = MENUS[values.argmin()], whole_box(mixture, Unconstrained())
    monkeypatch.setattr(branch, "time", SimpleNamespace(perf_counter=lambda: 0.0))
    outside = replace(box, offered=~start & box.offered, open=box.open & ~start)
    search = branch._Search(mixture, start, unpolished, 1e-12)
    search.branch(outside)
    assert search.objective <= values.max() + 1e-12
    assert search.bound >= search.objective


@pytest.fixture
def cut(monkeypatch):
    """Limits of sizes so small that every way of cutting a problem is taken for nine products."""
    monkeypatch.setattr(proof, "SMALL", 10)
    monkeypatch.setattr(lagrangian, "PAIRS", 9)
    monkeypatch.setattr(lagrangian, "KEPT", 2)


@pytest.mark.usefixtures("cut")
def test_a_few_steps_of_prices_before_the_program_change_nothing_about_the_proof():
    rng = np.random.default_rng(49)
    revenue, weights = rng.uniform(1, 10, 9), rng.lognormal(-1, 1.5, (1, 6, 9))
    decision = under_draws(Assortment(revenue, np.ones(9)).subject_to(AtMost(3)), weights).solve(0.5, seconds=60.0)
    each = (weights[0] * revenue) @ MENUS.T / (1 + weights[0] @ MENUS.T) + 0.5 * np.log(1 + weights[0] @ MENUS.T)
    best = each.mean(axis=0)[MENUS.sum(axis=1) <= 3].max()
    assert decision.objective == pytest.approx(best, rel=1e-9)
    assert decision.bound == pytest.approx(best, rel=1e-6)


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("steps", [0, 2])
def test_the_bound_by_prices_holds_after_any_number_of_steps_whether_programs_are_kept_or_not(steps):
    mixture, values = logits(2)
    bound = lagrangian.lagrangian_bound(mixture, Unconstrained(), MENUS[values.argmax()], steps, 60.0)
    assert values.max() - 1e-9 <= bound <= mixture.parts @ mixture.ceiling + 1e-9


@pytest.mark.parametrize("most_rows", [0, 4000])
def test_constraints_hold_in_every_proof_whether_or_not_they_are_multiplied(monkeypatch, most_rows):
    """One requires what a segment hardly considers: the product of that row with the segment's sales is left out."""
    monkeypatch.setattr(relaxation, "MOST_ROWS", most_rows)
    rng = np.random.default_rng(50)
    revenue, weights = rng.uniform(1, 10, 9), rng.lognormal(-1, 1.5, (4, 9))
    weights[:2, 3] = 1e-14
    problem = Assortment(revenue, np.ones(9)).subject_to(Requires(0, 3), Requires(1, 4))
    decision = under_draws(problem, weights[None]).solve(seconds=60.0)
    allowed = MENUS[(MENUS[:, 0] <= MENUS[:, 3]) & (MENUS[:, 1] <= MENUS[:, 4])]
    best = ((weights * revenue) @ allowed.T / (1 + weights @ allowed.T)).mean(axis=0).max()
    assert decision.objective == pytest.approx(best, rel=1e-9)
    assert decision.bound == pytest.approx(best, rel=1e-6)


def test_of_one_possible_menu_there_is_nothing_to_search():
    problem = Assortment([1.0, 2.0, 3.0], np.ones(3)).subject_to(Exactly(3))
    decision = under_draws(problem, np.random.default_rng(51).lognormal(size=(4, 3))).solve(1.0)
    assert decision.products == (0, 1, 2)


def test_closures_are_narrowed_between_menus_that_hold_each_other_only():
    oracle = Closure(np.array([1, 2]), np.array([0, 0]), 3)
    small, large, other = np.array([[0, 0, 0], [1, 1, 0], [1, 0, 1]], dtype=bool)
    gain = np.ones(3)
    assert oracle.narrow(Ends(other, large, gain, gain)) is None
    free, narrowed = oracle.narrow(Ends(small, large, gain, gain))
    assert free.tolist() == [0, 1]
    assert narrowed.best(np.array([-1.0, 2.0])).tolist() == [True, True]
    assert narrowed.best(np.array([-2.0, 1.0])).tolist() == [False, False]


def test_a_program_without_an_answer_says_what_the_solver_says():
    rows = LinearRows(np.ones((1, 2)), upper=1.0).rows(Assortment([1.0, 1.0], [1.0, 1.0]).catalogue)
    program = Program(rows.matrix, (rows.lower, rows.upper), (np.full(2, -np.inf), np.ones(2)), np.zeros(2, bool))
    with pytest.raises(SolverError, match="HiGHS stopped with 'Unbounded'"):
        program.maximise(np.array([-1.0, 0.0]))
    assert program.optimum(np.array([-1.0, 0.0])) is None
    assert program.optimum(np.array([1.0, 0.0])) is not None


@pytest.mark.parametrize("most", [0, 2])
def test_a_grid_for_no_lever_is_the_menu_of_most_revenue_and_one_of_most_attraction(most):
    problem = Assortment([4.0, 1.0, 0.5], [1.0, 1.0, 1.0]).subject_to(AtMost(most))
    found = problem.approximate(0.1, utility_weight=0.0)
    assert found.best(0.0).objective == problem.solve(0.0).objective
    assert len(found.candidates) == (1 if most == 0 else 2)
    if most == 0:
        assert problem.approximate(0.1).best(1.0).products == ()


@pytest.mark.parametrize(
    ("demands", "named"),
    [
        (
            [AtMost(2), PerCategory(list("aaaa"), at_least=3)],
            {"at most 2 of 4 products", "at least 3 of the 4 products in category 'a'"},
        ),
        ([AtLeast(5), PerCategory(list("aabb"), at_most=1)], {"at least 5 of 4 products"}),
    ],
)
def test_counts_that_contradict_each_other_are_named(demands, named):
    with pytest.raises(AssortmentError) as caught:
        Assortment(np.ones(4), np.ones(4)).subject_to(*demands).solve()
    assert named <= set(caught.value.problems)
