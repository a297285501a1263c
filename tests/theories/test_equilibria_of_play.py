"""Logit and Nash equilibria of play are equilibria, and agree with each other and with what is solved by hand."""

from __future__ import annotations

import numpy as np
import pytest
from games_of_play import DILEMMA, GAMES, PENNIES, RANDOM
from scipy import optimize, special

from estimation.errors import TheoryError
from estimation.games import NormalForm, money_request
from estimation.theories import LogitEquilibrium, equilibria, logit_equilibrium
from estimation.theories.plays.logit_branch import System, branch
from estimation.theories.plays.nash import regret


@pytest.mark.parametrize("precision", [0.1, 1.0, 7.0])
def test_a_logit_equilibrium_replies_to_itself(precision):
    for game in GAMES:
        (row, column), _ = logit_equilibrium(game, precision)
        np.testing.assert_allclose(row, special.softmax(precision * game.row @ column), atol=1e-12)
        np.testing.assert_allclose(column, special.softmax(precision * row @ game.column), atol=1e-12)


@pytest.mark.parametrize("precision", [0.5, 2.0])
def test_the_implicit_gradient_is_the_finite_difference(precision):
    for game in GAMES:
        _, slopes = logit_equilibrium(game, precision)
        step = 1e-5 * precision
        up, down = (logit_equilibrium(game, precision + sign * step)[0] for sign in (1, -1))
        for slope, high, low in zip(slopes, up, down, strict=True):
            np.testing.assert_allclose(slope, (high - low) / (2 * step), atol=1e-8)


def test_the_tabulated_branch_is_the_branch():
    for game in GAMES:
        for precision in (0.003, 0.11, 0.7, 3.3, 11.0):
            (row, column), _ = logit_equilibrium(game, precision)
            np.testing.assert_allclose(branch(game).at(precision), [*row, *column], atol=1e-7)


def test_a_branch_that_turns_back_is_followed_up_to_there():
    """Equilibria of 2 x 2 games are roots of one equation: two of three meet and vanish between .79 and .795."""
    game = NormalForm([[0, 2], [3, 30]], [[59, 8], [3, 1]])

    def first_row(precision):
        play = np.linspace(0, 1, 200_001)
        column = special.expit(precision * (play * (59 - 8) + (1 - play) * (3 - 1)))
        gap = special.expit(precision * (column * (0 - 3) + (1 - column) * (2 - 30))) - play
        return play[np.flatnonzero(np.diff(np.sign(gap)))]

    assert [len(first_row(precision)) for precision in (0.3, 0.79, 0.795)] == [1, 3, 1]
    system = System(game)
    near = system.walk(system.even(), 0.0, 0.79)
    assert np.exp(near[0]) == pytest.approx(first_row(0.79).max(), abs=1e-5)
    with pytest.raises(TheoryError, match=r"it turns back near precision 0\.79[1-4]"):
        system.walk(near, 0.79, 0.9)


def test_logit_equilibrium_of_generalised_matching_pennies_solves_one_equation():
    """Independent route: with two options a side the fixed point is one equation in one unknown."""
    for precision in (0.3, 1.0, 3.0):

        def gap(p, precision=precision):
            q = special.expit(precision * ((1 - p) - p))  # column's first: pays 1 - p against p
            return p - special.expit(precision * (9 * q - (1 - q)))

        expected = optimize.brentq(gap, 1e-12, 1 - 1e-12)
        (row, _), _ = logit_equilibrium(PENNIES, precision)
        assert row[0] == pytest.approx(expected, abs=1e-10)


def test_own_payoffs_move_logit_play_where_nash_says_that_they_do_not():
    assert equilibria(PENNIES)[0][0][0] == pytest.approx(0.5)
    (row, column), _ = logit_equilibrium(PENNIES, 1.0)
    assert row[0] > 0.75
    assert column[0] == pytest.approx(special.expit(1 - 2 * row[0]))


def test_at_high_precision_logit_play_is_a_nash_equilibrium():
    for game in [*RANDOM, DILEMMA, PENNIES]:
        play = branch(game).at(1e9)
        row, column = play[: len(game.row_options)], play[len(game.row_options) :]
        assert regret(game, row, column) < 0.05
        near = min(np.abs(row - one).max() + np.abs(column - other).max() for one, other in equilibria(game))
        assert near < 0.1


def test_every_equilibrium_found_is_one_and_pure_ones_are_all_found():
    for game in GAMES:
        found = equilibria(game)
        assert all(regret(game, row, column) < 1e-9 for row, column in found)
        for i, j in np.ndindex(game.row.shape):
            pure = game.row[i, j] >= game.row[:, j].max() and game.column[i, j] >= game.column[i].max()
            assert pure == any(row[i] == 1 and column[j] == 1 for row, column in found)


def test_logit_play_of_the_request_game_goes_to_its_symmetric_mixed_equilibrium():
    """Indifference among 15 to 20 gives .25 .25 .20 .15 .10 .05: x + 20 P(x + 1) = 20, and the rest at 15."""
    game, mixture = money_request(), np.zeros(10)
    mixture[5:] = [(20 - amount + 1) / 20 for amount in range(16, 21)]
    mixture[4] = 1 - mixture.sum()
    assert regret(game, mixture, mixture) < 1e-9
    np.testing.assert_allclose(branch(game).at(1e9)[:10], mixture, atol=0.02)


def test_equilibria_on_other_branches_are_told():
    matching = NormalForm([[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]])
    dilemma = NormalForm([[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]])
    games, theory = {"matching": matching, "dilemma": dilemma}, LogitEquilibrium()
    assert theory.reservations(games, {"precision": 0.3}) == []
    (told,) = theory.reservations(games, {"precision": 8.0})
    assert "Other branches of logit equilibria exist at this precision (in matching)" in told


@pytest.mark.parametrize("precision", [0.001, 0.5, 5.0, 60.0, 600.0])
@pytest.mark.parametrize("awful", [[], [-1e4]])
def test_gifts_and_awful_options_leave_play_to_what_one_earns_oneself(precision, awful):
    """Defection earns 1 more whatever the other does: its log odds are the precision, however large the gift."""
    table = np.array([[1000.0, 0.0, 0.0], [1001.0, 1.0, 1.0], [-1e4, -1e4, -1e4]])[: 2 + len(awful), : 2 + len(awful)]
    play = LogitEquilibrium().choice_probability(NormalForm.symmetric(table), "row", 0, {"precision": precision})
    assert play[0] / play[1] == pytest.approx(np.exp(-precision), rel=1e-6)


@pytest.mark.parametrize("precision", [0.01, 0.5, 1.0, 20.0])
@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_players_may_be_paid_in_different_units(precision, unit):
    game = NormalForm(PENNIES.row, unit * PENNIES.column)
    (row, column), _ = logit_equilibrium(game, precision)
    np.testing.assert_allclose(branch(game).at(precision), [*row, *column], atol=1e-6)


def test_a_precision_beyond_the_end_of_a_branch_is_told():
    turning = NormalForm([[0, 2], [3, 30]], [[59, 8], [3, 1]])
    games, theory = {"turning": turning, "dilemma": DILEMMA, "pennies": PENNIES}, LogitEquilibrium()
    assert not any("not followed" in told for told in theory.reservations(games, {"precision": 0.7}))
    assert any("(in turning)" in told for told in theory.reservations(games, {"precision": 20.0}))
    assert any("(in turning, pennies)" in told for told in theory.reservations(games, {"precision": 600.0}))
