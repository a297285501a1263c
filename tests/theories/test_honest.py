"""Honesty and credulity: what they do, and that they are limits of the theories with a conscience and with trust."""

from __future__ import annotations

import numpy as np
import pytest
from small_games import GAMES, pair

import estimation as est
from estimation.theories import Honest, LevelK, TrustEmbedded


@pytest.mark.parametrize("name", GAMES)
def test_messages_are_true_and_replies_are_best_if_they_are(name):
    game, naive = pair(name)
    theory = Honest(response="normal")
    assert theory.sender_target(game, 0, {}, game.states)[:, 0].tolist() == naive.states
    for message, action in zip(naive.messages, theory.receiver_target(game, 0, {}, game.messages)[:, 0], strict=True):
        worth = {option: naive.receiver(option, message) for option in naive.actions}
        assert worth[action] == pytest.approx(max(worth.values()))


@pytest.mark.parametrize("name", GAMES)
def test_it_is_level_zero_and_the_limit_of_trust_and_of_trustworthiness(name):
    game, _ = pair(name)
    theory, level_k = Honest(), LevelK(0)
    np.testing.assert_array_equal(
        theory.sender_payoff(game, 0, {}, game.states), level_k.sender_payoff(game, 0, {}, game.states)
    )
    sure = {"trust": np.array([[1.0]]), "lying_cost": np.array([[1e6 * game.margin]])}
    np.testing.assert_allclose(
        theory.receiver_payoff(game, 0, {}, game.messages),
        TrustEmbedded().receiver_payoff(game, 0, sure, game.messages),
        atol=1e-6 * game.margin,
    )
    honest = TrustEmbedded(response="normal").sender_target(game, 0, sure, game.states)
    np.testing.assert_array_equal(honest, Honest(response="normal").sender_target(game, 0, {}, game.states))


def test_errors_may_count_as_lies_do_in_the_game():
    game = est.EstimationGame(highest=12, lie_power=2.0, lie_reference=10.0)
    payoff = Honest(errors="lie size").sender_payoff(game, 0, {}, game.states)
    want = [[-((message - state) ** 2) / 10 for message in range(13)] for state in range(13)]
    np.testing.assert_allclose(payoff, want, atol=1e-12)
    costly = {"trust": np.array([[0.0]]), "lying_cost": np.array([[1e8]])}
    limit = TrustEmbedded().sender_payoff(game, 0, costly, game.states) / 1e8
    np.testing.assert_allclose(payoff, limit, atol=1e-6)
    plain = est.EstimationGame(highest=12)
    same = [Honest(errors=errors).sender_payoff(plain, 0, {}, plain.states) for errors in ("distance", "lie size")]
    np.testing.assert_array_equal(*same)
    with pytest.raises(est.EstimationError, match="errors must be '"):
        Honest(errors="squares")


def test_a_fit_finds_precision_and_lapses_again():
    truth = {"sender_precision": (1.0, 0.4), "lapse": (0.05, 0.5)}
    situations = est.design({"over": est.EstimationGame(highest=12)}, 30, 15, seed=3, roles=("sender",))
    table, _ = est.simulate(Honest(), situations, truth, seed=4)
    fit = est.fit(Honest(), table, seed=1, draws=300, tune=200, chains=2, accuracy=0.4, progress=False)
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(truth[parameter.name][0]) < high, parameter.name
