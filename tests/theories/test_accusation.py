"""The accusation game: the model in loops, its limits, the published experiment."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from estimation.data import load
from estimation.errors import GameError, TheoryError
from estimation.games import AccusationGame, EstimationGame, from_spec
from estimation.replication.accusations import deviance
from estimation.theories import Babbling, LevelK, NaiveAccusation, RecursiveAccusation, TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.replies.accusation_levels import (
    level_shares,
    mindless_receiver,
    mindless_sender,
    recursive_receiver,
    recursive_sender,
)

NAME = "oey_rational_lying"
GAME = AccusationGame("over", 0.2)


# The model once more, in loops over levels, states and reports.


def points_of_sender(game, k, m, accused):
    claim = game.direction * (2 * m - game.highest)
    return claim if not accused else claim + game.wronged if m == k else -game.caught


def loops(game, precision, lie_aversion, accusation_aversion, mean_level, careful):
    """P(message | state) and P(accuse | message), averaged over levels, in the order of the authors' description."""
    size = range(game.highest + 1)
    levels = max(1, int(stats.poisson.ppf(0.95, mean_level)))
    share = [math.exp(-mean_level) * mean_level**d / math.factorial(d) for d in range(levels)]

    def average(tables):
        return sum(f * t for f, t in zip(share, tables, strict=False)) / sum(share[: len(tables)])

    def reply_of_sender(accuse, aversion):
        table = np.zeros((len(size), len(size)))
        for k in size:
            worth = [
                accuse[m] * points_of_sender(game, k, m, True)
                + (1 - accuse[m]) * points_of_sender(game, k, m, False)
                - aversion * (m != k)
                for m in size
            ]
            weight = [math.exp(precision * (w - max(worth))) for w in worth]
            table[k] = np.array(weight) / sum(weight)
        return table

    def reply_of_receiver(sender, aversion):
        accuse = np.zeros(len(size))
        for m in size:
            lies = sum(game.prior[k] * sender[k, m] for k in size if k != m)
            chance = lies / (lies + game.prior[m] * sender[m, m])
            claim = game.direction * (2 * m - game.highest)
            accusing = chance * game.caught + (1 - chance) * (-claim - game.wronged) - aversion
            accuse[m] = 1 / (1 + math.exp(-precision * (accusing + claim)))
        return accuse

    receivers, senders = [np.full(len(size), 0.5)], []
    own_receivers, own_senders = [receivers[0]], []
    for depth in range(levels):
        if depth:
            receivers.append(reply_of_receiver(average(senders), 0.0))
            own_receivers.append(reply_of_receiver(average(senders), accusation_aversion))
        senders.append(reply_of_sender(average(receivers), 0.0))
        own_senders.append(reply_of_sender(average(receivers), lie_aversion))
    sender = average(own_senders)
    for k in size:
        lies = 1 - sender[k, k]
        for m in size:
            kept = careful * sender[k, m] if m != k else sender[k, k]
            sender[k, m] = kept + (1 - careful) * lies / len(size)
    return sender, average(own_receivers)


@pytest.mark.parametrize("direction", ["over", "under"])
@pytest.mark.parametrize("mean_level", [0.3, 2.0, 8.0])
def test_the_recursion_agrees_with_loops(direction, mean_level):
    game = AccusationGame(direction, 0.8, highest=4, caught=7, wronged=3)
    sender, receiver = loops(game, 0.3, 2.0, 1.5, mean_level, 0.8)
    np.testing.assert_allclose(recursive_sender(game, 0.3, 2.0, mean_level, 0.8), sender, rtol=1e-9)
    np.testing.assert_allclose(recursive_receiver(game, 0.3, 1.5, mean_level), receiver, rtol=1e-9)


