"""Contests of theories on data of each: shares of wins, their inversion, and which pairs no data tell apart."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES, LEVELS, TRUST

import estimation as est
from estimation.studies.contests import frames_of

QUIET = {"progress": False, "seed": 3}


@pytest.mark.parametrize("simulations", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_maker_is_found_and_two_versions_of_one_theory_are_not_told_apart(simulations):
    theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK(), "trust again": est.TrustEmbedded()}
    of_receivers = [{name: value for name, value in each.items() if "sender" not in name} for each in (TRUST, LEVELS)]
    trust, levels = ({name: each[name] for name in each if name != "lying_cost"} for each in of_receivers)
    everybody = {"trust": trust, "level-k": levels, "trust again": trust}
    table = est.design(GAMES, people=12, decisions=6, seed=1, roles=("receiver",))
    study = est.model_recovery(theories, table, everybody, simulations=simulations, **QUIET)
    assert study.indistinguishable == [("trust", "trust again")]
    assert "cannot tell apart: trust and trust again" in study.verdict
    assert study.pairs.loc[("level-k", "trust"), "better"] == 1
    assert study.table.loc["level-k", "level-k"] == 1
    assert np.allclose(study.table.sum(axis=1), 1)
    assert study.plot().get_xlabel() == "winner"


def contest(maker, winner, ahead=10.0, sound=True):
    sign = 1 if winner == "a" else -1
    gap = np.array([[0, sign * ahead], [-sign * ahead, 0]])
    sound = {"a": sound, "b": True}
    return {"maker": maker, "winner": winner, "verdict": "", "ok": sound, "difference": gap, "clear": gap > 4}


def test_inversion_is_bayes_rule_with_equal_makers():
    rows = [contest("a", "a")] * 8 + [contest("a", "b")] * 2 + [contest("b", "b")] * 10
    frames = frames_of(["a", "b"], rows)
    assert frames["table"].loc["a", "b"] == pytest.approx(0.2)
    assert frames["inversion"].loc["b", "a"] == pytest.approx(0.2 / 1.2)
    assert frames["inversion"].loc["a", "a"] == pytest.approx(1)
    study = est.ModelRecovery("label", {"simulations": 10}, frames)
    assert study.confused == [("a", "b")]
    assert study.indistinguishable == []
    assert study.beaten == {}
    assert "loses only" not in study.verdict


def test_fits_that_fail_their_checks_say_nothing_of_the_design():
    """Counted as undecided, they made a rival imitate a maker that was ahead by 354 nats on average."""
    rows = [contest("a", "a")] * 5 + [contest("a", "a", sound=False)] * 5 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.pairs.loc[("a", "b"), ["named", "sound"]].tolist() == [1.0, 0.5]
    assert study.contained == study.indistinguishable == study.unjudged == []
    assert "In 5 of 20 contests some fit failed a check." in study.verdict


def test_nothing_is_said_of_a_pair_whose_fits_failed_too_often(tmp_path):
    rows = [contest("a", "a", sound=False)] * 10 + [contest("b", "b", ahead=1.0)] * 10
    found = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    for study in (found, est.load_study(found.save(tmp_path / "study.json"))):
        assert study.unjudged == [("a", "b")]
        assert study.contained == study.indistinguishable == study.confused == []
        assert study.half_judged == [("b", "a")]
        assert "Seldom ruled out, the reverse not being judged: a on data of b." in study.verdict
        assert study.verdict.endswith("Because too many failed, nothing is said of: b on data of a.")


def test_a_rival_that_contains_the_maker_is_told_apart_on_its_own_data_only():
    rows = [contest("a", "a", ahead=1.0)] * 6 + [contest("a", "b", ahead=1.0)] * 4 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.contained == [("a", "b")]
    assert study.indistinguishable == study.confused == []
    assert "seldom rule out, though not the reverse: a by b." in study.verdict
    assert "Losing only to rivals that its data seldom rule out: a to b." in study.verdict
    rows[-10:] = [contest("b", "b")] * 8 + [contest("b", "a")] * 2
    turned = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert turned.contained == [("a", "b")]
    assert turned.confused == [("b", "a")], "what a rival contains may still be mistaken for it"


def test_the_best_theory_wins_no_contest_if_its_checks_failed():
    rows = [contest("a", "a")] * 6 + [contest("a", None, sound=False)] * 4 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.table.loc["a"].tolist() == [0.6, 0.0]
    assert study.beaten == {}
    assert "each theory wins: a 60 %; b 100 %. In 4 of 20 contests some fit failed a check." in study.verdict
