"""The table of robustness: what is varied, what is fitted, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from engine import GAMES
from small_recovery import PEOPLE, small_design

import estimation as est
from estimation.jobs.unit import Unit, seed_of
from estimation.studies.leads import leads
from estimation.studies.same_models import same_models, spec_key
from estimation.studies.scores import Scoring
from estimation.studies.sensitivity import Sensitivity
from estimation.studies.variations import AS_GIVEN, KINDS, variations

QUIET = {"progress": False, "seed": 3, "draws": 200, "accuracy": 0.5}


def small(role="receiver"):
    return est.design(GAMES, people=2, decisions=2, seed=1).only(role)


def test_variations_change_what_theories_know_and_nothing_else():
    table = est.design(GAMES, people=2, decisions=2, seed=1)
    theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK()}
    found = {name: each.theories for name, each in variations(theories, table).items()}
    assert found[AS_GIVEN] == theories
    assert {"response: normal", "ties: max", "ties: uniform", "without lapses", "discount: personal"} <= set(found)
    assert "response: logit" not in found
    assert found["ties: max"]["trust"] == theories["trust"]
    assert found["ties: max"]["level-k"].ties == "max"
    wide = found["priors of typical values twice as wide"]["trust"]
    before = {p.name: p for p in theories["trust"].parameters(list(GAMES.values()), ("sender",))}
    assert wide.priors["trust"]["centre_sd"] == 2 * before["trust"].centre_sd
    high = found["typical values expected a standard deviation higher"]["trust"]
    assert high.priors["trust"]["centre"] == before["trust"].centre + before["trust"].centre_sd


def test_every_kind_of_variation_can_be_chosen_and_others_are_left_out():
    theories = {"noisy": est.LevelKLying(beliefs="own"), "trust": est.TrustEmbedded()}
    everything = variations(theories, small())
    assert {each.kind for each in everything.values()} == {AS_GIVEN, *KINDS}
    for kind in KINDS:
        chosen = variations(theories, small(), kind)
        assert {each.kind for each in chosen.values()} == {AS_GIVEN, kind}
        assert chosen.keys() <= everything.keys()
    with pytest.raises(est.StudyError, match="'mood' is no kind of variation"):
        variations(theories, small(), ["beliefs", "mood"])


def test_a_theory_that_refuses_an_option_keeps_its_own_while_others_vary():
    theories = {"noisy": est.LevelKLying(beliefs="own"), "trust": est.TrustEmbedded()}
    normal = variations(theories, small())["response: normal"].theories
    assert normal["noisy"] == theories["noisy"], "a normal error has no precision that others could share"
    assert normal["trust"].response == "normal"


def test_variations_reach_the_parts_of_mixtures_and_both_roles():
    mixture = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)])
    theories = {"mixture": mixture, "apart": est.RolesApart(est.TrustEmbedded())}
    found = {name: each.theories for name, each in variations(theories, est.design(GAMES, 2, 2, seed=1)).items()}
    assert found["highest level: 3"]["mixture"].components[1].max_level == 3
    assert found["without lapses"]["mixture"].lapse is found["without lapses"]["apart"].base.lapse is False
    assert found["discount: personal"]["apart"].base.discount == "personal"
    twice = found["concentration of shares: twice"]["mixture"]
    assert twice.share_weights == pytest.approx(2 * np.array(mixture.share_weights))


def test_the_shares_of_kinds_may_have_another_concentration():
    sure = est.LevelK(max_level=1, priors={"share": {"concentration": 50.0}})
    assert sure.share_weights == (50.0, 50.0)
    assert est.theories.from_spec(sure.spec()) == sure
    with pytest.raises(est.TheoryError, match="concentration of shares must be positive"):
        est.LevelK(priors={"share": {"concentration": 0.0}})
    with pytest.raises(est.TheoryError, match="give some of"):
        est.LevelK(priors={"share": {"centre": 0.0}})


@pytest.mark.parametrize(
    ("one", "other", "role", "same"),
    [
        (est.LevelK(beliefs="own"), est.LevelK(beliefs="own", off_path="literal"), "receiver", True),
        (est.LevelK(), est.LevelK(off_path="literal"), "receiver", False),
        (est.TrustEmbedded(), est.TrustEmbedded(believed_trust="separate"), "receiver", True),
        (est.TrustEmbedded(), est.TrustEmbedded(believed_trust="separate"), "sender", True),
        (est.TrustEmbedded(), est.TrustEmbedded(believed_trust=1.0), "sender", False),
        (est.TrustEmbedded(), est.TrustEmbedded(priors={"trust": {"centre": 1.0}}), "receiver", False),
        (est.LevelK(), est.LevelK(priors={"share": {"concentration": 2.0}}), "receiver", False),
        (est.DynamicTrust(), est.DynamicTrust(believed_trust="separate"), "receiver", False),
    ],
)
def test_models_are_the_same_if_options_have_no_say(one, other, role, same):
    found = same_models([one, other], small(role))
    assert found[spec_key(one)] == one
    assert found[spec_key(other)] == (one if same else other)


def result(score, sound, **twins):
    values = np.array(list(score.values()))
    gap = values[:, None] - values
    ok = {name: name in sound for name in score}
    error = np.full(gap.shape, 2.0)
    return {"elpd": score, "ok": ok, "difference": gap, "error": error, "clear": gap > 4, "twins": twins}


def study_of(found, kinds=None):
    table = leads(list(found[AS_GIVEN]["elpd"]), found)
    table.insert(0, "kind", [AS_GIVEN, *(kinds or ["ties"] * (len(found) - 1))])
    return Sensitivity("Sensitivity", {}, {"table": table})


def test_a_theory_is_clearly_best_if_it_is_clearly_ahead_of_every_rival_as_in_a_comparison():
    """The second by elpd may be clearly behind while the third, whose difference is less certain, is not."""
    given, varied = (result({"a": 25.0, "b": 5.0, "c": 0.0}, "abc") for _ in range(2))
    varied["clear"][0, 2] = False
    study = study_of({AS_GIVEN: given, "ties: max": varied})
    assert study.table["clear"].tolist() == [True, False]
    assert not study.survives


def test_a_verdict_that_other_choices_turn_says_which_by_kind():
    found = {
        AS_GIVEN: result({"a": 20.0, "b": 0.0}, "ab"),
        "ties: max": result({"a": 15.0, "b": 0.0}, "ab"),
        "ties: uniform": result({"a": 0.0, "b": 9.0}, "ab"),
        "without lapses": result({"a": 0.0, "b": 8.0}, "ab"),
    }
    study = study_of(found, ["ties", "ties", "lapses"])
    assert not study.survives
    assert study.table["survives"].tolist() == [True, True, False, False]
    assert "not under 2 of 3 variations. Of ties, 1 of 2: ties: uniform (b ahead by 9 ± 2 nats)." in study.verdict
    assert "Of lapses, 1 of 1: without lapses (b ahead by 8 ± 2 nats)." in study.verdict
    assert study.by_kind.loc["ties"].tolist() == [2, 1, -9.0, 15.0]


@pytest.mark.parametrize(
    ("given", "varied", "said"),
    [
        ((20.0, True), (20.0, False), "but not under 1 of 1 variations. Of ties, 1 of 1: ties: max (fits failed)"),
        ((20.0, False), (20.0, True), "fits failed as given"),
        ((1.0, True), (30.0, True), "but not under 1 of 1 variations. Of ties, 1 of 1: ties: max (a ahead by 30 ±"),
        ((1.0, True), (-1.0, True), "a not clearly ahead of b as given, and under all 1 variations"),
    ],
)
def test_sensitivity_says_what_happened(given, varied, said):
    found = [result({"a": lead, "b": 0.0}, "ab" if sound else "b") for lead, sound in (given, varied)]
    assert said in study_of(dict(zip((AS_GIVEN, "ties: max"), found, strict=True))).verdict


def test_a_variation_under_which_a_further_theory_fails_has_a_verdict_without_it():
    score = {"a": 0.0, "b": -20.0, "c": 10.0}
    found = {AS_GIVEN: result(score, "ab"), "no c": result(score | {"c": -30.0}, "ab"), "no a": result(score, "bc")}
    study = study_of(found)
    assert study.table["best"].tolist() == ["a", "a", "c"]
    assert study.table["survives"].tolist() == [True, True, False]
    assert "not under 1 of 2 variations. Of ties, 1 of 2: no a (fits failed)." in study.verdict
    assert study.verdict.endswith("Left out, as given: c. Left out, no c: c.")


def test_a_leader_that_becomes_another_theory_leads_as_that_one():
    found = {
        AS_GIVEN: result({"a": 0.0, "a and more": 30.0, "b": -20.0}, ["a", "a and more", "b"]),
        "no more": result({"a": 0.0, "a and more": 0.0, "b": -20.0}, ["a", "a and more", "b"], **{"a and more": "a"}),
    }
    row = study_of(found).table.loc["no more"]
    assert (row["best"], row["second"], row["ahead"], row["survives"]) == ("a", "b", 20.0, True)


class Guessing(Scoring):
    """Scores that follow from the model's name alone, in the place of fits, which it counts."""

    made: ClassVar[list[str]] = []

    def __call__(self, unit):
        self.made.append(unit.key)
        rng = np.random.default_rng(seed_of(self.seed, unit.key))
        elpd = dict(zip(self.table.subjects, rng.normal(-50, 5, len(self.table.subjects)), strict=True))
        return {"elpd": elpd, "error": 0.1, "doubt": ""}


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A study in a store, the fits that it took, one of more theories and kinds, and its further fits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("estimation.studies.sensitivity.Scoring", Guessing)
        trust, store = est.TrustEmbedded(), tmp_path_factory.mktemp("sensitivity") / "store"
        theories = {"trust": trust, "babbling": est.Babbling()}
        study = est.sensitivity(theories, small(), vary="lapses", store=store, **QUIET)
        first = len(Guessing.made)
        theories["doubting"] = est.TrustEmbedded(discount="personal")
        more = est.sensitivity(theories, small(), vary=["lapses", "variants"], store=store, **QUIET)
        return study, first, more, len(Guessing.made) - first


