"""What a study of sensitivity says of scores: who leads, how clearly, and which variations turn it."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.studies.leads import leads
from estimation.studies.sensitivity import Sensitivity
from estimation.studies.variations import AS_GIVEN


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
