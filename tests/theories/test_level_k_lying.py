"""Level-k with a lying cost: against loops from the definition, and the two theories that it joins."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from oracles.hierarchy import costly_chain
from small_games import GAMES, pair

import estimation as est
from estimation.errors import TheoryError
from estimation.theories import LevelK, LevelKLying, TrustEmbedded
from estimation.theories.messages.level_k_lying import POINTS
from estimation.theories.responses.tabulated import Axis

LEVELS = 3
BIG = {
    "over": estimation_game("over", highest=30),
    "under, dear lies": estimation_game("under", 2.0, highest=30),
    "forecast": forecast_game(60.0, 5.0, 10.0),
}


def at(**values):
    return {name: np.array([[[value]]]) for name, value in values.items()}


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("point", [0, 6, 12, 20, 28])
def test_each_level_replies_to_people_with_its_own_cost_of_lying(name, point):
    game, naive = pair(name)
    cost = Axis(game.margin, POINTS).values[point]
    says, does = costly_chain(naive, LEVELS, cost, lambda message, state: abs(message - state))
    theory, values = LevelKLying(LEVELS, response="normal"), at(lying_cost=cost)
    for level in range(LEVELS + 1):
        message = theory.sender_target(game, level, values, game.states).reshape(-1)
        assert message.tolist() == [says[level][state] for state in naive.states]
        action = theory.receiver_target(game, level, values, game.messages).reshape(-1)
        assert action.tolist() == [does[level][m] for m in naive.messages]


@pytest.mark.parametrize("game", BIG.values(), ids=BIG)
@pytest.mark.parametrize("options", [("W", "min", "ignore"), ("C", "max", "literal"), ("W", "min", "skeptical")])
def test_without_a_cost_it_is_level_k(game, options):
    theory, level_k, free = LevelKLying(LEVELS, *options), LevelK(LEVELS, *options), at(lying_cost=0.0)
    for level in range(LEVELS + 1):
        for side, seen in (("sender", game.states), ("receiver", game.messages)):
            got = getattr(theory, f"{side}_payoff")(game, level, free, seen)
            want = getattr(level_k, f"{side}_payoff")(game, level, {}, seen)
            np.testing.assert_array_equal(np.broadcast_to(got, (1, *want.shape))[0], want)


@pytest.mark.parametrize("game", BIG.values(), ids=BIG)
@pytest.mark.parametrize("cost", [0.0, 0.2, 0.7, 5.0])
def test_the_sender_of_level_one_is_the_trust_embedded_sender_who_is_believed(game, cost):
    values = at(lying_cost=cost * game.margin)
    got = LevelKLying(1).sender_payoff(game, 1, values, game.states)
    want = TrustEmbedded(1.0).sender_payoff(game, 0, values, game.states)
    np.testing.assert_allclose(got, want, atol=1e-9)


@pytest.mark.parametrize("game", BIG.values(), ids=BIG)
def test_whoever_cannot_lie_tells_the_truth_at_every_level(game):
    theory, values = LevelKLying(LEVELS, response="normal"), at(lying_cost=1e9 * game.margin)
    for level in range(LEVELS + 1):
        message = theory.sender_target(game, level, values, game.states).reshape(-1)
        np.testing.assert_array_equal(message, game.states)


def test_levels_that_want_the_same_whatever_lies_cost_are_one_group():
    """A receiver who thinks that all reports are the highest is answered by the truth, which is believed again."""
    game = est.EstimationGame(highest=8)
    assert LevelKLying(3).observationally_equivalent([game], ("receiver",)) == ((0, 2), (1, 3))
    assert LevelKLying(3).observationally_equivalent([game], ("sender",)) == ((0,), (1, 3), (2,))
    assert LevelKLying(2).observationally_equivalent([game], ("sender", "receiver")) == ((0,), (1,), (2,))


def test_wrong_options_are_named():
    with pytest.raises(TheoryError, match=r"(?s)LevelKLying cannot be built.*max_level.*convention"):
        LevelKLying(-1, "X")


def test_a_fit_finds_the_cost_and_the_shares_again():
    games = {"over": est.EstimationGame("over", highest=12, lie_power=2.0, lie_reference=3.0)}
    theory = est.LevelKLying(1)
    truth = {"lying_cost": (0.5, 0.4), "sender_precision": (4.0, 0.3), "lapse": (0.03, 0.5)}
    situations = est.design(games, people=30, decisions=25, seed=5, roles=("sender",))
    table, people = est.simulate(theory, situations, truth, shares={"level 0": 0.3, "level 1": 0.7}, seed=6)
    fit = est.fit(theory, table, seed=1, draws=300, tune=200, chains=2, accuracy=0.4, progress=False)
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(truth[parameter.name][0]) < high, parameter.name
    low, high = np.quantile(posterior["share"].sel(kind="level 0"), [0.005, 0.995])
    assert low < (people["kind"] == "level 0").mean() < high


@pytest.mark.parametrize("share", [0.9, 0.95, 0.999, 0.9997, 0.99999, 1 - 1e-12])
def test_nobody_is_between_liars_and_the_honest_where_there_is_nobody(share):
    """With linear stakes every lie pays below the margin and none from there on: receivers think of either."""
    game, theory = BIG["over"], LevelKLying(1)
    liars, below, honest = (
        theory.receiver_payoff(game, 1, at(lying_cost=cost * game.margin), game.messages) for cost in (0.5, share, 1.0)
    )
    np.testing.assert_allclose(below, liars, atol=1e-9)
    assert np.abs(honest - liars).max() > 5


def test_the_cost_of_lying_does_not_matter_to_the_honest():
    theory, game = LevelKLying(2), BIG["forecast"]
    uses = [theory.relevant_parameters(level, [game], ("sender", "receiver")) for level in range(3)]
    assert ["lying_cost" in names for names in uses] == [False, True, True]
