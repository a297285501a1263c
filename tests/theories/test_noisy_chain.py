"""Level-k and cognitive hierarchy among people who know that others err: loops, limits, and points of tables."""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from oracles import noisy_chain as loops
from oracles.cheap_talk_chain import Naive
from oracles.hierarchy import shares
from scipy import special
from small_games import pair

from estimation.games import EstimationGame
from estimation.theories import Honest, LevelK, LevelKLying
from estimation.theories.messages.beliefs import stakes
from estimation.theories.messages.cognitive_hierarchy import steps_believed
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.noisy_chain import PRECISION, noisy_chain
from estimation.theories.responses.tabulated import Axis

LEVELS = 2
CONVENTIONS = pytest.mark.parametrize("convention", ["W", "C"])
PLAYED = {
    "over": estimation_game("over", highest=12),
    "under, dear lies": estimation_game("under", 2.0, highest=12),
    "forecast": forecast_game(60.0, 4.0, 6.0),
}
games = pytest.mark.parametrize("game", PLAYED.values(), ids=PLAYED)


def at(**values):
    return {name: np.array([[[value]]]) for name, value in values.items()}


def five_states():
    """A game of five states, of the package and written out."""
    weights = (1.0, 3.0, 2.0, 0.5, 1.5)
    states = list(range(5))
    naive = Naive(
        states=states,
        prior=[weight / sum(weights) for weight in weights],
        messages=states,
        actions=states,
        sender=lambda action, state: max(0, action - state),
        receiver=lambda action, state: -abs(action - state),
        direction=1,
    )
    return EstimationGame("over", highest=4, prior_weights=weights), naive


def table_of(worth, rows, options):
    return [[worth[row][option] for option in options] for row in rows]


def close(got, naive, want, **tolerance):
    for sent, heard, said, done in zip(*got, *want, strict=True):
        np.testing.assert_allclose(sent, table_of(said, naive.states, naive.messages), **tolerance)
        np.testing.assert_allclose(heard, table_of(done, naive.messages, naive.actions), **tolerance)


@CONVENTIONS
@pytest.mark.parametrize(("precision", "cost"), [(0.2, 0.0), (1.5, 0.4), (6.0, 0.9), (3.0, 2.0)])
def test_two_levels_in_a_game_of_five_states_are_those_of_plain_loops(convention, precision, cost):
    game, naive = five_states()
    got = noisy_chain(game, LEVELS, convention, precision, cost)
    close(got, naive, loops.noisy_chain(naive, LEVELS, convention, precision, cost), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["estimation under", "forecast dear"])
@pytest.mark.parametrize("tau", [0.4, 1.5, 6.0])
def test_steps_of_the_hierarchy_reply_with_noise_to_the_mixture_of_fewer_steps(name, tau):
    game, naive = pair(name)
    precision = 6.0 / stakes(game)
    got = noisy_chain(game, 3, "C", precision, shares=partial(steps_believed, tau=tau))
    want = loops.noisy_chain(naive, 3, "C", precision, margin=game.margin, shares=lambda step: shares(step, tau))
    close(got, naive, want, rtol=1e-9, atol=1e-9)


@CONVENTIONS
@games
@pytest.mark.parametrize("cost", [0.13, 0.37, 0.71])
def test_without_noise_in_mind_the_chain_is_that_of_best_replies(convention, game, cost):
    """Where Bayes' rule binds; after other messages exact replies need a rule, and the limit goes by rare mistakes."""
    cost = cost * game.margin
    precision = 1e6 / stakes(game)
    senders, receivers = noisy_chain(game, LEVELS, convention, precision, cost)
    exact = solved_chain(game, LEVELS, convention, "min", "ignore", cost)
    lie = cost * game.lie_size(game.messages, game.states[:, None])
    says = [special.softmax(precision * (gain - lie * (level > 0)), axis=1) for level, gain in enumerate(senders)]
    size = game.margin * np.ptp(game.actions)
    np.testing.assert_allclose(senders[1], exact.sender_payoff[1], atol=1e-4 * size)
    np.testing.assert_allclose(says[:2], exact.sender[:2], atol=1e-3)
    for level in (0, 1):
        sent = game.prior @ exact.sender[level if convention == "W" else 0] > 0
        np.testing.assert_allclose(receivers[level][sent], exact.receiver_payoff[level][sent], atol=1e-3 * size)


@games
def test_whoever_cannot_lie_is_honest_and_believed_at_every_level(game):
    theory = LevelKLying(LEVELS, beliefs="own")
    values = at(lying_cost=1e9 * game.margin, sender_precision=3 / stakes(game), receiver_precision=3 / stakes(game))
    literal = Honest().receiver_payoff(game, 0, {}, game.messages)
    for level in range(LEVELS + 1):
        message = theory.sender_target(game, level, values, game.states).reshape(-1)
        np.testing.assert_array_equal(message, game.states)
        payoff = np.broadcast_to(theory.receiver_payoff(game, level, values, game.messages), (1, *literal.shape))[0]
        np.testing.assert_allclose(payoff, literal, atol=1e-4 * np.ptp(literal))


