"""Forecast sharing: closed forms against sums from the definitions, arbitrary laws against uniform ones, limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from oracles.cheap_talk import Trade, uniform_sum_quantile
from oracles.cheap_talk_tables import CELLS
from scipy import stats

from estimation.errors import GameError
from estimation.games import Discrete, ForecastSharing, at_quantiles, on_grid
from estimation.theories.messages.forecast_closed_forms import credulous_capacity

GAMES = {name: ForecastSharing(**numbers) for name, numbers in CELLS.items()}
TRADES = {name: Trade(**numbers) for name, numbers in CELLS.items()}
SMALL = {"mean_demand": 40.0, "retail_price": 12.0, "wholesale_price": 9.0, "unit_cost": 1.0, "noise_range": 7.0}

cells = pytest.mark.parametrize("cell", CELLS)
trusts = st.floats(0, 1)
costs = st.floats(0.5, 7.5)  # below wholesale price less unit cost: critical ratios on both sides of one half


def small_game(capacity_cost, state_range=12.0):
    return ForecastSharing(**SMALL, capacity_cost=capacity_cost, state_range=state_range)


@cells
@pytest.mark.parametrize("state", [-150, -20, 150])
@pytest.mark.parametrize("capacity", [30, 100.5, 190, 250, 321.7, 470])
def test_expected_sales_and_payoffs_are_averages_over_the_noise(cell, state, capacity):
    game, trade = GAMES[cell], TRADES[cell]
    assert game.expected_sales(capacity, state) == pytest.approx(trade.sales(capacity, state), abs=1e-4)
    assert game.sender_payoff(capacity, state) == pytest.approx(trade.sender(capacity, state), abs=3e-3)
    assert game.receiver_payoff(capacity, state) == pytest.approx(trade.receiver(capacity, state), abs=1e-2)


@cells
@pytest.mark.parametrize("trust", [0.0, 0.3, 0.8, 1.0])
@pytest.mark.parametrize("report", [-149, -20, 90, 150])
def test_the_trusting_capacity_is_the_one_of_highest_expected_profit(cell, trust, report):
    game, trade = GAMES[cell], TRADES[cell]
    best = game.capacity(report, trust)
    assert best == pytest.approx(trade.trusting_capacity(report, trust), abs=1e-3)
    profit = game.trusting_payoff(best, report, trust)
    around = game.trusting_payoff(game.actions, report, trust)
    assert profit >= around.max() - 1e-9


@cells
@pytest.mark.parametrize("trust", [0.0, 0.6, 0.9999, 1.0])
@pytest.mark.parametrize("report", [-150, -149, 30, 150])
def test_the_trusting_payoff_is_the_expected_profit_under_that_belief(cell, trust, report):
    game, trade = GAMES[cell], TRADES[cell]
    for capacity in (60, 155, 230.5, 330, 440):
        expected = trade.trusting_profit(capacity, report, trust)
        assert game.trusting_payoff(capacity, report, trust) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("capacity_cost", [2.0, 4.0, 6.0], ids=["ratio .75", "ratio .5", "ratio .25"])
@pytest.mark.parametrize("trust", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("lying_cost", [0.05, 0.7, 1.4, 2.9])
def test_the_best_report_is_the_one_that_trying_all_finds(capacity_cost, trust, lying_cost):
    """Critical ratios on both sides of one half: above it the capacity is convex in the report."""
    game = small_game(capacity_cost)
    trade = Trade(**SMALL, capacity_cost=capacity_cost, state_range=12.0)
    states = [-12, -5, 0, 4, 11]
    want = trade.reports(lying_cost, trust, states)
    assert game.report(states, lying_cost, trust).tolist() == want


def test_without_a_cost_of_lying_the_smallest_of_the_best_lies_is_told():
    game = small_game(4.0)
    trade = Trade(**SMALL, capacity_cost=4.0, state_range=12.0)
    assert game.report([-12, -3, 9], 0.0, 1.0).tolist() == trade.reports(0.0, 1.0, [-12, -3, 9]) == [-5, 4, 12]


@given(st.floats(0.5, 7.9), trusts, st.floats(1, 40), st.integers(-12, 12))
def test_upwards_from_the_truth_a_uniform_senders_payoff_is_concave(capacity_cost, trust, noise_range, state):
    """Above a critical ratio of one half the capacity is convex in the report, the payoff is concave all the same.

    Where K^a bends, P(demand > K^a) is below sqrt(2tA/B), with A, B the widths of belief and noise, and that is
    little enough: P K'' <= K'^2 / B reduces to (1 - trust) s <= 1, where K' = 1 - (1 - trust) s / 2.
    """
    game = ForecastSharing(**SMALL | {"noise_range": noise_range}, capacity_cost=capacity_cost, state_range=12.0)
    gain = game.sender_payoff(game.capacity(game.messages, trust), float(state))
    assert (np.diff(gain[game.messages >= state], 2) <= 1e-4).all()


def test_with_other_laws_the_best_lie_may_lie_beyond_worse_ones():
    """The reason for trying every report: one that climbs from the truth would stay there."""
    law = Discrete(np.arange(-12, 13.0), np.ones(25))
    game = ForecastSharing(60, 12, 9, 1, 6.7, state_law=law, noise_law=Discrete([-8, 8], [1, 3]))
    worth = game.sender_payoff(game.capacity(game.messages, 0.4), 0.0) - 0.2 * np.abs(game.messages)
    truth = 12
    assert worth[truth + 1] < worth[truth] - 0.1
    assert worth.max() > worth[truth] + 10
    assert game.report([0], 0.2, 0.4) == game.messages[np.argmax(worth)] == 12


def test_of_equally_good_capacities_the_smallest_is_built_whatever_rounding_says():
    """At a critical ratio of one half and two equally likely demands, all capacities between them earn the same."""
    law = Discrete(np.arange(-12, 13.0), np.ones(25))
    game = ForecastSharing(60, 12, 9, 1, 4, state_law=law, noise_law=Discrete([-8, 8], [1, 1]))
    np.testing.assert_array_equal(game.capacity(game.messages, 1.0), 60 + game.messages - 8)
    np.testing.assert_array_equal(game.capacity(game.messages, 1 - 1e-12), 60 + game.messages - 8)


@cells
def test_full_trust_takes_the_report_for_the_truth(cell):
    game = GAMES[cell]
    np.testing.assert_allclose(game.capacity(game.messages, 1.0), credulous_capacity(game, game.messages), atol=1e-4)


@cells
@pytest.mark.parametrize("trust", [0.0, 0.35, 0.8, 1.0])
def test_the_lowest_report_is_believed_whatever_the_trust(cell, trust):
    game = GAMES[cell]
    assert game.capacity(-150, trust) == pytest.approx(credulous_capacity(game, -150), abs=1e-4)


@cells
def test_no_trust_after_the_highest_report_is_babbling(cell):
    game = GAMES[cell]
    babbling = 250 + uniform_sum_quantile(game.critical_ratio, 300, 2 * game.noise_range)
    assert game.babbling_capacity() == pytest.approx(babbling, abs=1e-4)
    assert game.capacity(150, 0.0) == pytest.approx(babbling, abs=1e-4)
    assert game.capacity(0, 0.0) != pytest.approx(babbling, abs=1)


@given(costs, trusts)
def test_capacity_rises_with_the_report_within_known_slopes(capacity_cost, trust):
    """Between α + (1 - α) min(ρ, ½) and α + (1 - α) max(ρ, ½), and never faster than the report."""
    game = small_game(capacity_cost)
    slope = np.diff(game.capacity(game.messages, trust))
    ratio = game.critical_ratio
    assert slope.min() >= trust + (1 - trust) * min(ratio, 0.5) - 1e-5
    assert slope.max() <= trust + (1 - trust) * max(ratio, 0.5) + 1e-5


@given(costs, trusts, st.floats(0, 4))
def test_reports_rise_with_the_state_and_never_go_against_the_senders_interest(capacity_cost, trust, lying_cost):
    game = small_game(capacity_cost)
    reports = game.report(game.states, lying_cost, trust)
    assert (reports >= game.states).all()
    assert (np.diff(reports) >= 0).all()


@given(costs, trusts, st.floats(0, 4), st.floats(0, 4))
def test_a_higher_cost_of_lying_never_makes_a_larger_lie(capacity_cost, trust, one, other):
    game = small_game(capacity_cost)
    cheap, dear = (game.report(game.states, cost, trust) for cost in sorted((one, other)))
    assert (dear <= cheap).all()


@given(costs, trusts)
def test_nobody_lies_if_a_lie_costs_more_than_a_unit_sold_earns(capacity_cost, trust):
    game = small_game(capacity_cost)
    assert (game.report(game.states, game.margin + 1e-6, trust) == game.states).all()


@cells
@pytest.mark.parametrize("trust", [0.0, 0.5, 1.0])
def test_laws_given_as_lists_agree_with_the_closed_forms_of_the_uniform_they_describe(cell, trust):
    numbers = CELLS[cell]
    uniform = GAMES[cell]
    e = numbers["noise_range"]
    grid = np.arange(-150, 151.0)
    game = ForecastSharing(
        **numbers, state_law=Discrete(grid, np.ones_like(grid)), noise_law=at_quantiles(stats.uniform(-e, 2 * e), 401)
    )
    reports = np.array([-150.0, -40, 60, 150])
    capacities = np.array([[80.0], [200.0], [310.0]])
    got = game.trusting_payoff(capacities, reports, trust)
    # A list of whole states stands for cells that reach half a step further at both ends. This changes the expected
    # unsold capacity by up to an eighth of a step, which earns 75.
    want = uniform.trusting_payoff(capacities, reports, trust)
    np.testing.assert_allclose(got, want, atol=75 / 8 + 0.1)
    # Between neighbouring states and on whole capacities: within a unit, where profit is nearly level.
    np.testing.assert_allclose(game.capacity(reports, trust), uniform.capacity(reports, trust), atol=1)
    assert game.babbling_capacity() == pytest.approx(uniform.babbling_capacity(), abs=1)
    assert game.expected_sales(222.0, -17.0) == pytest.approx(uniform.expected_sales(222.0, -17.0), abs=0.01)


def test_laws_need_not_be_even_and_are_averaged_one_state_at_a_time():
    state_law = Discrete([-2, 0, 3], [1, 2, 5])
    noise_law = Discrete([-1, 4], [3, 1])
    game = ForecastSharing(20, 10, 6, 1, 2, state_law=state_law, noise_law=noise_law)
    for capacity in game.actions:
        for state in (-2, 0, 3):
            sales = 0.75 * min(20 + state - 1, capacity) + 0.25 * min(20 + state + 4, capacity)
            assert game.expected_sales(capacity, state) == pytest.approx(sales)
        # Hearing 0 with trust .4, the state is thought to be .6 * -2 (weight 1) or .6 * 0 (weight 2).
        believed = sum(
            weight / 3 * share * min(20 + 0.6 * state + noise, capacity)
            for state, weight in [(-2, 1), (0, 2)]
            for noise, share in [(-1, 0.75), (4, 0.25)]
        )
        assert game.trusting_payoff(capacity, 0.0, 0.4) == pytest.approx(5 * believed - 2 * capacity)
    best = max(game.actions, key=lambda capacity: game.trusting_payoff(capacity, 0.0, 0.4))
    assert game.capacity(0.0, 0.4) == best


def test_a_report_below_every_possible_state_is_taken_literally():
    law = Discrete([-2, 0, 3], [0, 2, 5])
    noise = Discrete([-1, 1], [1, 1])
    game = ForecastSharing(20, 10, 6, 1, 2, state_law=law, noise_law=noise)
    assert game.capacity(-2.0, 0.3) == game.capacity(-2.0, 1.0)
    assert np.isfinite(game.trusting_payoff(game.actions[:, None], game.messages, 0.3)).all()


def test_laws_given_as_lists_say_that_they_have_no_graph():
    import pytensor.tensor as pt

    law = Discrete([-2, 0, 3], [1, 2, 5])
    game = ForecastSharing(20, 10, 6, 1, 2, state_law=law, noise_law=law)
    trust = pt.scalar()
    for attempt in (
        lambda: game.trusting_action(game.messages, trust, pt),
        lambda: game.trusting_payoff(game.actions, 0.0, trust, pt),
        lambda: game.sender_payoff(trust, 0.0, pt),
    ):
        with pytest.raises(GameError, match=r"use uniform ones, or method='automatic'"):
            attempt()


def test_a_law_can_come_from_any_distribution():
    rounded = on_grid(stats.norm(0, 40), np.arange(-150, 151.0))
    assert rounded.probabilities.sum() == pytest.approx(1)
    assert rounded.values @ rounded.probabilities == pytest.approx(0, abs=1e-9)
    assert rounded.probabilities @ rounded.values**2 == pytest.approx(40**2 + 1 / 12, rel=1e-3)
    even = at_quantiles(stats.norm(0, 40), 401)
    assert even.probabilities @ even.values**2 == pytest.approx(40**2, rel=0.02)
    assert even.quantile(0.2) == pytest.approx(stats.norm(0, 40).ppf(0.2), abs=0.5)


def test_capacities_reach_from_the_lowest_to_the_highest_possible_demand():
    actions = GAMES["dear, certain"].actions
    assert (actions[0], actions[-1]) == (250 - 150 - 25, 250 + 150 + 25)
    assert (np.diff(actions) == 1).all()
