"""Senders who choose the state too, one sender and two receivers, a third player who does not decide."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from oracles import other_forms_chain
from oracles.table_chain import Listed

import estimation as est
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.noisy_chain import noisy_chain

PLACES, HINTS = ["cellar", "garden", "roof"], ["not the roof", "the roof", "it is in the garden"]
MEANT = {"not the roof": ["cellar", "garden"], "the roof": ["roof"], "it is in the garden": ["garden"]}
VALUE, BONUS = {"cellar": 4.0, "garden": 3.0, "roof": 6.0}, {"cellar": 0.0, "garden": 0.5, "roof": 1.5}

HIDING = Listed(
    states=PLACES,
    messages=HINTS,
    actions=PLACES,
    prior=dict.fromkeys(PLACES, 1 / 3),
    sender={(s, a): 5.0 * (s != a) + BONUS[s] for s, a in product(PLACES, PLACES)},
    receiver={(s, a): VALUE[s] * (s == a) for s, a in product(PLACES, PLACES)},
    means=MEANT,
    lie={(s, m): float(s not in MEANT[m]) for s, m in product(PLACES, HINTS)},
)
STEPS = [1.0, 2.0, 3.0, 4.0]
WEIGHTS = [0.1, 0.4, 0.3, 0.2]
BOTH = {(s, a, b): a + b + 0.3 * a * b - 0.2 * (a - s) ** 2 - 0.2 * (b - s) ** 2 for s, a, b in product(*[STEPS] * 3)}
OTHER = {(s, a, b): -((a - s) ** 2) - 0.8 * (a - b) ** 2 for s, a, b in product(*[STEPS] * 3)}
AUDIENCE = Listed(
    states=STEPS,
    messages=STEPS,
    actions=STEPS,
    prior=dict(zip(STEPS, WEIGHTS, strict=True)),
    sender={},
    receiver={},
    means={s: [s] for s in STEPS},
    lie={(s, m): abs(s - m) for s, m in product(STEPS, STEPS)},
)


def hiding():
    sides = ([[side[s, a] for a in PLACES] for s in PLACES] for side in (HIDING.sender, HIDING.receiver))
    return est.HideAndHint(PLACES, PLACES, *sides, messages=HINTS, meanings=MEANT)


def audience():
    return est.TwoReceivers(STEPS, STEPS, lambda a, b, s: BOTH[s, a, b], lambda a, b, s: OTHER[s, a, b], prior=WEIGHTS)


@pytest.mark.parametrize("convention", ["W", "C"])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.3])
def test_hiders_and_seekers_of_every_level_do_what_the_definition_says(convention, share):
    """Where hiders hide, what they say, and where seekers look agree with loops over lists, whatever lies cost."""
    game = hiding()
    cost = share * game.margin
    chain = solved_chain(game, 4, convention, "min", "ignore", cost)
    senders, receivers = other_forms_chain.hiding_chain(HIDING, 4, convention, cost)
    pairs = list(product(PLACES, HINTS))
    for level in range(5):
        for row in chain.sender[level]:  # whatever the state that a row names
            np.testing.assert_allclose(row, [senders[level].get(pair, 0.0) for pair in pairs])
        found = [[receivers[level][hint].get(a, 0.0) for a in PLACES] for _, hint in pairs]
        np.testing.assert_allclose(chain.receiver[level], found)


@pytest.mark.parametrize("convention", ["W", "C"])
@pytest.mark.parametrize("share", [0.0, 0.4])
def test_two_receivers_of_every_level_do_what_the_definition_says(convention, share):
    """Replies to a sender and to another receiver one level below agree with loops over lists."""
    game = audience()
    cost = share * game.margin
    chain = solved_chain(game, 4, convention, "min", "ignore", cost)
    senders, receivers = other_forms_chain.two_chain(AUDIENCE, BOTH, OTHER, 4, convention, cost)
    for level in range(5):
        for found, told in ((chain.sender, senders), (chain.receiver, receivers)):
            np.testing.assert_allclose(found[level], [[told[level][x].get(y, 0.0) for y in STEPS] for x in STEPS])


def test_two_receivers_whose_payoffs_are_their_own_are_one_at_twice_the_stakes():
    """A (state, action) table is earned from each receiver: the noisy chain is that of one sender who earns double."""
    sender, receiver = (np.random.default_rng(seed).normal(size=(4, 4)) for seed in (1, 2))
    two = est.TwoReceivers(STEPS, STEPS, sender, receiver, prior=WEIGHTS)
    one = est.SenderReceiverGame(STEPS, STEPS, 2 * sender, receiver, prior=WEIGHTS)
    for found, told in zip(noisy_chain(two, 3, "W", 0.7, 0.1), noisy_chain(one, 3, "W", 0.7, 0.1), strict=True):
        np.testing.assert_allclose(found[-1], told[-1])
    seen, said = two.states[:, None], two.messages[None, :]
    np.testing.assert_allclose(two.trusting_gain(said, 0.3, seen), one.trusting_gain(said, 0.3, seen))


def hidden(rows):
    frame = pd.DataFrame(rows, columns=["subject", "role", "state", "message", "action"])
    return frame.assign(period=range(1, len(frame) + 1), condition="hide")


def test_files_have_state_and_hint_and_tables_the_pair_of_both():
    """Senders' pairs come from two columns, receivers know the hint; what is written can be read again."""
    game = hiding()
    frame = hidden(
        [
            ("s1", "sender", "roof", "not the roof", None),
            ("s1", "sender", "garden", "it is in the  garden", None),
            ("s2", "receiver", None, "the roof", "roof"),
        ]
    )
    table = est.Table.from_frame(frame, {"hide": game})
    assert [game.labels["message"][int(place)] for place in table.frame["message"][:2]] == [
        "roof, says not the roof",
        "garden, says it is in the garden",
    ]
    assert table.written["message"].tolist() == ["not the roof", "it is in the garden", "the roof"]
    for again in (table.frame, table.written):
        assert est.Table.from_frame(again, {"hide": game}).fingerprint == table.fingerprint
    with pytest.raises(est.DataError, match="'nowhere'"):
        est.Table.from_frame(hidden([("s1", "sender", "roof", "nowhere", None)]), {"hide": game})
    assert est.HideAndHint.from_spec(game.spec()) == game
    assert audience().from_spec(audience().spec()) == audience()