def test_with_a_level_of_one_people_think_of_nobody():
    """At a tiny mean level there is one level: senders are those without theory of mind, receivers guess."""
    args = (0.2, 3.0)
    np.testing.assert_allclose(recursive_sender(GAME, *args, 0.1, 0.9), mindless_sender(GAME, *args, 0.9), rtol=1e-12)
    np.testing.assert_allclose(recursive_receiver(GAME, 0.2, 3.0, 0.1), 0.5)


def test_who_must_not_tell_the_best_lie_because_it_is_true_tells_the_next_best():
    """Exponentials scaled by the best lie of all underflow in its own state's row, which is scaled anew."""
    args = (2000.0, -500.0)
    sender = recursive_sender(GAME, *args, 0.1, 0.9)
    np.testing.assert_allclose(sender, mindless_sender(GAME, *args, 0.9), rtol=1e-12, atol=1e-300)
    assert np.diagonal(sender).max() < 0.1


def test_all_parameters_at_once_give_what_each_gives_alone():
    rng = np.random.default_rng(4)
    precision, level = rng.uniform(0.05, 0.5, 7), rng.uniform(0.5, 9, 7)
    many = recursive_sender(GAME, precision, 4.0, level, 0.7, levels=6)
    for index in range(7):
        one = recursive_sender(GAME, precision[index], 4.0, level[index], 0.7, levels=6)
        np.testing.assert_allclose(many[index], one, rtol=1e-10)


def test_level_shares_stop_where_the_authors_stop():
    for mean in (0.1, 1.0, 5.0, 12.0):
        depth = max(1, int(stats.poisson.ppf(0.95, mean)))
        share = level_shares(mean)
        assert (len(share), share.sum()) == (depth, pytest.approx(1))
    assert len(level_shares(np.array([0.1, 5.0]), levels=12)[0]) == 12


# Limits.


@pytest.mark.parametrize("precision", [1e-9, 1e-260, 0.0])
@pytest.mark.parametrize("theory", [RecursiveAccusation(), NaiveAccusation()], ids=str)
def test_without_precision_choices_are_even(theory, precision):
    names = [p.name for p in theory.parameters([GAME], ("sender", "receiver"))]
    fixed = {"mean_depth": np.full((1, 1, 1), 3.0), "careful": np.ones((1, 1, 1))}
    values = dict.fromkeys(names, np.full((1, 1, 1), 0.5)) | fixed
    flat = values | {f"{role}_precision": np.full((1, 1, 1), precision) for role in ("sender", "receiver")}
    for role, seen, options in (("sender", GAME.states, 11), ("receiver", GAME.messages, 2)):
        table = np.exp(decision_log_probability(theory, GAME, role, 0, flat, seen))
        np.testing.assert_allclose(table, 1 / options, atol=1e-6)


def test_calling_the_colours_by_each_others_names_changes_nothing():
    red, blue = AccusationGame("over", 0.2), AccusationGame("under", 0.8)
    sender = [recursive_sender(game, 0.2, 4.0, 5.0, 0.9) for game in (red, blue)]
    receiver = [recursive_receiver(game, 0.2, 4.0, 5.0) for game in (red, blue)]
    np.testing.assert_allclose(sender[0], sender[1][::-1, ::-1], rtol=1e-9)
    np.testing.assert_allclose(receiver[0], receiver[1][::-1], rtol=1e-9)


def test_at_high_precision_the_naive_sender_makes_the_best_report_and_the_naive_receiver_the_best_call():
    points = GAME.sender_points(np.full(11, 0.5)) - 2.0 * (1 - np.eye(11))
    sender = mindless_sender(GAME, 500.0, 2.0, 1.0)
    np.testing.assert_array_equal(sender.argmax(axis=1), points.argmax(axis=1))
    assert sender.max(axis=1).min() > 1 - 1e-9
    gain = GAME.accusing_points(GAME.lie_probability(np.full((11, 11), 1 / 11))) - 2.0
    np.testing.assert_allclose(mindless_receiver(GAME, 500.0, 2.0), gain > 0, atol=1e-6)


