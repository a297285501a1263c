"""Trust beyond the published one: a personal discount and other default beliefs, by hand and in their limits."""

from __future__ import annotations

import numpy as np
import pytest
from small_games import GAMES, pair

import estimation as est
from estimation.errors import TheoryError

DEFAULTS = ("cut", "prior", "personal")
every_game = pytest.mark.parametrize("name", GAMES)
defaults = pytest.mark.parametrize("default", DEFAULTS)


def at(**values):
    return {name: np.array([[float(value)]]) for name, value in values.items()}


def states_in_mind(game, default, share, message):
    """States that a person without trust believes in, and their weights; forecasts are uniform between the ends."""
    low, high = game.states[0], game.states[-1]
    if default == "personal":
        return np.array([low + share * (high - low)]), np.ones(1)
    if isinstance(game, est.ForecastSharing):
        top = message if default == "cut" else high
        return low + (np.arange(4_000) + 0.5) * (top - low) / 4_000, np.full(4_000, 1 / 4_000)
    kept = game.direction * game.states <= game.direction * message if default == "cut" else True
    weight = np.where(kept, game.prior, 0.0)
    return game.states, weight / weight.sum()


@every_game
@defaults
@pytest.mark.parametrize("trust", [0.0, 0.35, 1.0])
@pytest.mark.parametrize("discount", [0.0, 1.25, -0.5])
def test_actions_are_worth_what_they_earn_under_the_belief_less_the_discount(name, default, trust, discount):
    game, _ = pair(name)
    theory = est.TrustEmbedded(discount="personal", default_belief=default)
    values = at(trust=trust, discount=discount, default_belief=0.3)
    payoff = theory.receiver_payoff(game, 0, values, game.messages)
    before = game.actions + game.direction * discount
    for row, message in enumerate(game.messages):
        state, weight = states_in_mind(game, default, 0.3, message)
        believed = trust * message + (1 - trust) * state
        want = weight @ game.receiver_payoff(before[None, :], believed[:, None])
        got = payoff[row] - payoff[row].mean()
        np.testing.assert_allclose(got, want - want.mean(), atol=1e-5 * game.margin)  # the sum over forecasts


@every_game
@defaults
def test_the_aim_is_the_best_action(name, default):
    game, _ = pair(name)
    theory = est.TrustEmbedded(discount="personal", default_belief=default, response="normal")
    values = at(trust=0.6, discount=0.4, default_belief=0.45)
    payoff = theory.receiver_payoff(game, 0, values, game.messages)
    aim = np.clip(theory.receiver_target(game, 0, values, game.messages), game.actions[0], game.actions[-1])
    near = np.abs(game.actions - aim) <= 1
    np.testing.assert_allclose(np.where(near, payoff, -np.inf).max(axis=1), payoff.max(axis=1), atol=1e-9)


@every_game
def test_without_a_discount_it_is_the_published_trust(name):
    game, _ = pair(name)
    published, theory = est.TrustEmbedded(), est.TrustEmbedded(discount="personal")
    for trust in (0.0, 0.4, 1.0):
        values = at(trust=trust, lying_cost=0.7)
        for role, seen in (("sender", game.states), ("receiver", game.messages)):
            want, got = (
                getattr(one, f"{role}_payoff")(game, 0, more, seen)
                for one, more in ((published, values), (theory, values | at(discount=0.0)))
            )
            np.testing.assert_allclose(got, want, atol=1e-12)


@every_game
@defaults
def test_full_trust_less_a_constant_is_the_fixed_discount(name, default):
    game, _ = pair(name)
    values = at(trust=1.0, discount=0.7, default_belief=0.2)
    inside = np.abs(game.messages - game.states.mean()) < 2
    trusting = est.TrustEmbedded(discount="personal", default_belief=default)
    got, want = (one.receiver_payoff(game, 0, values, game.messages[inside]) for one in (trusting, est.FixedDiscount()))
    np.testing.assert_allclose(np.diff(got, axis=1), np.diff(want, axis=1), atol=1e-6 * game.margin)