def test_a_file_of_hints_without_conditions_is_told_that_they_are_missing():
    frame = hidden([("s1", "sender", "roof", "not the roof", None)]).drop(columns="condition")
    with pytest.raises(est.DataError, match=r"column 'condition' .* is missing"):
        est.Table.from_frame(frame, {"hide": hiding()})


@pytest.mark.parametrize("name", ["hide", "two"])
def test_levels_of_simulated_people_are_found_again(name):
    """Shares of two levels, 60 and 40 % of 40 people, and precisions lie within four standard errors."""
    game, precision = (hiding(), 0.8) if name == "hide" else (audience(), 0.4)
    truth = {"sender_precision": precision, "receiver_precision": precision, "level 0": 0.6, "level 1": 0.4}
    theory, population = est.LevelK(max_level=1, lapse=False), {key: (truth[key], 0.01) for key in list(truth)[:2]}
    shares = {"level 0": 0.6, "level 1": 0.4}
    table, _ = est.simulate(theory, est.design({name: game}, 40, 10, seed=1), population, shares=shares, seed=2)
    found = est.mode(theory, table, pooled=True).summary
    z = (found["estimate"] - pd.Series(truth)) / found["standard_error"]
    assert (z.abs() < 4).all(), z
    if name == "hide":
        sent = table.written[table.written["role"] == "sender"]
        assert set(sent["state"]) == set(PLACES)


def test_theories_that_need_one_sender_and_one_receiver_say_so():
    """Equilibria are refused in a sentence; what is not a valid game is, too."""
    table = est.design({"two": audience()}, 2, 2, seed=1)
    with pytest.raises(est.TheoryError, match="one sender who is told the state and one receiver"):
        est.fit(est.QuantalResponse(), table, progress=False)
    with pytest.raises(est.GameError, match="hints must be words"):
        est.HideAndHint([1, 2], [1, 2], [[0, 1], [1, 0]], [[1, 0], [0, 1]])
    with pytest.raises(est.GameError, match="if the two receivers exchange their actions"):
        est.TwoReceivers([1, 2], [1, 2], np.arange(8.0).reshape(2, 2, 2), np.eye(2))
    with pytest.raises(est.GameError, match="prior: the sender chooses the state"):
        est.HideAndHint.from_spec(hiding().spec() | {"prior": [1, 1, 1]})


def test_what_a_third_player_earns_changes_nothing():
    """A payoff table may hold further columns: selfish people do what they did."""
    columns = {"state": [1, 1, 2, 2], "action": [1, 2, 1, 2], "sender": [0, 1, 0, 1], "receiver": [1, 0, 0, 1]}
    told = est.SenderReceiverGame.from_frame(pd.DataFrame(columns | {"third": [9, 9, 0, 0]}))
    assert told == est.SenderReceiverGame.from_frame(pd.DataFrame(columns))
