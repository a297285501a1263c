"""Quantal response and costly lying: equilibria against loops, tables against equilibria, limits, Kartik's claims."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from oracles.logit_equilibrium import equilibrium, receiver_reply, scale, sender_reply
from scipy import special
from small_games import GAMES, pair

import estimation as est
from estimation.errors import TheoryError
from estimation.games import EstimationGame
from estimation.theories import Babbling, CostlyLying, Honest, QuantalResponse
from estimation.theories.messages.costly_lying import RATIONAL
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.replies import equilibrium_table
from estimation.theories.replies.equilibrium import MessageGame, Replies, follow
from estimation.theories.replies.equilibrium_table import PRECISION, cost_axis, equilibria, solved_grids

names = pytest.mark.parametrize("name", GAMES)


def at(**values):
    return {name: np.array([[[value]]]) for name, value in values.items()}


def lie(message, state):
    return abs(message - state)


def played(theory, game, precision, cost):
    """Both strategies of people of one standardised precision."""
    tables = MessageGame.of(game, slice(None), slice(None), slice(None))
    widths = {f"{role}_precision": precision / s for role, s in zip(("sender", "receiver"), tables.scales, strict=True)}
    values = at(lying_cost=cost, believed_cost=cost, believed_precision=precision, **widths)
    return [
        np.exp(decision_log_probability(theory, game, role, 0, values, seen))[0]
        for role, seen in (("sender", game.states), ("receiver", game.messages))
    ]


@names
@pytest.mark.parametrize(("precision", "cost"), [(1.0, 0.3), (4.0, 0.1), (4.0, 2.0)])
def test_equilibria_are_those_that_damped_replies_settle_in(name, precision, cost):
    game, naive = pair(name)
    cost *= game.margin
    tables = MessageGame.of(game, *solved_grids(game))
    replies = Replies(tables, precision, cost)
    replies.around(follow(lambda p: Replies(tables, p, cost), 0 * tables.lie, [0.0, precision])[-1])
    sender, receiver = equilibrium(naive, precision, cost, lie)
    np.testing.assert_allclose(replies.sender, sender, atol=1e-4)
    np.testing.assert_allclose(replies.receiver, receiver, atol=1e-4)


@names
@pytest.mark.parametrize(("row", "column"), [(1, 3), (4, 8), (8, 5), (8, 11)])
def test_at_the_points_of_the_table_both_sides_reply_to_each_other(name, row, column):
    game, naive = pair(name)
    precision, cost = PRECISION.values[row], cost_axis(game).values[column]
    sender, receiver = played(QuantalResponse(lapse=False), game, precision, cost)
    own, other = (precision / scale(naive, payoff) for payoff in (naive.sender, naive.receiver))
    np.testing.assert_allclose(sender_reply(naive, receiver, own, cost, lie), sender, atol=1e-4)
    np.testing.assert_allclose(receiver_reply(naive, sender, other), receiver, atol=1e-4)


@names
def test_whoever_comes_down_from_honesty_meets_the_same_equilibria_while_lies_cost_something(name):
    """With free lies there are others in the forecast game: all send one message, and any other is thought bad news."""
    game, _ = pair(name)
    tables = MessageGame.of(game, *solved_grids(game))
    precision, costs = PRECISION.values[4], cost_axis(game).values[:4:-1]
    share = (costs / (costs + game.margin)).tolist()
    from_honesty = follow(lambda at: Replies(tables, precision, game.margin * at / (1 - at)), 0 * tables.lie, share)
    for cost, point in list(zip(costs, from_honesty, strict=True))[::4]:
        replies = Replies(tables, precision, cost)
        up = follow(lambda p, cost=cost: Replies(tables, p, cost), 0 * tables.lie, [0.0, precision])[-1]
        np.testing.assert_allclose(point, up, atol=1e-4 * replies.game.unit)


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_between_the_points_of_the_table_people_play_the_equilibrium(power):
    """Total variation from the solved equilibrium, averaged over states or over the messages that are sent."""
    game = estimation_game("over", power, highest=20)
    tables, table = MessageGame.of(game, *solved_grids(game)), equilibria(game)
    for precision, cost in itertools.product((1.3, 5.0, 12.0), (0.07, 0.33, 0.9, 2.0)):
        replies = Replies(tables, precision, cost)
        replies.around(follow(lambda p, c=cost: Replies(tables, p, c), 0 * tables.lie, [0.0, precision])[-1])
        sender, receiver = played(QuantalResponse(lapse=False), game, precision, cost)
        sent = game.prior @ replies.sender
        assert 0.5 * game.prior @ np.abs(sender - replies.sender).sum(axis=1) < 0.02, (precision, cost)
        assert 0.5 * sent @ np.abs(receiver - replies.receiver).sum(axis=1) < 0.02, (precision, cost)
    assert table is equilibria(estimation_game("over", power, highest=20))


@names
@pytest.mark.parametrize("precision", [0.5, 5.0, 30.0])
def test_if_lies_cost_nothing_the_principal_branch_babbles(name, precision):
    game, _ = pair(name)
    sender, receiver = played(QuantalResponse(lapse=False), game, precision, 0.0)
    np.testing.assert_allclose(sender, 1 / len(game.messages), atol=1e-6)
    babbling = Babbling().receiver_payoff(game, 0, {}, game.messages)
    width = precision / MessageGame.of(game, slice(None), slice(None), slice(None)).scales[1]
    np.testing.assert_allclose(receiver, special.softmax(width * babbling, axis=1), atol=1e-6)


@names
@pytest.mark.parametrize("make", [QuantalResponse, CostlyLying])
def test_if_lies_cost_everything_messages_are_true_and_receivers_know_it(name, make):
    game, _ = pair(name)
    sender, receiver = played(make(lapse=False), game, RATIONAL, 1e9 * game.margin)
    np.testing.assert_allclose(sender, np.eye(len(game.states)), atol=1e-9)
    literal = Honest().receiver_payoff(game, 0, {}, game.messages)
    width = RATIONAL / MessageGame.of(game, slice(None), slice(None), slice(None)).scales[1]
    np.testing.assert_allclose(receiver, special.softmax(width * literal, axis=1), atol=1e-5)


@names
def test_without_precision_everybody_chooses_at_random(name):
    game, _ = pair(name)
    for side in played(QuantalResponse(lapse=False), game, 0.0, 0.4 * game.margin):
        np.testing.assert_allclose(side, 1 / side.shape[1])


class Richer(EstimationGame):
    """The same game with a gift to both sides that depends on the state."""

    def sender_payoff(self, action, state, xp=np):
        return super().sender_payoff(action, state, xp) + 3 + 0.5 * state

    def receiver_payoff(self, action, state, xp=np):
        return super().receiver_payoff(action, state, xp) - 7 + state**2

    def spec(self):
        return super().spec() | {"family": "richer estimation"}


@pytest.mark.parametrize(
    "theory", [QuantalResponse(), CostlyLying(), est.LevelKLying(), est.CognitiveHierarchy()], ids=str
)
def test_a_gift_that_no_choice_changes_changes_no_choice(theory):
    plain, richer = EstimationGame(highest=4), Richer(highest=4)
    values = at(lying_cost=0.4, sender_precision=1.0, receiver_precision=1.0, mean_level=1.5, lapse=0.05)
    for role, seen in (("sender", plain.states), ("receiver", plain.messages)):
        for kind in range(len(theory.types)):
            one, other = (decision_log_probability(theory, game, role, kind, values, seen) for game in (plain, richer))
            np.testing.assert_allclose(one, other, atol=1e-5)


def kartik(game):
    """Return the replies of both sides in the equilibrium of a game in which lying costs half the margin."""
    tables, cost = MessageGame.of(game, *solved_grids(game)), 0.5 * game.margin
    replies = Replies(tables, RATIONAL, cost)
    replies.around(follow(lambda p: Replies(tables, p, cost), 0 * tables.lie, [0.0, RATIONAL])[-1])
    return replies


def test_kartik_messages_are_inflated_separate_below_and_pool_at_the_top():
    game = forecast_game(60.0, 5.0, 15.0)
    replies = kartik(game)
    message, action = replies.sender @ game.messages, replies.receiver @ game.actions
    assert (message[:-1] > game.states[:-1] + 0.5).all()  # everybody exaggerates, as far as there is room
    assert (np.diff(message) > -0.05).all()
    assert message[5] - message[0] > 5  # low types tell themselves apart
    assert (replies.sender[18:, -1] > 0.9).all()  # high types all send the last message
    heard = game.prior @ replies.sender > 1e-3
    literal = game.trusting_action(game.messages, 1.0)
    assert (action[heard] < literal[heard] + 0.5).all()  # nobody is fooled
    assert np.corrcoef(action[heard], game.messages[heard])[0, 1] > 0.9  # and messages are listened to


def test_in_the_estimation_game_replies_leave_liars_without_a_gain():
    """A unit of lie costs β = 1/2; where liars are about, a unit more in the message moves the estimate by half."""
    game = estimation_game("over", highest=50)
    replies = kartik(game)
    often = slice(28, 47)
    slope = np.polyfit(game.messages[often], (replies.receiver @ game.actions)[often], 1)[0]
    assert slope == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("highest", "most"), [(22, 12), pytest.param(110, equilibrium_table.MOST, marks=pytest.mark.slow)]
)
def test_a_long_grid_is_solved_on_some_points_and_read_between_them(highest, most, monkeypatch):
    monkeypatch.setattr(equilibrium_table, "MOST", most)
    game, between = estimation_game("over", highest=highest), 2 * (highest // 5) + 1
    assert [len(game.states[part]) for part in solved_grids(game)] == [highest // 2 + 1] * 3
    values = at(lying_cost=1.5)
    payoff = CostlyLying().receiver_payoff(game, 0, values, game.messages)[0]
    assert payoff.shape == (highest + 1, highest + 1)
    for side in (payoff, payoff.T):
        np.testing.assert_allclose(side[between], (side[between - 1] + side[between + 1]) / 2, atol=1e-9)
    literal = Honest().receiver_payoff(game, 0, {}, game.messages)
    np.testing.assert_allclose(payoff[::2, ::2], literal[::2, ::2], atol=1.0)  # lies that cost this much are rare


def test_options_that_make_no_sense_are_named():
    with pytest.raises(TheoryError) as caught:
        QuantalResponse("mine")
    assert "believed_precision must be 'own' or 'separate', not 'mine'" in str(caught.value)
    with pytest.raises(TheoryError, match="a normal error has no precision that others could share"):
        QuantalResponse(response="normal")
    with pytest.raises(TheoryError, match="believed_cost must be 'own' or 'separate', not 'none'"):
        CostlyLying("none")


def test_a_branch_that_is_lost_is_reported():
    game, _ = pair("estimation over")
    tables = MessageGame.of(game, slice(None), slice(None), slice(None))

    def nonsense(place):
        replies = Replies(tables, 5.0, 0.3)
        real = replies.around
        replies.around = lambda earned: real(earned) + np.nan
        return replies

    with pytest.raises(TheoryError, match="nothing converges at 0"):
        follow(nonsense, 0 * tables.lie, [0.0, 1.0])


@pytest.mark.parametrize("theory", [QuantalResponse(), CostlyLying()], ids=lambda theory: theory.name)
def test_a_fit_finds_cost_and_precision_again(theory):
    games = {"over": est.EstimationGame("over", highest=12, lie_power=2.0, lie_reference=3.0)}
    truth = {
        "lying_cost": (0.5, 0.4),
        "sender_precision": (1.5, 0.3),
        "receiver_precision": (1.5, 0.3),
        "lapse": (0.03, 0.5),
    }
    situations = est.design(games, people=30, decisions=15, seed=5)
    table, _ = est.simulate(theory, situations, truth, seed=6)
    fit = est.fit(theory, table, seed=1, draws=300, tune=200, chains=2, accuracy=0.4, progress=False)
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(truth[parameter.name][0]) < high, parameter.name
