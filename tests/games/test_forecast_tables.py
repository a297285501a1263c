"""The forecast-sharing game gives every number that was worked out for it beforehand, to the last printed digit."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.cheap_talk import midpoints
from oracles.cheap_talk_tables import (
    BABBLING,
    BABBLING_LEVEL,
    CAPACITY,
    CELLS,
    CHANNEL,
    CRITICAL_RATIO,
    HONEST_FROM,
    INFLATION,
    LYING_COSTS,
    MOMENTS,
    NOISE_QUANTILE,
    PROFITS,
    REPLY_TO_CAP,
    REPORT,
    REPORTS,
    STATES,
    TRUSTS,
)

from estimation.games import ForecastSharing
from estimation.theories.messages.forecast_closed_forms import (
    babbling_level,
    centralised_capacity,
    credulous_capacity,
    level_k_capacity,
    level_k_inflation,
    level_k_report,
)

GAMES = {name: ForecastSharing(**numbers) for name, numbers in CELLS.items()}
EVERYWHERE = midpoints(-150, 150, 30_000)  # states drawn evenly from the whole range, not only whole numbers

cells = pytest.mark.parametrize("cell", CELLS)


def printed(value, digits=0):
    """What agrees with a number printed with so many digits."""
    return pytest.approx(value, abs=0.5 * 10**-digits + 1e-9)


def profits(game, capacity):
    """Expected profit of receiver and sender when the state is even on the whole range."""
    receiver = game.receiver_payoff(capacity, EVERYWHERE).mean()
    return float(receiver), float(game.sender_payoff(capacity, EVERYWHERE).mean())


def outcome(game, name):
    """Capacity in each state: truth believed, babbling, or a level-1 report believed."""
    if name == "babbling":
        return game.babbling_capacity()
    report = {
        "truth": lambda: EVERYWHERE,
        "min": lambda: level_k_report(game, 1, EVERYWHERE),
        "max": lambda: np.full_like(EVERYWHERE, 150.0),
    }[name]()
    return credulous_capacity(game, report)


@pytest.mark.parametrize(("cell", "trust"), CAPACITY)
def test_the_best_capacity_is_the_tabulated_one(cell, trust):
    np.testing.assert_allclose(GAMES[cell].capacity(REPORTS, trust), CAPACITY[cell, trust], atol=5.001e-4, rtol=0)


@pytest.mark.parametrize(("cell", "trust"), REPORT)
def test_the_best_reports_are_the_tabulated_ones(cell, trust):
    for cost, expected in zip(LYING_COSTS, REPORT[cell, trust], strict=True):
        assert tuple(GAMES[cell].report(STATES, lying_cost=cost, believed_trust=trust)) == expected


@cells
def test_the_quantiles_behind_the_capacities_are_the_tabulated_ones(cell):
    game = GAMES[cell]
    assert game.critical_ratio == pytest.approx(CRITICAL_RATIO[cell], abs=1e-12)
    assert credulous_capacity(game, 0.0) - 250 == pytest.approx(NOISE_QUANTILE[cell], abs=1e-9)
    assert game.babbling_capacity() == printed(BABBLING[cell], 2)


@cells
def test_one_owner_of_both_firms_would_earn_the_tabulated_profit(cell):
    game = GAMES[cell]
    alone, truth, truth_share, babbling, babbling_share = CHANNEL[cell]
    best = sum(profits(game, centralised_capacity(game, EVERYWHERE)))
    assert best == printed(alone)
    for name, total, share in [("truth", truth, truth_share), ("babbling", babbling, babbling_share)]:
        got = sum(profits(game, outcome(game, name)))
        assert got == printed(total)
        assert got / best == printed(share, 3)


@cells
@pytest.mark.parametrize("name", ["truth", "babbling", "min", "max"])
def test_both_firms_earn_the_tabulated_profits(cell, name):
    receiver, sender = profits(GAMES[cell], outcome(GAMES[cell], name))
    assert (receiver, sender) == (printed(PROFITS[cell][name][0]), printed(PROFITS[cell][name][1]))


@cells
@pytest.mark.parametrize(("column", "trust"), list(enumerate(TRUSTS)))
def test_everybody_is_honest_from_the_tabulated_cost_of_lying(cell, column, trust):
    game = GAMES[cell]
    gain = game.sender_payoff(game.capacity(game.messages, trust), game.states[:, None])
    lie = game.messages[None, :] - game.states[:, None]
    truth = np.diagonal(gain)[:, None]
    threshold = ((gain - truth)[lie > 0] / lie[lie > 0]).max()
    assert threshold == printed(HONEST_FROM[cell][column], 2)
    assert (game.report(game.states, threshold + 1e-6, trust) == game.states).all()
    assert (game.report(game.states, threshold - 1e-4, trust) != game.states).any()


@cells
def test_level_one_senders_have_the_tabulated_slope_inflation_and_share_at_the_cap(cell):
    game = GAMES[cell]
    report = level_k_report(game, 1, EVERYWHERE)
    slope, inflation, cap = MOMENTS[cell]
    assert np.polyfit(EVERYWHERE, report, 1)[0] == printed(slope, 3)
    assert (report - EVERYWHERE).mean() == printed(inflation, 1 if inflation % 1 else 0)
    assert (report >= 150).mean() == printed(cap, 2)


@cells
@pytest.mark.parametrize("level", [1, 2, 3, 5])
def test_moments_of_level_k_senders_follow_from_the_share_at_the_cap(cell, level):
    """With d = min(1, k Δ / 2b): slope (1 - d)² (1 + 2d), mean inflation 2b (d - d²/2), share at the cap d."""
    game = GAMES[cell]
    report = level_k_report(game, level, EVERYWHERE)
    share = min(1.0, level * INFLATION[cell] / 300)
    assert np.polyfit(EVERYWHERE, report, 1)[0] == pytest.approx((1 - share) ** 2 * (1 + 2 * share), abs=1e-6)
    assert (report - EVERYWHERE).mean() == pytest.approx(300 * (share - share**2 / 2), abs=1e-5)
    assert (report >= 150).mean() == pytest.approx(share, abs=1e-4)


@cells
def test_level_k_inflates_and_babbles_as_tabulated(cell):
    game = GAMES[cell]
    assert level_k_inflation(game) == pytest.approx(INFLATION[cell], abs=1e-9)
    assert babbling_level(game) == BABBLING_LEVEL[cell]
    assert (level_k_report(game, BABBLING_LEVEL[cell], game.states) == 150).all()
    assert not (level_k_report(game, BABBLING_LEVEL[cell] - 1, game.states) == 150).all()
    assert level_k_capacity(game, BABBLING_LEVEL[cell], 150) == pytest.approx(game.babbling_capacity())


@cells
def test_the_reply_to_the_highest_report_is_the_tabulated_one(cell):
    got = [float(level_k_capacity(GAMES[cell], level, 150)) for level in (1, 2, 3)]
    np.testing.assert_allclose(got, REPLY_TO_CAP[cell], atol=5.001e-4, rtol=0)
