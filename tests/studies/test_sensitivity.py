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
from estimation.studies.same_models import same_models, spec_key
from estimation.studies.scores import Scoring
from estimation.studies.variations import AS_GIVEN, KINDS, variations

QUIET = {"progress": False, "seed": 3, "draws": 200, "accuracy": 0.5}


def small(role="receiver"):
    return est.design(GAMES, people=4, decisions=2, seed=1).only(role)


def test_variations_change_what_theories_know_and_nothing_else():
    table = est.design(GAMES, people=4, decisions=2, seed=1)
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
    found = {name: each.theories for name, each in variations(theories, est.design(GAMES, 4, 2, seed=1)).items()}
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
