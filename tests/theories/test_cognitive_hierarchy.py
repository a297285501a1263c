"""Poisson cognitive hierarchy: against loops from the definition, and against the theories it contains."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game
from oracles.hierarchy import hierarchy, shares
from small_games import GAMES, pair

import estimation as est
from estimation.errors import TheoryError
from estimation.theories import CognitiveHierarchy, LevelK
from estimation.theories.messages.cognitive_hierarchy import AXIS, steps_believed
from estimation.theories.messages.likelihood import decision_log_probability

STEPS = 4


def at(**values):
    return {name: np.array([[[value]]]) for name, value in values.items()}


def table_of(worth, rows, options):
    return [[worth[row][option] for option in options] for row in rows]


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("point", [1, 9, 14, 20])
def test_each_step_values_options_as_the_mixture_of_fewer_steps_makes_them(name, point):
    game, naive = pair(name)
    tau = AXIS.values[point]
    sent, says, heard, does = hierarchy(naive, STEPS, tau)
    theory, values = CognitiveHierarchy(STEPS), at(mean_level=tau)
    for step in range(1, STEPS + 1):
        got = theory.sender_payoff(game, step, values, game.states)
        want = table_of(sent[step], naive.states, naive.messages)
        np.testing.assert_allclose(np.broadcast_to(got, (1, *np.shape(want)))[0], want, atol=1e-9)
        got = theory.receiver_payoff(game, step, values, game.messages)
        want = table_of(heard[step], naive.messages, naive.actions)
        np.testing.assert_allclose(np.broadcast_to(got, (1, *np.shape(want)))[0], want, atol=1e-9)
        message = theory.sender_target(game, step, values, game.states).reshape(-1)
        assert message.tolist() == [says[step][state] for state in naive.states]
        action = theory.receiver_target(game, step, values, game.messages).reshape(-1)
        assert action.tolist() == [does[step][message] for message in naive.messages]


@pytest.mark.parametrize("tau", [0.1, 0.9, 1.6, 6.0])
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_fewer_steps_are_believed_in_the_right_proportions(steps, tau):
    np.testing.assert_allclose(steps_believed(steps, tau), shares(steps, tau))


def test_between_the_points_payoffs_lie_on_a_straight_line():
    game, _ = pair("forecast dear")
    theory, (low, high) = CognitiveHierarchy(STEPS), AXIS.values[[12, 13]]
    share = 0.3 * high / (high + AXIS.scale) + 0.7 * low / (low + AXIS.scale)
    between = AXIS.scale * share / (1 - share)
    payoff = [theory.receiver_payoff(game, 3, at(mean_level=tau), game.messages) for tau in (low, between, high)]
    np.testing.assert_allclose(payoff[1], 0.7 * payoff[0] + 0.3 * payoff[2], atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
def test_the_first_steps_are_those_of_level_k(name):
    """Step 1 meets step 0 only; receivers of step 1 hear from the truthful, as Crawford's first level does."""
    game, _ = pair(name)
    theory, level_k, values = CognitiveHierarchy(2), LevelK(1, "C", off_path="literal"), at(mean_level=1.7)
    for step in (0, 1):
        np.testing.assert_array_equal(
            theory.sender_payoff(game, step, values, game.states), level_k.sender_payoff(game, step, {}, game.states)
        )
        np.testing.assert_allclose(
            theory.receiver_payoff(game, step, values, game.messages),
            level_k.receiver_payoff(game, step, {}, game.messages),
        )


def test_people_who_expect_endless_depth_reply_to_the_step_below():
    """τ → ∞ puts all the weight of g_k on k - 1: the hierarchy becomes level-k in Crawford's counting."""
    game, _ = pair("forecast cheap")
    theory, level_k = CognitiveHierarchy(STEPS), LevelK(STEPS, "C", off_path="literal")
    for step in range(STEPS + 1):
        got = theory.sender_payoff(game, step, at(mean_level=1e12), game.states)
        want = level_k.sender_payoff(game, step, {}, game.states)
        np.testing.assert_allclose(np.broadcast_to(got, (1, *want.shape))[0], want, atol=1e-3)


def test_steps_that_meet_the_same_replies_are_alike():
    game = estimation_game("over", highest=12)
    assert CognitiveHierarchy(3).observationally_equivalent([game], ("sender",)) == ((0,), (1, 2), (3,))
    assert CognitiveHierarchy(3).observationally_equivalent([game], ("receiver",)) == ((0, 1), (2,), (3,))
    assert CognitiveHierarchy(3).observationally_equivalent([game], ("sender", "receiver")) == ((0,), (1,), (2,), (3,))
    assert CognitiveHierarchy(3, "decision").observationally_equivalent([game], ("sender",)) == ((0,),)


@pytest.mark.parametrize("role", ["sender", "receiver"])
def test_redrawn_steps_mix_the_choices_of_all_steps_by_poisson_weights(role):
    game, _ = pair("estimation over")
    whole, one = CognitiveHierarchy(STEPS, "decision", lapse=False), CognitiveHierarchy(STEPS, lapse=False)
    values = at(mean_level=1.2, sender_precision=2.0, receiver_precision=2.0)
    seen = game.states if role == "sender" else game.messages
    got = np.exp(decision_log_probability(whole, game, role, 0, values, seen))
    weight = shares(STEPS + 1, 1.2)
    parts = [np.exp(decision_log_probability(one, game, role, k, values, seen)) for k in range(STEPS + 1)]
    want = sum(w * part for w, part in zip(weight, parts, strict=True))
    np.testing.assert_allclose(got, np.broadcast_to(want, got.shape), atol=1e-12)


def test_every_wrong_option_is_named_at_once():
    with pytest.raises(TheoryError) as caught:
        CognitiveHierarchy(0, "mood")
    assert len(caught.value.problems) == 2
    assert "max_level must be a whole number from 1, not 0" in str(caught.value)
    assert "depth must be 'person' or 'decision', not 'mood'" in str(caught.value)


def test_a_fit_finds_steps_and_noise_again():
    game = {"over": est.EstimationGame("over", highest=12), "under": est.EstimationGame("under", highest=12)}
    theory = est.CognitiveHierarchy(3)
    truth = {"mean_level": (1.5, 0.3), "receiver_precision": (3.0, 0.3), "lapse": (0.03, 0.5)}
    kinds = {"step 0": 0.3, "step 1": 0.1, "step 2": 0.4, "step 3": 0.2}
    situations = est.design(game, people=30, decisions=25, seed=5, roles=("receiver",))
    table, people = est.simulate(theory, situations, truth, shares=kinds, seed=6)
    fit = est.fit(theory, table, seed=1, draws=300, tune=200, chains=2, accuracy=0.4, progress=False)
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(truth[parameter.name][0]) < high, parameter.name
    literal = posterior["share"].isel(kind=[0, 1]).sum("kind")
    low, high = np.quantile(literal, [0.005, 0.995])
    assert low < people["kind"].isin(["step 0", "step 1"]).mean() < high


def test_the_mean_level_does_not_matter_to_those_who_reply_to_nobody_or_to_one_kind():
    """Steps 0 and 1 have no doubt about others' steps: their nodes need no dimension for it."""
    game, theory = estimation_game("over", highest=30), CognitiveHierarchy()
    uses = [theory.relevant_parameters(step, [game], ("sender", "receiver")) for step in range(5)]
    assert ["mean_level" in names for names in uses] == [False, False, True, True, True]
    assert "mean_level" in CognitiveHierarchy(depth="decision").relevant_parameters(0, [game], ("sender",))
