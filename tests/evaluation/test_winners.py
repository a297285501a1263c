"""No winner is named without reason, and the verdict says why."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from engine import level_experiment
from scipy import stats

import estimation as est
from estimation.evaluation.diagnosis import Diagnosis
from estimation.evaluation.words import is_clear, reach, verdict, winner


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
    assert winner(table, 20) is None


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
    assert winner(table, 20) is None


def test_a_clear_difference_counts_even_if_single_decisions_are_predicted_alike(study):
    table = study.table.iloc[:2].copy()
    table.loc[table.index[1], ["elpd_diff", "dse", "distance"]] = -80.0, 8.0, 0.03
    assert "better than" in verdict(table, 200, study.label)


@pytest.mark.parametrize(("people", "wanted"), [(2, 12.7), (5, 2.78), (20, 2.09), (60, 2.0), (1000, 2.0)])
def test_of_few_people_a_clear_difference_takes_as_many_errors_as_students_t_says(study, people, wanted):
    """Two standard errors named a winner between equals in 12 % of data sets of five people."""
    assert reach(people) == pytest.approx(max(2.0, stats.t.ppf(0.975, people - 1)))
    assert reach(people) == pytest.approx(wanted, abs=0.01)
    table = study.table.iloc[:2].copy()
    for errors in (1.02, 0.98):
        table.loc[table.index[1], ["elpd_diff", "dse", "distance"]] = -80.0, 80.0 / (errors * wanted), 0.3
        assert (winner(table, people) is not None) == (errors > 1)
    said = verdict(table, people, study.label)
    assert ("of so few people it takes" in said) == (people < 60), said


def test_equals_seldom_have_a_winner_however_few_the_people():
    rng = np.random.default_rng(3)
    for people in (3, 5, 8):
        gaps = rng.normal(0, 10, (4000, people))
        sums, errors = gaps.sum(axis=1), np.sqrt(people) * gaps.std(axis=1, ddof=1)
        named = np.mean([is_clear(abs(gap), error, people) for gap, error in zip(sums, errors, strict=True)])
        assert named < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)


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
