"""The estimation game: payoffs, beliefs and best estimates against lists and loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from oracles.cheap_talk import belief, beta_binomial_prior, expected_error
from scipy import stats

from estimation.errors import GameError
from estimation.games import EstimationGame

WEIGHTS = (1.0, 2.0, 4.0, 3.0, 2.0, 0.5, 0.25)
PRIOR = [weight / sum(WEIGHTS) for weight in WEIGHTS]
STATES = list(range(7))
GAMES = {name: EstimationGame(name, highest=6, prior_weights=WEIGHTS) for name in ("over", "under")}
SIGN = {"over": 1, "under": -1}

directions = pytest.mark.parametrize("direction", ["over", "under"])
trusts = pytest.mark.parametrize("trust", [0.0, 0.3, 0.5, 0.85, 1.0])


@directions
def test_the_receiver_loses_the_error_that_the_sender_earns_in_one_direction(direction):
    game = GAMES[direction]
    for estimate in STATES:
        for state in STATES:
            assert game.receiver_payoff(estimate, state) == -abs(estimate - state)
            assert game.sender_payoff(estimate, state) == max(0, SIGN[direction] * (estimate - state))


@directions
@trusts
def test_the_trusting_payoff_is_the_expected_error_under_that_belief(direction, trust):
    game = GAMES[direction]
    for message in STATES:
        believed = belief(STATES, PRIOR, message, trust, SIGN[direction])
        want = [-expected_error(estimate, believed) for estimate in STATES]
        got = game.trusting_payoff(game.actions, message, trust)
        np.testing.assert_allclose(got, want, atol=1e-7)


@directions
def test_one_estimate_has_the_trusting_payoff_that_it_has_among_others(direction):
    """A number gives a number; estimates, messages and trusts of one length are taken in pairs."""
    game = GAMES[direction]
    message, trust = 2, 0.3
    payoffs = game.trusting_payoff(game.actions, message, trust)
    assert game.trusting_payoff(4.0, message, trust) == payoffs[4]
    pairs = game.trusting_payoff(np.array([4.0, 1.0]), np.array([2, 5]), np.array([0.3, 0.6]))
    assert pairs.tolist() == [payoffs[4], game.trusting_payoff(game.actions, 5, 0.6)[1]]


@directions
@trusts
def test_the_trusting_estimate_has_the_smallest_expected_error(direction, trust):
    game = GAMES[direction]
    for message in STATES:
        believed = belief(STATES, PRIOR, message, trust, SIGN[direction])
        best = min(expected_error(estimate, believed) for estimate in np.linspace(0, 6, 6_001))
        estimate = float(game.trusting_action(message, trust))
        assert expected_error(estimate, believed) <= best + 1e-9


@directions
def test_full_trust_takes_the_message_for_the_truth(direction):
    game = EstimationGame(direction)
    np.testing.assert_allclose(game.trusting_action(game.messages, 1.0), game.messages)
    np.testing.assert_allclose(
        game.trusting_payoff(game.actions, game.messages[:, None], 1.0),
        -np.abs(game.actions - game.messages[:, None]),
        atol=1e-6,
    )


@given(st.floats(0, 1), st.sampled_from(["over", "under"]), st.floats(0.5, 8), st.floats(0.5, 8))
def test_estimates_rise_with_the_message_and_correct_against_the_senders_interest(trust, direction, a, b):
    game = EstimationGame(direction, highest=40, prior_a=a, prior_b=b)
    estimate = game.trusting_action(game.messages, trust)
    assert (np.diff(estimate) >= -1e-9).all()
    assert (SIGN[direction] * (estimate - game.messages) <= 1e-9).all()


@pytest.mark.parametrize("trust", [0.0, 0.4, 1.0])
def test_the_two_directions_are_mirror_images(trust):
    over, under = EstimationGame("over", prior_a=2, prior_b=5), EstimationGame("under", prior_a=5, prior_b=2)
    payoff = over.trusting_payoff(over.actions, over.messages[:, None], trust)
    mirrored = under.trusting_payoff(100 - over.actions, 100 - over.messages[:, None], trust)
    np.testing.assert_allclose(payoff, mirrored, atol=1e-6)


def test_the_prior_is_the_binomial_averaged_over_a_beta_share():
    game = EstimationGame(highest=12, prior_a=3, prior_b=2)
    np.testing.assert_allclose(game.prior, beta_binomial_prior(12, 3, 2), atol=1e-9)
    np.testing.assert_allclose(EstimationGame().prior, stats.betabinom.pmf(np.arange(101), 100, 3, 3), atol=1e-12)
    assert EstimationGame().state_spread == pytest.approx(np.sqrt(100 * 0.25 * 106 / 7))


def test_a_message_beyond_every_possible_state_is_taken_literally():
    game = EstimationGame("over", highest=4, prior_weights=(0, 0, 1, 1, 0))
    assert np.isfinite(game.trusting_payoff(game.actions, game.messages[:, None], 0.4)).all()
    assert game.trusting_action(1.0, 0.4) == 1.0


def test_a_lie_may_cost_more_than_in_proportion_to_its_size():
    game = EstimationGame(lie_power=2.0, lie_reference=10.0)
    np.testing.assert_allclose(game.lie_size(np.array([50.0, 60, 70]), 50.0), [0, 10, 40])
    np.testing.assert_allclose(EstimationGame().lie_size(np.array([50.0, 60, 30]), 50.0), [0, 10, 20])


@directions
def test_tables_hold_the_payoffs_of_every_action_in_every_state(direction):
    game = GAMES[direction]
    assert game.sender_table.shape == game.receiver_table.shape == (7, 7)
    assert game.sender_table[5, 2] == game.sender_payoff(5, 2)
    assert game.receiver_table[1, 6] == -5


@pytest.mark.parametrize("weights", [3, "ab", [[0.5, 0.5]]])
def test_weights_of_states_are_a_list(weights):
    with pytest.raises(GameError, match="prior_weights must be a list of probabilities, not"):
        EstimationGame(highest=1, prior_weights=weights)
