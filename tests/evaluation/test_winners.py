"""No winner is named without reason, and the verdict says why."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from engine import level_experiment

import estimation as est
from estimation.evaluation.diagnosis import Diagnosis
from estimation.evaluation.words import verdict, winner


@pytest.fixture
def study():
    """A comparison of three theories, and its checks, whose numbers are made up."""
    columns = {"elpd": [-600.0, -640.0, -700.0], "se": 20.0, "elpd_diff": [0.0, -40.0, -100.0], "dse": [0.0, 8.0, 10.0]}
    more = {"weight": [1.0, 0.0, 0.0], "distance": [0.0, 0.3, 0.4], "pareto_k": 0.4, "refitted": 0}
    table = pd.DataFrame(columns | more | {"mc_error": 0.1, "ok": True}, index=["trust", "level-k", "babbling"])
    checks = {"value": [0.4], "threshold": ["at most 0.7"], "passed": [True], "meaning": ["how few draws decide"]}
    diagnosis = Diagnosis("a fit", pd.DataFrame(checks, index=["Pareto k"], dtype=object))
    return SimpleNamespace(table=table, label="talk (SYNTHETIC)", diagnoses={"trust": diagnosis})


def test_a_failed_diagnosis_withholds_the_winner_where_one_sound_theory_is_left(study):
    table = study.table.copy()
    table.loc[["level-k", "babbling"], "ok"] = False
    text = verdict(table, 20, study.label, doubts={"level-k": "23 scores have a Pareto k above 0.7"})
    assert text.startswith("No winner can be named")
    assert "of level-k, 23 scores have a Pareto k above 0.7; of babbling, the diagnosis failed" in text
    assert winner(table) is None


def test_a_failure_by_a_hair_is_told_with_the_digits_that_make_it_one(study):
    found = study.diagnoses["trust"].table.loc[["Pareto k"]].rename({"Pareto k": "R-hat"})
    found[["value", "threshold", "passed"]] = 1.0104, "at most 1.01", False
    assert "R-hat is 1.0104 (at most 1.01)" in Diagnosis("a fit", found).verdict


@pytest.mark.parametrize(
    ("difference", "error", "rough", "distance", "why"),
    [
        (3.0, 0.1, 0.0, 0.3, "errors are not to be trusted below 4 nats"),
        (10.0, 8.0, 0.0, 0.3, "the difference is within its error"),
        (10.0, 3.0, 8.0, 0.3, "the integrals over people are too rough to tell"),
        (10.0, 8.0, 0.0, 0.01, "they expect nearly the same of a single decision"),
    ],
)
@pytest.mark.parametrize("whose", ["best", "rival"])
def test_nobody_wins_without_a_clear_difference_and_the_verdict_says_why(
    study, difference, error, rough, distance, why, whose
):
    table = study.table.iloc[:2].copy()
    best, rival = table.index
    table[["mc_error"]] = 0.0
    table.loc[{"best": best, "rival": rival}[whose], "mc_error"] = rough
    table.loc[rival, ["elpd_diff", "dse", "distance"]] = -difference, error, distance
    text = verdict(table, 20, study.label)
    assert f"cannot be told apart from {rival}" in text
    assert why in text
    assert winner(table) is None


def test_a_clear_difference_counts_even_if_single_decisions_are_predicted_alike(study):
    table = study.table.iloc[:2].copy()
    table.loc[table.index[1], ["elpd_diff", "dse", "distance"]] = -80.0, 8.0, 0.03
    assert "better than" in verdict(table, 200, study.label)


@pytest.mark.parametrize("people", [10, pytest.param(24, marks=pytest.mark.slow)])
def test_theories_that_coincide_cannot_be_told_apart(people):
    table, _ = level_experiment(people=people, decisions=10, shares={"level 0": 1.0})
    theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK()}
    study = est.compare(
        {
            name: est.fit(theory, table, seed=7, method="importance", progress=False)
            for name, theory in theories.items()
        },
        roles_apart=False,
    )
    assert "cannot be told apart" in study.verdict, (study.verdict, study.table)
