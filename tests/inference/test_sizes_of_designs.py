"""Designs and studies of sizes that nobody can mean are refused in words, before anything is made."""

from __future__ import annotations

import pytest

import estimation as est

GAMES = {"over": est.EstimationGame("over", highest=5)}
SIZE = {"people": 2, "decisions": 2, "seed": 1}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"people": 0}, "people must be a whole number of at least 1, not 0"),
        ({"people": 2.5}, "people must be a whole number of at least 1, not 2.5"),
        ({"decisions": -2}, "decisions must be a whole number of at least 1, not -2"),
        ({"people": True}, "people must be a whole number of at least 1, not True"),
        ({"people": 10**400}, "people must be at most 10,000,000, not inf"),
        ({"people": -(10**5000)}, "people must be a whole number of at least 1, not -inf"),
        ({"people": 10_000, "decisions": 10_000}, "at most 10,000,000; simulate several smaller tables"),
        ({"seed": -1}, "seed must be a whole number of at least 0, not -1"),
        ({"roles": "sender"}, "roles must be some of ('sender', 'receiver'), as in roles=('sender',), not 'sender'"),
        ({"roles": ("seller",)}, "roles must be some of"),
        ({"roles": ()}, "roles must be some of"),
    ],
)
def test_a_design_of_no_size_is_refused(asked, said):
    with pytest.raises(est.DataError) as refusal:
        est.design(GAMES, **(SIZE | asked))
    assert said in str(refusal.value)


def test_every_wrong_number_is_told_at_once():
    with pytest.raises(est.DataError) as refusal:
        est.design(GAMES, people=0, decisions=0, seed=-1, roles=("seller",))
    assert len(refusal.value.problems) == 4


def test_more_simulations_than_anybody_waits_for_are_refused():
    table = est.design(GAMES, **SIZE)
    with pytest.raises(est.StudyError, match="simulations must be at most 1,000,000, not inf"):
        est.calibrate(est.Babbling(), table, simulations=10**400)


def test_settings_without_end_are_refused_in_words():
    table = est.design(GAMES, **SIZE)
    for name in ("draws", "chains", "tune", "samples", "accuracy"):
        with pytest.raises(est.FitError, match=f"{name} must .*, not inf"):
            est.fit(est.Babbling(), table, **{name: 10**5000})
    with pytest.raises(est.ChoiceError, match=r"fixed\['price'\] must be a finite number, not inf"):
        est.MultinomialLogit(["price", "quality"], fixed={"price": 10**5000})


def test_nobody_is_their_own_partner():
    games = {"a": est.EstimationGame("over", highest=5), "b": est.EstimationGame("under", highest=5)}
    with pytest.raises(est.DataError, match="people must be at least 4 with 2 conditions: two people in each"):
        est.design(games, people=3, decisions=2, seed=1)
    with pytest.raises(est.DataError, match="people must be at least 2 with 2 conditions: somebody in each"):
        est.design(games, people=1, decisions=2, seed=1, roles=("sender",))
    frame = est.design(games, people=4, decisions=2, seed=1).frame
    assert (frame["subject"] != frame["partner"]).all()
    assert len(est.design(games, people=2, decisions=2, seed=1, roles=("receiver",)).subjects) == 2


@pytest.mark.parametrize(("people", "each", "left"), [(8, 3, 2), (9, 4, 1), (3, 100, 3)])
def test_partitions_with_too_few_people_are_refused_before_the_first_is_written(tmp_path, people, each, left):
    games = {"a": est.EstimationGame("over", highest=5), "b": est.EstimationGame("under", highest=5)}
    size = {"people": people, "decisions": 2, "each": each, "seed": 1}
    with pytest.raises(est.DataError, match=f"a partition would hold {left} of all people; .*at least 4 with 2"):
        est.simulate_partitions(est.Babbling(), games, tmp_path / "parts", {}, **size)
    assert not (tmp_path / "parts").exists()