def test_each_model_is_fitted_once_and_a_store_serves_further_theories_and_kinds(counted):
    study, first, more, further = counted
    assert list(study.table.index) == ["as given", "without lapses"]
    assert first == len(study.fits) == 4
    assert further == len(more.fits) - first
    pd.testing.assert_frame_equal(more.elpd.loc[study.elpd.index, list(study.elpd)], study.elpd)


def test_the_table_says_whom_a_variation_concerns_and_theories_that_become_one_count_once(counted):
    table = counted[2].table
    assert table.loc["without lapses", "concerns"] == "all"
    assert table.loc["discount: personal", "concerns"] == "trust"
    assert table.loc["discount: none", "concerns"] == "doubting"
    assert (table.loc[["discount: personal", "discount: none"], ["best", "second"]] == "babbling").any(axis=1).all()


def test_theories_are_fitted_under_each_variation():
    table, _ = est.simulate(est.TrustEmbedded(), small_design(), PEOPLE, seed=5)
    study = est.sensitivity({"trust": est.TrustEmbedded(), "babbling": est.Babbling()}, table, vary="lapses", **QUIET)
    assert study.table["best"].tolist() == ["trust", "trust"]
    assert study.fits["doubt"].tolist() == [""] * 4
    assert study.survives


def test_a_study_of_sensitivity_can_be_saved_and_read(counted, tmp_path):
    again = est.load_study(counted[2].save(tmp_path / "study.json"))
    assert again.verdict == counted[2].verdict
    pd.testing.assert_frame_equal(again.by_kind, counted[2].by_kind)