def test_a_dear_lie_is_never_told_and_a_dear_accusation_never_made():
    np.testing.assert_allclose(np.diagonal(recursive_sender(GAME, 0.3, 500.0, 3.0, 1.0)), 1, atol=1e-9)
    assert recursive_receiver(GAME, 0.3, 500.0, 9.0, levels=12)[1:].max() <= level_shares(9.0, 12)[0] / 2 + 1e-9


@pytest.mark.parametrize("direction", ["over", "under"])
def test_who_thinks_that_reports_are_babbled_accuses_where_the_prior_alone_makes_it_pay(direction):
    """In loops over states, from the points of a sender who reports the same in each of them."""
    game = AccusationGame(direction, 0.2)
    precise = {"receiver_precision": np.full((1, 1, 1), 0.2), "lapse": np.zeros((1, 1, 1))}
    table = np.exp(decision_log_probability(Babbling(), game, "receiver", 0, precise, game.messages))
    for m in range(11):
        worth = [-sum(game.prior[k] * points_of_sender(game, k, m, accused) for k in range(11)) for accused in (0, 1)]
        assert table[..., m, 1].item() == pytest.approx(1 / (1 + math.exp(0.2 * (worth[0] - worth[1]))), rel=1e-9)


def test_a_babbler_reports_the_same_in_every_state():
    values = {"favourite": 0.7, "sender_precision": 0.4, "lapse": 0.1}
    values = {name: np.full((1, 1, 1), value) for name, value in values.items()}
    table = np.exp(decision_log_probability(Babbling(), GAME, "sender", 0, values, GAME.states))[0]
    np.testing.assert_allclose(table, np.broadcast_to(table[:1], table.shape), rtol=1e-12)
    assert table[0].argmax() == 7


def test_what_nobody_here_can_do_is_refused():
    with pytest.raises(TheoryError, match="accusation game only"):
        decision_log_probability(NaiveAccusation(), EstimationGame(), "sender", 0, {}, np.zeros(1))
    values = {name: np.zeros((1, 1)) for name in ("receiver_precision", "accusation_aversion")}
    with pytest.raises(TheoryError, match="levels are computed on arrays; use method='automatic'"):
        NaiveAccusation().receiver_payoff(GAME, 0, values, GAME.messages, xp=math)
    for theory in (LevelK(), TrustEmbedded()):
        with pytest.raises(TheoryError, match="points depend on the report"):
            theory.parameters([GAME], ("sender", "receiver"))
    with pytest.raises(TheoryError, match="response 'normal' is not offered"):
        NaiveAccusation(response="normal")
    with pytest.raises(TheoryError, match="response 'normal' is not offered where people accept or accuse"):
        Babbling(response="normal").check_games({"red": GAME}, ("receiver",))
    with pytest.raises(TheoryError, match=r"typical_mean_level must be positive(.|\n)*levels must be a whole number"):
        RecursiveAccusation(typical_mean_level=0.0, levels=0)
    with pytest.raises(GameError, match=r"share must lie in \[0, 1\]"):
        AccusationGame(share=1.5)
    assert from_spec(GAME.spec()) == GAME


# The published experiment; the ledger holds the published estimates.


@pytest.mark.data(NAME)
def test_everybody_decided_a_hundred_times():
    assert set(load(NAME).frame.groupby("subject")["period"].count()) == {100}


@pytest.mark.data(NAME)
def test_the_mean_level_is_weakly_identified():
    """From 8 to 12 levels the objective changes by less than 3; two levels are ruled out: a bound, not a number."""
    at = {level: [0.127, 12.8, 8.63, np.log(level), 5.3] for level in (2, 8, 10, 12)}
    value = {level: deviance("recursive", x) for level, x in at.items()}
    assert np.ptp([value[8], value[10], value[12]]) < 3
    assert value[2] > value[8] + 100
