"""A precision of each level of thought: whose it is, loops, mixtures, and recovery from a simulated experiment."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES
from oracles import noisy_chain as loops
from test_noisy_chain import five_states, log_probabilities

import estimation as est
from estimation.errors import TheoryError
from estimation.names import ROLES
from estimation.theories import CognitiveHierarchy, LevelK, LevelKLying, Mixture, TrustEmbedded, from_spec
from estimation.theories.messages.beliefs import stakes
from estimation.theories.replies.noisy_chain import PRECISION


def test_each_level_chooses_with_its_own_precision_and_thinks_so_of_others_as_in_plain_loops():
    """At points where chains were solved, in single precision; lies are free."""
    game, naive = five_states()
    theory = LevelKLying(2, beliefs="own", precision="by level")
    own = PRECISION.values[[5, 9, 13]] / stakes(game)
    values = {f"{role}_precision (level {level})": own[level] for role in ROLES for level in range(3)}
    everything = {name: np.array([[[value]]]) for name, value in {**values, "lapse": 0.0, "lying_cost": 0.0}.items()}
    for level, precision in enumerate(own):
        senders, receivers = loops.noisy_chain(naive, 2, "W", precision, 0.0)
        got = log_probabilities(theory, game, level, everything)
        for found, worth in zip(got, (senders[level], receivers[level]), strict=True):
            for row, each in zip(found, worth.values(), strict=True):
                want = list(loops.logit(each, precision).values())
                np.testing.assert_allclose(np.exp(row), want, atol=1e-5)


@pytest.mark.parametrize("make", [LevelK, LevelKLying, CognitiveHierarchy])
def test_if_all_levels_have_the_same_precision_it_is_the_theory_with_a_common_one(make):
    game, _ = five_states()
    common, own = make(max_level=2), make(max_level=2, precision="by level")
    word = own.types[0].split()[0]
    alike = {f"{role}_precision": np.array([[[1.7]]]) for role in ROLES}
    rest = {name: np.array([[[0.3]]]) for name in ("lapse", "lying_cost", "mean_level")}
    for kind in range(3):
        mine = {f"{name} ({word} {kind})": value for name, value in alike.items()}
        for got, want in zip(
            log_probabilities(own, game, kind, rest | mine),
            log_probabilities(common, game, kind, rest | alike),
            strict=True,
        ):
            np.testing.assert_array_equal(got, want)


def test_a_level_needs_its_own_precision_and_no_other():
    theory, games = LevelK(2, precision="by level"), list(GAMES.values())
    names = [p.name for p in theory.parameters(games, ("receiver",))]
    assert names == [f"receiver_precision (level {level})" for level in range(3)] + ["lapse"]
    assert theory.relevant_parameters(1, games, ("receiver",)) == ("receiver_precision (level 1)", "lapse")
    normal = LevelK(1, precision="by level", response="normal")
    assert "sender_error (level 0)" in {p.name for p in normal.parameters(games, ROLES)}
    assert from_spec(theory.spec()) == theory


def test_steps_that_change_from_decision_to_decision_have_no_precision_of_their_own():
    with pytest.raises(TheoryError, match="use depth='person'"):
        CognitiveHierarchy(depth="decision", precision="by level")


def test_in_a_mixture_levels_keep_their_precisions():
    mixture = Mixture([TrustEmbedded(), LevelK(1, precision="by level")])
    names = mixture.relevant_parameters(2, list(GAMES.values()), ("receiver",))
    assert names == ("receiver_precision (level 1)", "lapse")
    value = np.array([[[2.0]]])
    theory, kind, mine = mixture.component(2, {"receiver_precision (level 1)": value}, "receiver")
    assert (theory.name, kind, mine["receiver_precision"]) == ("level-k", 1, value)


def test_precisions_of_levels_are_recovered():
    truth = {
        "receiver_precision (level 0)": (2.0, 0.3),
        "receiver_precision (level 1)": (0.5, 0.3),
        "lapse": (0.03, 0.3),
    }
    theory = LevelK(1, precision="by level")
    situations = est.design(GAMES, people=40, decisions=16, seed=1, roles=("receiver",))
    table, people = est.simulate(theory, situations, truth, shares={"level 0": 0.5, "level 1": 0.5}, seed=2)
    fit = est.fit(theory, table, method="importance", accuracy=0.5, draws=200, chains=2, progress=False)
    found = fit.summary
    for level, name in enumerate(list(truth)[:2]):
        true = np.exp(np.log(people.loc[people["kind"] == f"level {level}", name].astype(float)).mean())
        assert found.loc[name, "low"] < true < found.loc[name, "high"]
    assert found.loc["receiver_precision (level 1)", "high"] < found.loc["receiver_precision (level 0)", "low"]
    likeliest = fit.people[["level 0", "level 1"]].idxmax(axis=1)
    assert (likeliest.to_numpy() == people["kind"].to_numpy()).mean() > 0.9
