"""One sender and two receivers with payoffs of their own: chains against loops, limits, recovery, and files."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from oracles.other_forms_chain import audiences_chain
from oracles.table_chain import Listed

import estimation as est
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.noisy_chain import noisy_chain

STEPS, WEIGHTS = [1.0, 2.0, 3.0, 4.0], [0.1, 0.4, 0.3, 0.2]
BOTH = {(s, a, b): 1.2 * a - 0.7 * b + 0.2 * a * b - 0.3 * (a - s) ** 2 for s, a, b in product(*[STEPS] * 3)}
PAYOFFS = {
    "buyer": {(s, a, b): -((a - s) ** 2) - 0.5 * (a - b) ** 2 for s, a, b in product(*[STEPS] * 3)},
    "rival": {(s, a, b): -1.5 * (a - s + 0.6) ** 2 + 0.4 * a * b for s, a, b in product(*[STEPS] * 3)},
}
LISTED = Listed(
    states=STEPS,
    messages=STEPS,
    actions=STEPS,
    prior=dict(zip(STEPS, WEIGHTS, strict=True)),
    sender={},
    receiver={},
    means={s: [s] for s in STEPS},
    lie={(s, m): abs(s - m) for s, m in product(STEPS, STEPS)},
)


def heard_by(who, payoffs=PAYOFFS):
    tables = {name: lambda a, b, s, table=table: table[s, a, b] for name, table in payoffs.items()}
    return est.TwoAudiences(STEPS, STEPS, lambda a, b, s: BOTH[s, a, b], tables, who, prior=WEIGHTS)


@pytest.mark.parametrize("convention", ["W", "C"])
@pytest.mark.parametrize("share", [0.0, 0.4])
@pytest.mark.parametrize("who", PAYOFFS)
def test_every_level_of_all_three_does_what_the_definition_says(who, convention, share):
    game = heard_by(who)
    cost = share * game.margin
    chain = solved_chain(game, 4, convention, "min", "ignore", cost)
    senders, receivers = audiences_chain(LISTED, BOTH, PAYOFFS, 4, convention, cost)
    for level in range(5):
        for found, told in ((chain.sender, senders), (chain.receiver, receivers[who])):
            np.testing.assert_allclose(found[level], [[told[level][x].get(y, 0.0) for y in STEPS] for x in STEPS])


def test_two_who_are_alike_are_two_receivers():
    """With the same payoffs, and a sender who does not tell them apart, it is the game of two receivers."""
    same = np.random.default_rng(1).normal(size=(4, 4, 4))
    sender = np.random.default_rng(2).normal(size=(4, 4, 4))
    sender = sender + sender.swapaxes(1, 2)
    two = est.TwoReceivers(STEPS, STEPS, sender, same, prior=WEIGHTS)
    game = est.TwoAudiences(STEPS, STEPS, sender, {"one": same, "other": same}, "other", prior=WEIGHTS)
    for found, told in zip(noisy_chain(game, 3, "W", 0.7, 0.1), noisy_chain(two, 3, "W", 0.7, 0.1), strict=True):
        for one, other in zip(found, told, strict=True):
            np.testing.assert_allclose(one, other)
    seen, said = two.states[:, None], two.messages[None, :]
    np.testing.assert_allclose(game.trusting_gain(said, 0.3, seen), two.trusting_gain(said, 0.3, seen))
    assert game.margin == pytest.approx(two.margin)


def test_senders_earn_the_same_whoever_decides():
    """Both conditions are one game for senders, exactly and with noise, and for who trusts in part."""
    games = [heard_by(who) for who in PAYOFFS]
    exact = [solved_chain(game, 3, "W", "min", "ignore").sender_payoff for game in games]
    noisy = [np.array(noisy_chain(game, 3, "W", 0.5)[0]) for game in games]
    trusted = [game.trusting_gain(game.messages[None, :], 0.4, game.states[:, None]) for game in games]
    for one, other in (exact, noisy, trusted):
        np.testing.assert_allclose(one, other)


def test_who_trusts_in_part_expects_either_reply_of_each_of_the_two():
    """Loops over whether each takes the message at its word, and what then is best for them on average."""
    game, trust = heard_by("buyer"), 0.35

    def best(worth):
        top = max(worth.values())
        return [a for a, value in worth.items() if value > top - 1e-9]

    def reply(name, message):
        states = {message: 1.0} if message is not None else dict(zip(STEPS, WEIGHTS, strict=True))
        return best({a: sum(w * PAYOFFS[name][s, a, b] / 4 for s, w in states.items() for b in STEPS) for a in STEPS})

    for state, message in product(STEPS, STEPS):
        total = 0.0
        for first, second in product((True, False), repeat=2):
            chance = (trust if first else 1 - trust) * (trust if second else 1 - trust)
            one, other = reply("buyer", message if first else None), reply("rival", message if second else None)
            total += chance * np.mean([BOTH[state, a, b] for a, b in product(one, other)])
        assert game.trusting_gain(np.array(message), trust, np.array(state)) == pytest.approx(total)


def test_levels_of_simulated_people_are_found_again():
    """Shares of two levels, 60 and 40 % of 40 people in both positions, and precisions lie within four errors."""
    truth = {"sender_precision": 0.6, "receiver_precision": 0.6, "level 0": 0.6, "level 1": 0.4}
    theory, population = est.LevelK(max_level=1, lapse=False), dict.fromkeys(list(truth)[:2], (0.6, 0.01))
    situations = est.design({who: heard_by(who) for who in PAYOFFS}, 40, 10, seed=1)
    table, _ = est.simulate(theory, situations, population, shares={"level 0": 0.6, "level 1": 0.4}, seed=2)
    found = est.mode(theory, table, pooled=True).summary
    z = (found["estimate"] - pd.Series(truth)) / found["standard_error"]
    assert (z.abs() < 4).all(), z


def test_a_game_is_the_same_after_a_trip_through_plain_data():
    for who in PAYOFFS:
        assert est.TwoAudiences.from_spec(heard_by(who).spec()) == heard_by(who)
    assert heard_by("buyer") != heard_by("rival")


@pytest.mark.parametrize(
    ("receivers", "who", "part"),
    [
        ({"one": np.eye(2)}, "one", "two receivers"),
        ([np.eye(2), np.eye(2)], "one", "two receivers"),
        ({"one": np.eye(2), "other": np.eye(2)}, "third", "who must be '"),
        ({"one": np.eye(2), "other": np.eye(3)}, "one", "receivers: other must be numbers"),
    ],
)
def test_what_is_no_such_game_is_said(receivers, who, part):
    with pytest.raises(est.GameError, match=part):
        est.TwoAudiences([1, 2], [1, 2], np.eye(2), receivers, who)


def test_theories_that_need_one_receiver_or_a_direction_say_so():
    table = est.design({"buyer": heard_by("buyer")}, 2, 2, seed=1)
    for theory, part in (
        (est.QuantalResponse(), "one sender who is told the state and one receiver"),
        (est.LevelK(off_path="skeptical"), "direction of the sender's interest"),
    ):
        with pytest.raises(est.TheoryError, match=part):
            est.fit(theory, table, progress=False)
