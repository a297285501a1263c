"""What people think of others' errors: the parameters that it needs, its options, and what mixtures make of it."""

from __future__ import annotations

from functools import partial

import pytest
from builders import estimation_game

import estimation as est
from estimation.errors import TheoryError
from estimation.games import EstimationGame
from estimation.theories import CognitiveHierarchy, Honest, LevelK, LevelKLying, Mixture, from_spec

GAME = estimation_game("over", highest=12)


def test_parameters_are_those_that_somebody_needs():
    game = [GAME]
    both, sender, receiver = ("sender", "receiver"), ("sender",), ("receiver",)

    def own(theory, roles):
        return [parameter.name for parameter in theory.own_parameters(game, roles)]

    noisy = partial(LevelKLying, beliefs="separate", believed_cost="separate")
    assert own(noisy(2), both) == ["lying_cost", "believed_cost", "believed_precision"]
    assert own(noisy(1), sender) == ["lying_cost", "believed_precision"]  # nobody thinks of a sender
    assert own(noisy(1), receiver) == ["believed_cost", "believed_precision"]
    assert own(noisy(1, "C"), receiver) == ["believed_precision"]  # R_1 replies to S_0
    assert own(noisy(0), both) == []
    assert own(LevelK(2, beliefs="own"), both) == []
    assert own(CognitiveHierarchy(beliefs="separate"), both) == ["mean_level", "believed_precision"]
    uses = [noisy(2).relevant_parameters(level, game, sender) for level in range(3)]
    assert ["believed_cost" in names for names in uses] == [False, False, True]
    assert ["believed_precision" in names for names in uses] == [False, True, True]
    assert ["lying_cost" in names for names in uses] == [False, True, True]
    steps = CognitiveHierarchy(2, beliefs="separate")
    assert ["mean_level" in steps.relevant_parameters(step, game, both) for step in range(3)] == [False, False, True]


def test_options_that_make_no_sense_are_named():
    for theory in (LevelK, LevelKLying, CognitiveHierarchy):
        with pytest.raises(TheoryError, match="a normal error has no precision that others could share"):
            theory(beliefs="own", response="normal")
        with pytest.raises(TheoryError, match="beliefs must be '"):
            theory(beliefs="mine")
        assert theory(beliefs="separate", response="normal").beliefs == "separate"
    with pytest.raises(TheoryError, match="believed_cost must be '"):
        LevelKLying(believed_cost="none")


@pytest.mark.parametrize("theory", [LevelK(2), LevelKLying(2), CognitiveHierarchy(3)], ids=lambda theory: theory.name)
def test_theories_that_were_saved_before_beliefs_had_noise_believe_in_exact_replies(theory):
    spec = {name: value for name, value in theory.spec().items() if name not in ("beliefs", "believed_cost")}
    assert from_spec(spec) == theory
    assert theory.beliefs == "exact"


def test_with_noise_in_mind_no_two_levels_coincide_and_level_zero_is_honest():
    """Exact replies go round in this game: levels 1 and 3 say the same (`test_level_k_lying`)."""
    game = EstimationGame(highest=8)
    assert LevelKLying(3, beliefs="own").observationally_equivalent([game], ("sender",)) == ((0,), (1,), (2,), (3,))
    mixture = Mixture([LevelK(1, beliefs="own"), Honest()])
    assert mixture.observationally_equivalent([game], ("sender", "receiver")) == ((0, 2), (1,))
    both = Mixture([LevelK(1, beliefs="own"), est.TrustEmbedded()])
    assert both.merged([game], ("sender", "receiver")).without == ("level-k: level 0",)


def test_a_mixture_shares_what_is_thought_of_others():
    parts = [
        LevelKLying(2, beliefs="separate"),
        CognitiveHierarchy(2, beliefs="separate"),
        est.QuantalResponse("separate"),
    ]
    names = [p.name for p in Mixture(parts, shared="all").parameters([GAME], ("receiver",))]
    assert names.count("believed_precision") == 1
    assert names.count("lying_cost") == 1
    assert not any("(" in name for name in names)