@CONVENTIONS
@games
@pytest.mark.parametrize("precision", [0.7, 8.0])
def test_if_lies_are_free_it_is_level_k_of_the_same_beliefs(convention, game, precision):
    theory, level_k = (make(LEVELS, convention, beliefs="separate") for make in (LevelKLying, LevelK))
    values = at(lying_cost=0.0, believed_precision=precision)
    for level in range(LEVELS + 1):
        for side, seen in (("sender", game.states), ("receiver", game.messages)):
            got, want = (getattr(t, f"{side}_payoff")(game, level, values, seen) for t in (theory, level_k))
            np.testing.assert_allclose(*np.broadcast_arrays(got, want), rtol=1e-6, atol=1e-6)


def log_probabilities(theory, game, kind, values):
    """Of every choice in every situation, of senders and of receivers."""
    sides = (("sender", game.states), ("receiver", game.messages))
    return [decision_log_probability(theory, game, role, kind, values, seen)[0] for role, seen in sides]


def solved_log_probabilities(game, kind, chain, precision, cost):
    """The same of people with the precision and cost of lying that they think others have, from a chain."""
    senders, receivers = chain
    lie = cost * game.lie_size(game.messages, game.states[:, None])
    payoffs = (senders[kind] - lie * (kind > 0), receivers[kind])
    return [special.log_softmax(precision * payoff, axis=1) for payoff in payoffs]


def least_overlap(game, got, want):
    """How much of choices is the same, averaged over states, or over messages as they are sent; of the worse role."""
    sent = game.prior @ np.exp(want[0])
    return min(
        float(weight @ np.minimum(np.exp(one), np.exp(other)).sum(axis=1))
        for weight, one, other in zip((game.prior, sent), got, want, strict=True)
    )


@pytest.mark.parametrize(
    "game",
    [estimation_game("over", highest=30), estimation_game("under", 2.0, highest=30), forecast_game(60.0, 5.0, 10.0)],
    ids=["linear", "quadratic", "forecast"],
)
def test_between_the_points_of_the_table_people_choose_as_the_chain_solved_there_says(game):
    """Level 1 everywhere; level 2 but for narrow ranges of costs at which precise people change their minds at once.

    Splines are of the fourth order: with two thirds of the points the errors are three to ten times as large.
    """
    theory = LevelKLying(LEVELS, beliefs="own", lapse=False)
    overlap = {1: [], 2: []}
    for scaled, cost in product((1.3, 4.1, 9.0, 17.0, 33.0), (0.03, 0.11, 0.24, 0.43, 0.71, 0.93, 1.1, 1.7, 6.0)):
        precision, paid = scaled / stakes(game), cost * game.margin
        values = at(lying_cost=paid, sender_precision=precision, receiver_precision=precision)
        chain = noisy_chain(game, LEVELS, "W", precision, paid)
        for level, found in overlap.items():
            want = solved_log_probabilities(game, level, chain, precision, paid)
            found.append(least_overlap(game, log_probabilities(theory, game, level, values), want))
    assert min(overlap[1]) > 0.997
    assert np.mean(overlap[2]) > 0.99
    assert np.median(overlap[2]) > 0.999
    assert min(overlap[2]) > 0.85


@pytest.mark.parametrize("steep", [None, 2.0])
def test_points_of_an_axis_are_even_in_shares(steep):
    axis = Axis(3.0, 21, smooth=True, steep=steep)
    assert axis.values[0] == 0
    np.testing.assert_allclose(axis.share(axis.values), np.linspace(0, 1, 21), atol=2e-6)
    near = np.abs(axis.values - 2.0) < 0.3
    assert near.sum() == (8 if steep else 1)


def test_others_are_as_noisy_as_oneself_in_the_role_that_one_plays():
    game = PLAYED["over"]
    precise, careless = (PRECISION.values[point] / stakes(game) for point in (12, 4))
    own = log_probabilities(
        LevelK(2, beliefs="own", lapse=False), game, 2, at(sender_precision=precise, receiver_precision=careless)
    )
    for role, precision in enumerate((precise, careless)):
        chain = noisy_chain(game, 2, "W", precision)
        np.testing.assert_allclose(own[role], solved_log_probabilities(game, 2, chain, precision, 0.0)[role], atol=1e-4)


def test_a_separate_belief_about_costs_stands_in_the_chain_and_ones_own_is_paid():
    game = PLAYED["under, dear lies"]
    theory, own = LevelKLying(2, beliefs="separate", believed_cost="separate"), LevelKLying(2, beliefs="separate")
    values = at(lying_cost=0.8, believed_cost=0.2, believed_precision=5.0)
    like_oneself = at(lying_cost=0.2, believed_precision=5.0)
    gain, cost, _ = theory.sender_terms(game, 2, values, game.states)
    assert cost == 0.8
    np.testing.assert_allclose(gain, own.sender_terms(game, 2, like_oneself, game.states).gain)
    heard = theory.receiver_payoff(game, 2, values, game.messages)
    np.testing.assert_allclose(heard, own.receiver_payoff(game, 2, like_oneself, game.messages))
    exact = LevelKLying(2, believed_cost="separate").receiver_payoff(game, 2, at(believed_cost=0.2), game.messages)
    np.testing.assert_array_equal(exact, LevelKLying(2).receiver_payoff(game, 2, at(lying_cost=0.2), game.messages))
