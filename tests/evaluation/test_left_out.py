"""New conditions and later periods: scores by refits that have not seen them, and whether units agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine import GAMES, TRUST, trust_experiment
from scipy import special, stats

import estimation as est
from estimation.evaluation.scores import left_out
from estimation.evaluation.scores.left_out import Fold, folds
from estimation.evaluation.scores.stacking import stacking_weights
from estimation.evaluation.words import agreement
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageProblem
from estimation.jobs.unit import Unit, seed_of

QUICK = {"method": "importance", "chains": 1, "samples": 5, "progress": False, "seed": 1}


@pytest.fixture(scope="module")
def table():
    """Receivers who meet both conditions, half of the periods each."""
    situations = est.design(GAMES, people=10, decisions=10, seed=1, roles=("receiver",)).frame
    late = situations["period"] > 10
    for condition, other in (("over", "under"), ("under", "over")):
        situations.loc[late & (situations["condition"] == condition), "condition"] = f"{other} now"
    situations["condition"] = situations["condition"].str.removesuffix(" now")
    people = {name: TRUST[name] for name in ("trust", "receiver_precision", "lapse")}
    return est.simulate(est.TrustEmbedded(), est.Table.from_frame(situations, GAMES), people, seed=2)[0]


@pytest.fixture(scope="module")
def fits(table):
    theories = {"trust": est.TrustEmbedded(), "babbling": est.Babbling()}
    return {name: est.fit(theory, table, **QUICK) for name, theory in theories.items()}


@pytest.fixture(scope="module")
def study(fits):
    return est.compare(fits, unit=("subject", "condition", "period"), roles_apart=False, progress=False)


def test_every_person_is_scored_once_in_every_condition_that_they_met(study, table):
    by_condition = study.others[0]
    assert len(by_condition.pointwise) == len(table.frame.groupby(["subject", "condition"]))
    assert set(by_condition.pointwise.index.str.split(": ").str[0]) == set(table.conditions)
    assert len(study.others[1].pointwise) == len(table.subjects)


def test_the_maker_wins_by_every_unit_and_the_verdict_says_that_they_agree(study):
    assert all(one.winner == "trust" for one in (study, *study.others)), study.others
    assert study.verdict.endswith("The comparisons by subject, by condition and by period agree on trust.")
    assert "in a condition that was left out" in study.others[0].verdict


def test_the_score_of_a_known_person_is_that_of_brute_force(table):
    """The other route: people drawn from each of the populations, weighed by what they did where they were seen."""
    left, theory, subject = folds(table, "condition")["over"], est.TrustEmbedded(), table.subjects[0]
    unit = Unit("trust, without over", {"theory": "trust", "fold": "over"})
    refits = [Fold({"trust": theory}, table, {"over": left}, seed=seed)(unit) for seed in (3, 4, 5)]
    found = np.array([refit["elpd"][subject] for refit in refits])
    seen = est.Table.from_frame(table.frame[~left], GAMES)
    fit = est.fit(theory, seen, **QUICK | {"draws": 2000})
    problem, rng = MessageProblem(theory, table, like=fit.problem), np.random.default_rng(4)
    places = table.subjects.index(subject), seen.subjects.index(subject)
    ratios = []
    for population in drawn_populations(fit, 150, rng):  # the posterior of populations knows the person already
        theta = np.ascontiguousarray(population.sample(2000, rng)[1].T)
        whole, before = (
            one.crowd.evaluate(0, at, theta) for one, at in zip((problem, fit.problem), places, strict=True)
        )
        ratios.append(np.exp(special.logsumexp(whole) - special.logsumexp(before)))
    score, error = np.log(np.mean(ratios)), np.std(ratios) / np.mean(ratios) / np.sqrt(len(ratios))
    spread = np.hypot(error, found.std() / np.sqrt(len(found)))
    assert spread < 0.1
    assert abs(found.mean() - score) < 4 * spread, (found, score, spread)


def test_refits_are_stored_by_unit_and_not_done_again(fits, tmp_path, monkeypatch):
    first = est.compare(fits, unit="period", store=tmp_path / "store", progress=False)

    def fitted_again(*_, **__):
        pytest.fail("fitted again")

    monkeypatch.setattr("estimation.evaluation.scores.left_out.fit", fitted_again)
    again = est.compare(fits, unit="period", store=tmp_path / "store", progress=False)
    pd.testing.assert_frame_equal(first.pointwise, again.pointwise)


def test_refits_that_need_chains_can_show_that_they_converged(table, monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)  # proposals never suffice
    few = table.of(table.subjects[:4])
    left = folds(few, "period")
    (fold,) = left
    unit = Unit("trust", {"theory": "trust", "fold": fold})
    assert Fold({"trust": est.TrustEmbedded()}, few, left)(unit)["ok"]  # one chain has no R-hat, and fails


def test_refits_are_made_with_the_seed_and_the_accuracy_of_the_fits(fits, monkeypatch):
    seen = []

    def stopped(theory, data, **settings):
        seen.append(settings)
        raise est.FitError("stopped", ["here"])

    monkeypatch.setattr("estimation.evaluation.scores.left_out.fit", stopped)
    finer = {**fits["trust"].manifest, "settings": fits["trust"].manifest["settings"] | {"accuracy": 2.0}}
    with pytest.raises(est.StudyError, match="stopped"):
        est.compare(fits | {"trust": replace(fits["trust"], manifest=finer)}, unit="period", progress=False)
    assert seen[0]["accuracy"] == 2.0
    (fold,) = folds(fits["trust"].table, "period")
    assert seen[0]["seed"] == seed_of(1, f"trust, without {fold}")


def test_a_condition_cannot_be_left_out_where_people_learn_across_conditions(fits):
    """Without the rows of a condition people would have learnt from less than they saw."""
    trust = fits["trust"]
    moving = replace(trust, problem=replace(trust.problem, model=est.DynamicTrust()))
    with pytest.raises(est.ComparisonError, match="carry what they saw from one condition to the next"):
        est.compare(fits | {"moving": moving}, unit="condition")


def test_what_cannot_be_left_out_is_refused(fits):
    one, _ = trust_experiment(people=4, decisions=4, roles=("receiver",), games={"over": GAMES["over"]})
    theories = {"a": est.TrustEmbedded(), "b": est.Babbling()}
    quick = {name: est.fit(theory, one, **QUICK) for name, theory in theories.items()}
    with pytest.raises(est.ComparisonError, match="only one condition"):
        est.compare(quick, unit="condition")
    with pytest.raises(est.ComparisonError, match="'month' is not offered"):
        est.compare(fits, unit=("subject", "month"))


@pytest.mark.parametrize(
    ("unit", "formula", "told"),
    [
        ("condition", "~ condition", "without over the formulas of 'a' cannot be used"),
        ("period", "~ I(period > 10)", "without periods from 12 the formulas of 'a' cannot be used"),
    ],
)
def test_what_a_formula_reads_is_not_left_out_and_no_refit_is_made(fits, table, monkeypatch, unit, formula, told):
    """Half of the conditions, or of the periods, is all that the column tells apart."""
    trust = fits["trust"]
    moved = replace(trust, problem=MessageProblem(est.TrustEmbedded(trust=formula), table))
    monkeypatch.setattr(left_out, "run_units", lambda *_, **__: pytest.fail("a refit was made"))
    with pytest.raises(est.ComparisonError, match=told):
        est.compare({"a": moved, "b": trust}, unit=unit)


@pytest.mark.parametrize("unit", [None, 7, [["subject"]], np.array(["person"])])
def test_a_unit_that_is_none_is_refused(fits, unit):
    with pytest.raises(est.ComparisonError, match="is not offered; choose of"):
        est.compare(fits, unit=unit)


def test_fits_are_named_by_text(fits):
    with pytest.raises(est.ComparisonError, match=r"fits are named by text, as in \{'trust': trust\}, not 1"):
        est.compare({1: fits["trust"], "b": fits["babbling"]})


def test_whom_to_leave_out_is_one_person_or_several_of_the_fit(fits):
    trust = fits["trust"]
    assert est.leave_out(trust, "s01", draws=100) == est.leave_out(trust, ["s01"], draws=100)
    for people, told in (("s1", "'s1' is none of the people of the fit; did you mean"), ([], "nobody is named")):
        with pytest.raises(est.FitError, match=told):
            est.leave_out(trust, people)
    with pytest.raises(est.FitError, match="nobody is left to fit"):
        est.leave_out(trust, trust.table.subjects)


def test_units_that_name_different_theories_or_nobody_are_told():
    assert "do not agree: by subject a and by period b" in agreement({"subject": "a", "period": "b"})
    assert "are not all decided: by subject a and by period nobody" in agreement({"subject": "a", "period": None})
    assert "name nobody" in agreement({"subject": None, "period": None})


def test_the_probability_of_predicting_better_comes_with_its_conditions(study):
    row = study.better.loc["babbling"]
    assert row["probability"] > 0.99
    assert "only 10 people" in row["conditions"]
    table = study.table.assign(elpd_diff=[0.0, -2.0], dse=[0.0, 4.0], mc_error=0.0)
    close = replace(study, table=table).better.loc["babbling"]
    assert close["probability"] == pytest.approx(stats.t.cdf(0.5, 9))
    assert "below 4 nats" in close["conditions"]


def test_frequencies_of_theories_are_those_of_people(study):
    assert study.frequencies.table.index[0] == "trust"
    assert list(study.frequencies.people.index) == list(study.pointwise.index)
    with pytest.raises(est.ComparisonError, match="it is about people"):
        _ = study.others[0].frequencies


def test_stacking_is_right_at_a_thousand_nats_below_and_whoever_stands_first(study):
    rng = np.random.default_rng(0)
    elpd = pd.DataFrame(rng.normal(-1000, 300, (60, 1)) + rng.normal(0, 3, (60, 2)), columns=["a", "b"])
    grid = np.linspace(0.001, 0.999, 999)
    value = [np.logaddexp(elpd["a"] + np.log(w), elpd["b"] + np.log1p(-w)).sum() for w in grid]
    weights = stacking_weights(elpd.to_numpy())
    assert weights[0] == pytest.approx(grid[int(np.argmax(value))], abs=0.002)
    shuffled = elpd.sample(frac=1, random_state=1)
    np.testing.assert_allclose(stacking_weights(shuffled.to_numpy()), weights, atol=1e-9)
