"""Trust and trustworthiness: payoffs and aims from the definition, and which parameters a design asks for."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from oracles.cheap_talk import belief, expected_error

from estimation.errors import TheoryError
from estimation.theories import TrustEmbedded

GAMES = {
    "over": estimation_game("over", highest=20),
    "under, dear lies": estimation_game("under", 2.0, highest=20),
    "forecast, dear": forecast_game(60.0, 7.0, 12.0),
    "forecast, cheap": forecast_game(15.0, 7.0, 12.0),
}
BOTH = ("sender", "receiver")
games = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)


def at(**values):
    """One person's parameters."""
    return {name: np.array([[value]]) for name, value in values.items()}


def names(theory, roles=BOTH):
    return [parameter.name for parameter in theory.own_parameters(list(GAMES.values()), roles)]


@games
def test_a_message_is_worth_what_it_makes_the_receiver_do_less_the_cost_of_the_lie(game):
    values = at(trust=0.4, lying_cost=0.8)
    got = TrustEmbedded().sender_payoff(game, 0, values, game.states)
    for row, state in enumerate(game.states):
        for column, message in enumerate(game.messages):
            reply = game.trusting_action(np.array([message]), 0.4)[0]
            lie = abs(message - state)
            cost = 0.8 * (lie if game.lie_power == 1 else 10.0 * (lie / 10.0) ** game.lie_power)
            assert got[row, column] == pytest.approx(game.sender_payoff(reply, state) - cost)


@games
@pytest.mark.parametrize("lying_cost", [1e-6, 0.3, 0.9, 40.0])
def test_the_senders_aim_is_the_best_message_and_the_smallest_lie_of_several(game, lying_cost):
    values = at(trust=0.7, lying_cost=lying_cost)
    payoff = TrustEmbedded().sender_payoff(game, 0, values, game.states)
    aim = TrustEmbedded(response="normal").sender_target(game, 0, values, game.states)
    for row, state in enumerate(game.states):
        best = payoff[row].max()
        good = game.messages[payoff[row] >= best - 1e-9 * (1 + abs(best))]
        assert aim[row, 0] == min(good, key=lambda message, state=state: abs(message - state))


@games
@pytest.mark.parametrize("believed", ["own", "separate", 0.25])
def test_senders_lie_in_their_own_interest_only(game, believed):
    theory = TrustEmbedded(believed, response="normal")
    for cost in (1e-6, 0.3, 0.9, 40.0):
        values = at(trust=0.6, believed_trust=0.8, lying_cost=cost * game.margin)
        aim = theory.sender_target(game, 0, values, game.states)[:, 0]
        assert (game.direction * (aim - game.states) >= 0).all()
        if game.margin > 1:  # forecast sharing: better states are never reported worse
            assert (np.diff(aim) >= 0).all()


def test_who_cannot_be_overestimated_has_no_reason_to_lie():
    """With trust .6 the highest message, 20, makes the receiver say 16: senders who know of 16 or more are honest."""
    game = GAMES["over"]
    aim = TrustEmbedded(response="normal").sender_target(game, 0, at(trust=0.6, lying_cost=0.01), game.states)[:, 0]
    assert game.trusting_action(np.array([20.0]), 0.6) == 16
    assert (aim[game.states < 16] > game.states[game.states < 16]).all()
    np.testing.assert_array_equal(aim[game.states >= 16], game.states[game.states >= 16])


def test_a_receiver_weighs_the_message_against_the_prior_cut_off_at_it():
    game = GAMES["over"]
    message = np.array([4.0, 15.0])
    got = TrustEmbedded().receiver_payoff(game, 0, at(trust=0.3), message)
    aim = TrustEmbedded(response="normal").receiver_target(game, 0, at(trust=0.3), message)
    for row, heard in enumerate(message):
        believed = belief(game.states, game.prior, heard, 0.3, +1)
        want = [-expected_error(action, believed) for action in game.actions]
        np.testing.assert_allclose(got[row], want, atol=1e-6)
        assert expected_error(aim[row, 0], believed) <= -max(want) + 1e-9


@games
def test_full_trust_replies_to_the_message_as_if_it_were_the_state(game):
    aim = TrustEmbedded(response="normal").receiver_target(game, 0, at(trust=1.0), game.messages)[:, 0]
    literal = game.receiver_payoff(game.actions, game.messages[:, None])
    best = game.actions[np.argmax(literal, axis=1)]
    np.testing.assert_allclose(aim, best, atol=1)


@games
def test_an_unbearable_lie_is_never_told(game):
    aim = TrustEmbedded(response="normal").sender_target(
        game, 0, at(trust=0.5, lying_cost=1e3 * game.margin), game.states
    )
    np.testing.assert_array_equal(aim[:, 0], game.states)


def test_a_person_has_the_parameters_that_the_roles_and_the_belief_ask_for():
    assert names(TrustEmbedded()) == ["trust", "lying_cost"]
    assert names(TrustEmbedded(), ("receiver",)) == ["trust"]
    assert names(TrustEmbedded(), ("sender",)) == ["trust", "lying_cost"]
    assert names(TrustEmbedded("separate")) == ["trust", "believed_trust", "lying_cost"]
    assert names(TrustEmbedded("separate"), ("sender",)) == ["believed_trust", "lying_cost"]
    assert names(TrustEmbedded(0.5), ("sender",)) == ["lying_cost"]
    assert names(TrustEmbedded(0.5)) == ["trust", "lying_cost"]


@pytest.mark.parametrize(
    ("believed", "values"),
    [("own", {"trust": 0.3}), ("separate", {"trust": 0.9, "believed_trust": 0.3}), (0.3, {"trust": 0.9})],
    ids=["own", "separate", "fixed"],
)
def test_the_senders_belief_about_trust_comes_from_where_the_option_says(believed, values):
    game = GAMES["forecast, dear"]
    want = TrustEmbedded().sender_payoff(game, 0, at(trust=0.3, lying_cost=2.0), game.states)
    got = TrustEmbedded(believed).sender_payoff(game, 0, at(lying_cost=2.0, **values), game.states)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("believed", ["mine", 1.5, -0.1, float("nan"), None, [0.5], True])
def test_an_unknown_belief_is_refused(believed):
    with pytest.raises(TheoryError, match="believed_trust must be 'own', 'separate' or a number in"):
        TrustEmbedded(believed)


@games
def test_the_prior_of_lying_costs_is_in_units_of_what_a_lie_can_earn(game):
    (_, cost) = TrustEmbedded().own_parameters([game], BOTH)
    low, middle, high = cost.natural(np.array([cost.centre - 2 * cost.centre_sd, cost.centre, cost.centre + 3]))
    assert middle == pytest.approx(0.3 * game.margin)
    assert low == pytest.approx(0.3 * np.exp(-3) * game.margin)  # 1.5 % of what an action can earn: lies freely
    assert high > game.margin  # never lies