@every_game
@pytest.mark.parametrize("default", ["prior", "personal"])
def test_without_trust_nobody_listens(name, default):
    game, _ = pair(name)
    theory, values = est.TrustEmbedded(default_belief=default), at(trust=0.0, default_belief=0.7)
    payoff = theory.receiver_payoff(game, 0, values, game.messages)
    np.testing.assert_allclose(payoff, np.broadcast_to(payoff[:1], payoff.shape), atol=1e-9)
    if default == "prior" and isinstance(game, est.EstimationGame):
        babbling = est.Babbling().receiver_payoff(game, 0, {}, game.messages)
        np.testing.assert_allclose(np.diff(payoff, axis=1), np.diff(babbling, axis=1), atol=1e-9)


@every_game
def test_senders_reckon_with_the_reading_that_is_their_own(name):
    game, _ = pair(name)
    theory = est.TrustEmbedded(discount="personal", default_belief="personal")
    values = at(trust=0.5, discount=0.6, default_belief=0.4, lying_cost=0.3)
    state = game.states[0] + 0.4 * (game.states[-1] - game.states[0])
    best = game.actions[np.argmax(game.receiver_payoff(game.actions[:, None], game.states), axis=0)]
    offset = game.trusting_action(game.states, 1.0) - game.states
    assert np.abs(best - game.states - offset).max() <= 1
    reply = 0.5 * game.messages + 0.5 * state + offset[0] - game.direction * 0.6
    want = game.sender_payoff(reply, game.states[:, None])
    want = want - 0.3 * game.lie_size(game.messages, game.states[:, None])
    np.testing.assert_allclose(theory.sender_payoff(game, 0, values, game.states), want, atol=1e-9 * game.margin)


def test_formulas_bring_their_parameters_and_roles_ask_for_them():
    games, both = [est.EstimationGame()], ("sender", "receiver")
    names = [p.name for p in est.TrustEmbedded(discount="~ liar").own_parameters(games, ("receiver",))]
    assert names == ["trust", "discount"]
    theory = est.TrustEmbedded(0.5, discount="personal", default_belief="~ liar")
    assert [p.name for p in theory.own_parameters(games, both)] == ["trust", "discount", "default_belief", "lying_cost"]
    assert [p.name for p in theory.own_parameters(games, ("sender",))] == ["discount", "default_belief", "lying_cost"]
    moving = [p.name for p in est.DynamicTrust(discount="personal").own_parameters(games, both)]
    assert moving == ["trust", "trust_gain", "trust_loss", "discount", "lying_cost"]
    for wrong in ({"discount": "some"}, {"default_belief": "none"}):
        with pytest.raises(TheoryError, match=f"{next(iter(wrong))} must be '"):
            est.TrustEmbedded(**wrong)


class Squared(est.Game):
    """A receiver who wants the square of the state: no game of differences."""

    direction, margin = 1, 1.0
    states = np.arange(4.0)
    prior = np.full(4, 0.25)

    def sender_payoff(self, action, state, xp=np):  # noqa: ARG002
        return action + 0 * state

    def receiver_payoff(self, action, state, xp=np):  # noqa: ARG002
        return -((action - state**2) ** 2)

    def spec(self):
        return {"family": "squared"}


def test_readings_other_than_the_published_one_need_payoffs_of_differences():
    game, values = Squared(), at(trust=0.5, discount=1.0)
    est.TrustEmbedded().receiver_payoff(game, 0, values, game.messages)
    with pytest.raises(TheoryError, match="more than the difference of action and state"):
        est.TrustEmbedded(discount="personal").receiver_payoff(game, 0, values, game.messages)


class Short(est.Game):
    """A sender who wants high actions and cannot name the highest state."""

    direction, margin = 1, 1.0
    states = np.arange(4.0)
    prior = np.full(4, 0.25)
    messages = np.arange(3.0)

    def sender_payoff(self, action, state, xp=np):  # noqa: ARG002
        return action + 0 * state

    def receiver_payoff(self, action, state, xp=np):  # noqa: ARG002
        return -((action - state) ** 2)

    def spec(self):
        return {"family": "short"}


def test_readings_other_than_the_published_one_need_a_message_that_leaves_every_state_possible():
    game, values = Short(), at(trust=0.5, discount=1.0)
    with pytest.raises(TheoryError, match="even its most favourable message rules states out"):
        est.TrustEmbedded(discount="personal").receiver_payoff(game, 0, values, game.messages)
