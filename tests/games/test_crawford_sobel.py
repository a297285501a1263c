"""Discrete Crawford-Sobel games: level-k senders by brute force, trust by integration, and every theory runs."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.errors import GameError
from estimation.games import CrawfordSobel, from_spec
from estimation.games.game import Game
from estimation.theories import Babbling, LevelK, TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability

FIVE = (1.0, 2.0, 3.0, 4.0, 5.0)
# Actions in half steps: a receiver who thinks that two states are equally likely can choose between them.
HALVES = tuple(np.arange(1.0, 5.01, 0.5))
GOLDEN = {  # level-k senders for any symmetric single-peaked loss, smallest lie among ties
    1: {1: (2, 3, 4, 5, 5), 2: (3, 4, 5, 5, 5)},
    2: {1: (3, 4, 5, 5, 5), 2: (4, 5, 5, 5, 5), 3: (5, 5, 5, 5, 5)},
}


def brute_senders(game, levels):
    """Level-k senders in loops: replies to replies, lowest state off the path, smallest lie among ties."""
    receiver = dict(zip(game.messages, game.messages, strict=True))
    senders = []
    for _ in range(levels):
        sender = {}
        for state in game.states:
            worth = [(-abs(state + game.bias - receiver[m]), -abs(m - state), m) for m in game.messages]
            best = max(round(w[0], 9) for w in worth)
            sender[state] = max((w for w in worth if round(w[0], 9) == best), key=lambda w: w[1])[2]
        senders.append(tuple(sender[s] for s in game.states))
        for m in game.messages:
            pool = [s for s in game.states if sender[s] == m] or [game.states[0]]
            loss = [sum(abs(s - a) ** game.power for s in pool) for a in game.actions]
            tied = [a for a, value in zip(game.actions, loss, strict=True) if value < min(loss) + 1e-9]
            receiver[m] = tied[len(tied) // 2]
    return senders


@pytest.mark.parametrize("bias", GOLDEN)
@pytest.mark.parametrize("power", [1.4, 2.0])
def test_level_k_senders_are_those_of_the_golden_table(bias, power):
    game = CrawfordSobel(bias, FIVE, FIVE, HALVES, power=power)
    chain = LevelK(3, ties="min", off_path="skeptical").chain(game)
    for level, expected in GOLDEN[bias].items():
        assert tuple(game.messages[chain.sender[level].argmax(axis=1)]) == expected


@pytest.mark.parametrize("bias", [0.0, 0.5, 1.0, 1.2, 2.0])
@pytest.mark.parametrize("states", [FIVE, (1.0, 3.0, 5.0, 7.0, 9.0)])
def test_the_chain_of_level_k_agrees_with_loops(bias, states):
    game = CrawfordSobel(bias, states, action_values=np.arange(states[0], states[-1] + 0.1))
    chain = LevelK(3, ties="min", off_path="skeptical").chain(game)
    for level, expected in enumerate(brute_senders(game, 3), 1):
        assert tuple(game.messages[chain.sender[level].argmax(axis=1)]) == expected


@pytest.mark.parametrize("power", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("trust", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("bias", [1.0, -1.0])
def test_a_trusting_receiver_does_what_a_search_over_the_belief_finds(power, trust, bias):
    game = CrawfordSobel(bias, power=power)
    fine = np.linspace(1, 5, 4001)
    for message in game.messages:
        left = [s for s in game.states if game.direction * (s - message) <= 0]
        believed = np.array([trust * message + (1 - trust) * s for s in left])
        payoff = game.points - game.slope * (np.abs(fine[:, None] - believed) ** power).mean(axis=1)
        got = float(game.trusting_action(message, trust))
        best = game.points - game.slope * (np.abs(got - believed) ** power).mean()
        assert best == pytest.approx(payoff.max(), abs=1e-2)
        expected = game.trusting_payoff(fine, np.full(len(fine), message), trust)
        np.testing.assert_allclose(expected, payoff, atol=1e-9)


def test_the_margin_is_the_most_that_a_unit_of_action_earns():
    game = CrawfordSobel(2.0)
    fine = np.linspace(1, 5, 2001)
    gain = np.abs(np.gradient(game.sender_payoff(fine[:, None], game.states), fine, axis=0)).max()
    assert game.margin == pytest.approx(gain, rel=1e-2)


def test_without_bias_both_want_the_same():
    game = CrawfordSobel(0.0)
    np.testing.assert_array_equal(game.sender_table, game.receiver_table)


@pytest.mark.parametrize("theory", [TrustEmbedded(), TrustEmbedded("separate"), LevelK(2), Babbling()])
def test_every_theory_of_talk_gives_probabilities_on_it(theory):
    game: Game = CrawfordSobel(1.2, (1, 3, 5, 7, 9), action_values=range(1, 10))
    values = {
        p.name: np.full((2, 1, 1), p.natural(p.centre)) for p in theory.parameters([game], ("sender", "receiver"))
    }
    for role, seen in (("sender", game.states), ("receiver", game.messages)):
        for kind in range(len(theory.types)):
            table = decision_log_probability(theory, game, role, kind, values, seen)
            np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1, atol=1e-9)


def test_the_same_numbers_come_out_of_pytensor():
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    game = CrawfordSobel(1.0)
    trust = np.full((3, 1, 1), 0.4)
    message = game.messages[:, None]
    got = game.trusting_payoff(game.actions, message, pt.as_tensor(trust), pt).eval(mode=UNCOMPILED)
    np.testing.assert_allclose(got, game.trusting_payoff(game.actions, message, trust), rtol=1e-12)
    got = game.trusting_action(game.messages, pt.as_tensor(trust), pt).eval(mode=UNCOMPILED)
    np.testing.assert_allclose(got, game.trusting_action(game.messages, trust), rtol=1e-12)


def test_a_game_survives_a_trip_through_plain_data():
    game = CrawfordSobel(0.5, (1, 3, 5), action_values=(1, 2, 3, 4, 5), power=2.0)
    assert from_spec(game.spec()) == game


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"bias": 1, "state_values": (1, 1)}, "increasing"),
        ({"bias": 1, "power": 0.5}, "power must be 1 or more"),
        ({"bias": float("nan")}, "bias must be a finite number"),
        ({"bias": 1, "slope": -1}, "slope must be positive"),
    ],
)
def test_impossible_games_are_refused(options, fragment):
    with pytest.raises(GameError, match=fragment):
        CrawfordSobel(**options)


def test_states_may_be_as_likely_as_anything_or_as_they_came_up():
    """Weights are scaled to sum to one, or counted among what senders saw; a uniform prior leaves no trace."""
    game = CrawfordSobel(1.0, FIVE, prior_weights=(1, 1, 2, 4, 0))
    np.testing.assert_allclose(game.prior, [0.125, 0.125, 0.25, 0.5, 0.0])
    assert from_spec(game.spec()) == game
    assert "prior_weights" not in CrawfordSobel(1.0).spec()
    counted = CrawfordSobel(1.0, FIVE, prior_weights="empirical")
    np.testing.assert_allclose(counted.given_states(np.array([1.0, 1.0, 5.0, 4.0])).prior, [0.5, 0, 0, 0.25, 0.25])
    with pytest.raises(GameError, match="not known"):
        _ = counted.prior
    with pytest.raises(GameError, match="5 probabilities"):
        CrawfordSobel(1.0, FIVE, prior_weights=(1, 1))
