"""SYNTHETIC marketplaces: recommenders are as right as they are said to be, and effects are summed over partitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est

ACCURACIES = {"careful": 0.9, "hasty": 0.55}
GAME = est.AdviceGame(("low", "high"), advisers=tuple(ACCURACIES))
THEORY = est.AdviserLearning()
POPULATION = {"trust": (0.6, 0.5), "first_weight": (4.0, 0.5), "receiver_precision": (4.0, 0.4), "lapse": (0.05, 0.5)}
QUICK = {"draws": 60, "chains": 2, "cores": 1, "seed": 4, "samples": 20, "accuracy": 0.1, "progress": False}


def written(folder, sellers=12, each=6, decisions=12, **more):
    size = {"accuracies": ACCURACIES, "sellers": sellers, "each": each, "decisions": decisions, "seed": 3}
    return est.simulate_marketplace(THEORY, GAME, folder, POPULATION, **size | more)


def together(parts):
    frames = [parts.read(part).written for part in parts.parts]
    return est.Table.from_frame(pd.concat(frames), parts.games, name="whole", synthetic=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("marketplace")


@pytest.fixture(scope="module")
def fitted(folder):
    return est.fit(THEORY, written(folder / "sellers"), path=folder / "store", **QUICK)


@pytest.mark.parametrize("own", ["nothing", "told"])
def test_recommenders_are_as_often_right_as_they_are_said_to_be_and_face_sellers_alike_often(own):
    game = est.AdviceGame(("low", "high"), advisers=tuple(ACCURACIES), own=own)
    frame = est.marketplace(game, ACCURACIES, sellers=200, decisions=20, seed=1).frame
    right = (frame["message"] == frame["state"]).groupby(frame["partner"]).agg(["mean", "size"])
    for name, accuracy in ACCURACIES.items():
        assert abs(right.loc[name, "mean"] - accuracy) < 4 * np.sqrt(
            accuracy * (1 - accuracy) / right.loc[name, "size"]
        )
    assert abs(right.loc["hasty", "size"] - 2000) < 4 * np.sqrt(4000 / 4)
    if own == "told":  # what sellers are told is how often states come true
        gap = (frame["state"] - frame["own_probability"]).mean()
        assert abs(gap) < 4 * np.sqrt(0.22 / len(frame))


def test_sellers_are_streamed_to_partitions_that_say_that_they_are_synthetic(folder, fitted):
    parts = fitted.table
    assert [part.people for part in parts.parts] == [6, 6]
    assert parts.synthetic
    assert "SYNTHETIC" in parts.name
    assert "SYNTHETIC" in fitted.label
    before = {part.name: part.sha256 for part in parts.parts}
    parts.file_of(parts.parts[1]).unlink()
    again = written(folder / "sellers")
    assert {part.name: part.sha256 for part in again.parts} == before
    truth = pd.read_parquet(folder / "sellers" / "_truth")
    assert sorted(truth["subject"]) == parts.subjects
    with pytest.raises(est.DataError, match="is not of this simulation"):
        written(folder / "sellers", decisions=8)


def test_who_is_trusted_to_be_right_is_followed_the_more_the_longer_one_knows_them(tmp_path):
    frame = together(written(tmp_path, sellers=300, each=300, decisions=24)).frame
    followed = (frame["action"] == frame["message"]).groupby([frame["partner"], frame["period"] > 12]).mean()
    assert followed["careful", True] > followed["careful", False] + 0.03
    assert followed["careful", True] > followed["hasty", True] + 0.1


def test_effects_summed_by_partition_are_those_of_all_people_at_once(fitted):
    change, told = lambda table: est.with_accuracy(table, -0.1, seed=5), {"draws": 30, "progress": False}
    whole = est.effect_by_partition(fitted, change, **told)
    apart = est.effect_by_partition(fitted, change, by="partner", **told)
    counted = together(fitted.table).frame["partner"].value_counts().loc[apart["partner"]].to_numpy()
    assert list(apart["partner"]) == ["careful", "hasty"]
    np.testing.assert_allclose(np.average(apart["mean"], weights=counted), whole["mean"][0], atol=1e-12)
    assert (whole["low"] <= whole["mean"]).all()
    for no_count in ({"draws": 0}, {"draws": True}, {"seed": -1}):
        with pytest.raises(est.FitError, match=r"(draws|seed) must be a whole number"):
            est.effect_by_partition(fitted, change, **told | no_count)
    nothing = est.effect_by_partition(fitted, lambda table: table, **told)
    assert nothing["mean"][0] == nothing["low"][0] == 0


def test_effects_of_groups_whose_numbers_change_are_means_over_those_who_are_in_them(fitted):
    """What is recommended is what changes; averages over groups add up to the average of all, before and after."""
    change, told = lambda table: est.with_accuracy(table, -0.3, seed=5), {"draws": 30, "progress": False}
    before = together(fitted.table).written
    after = pd.concat([change(fitted.table.read(part)).written for part in fitted.table.parts])
    whole = est.effect_by_partition(fitted, change, **told)
    apart = est.effect_by_partition(fitted, change, by="message", **told).set_index("message")
    for column, frame in {"baseline": before, "scenario": after}.items():
        counted = frame["message"].value_counts()[apart.index]
        assert np.average(apart[column], weights=counted) == pytest.approx(whole[column][0], abs=1e-12)
    assert before["message"].value_counts().to_dict() != after["message"].value_counts().to_dict()


def test_effects_by_partition_agree_with_those_on_new_people_of_the_same_population(fitted):
    """Expectations over sellers given what they did average to those over their population, up to chance."""
    parts, change = fitted.table, lambda table: est.with_accuracy(table, -0.2, seed=5)
    known = est.effect_by_partition(fitted, change, draws=60, progress=False, interval=0.98)
    table = together(parts)
    new = est.effect(fitted, change(table), table, what="follow", people="new", draws=60, interval=0.98)
    assert known["low"][0] < new["high"][0]
    assert new["low"][0] < known["high"][0]
    with pytest.raises(est.FitError, match="there is no column 'shop'"):
        est.effect_by_partition(fitted, change, by="shop", progress=False)
    with pytest.raises(est.FitError, match=r"(?s)interval must be.*draws must be"):
        est.effect_by_partition(fitted, change, draws=0, interval=1.0)


def test_what_is_wrong_with_a_marketplace_is_told_together(tmp_path):
    with pytest.raises(est.DataError) as caught:
        written(tmp_path, sellers=0, accuracies={"careful": 1.5, "nobody": 0.5})
    for words in ("sellers must be", "'careful' must be right", "'nobody' is none of"):
        assert words in str(caught.value)


def test_marketplaces_that_make_no_sense_are_refused():
    talk = est.EstimationGame("over", highest=10)
    with pytest.raises(est.EstimationError, match=r"must be one of advice \(est.AdviceGame\), not EstimationGame"):
        est.marketplace(talk, ACCURACIES, sellers=3, decisions=2, seed=1)
    known = est.AdviceGame(("low", "high"), advisers=tuple(ACCURACIES), earlier=True)
    with pytest.raises(est.EstimationError, match="sellers of a marketplace have no earlier experience"):
        est.marketplace(known, ACCURACIES, sellers=3, decisions=2, seed=1)
