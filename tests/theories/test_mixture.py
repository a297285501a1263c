"""Mixtures of theories: names, kinds, and that each kind does exactly what its component says."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game

import estimation as est
from estimation.theories import Babbling, DynamicTrust, LevelK, Mixture, TrustEmbedded, from_spec
from estimation.theories.beliefs.history import History
from estimation.theories.messages.likelihood import decision_log_probability

ROLES = ("sender", "receiver")
GAMES = [estimation_game("over", highest=8), estimation_game("under", highest=8)]


def middle(theory, count=3):
    rng = np.random.default_rng(1)
    return {
        p.name: p.natural(p.centre + p.centre_sd * rng.standard_normal((count, 1, 1)))
        for p in theory.parameters(GAMES, ROLES)
    }


def test_kinds_are_those_of_the_components_and_parameters_the_union_with_noise_last():
    mixture = Mixture([TrustEmbedded(), LevelK(max_level=1), Babbling()])
    assert mixture.types == ("trust-embedded", "level-k: level 0", "level-k: level 1", "babbling")
    names = [p.name for p in mixture.parameters(GAMES, ROLES)]
    assert names == ["trust", "lying_cost", "favourite", "sender_precision", "receiver_precision", "lapse"]
    assert [p.name for p in mixture.own_parameters(GAMES, ROLES)] == names[:3]
    assert mixture.relevant_parameters(2, GAMES, ROLES) == ("sender_precision", "receiver_precision", "lapse")
    assert mixture.relevant_parameters(3, GAMES, ("sender",)) == ("favourite", "sender_precision", "lapse")


@pytest.mark.parametrize("shared", ["noise", "all", "nothing"])
@pytest.mark.parametrize("response", ["logit", "normal"])
@pytest.mark.parametrize("role", ROLES)
def test_each_kind_does_what_its_component_says(shared, response, role):
    parts = [TrustEmbedded(response=response), LevelK(1, response=response), TrustEmbedded(0.5, response=response)]
    mixture, kind = Mixture(parts, shared=shared), 0
    values = middle(mixture)
    for part, names, _ in mixture.pieces:
        mine = {name: values[new] for name, new in names.items() if new in values}
        for local in range(len(part.types)):
            for game in GAMES:
                seen = game.states if role == "sender" else game.messages
                got = decision_log_probability(mixture, game, role, kind, values, seen)
                want = decision_log_probability(part, game, role, local, mine, seen)
                np.testing.assert_array_equal(got, want)
            kind += 1


def test_what_is_not_shared_is_named_after_its_component():
    parts = [TrustEmbedded(), TrustEmbedded("separate")]
    noise, everything, nothing = (
        [p.name for p in Mixture(parts, shared=shared).parameters(GAMES, ("sender",))]
        for shared in ("noise", "all", "nothing")
    )
    assert noise == [
        "trust (trust-embedded 1)",
        "lying_cost (trust-embedded 1)",
        "believed_trust",
        "lying_cost (trust-embedded 2)",
        "sender_precision",
        "lapse",
    ]
    assert everything == ["trust", "lying_cost", "believed_trust", "sender_precision", "lapse"]
    assert "lapse (trust-embedded 2)" in nothing


def test_kinds_that_behave_alike_share_a_row_across_components():
    same = Mixture([LevelK(max_level=1), LevelK(max_level=0)])
    assert same.observationally_equivalent(GAMES, ROLES) == ((0, 2), (1,))
    assert Mixture([TrustEmbedded(), LevelK(max_level=1)]).observationally_equivalent(GAMES, ROLES) == (
        (0,),
        (1,),
        (2,),
    )


def test_kinds_can_be_left_out():
    mixture = Mixture([TrustEmbedded(), LevelK(max_level=2)], without=["level-k: level 0"])
    assert mixture.types == ("trust-embedded", "level-k: level 1", "level-k: level 2")
    part, local, _ = mixture.component(1, middle(mixture), "sender")
    assert (part, local) == (LevelK(max_level=2), 1)
    assert len(mixture.observationally_equivalent(GAMES, ROLES)) == 3


def test_every_component_is_equally_likely_beforehand_however_many_kinds_it_has():
    assert LevelK(max_level=3).share_weights == (1.0,) * 4
    assert Mixture([TrustEmbedded(), Babbling()]).share_weights == (1.0, 1.0)
    assert Mixture([TrustEmbedded(), LevelK(max_level=3)]).share_weights == (1.0, *(0.25,) * 4)
    fewer = Mixture([TrustEmbedded(), LevelK(max_level=2)], without=["level-k: level 0"])
    assert fewer.share_weights == (1.0, 0.5, 0.5)
    merged = Mixture([TrustEmbedded("separate"), LevelK(max_level=2)]).merged(GAMES, ROLES)
    assert len(merged.types) == len(merged.share_weights) < 4
    assert sum(merged.share_weights) == pytest.approx(2)


def test_kinds_that_another_component_contains_are_merged_into_it():
    """Level 0 is trust-embedded in both roles; level 1 only as a sender, who is believed and lies for nothing.

    Level 2 receives as level 0 does: best replies go round in circles in this game.
    """
    mixture = Mixture([TrustEmbedded("separate"), LevelK(max_level=2)])
    assert mixture.merged(GAMES, ROLES).without == ("level-k: level 0",)
    assert mixture.merged(GAMES, ("sender",)).without == ("level-k: level 0", "level-k: level 1")
    assert mixture.merged(GAMES, ("receiver",)).without == ("level-k: level 0", "level-k: level 2")
    same = Mixture([LevelK(max_level=0), LevelK(max_level=1)])
    assert same.merged(GAMES, ROLES).without == ("level-k 2: level 0",)


def test_a_component_may_learn():
    mixture = Mixture([DynamicTrust(), LevelK(max_level=1)])
    assert mixture.learns
    five = np.full(2, 5.0)
    seen = History(np.array([8.0, 1]), np.array([2.0, 1]), five, five + 3, five, np.array([0, 2]), five)
    values, game = middle(mixture), GAMES[0]
    moved = decision_log_probability(mixture, game, "receiver", 0, values, game.messages[3:5], history=seen)
    plain = decision_log_probability(mixture, game, "receiver", 0, values, game.messages[3:5])
    assert (moved[:, 0] == plain[:, 0]).all()
    assert not np.allclose(moved[:, 1], plain[:, 1])
    assert np.ptp(mixture.values_at_decisions(0, values, seen)["trust"], axis=1).min() > 0


def test_a_mixture_is_the_same_after_a_trip_through_plain_data():
    mixture = Mixture(
        [TrustEmbedded(trust="~ country"), LevelK(max_level=2)], without=["level-k: level 0"], correlated=True
    )
    assert from_spec(mixture.spec()) == mixture
    assert mixture.formulas == {"trust": "~ country"}
    assert "TrustEmbedded" in str(mixture)
    assert "2011" in mixture.citation
    assert "2003" in mixture.citation


def test_everything_wrong_with_a_mixture_is_said_at_once():
    with pytest.raises(est.TheoryError) as caught:
        Mixture([TrustEmbedded(response="normal"), LevelK(lapse=False)], shared="some")
    assert len(caught.value.problems) == 3
    with pytest.raises(est.TheoryError, match="at least two theories"):
        Mixture([LevelK()])
    with pytest.raises(est.TheoryError, match="component 'trust' is no theory"):
        Mixture(["trust", LevelK()])
    with pytest.raises(est.TheoryError, match="is a mixture itself"):
        Mixture([Mixture([TrustEmbedded(), LevelK()]), Babbling()])
    with pytest.raises(est.TheoryError) as caught:
        Mixture([LevelK(max_level=0), Babbling()], without=["level-k", "smart"])
    assert len(caught.value.problems) == 2
    with pytest.raises(est.TheoryError, match="give the formulas of"):
        Mixture([TrustEmbedded(), LevelK()], trust="~ country")
    with pytest.raises(est.TheoryError, match="at least two theories"):
        Mixture(TrustEmbedded())
    with pytest.raises(est.TheoryError, match="component 7 is no theory"):
        Mixture(7)
    with pytest.raises(est.TheoryError, match=r"level-k has formulas of \['trust'\], which are none of its parameters"):
        Mixture([TrustEmbedded(), LevelK(trust="~ country")])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"habits": "all"}, "habits='all' is not what its theories have, 'none'; give it to each of them"),
        ({"response": "normal"}, "response='normal' is not what its theories have, 'logit'"),
        ({"lapse": False}, "lapse=False is not what its theories have, True"),
        ({"correlated": "yes"}, "correlated must be True or False, not 'yes'"),
    ],
)
def test_what_belongs_to_the_components_is_not_passed_over(given, told):
    with pytest.raises(est.TheoryError, match=told):
        Mixture([TrustEmbedded(), LevelK()], **given)
    with pytest.raises(est.TheoryError, match="say correlated=True of Mixture, not of its theories"):
        Mixture([TrustEmbedded(correlated=True), LevelK()])
    alike = Mixture([TrustEmbedded(habits="all"), LevelK(habits="all")], habits="all", lapse=True)
    assert (alike.habits, alike.lapse, alike.response) == ("all", True, "logit")
    assert alike.made_of([TrustEmbedded(lapse=False), LevelK(lapse=False)]).lapse is False


def test_one_parameter_of_two_components_has_one_formula_and_one_prior():
    ages = [theory(receiver_precision=f"~ {word}") for theory, word in ((TrustEmbedded, "age"), (LevelK, "period"))]
    with pytest.raises(est.TheoryError, match=r"'receiver_precision' is one parameter here.*'~ age' and '~ period'"):
        Mixture(ages)
    assert set(Mixture(ages, shared="nothing").formulas) == {
        "receiver_precision (trust-embedded)",
        "receiver_precision (level-k)",
    }
    priors = [theory(priors={"lapse": {"centre": c}}) for theory, c in ((TrustEmbedded, -3.0), (LevelK, -2.0))]
    with pytest.raises(est.TheoryError, match=r"'lapse' is one parameter here, and its theories give it other priors"):
        Mixture(priors)
    agreed = Mixture([TrustEmbedded(lapse="~ age"), LevelK(lapse="~ age")])
    assert agreed.formulas == {"lapse": "~ age"}
    Mixture([TrustEmbedded(priors={"share": {"concentration": 2.0}}), LevelK()])


def test_the_same_theory_twice_is_refused():
    with pytest.raises(est.TheoryError, match="level-k 2 is another component once more: nothing tells the two apart"):
        est.Mixture([est.LevelK(), est.LevelK()])
    assert est.Mixture([est.LevelK(), est.LevelK(max_level=1)]).labels == ("level-k 1", "level-k 2")