def test_a_theory_that_refuses_the_data_under_a_variation_is_as_given_there():
    table, _ = est.simulate(est.TrustEmbedded(), small_design(), PEOPLE, seed=5)
    refused = Scoring(table, {"progress": False})(Unit("x", {"theory": replace(est.Babbling(), priors={"x": {}})}))
    assert list(refused) == ["refused"]


def test_what_cannot_be_compared_is_refused_before_anything_is_fitted():
    trust = est.TrustEmbedded()
    with pytest.raises(est.StudyError, match="some theories have lapses and others not"):
        est.sensitivity({"a": trust, "b": est.Babbling(lapse=False)}, small())
    with pytest.raises(est.StudyError, match="'b' is the same model of these data as 'a'"):
        est.sensitivity({"a": trust, "b": est.TrustEmbedded(believed_trust="separate")}, small(), vary=["ties"])


class Refusing(Guessing):
    """The same, where no theory without lapses can be applied."""

    def __call__(self, unit):
        return super().__call__(unit) if unit.inputs["theory"].lapse else {"refused": "lapses are needed"}


def test_a_variation_that_no_theory_can_take_is_none(monkeypatch):
    monkeypatch.setattr("estimation.studies.sensitivity.Scoring", Refusing)
    theories = {"trust": est.TrustEmbedded(), "babbling": est.Babbling()}
    study = est.sensitivity(theories, small(), vary=["lapses", "variants"], **QUIET)
    assert AS_GIVEN in study.table.index
    assert "discount: personal" in study.table.index
    assert "without lapses" not in study.table.index
