"""Components that cannot be told apart are found by their tables, across theories."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game

from estimation.theories import Babbling, CognitiveHierarchy, Honest, LevelK, LevelKLying, TrustEmbedded
from estimation.theories.messages.equivalence import Component, coincide, groups, overlaps, same_payoffs

GAMES = {
    "over": [estimation_game("over", highest=12)],
    "both ways": [estimation_game("over", highest=12), estimation_game("under", 2.0, highest=12)],
    "forecast": [forecast_game(60.0, 5.0, 6.0)],
}
BOTH = ("sender", "receiver")
games = pytest.mark.parametrize("played", GAMES.values(), ids=GAMES)


@games
def test_spec_section_5_level_zero_is_honesty_and_trust_at_its_limits(played):
    zero, honest = Component(LevelK(2), 0), Component(Honest())
    if played is not GAMES["both ways"]:  # dear lies are measured by another ruler
        dear = Component(TrustEmbedded(), 0, {"trust": 0.4, "lying_cost": 1e9 * played[0].margin})
        assert coincide(zero, dear, played, ("sender",), 1e-6)
    assert coincide(zero, honest, played, BOTH)
    trusting = Component(TrustEmbedded(), 0, {"trust": 1.0, "lying_cost": 1.0})
    assert coincide(zero, trusting, played, ("receiver",), 1e-6)
    assert not coincide(zero, trusting, played, ("sender",))


@games
def test_spec_section_5_level_one_is_the_shameless_sender_who_is_believed(played):
    one = Component(LevelK(1), 1)
    shameless = Component(TrustEmbedded(), 0, {"trust": 1.0, "lying_cost": 1e-9})
    assert coincide(one, shameless, played, ("sender",), 1e-6)
    assert not coincide(one, shameless, played, ("receiver",))


def test_a_constant_and_a_factor_make_no_difference_but_a_sign_does():
    table = np.random.default_rng(1).normal(size=(4, 5))
    moved = 3.0 * table + np.arange(4.0)[:, None]
    assert same_payoffs(table, moved)
    assert not same_payoffs(table, -table)
    assert not same_payoffs(table, np.zeros((4, 5)))
    assert not same_payoffs(table, table[:, :4])
    assert same_payoffs(np.zeros((4, 5)), np.full((4, 5), 7.0))
    assert not same_payoffs(table, np.exp(table))


def test_kinds_of_all_theories_fall_into_groups():
    played = GAMES["over"]
    kinds = [Component(LevelK(3), kind) for kind in range(4)]
    kinds += [Component(Honest()), Component(CognitiveHierarchy(2), 1, {"mean_level": 1.5})]
    assert groups(kinds, played, ("sender",)) == ((0, 4), (1, 3, 5), (2,))  # replies go round: 3 does as 1 does
    levels = groups(kinds[:4], played, BOTH)
    assert levels == LevelK(3).observationally_equivalent(played, BOTH)


@games
def test_overlaps_of_a_hybrid_are_listed_with_where_they_are(played):
    found = {(str(a), b.theory.name, b.kind) for a, b in overlaps([TrustEmbedded(), LevelK(1)], played, ("receiver",))}
    assert ("level-k (level 0)", "trust-embedded", 0) in found
    found = {(str(a), b.theory.name, b.kind) for a, b in overlaps([TrustEmbedded(), LevelK(1)], played, ("sender",))}
    assert ("level-k (level 1)", "trust-embedded", 0) in found
    nothing = overlaps([Babbling(), Honest()], played, BOTH)
    assert nothing == []


def test_overlaps_between_kinds_without_parameters_are_listed_once():
    found = [(str(a), str(b)) for a, b in overlaps([Honest(), LevelK(1)], GAMES["over"], BOTH)]
    assert found == [("honest", "level-k (level 0)")]
    found = overlaps([LevelK(1), LevelKLying(1)], GAMES["over"], ("sender",))
    assert {(a.kind, b.kind) for a, b in found} >= {(0, 0), (1, 1)}
    shameless = next(b for a, b in found if (a.kind, b.kind) == (1, 1))
    assert shameless.values["lying_cost"] < 1e-6
