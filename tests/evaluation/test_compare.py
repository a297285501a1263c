"""Comparison: the right unit, the right people, and who is left out is scored as by a fit to everybody else."""

from __future__ import annotations

import pickle
from dataclasses import replace

import arviz as az
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from engine import level_experiment, trust_experiment
from scipy import special

import estimation as est
from estimation.evaluation.comparison.compare import _comparison as compared
from estimation.evaluation.scores.loo import LeaveOneOut, leave_people_out
from estimation.evaluation.scores.refits import _for_workers
from estimation.evaluation.scores.smoothed import Smoothed
from estimation.inference.fit import leave_out
from estimation.inference.refit import Refitter
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import likelihoods_of_people


@pytest.fixture(scope="module")
def study():
    table, _ = trust_experiment(people=20)
    theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK(), "babbling": est.Babbling()}
    how = {"seed": 7, "progress": False}  # by which nobody has to be left out exactly
    return est.compare({name: est.fit(theory, table, **how) for name, theory in theories.items()}, roles_apart=False)


def test_the_theory_that_made_the_data_wins_and_the_verdict_says_so(study):
    assert study.table.index[0] == "trust"
    assert study.table["ok"].all(), study.diagnoses
    assert study.verdict.startswith(
        "In the data set simulated_trust-embedded (SYNTHETIC), trust predicts a new person better"
    )
    assert study.table.loc["trust", "weight"] > 0.95


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.slow)], ids=["some people", "everybody"])
def test_scores_equal_exact_refits_without_each_person(study, every):
    fit, score = study.fits["trust"], study.scores["trust"]
    names = fit.table.subjects[::every]
    exact = [leave_out(fit, [name]) for name in names]
    assert all(one.is_sound for one in exact)
    gap = sum(sum(one.scores.values()) for one in exact) - score.elpd[names].sum()
    error = np.linalg.norm([score.error / np.sqrt(every), *(value for one in exact for value in one.errors.values())])
    assert abs(gap) < 3.5 * error, (gap, error)
    assert error < 1


@pytest.mark.parametrize("count", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_single_people_are_left_out_by_whoever_does_the_work_and_only_once(study, tmp_path, monkeypatch, count):
    fits = {name: study.fits[name] for name in ("trust", "level-k")}
    subjects, store = fits["trust"].table.subjects[3 : 3 + count], tmp_path / "refits"
    monkeypatch.setattr(Smoothed, "poor", property(lambda _: subjects))
    alone = est.compare(fits, roles_apart=False, progress=False)
    assert alone.table["refitted"].tolist() == [count, count]
    exact = [leave_out(fits["level-k"], [name]).scores[name] for name in subjects]
    assert alone.pointwise.loc[subjects, "level-k"].tolist() == exact
    shared = est.compare(fits, executor=count, store=store, roles_apart=False, progress=False)
    monkeypatch.setattr("estimation.evaluation.scores.refits.leave_out", None)
    again = est.compare(fits, store=store, roles_apart=False, progress=False)
    for found in (shared, again):
        pd.testing.assert_frame_equal(found.pointwise, alone.pointwise, check_exact=True)
        pd.testing.assert_frame_equal(found.table, alone.table, check_exact=True)
    path = fits["trust"].save(tmp_path / "trust.nc")
    only = est.compare(
        {"trust": est.load_fit(path), "level-k": fits["level-k"]}, store=store, roles_apart=False, progress=False
    )
    pd.testing.assert_frame_equal(only.pointwise, alone.pointwise, check_exact=True)
    other = replace(fits["trust"], manifest={**fits["trust"].manifest, "settings": {"seed": 9}})
    with pytest.raises(est.StudyError, match="unit 'trust, without") as caught:
        est.compare({**fits, "trust": other}, store=store, roles_apart=False, progress=False)
    assert isinstance(caught.value.__cause__, TypeError), "it is another fit, to be refitted anew"


def test_a_workers_copy_of_a_fit_says_the_same_of_who_is_left_out(study):
    fit = study.fits["trust"]
    brought = pickle.loads(pickle.dumps(_for_workers(fit)))
    assert brought.manifest["settings"]["cores"] == 1
    assert leave_out(brought, fit.table.subjects[:1]) == leave_out(fit, fit.table.subjects[:1])
    assert len(pickle.dumps(brought)) < len(pickle.dumps(fit))


def test_who_works_and_where_it_is_kept_is_checked_even_if_nothing_is_to_be_done(study, tmp_path):
    fit = next(study.fits[name] for name, score in study.scores.items() if not score.refitted)
    fits = {"one": fit, "other": fit}
    with pytest.raises(est.StudyError, match="'two' is no executor"):
        est.compare(fits, executor="two")
    with pytest.raises(est.StudyError, match="missing does not exist"):
        est.compare(fits, store=tmp_path / "missing" / "refits")
    est.compare(fits, store=tmp_path / "refits", roles_apart=False, progress=False)
    assert not (tmp_path / "refits").exists(), "nothing was refitted"


def test_where_too_many_would_have_to_be_left_out_nobody_is_and_no_winner_is_named(study):
    fit, tree = study.fits["trust"], study.fits["trust"].tree.copy()
    people = tree["log_likelihood"].dataset["people"].copy(deep=True)
    draws = people[..., :3].shape
    people[..., :3] -= 3 * np.random.default_rng(1).standard_exponential(draws)  # weights without a mean
    tree["log_likelihood"] = xr.DataTree(xr.Dataset({"people": people}))
    misfit = replace(fit, tree=tree)
    score = leave_people_out({"": misfit}, most_refits=2)[""]
    poor = tuple(score.pareto_k.index[score.pareto_k > score.good_k])  # these three, and who has long tails anyway
    assert score.refitted == ()
    assert set(poor) >= set(fit.table.subjects[:3])
    assert score.unresolved == len(poor)
    found = compared({**study.fits, "trust": misfit}, "subject", {**study.scores, "trust": score})
    assert found.verdict.startswith(
        "In the data set simulated_trust-embedded (SYNTHETIC), level-k predicts a new person better"
    )
    ahead = found.table["elpd_diff"]["trust"]
    seems = f"trust, which seems ahead of level-k by {ahead:.0f} nats, but {len(poor)} scores have a"
    assert ahead > 0
    assert f"Left out of this verdict: {seems}" in found.verdict
    few = leave_people_out({"": misfit}, most_refits=len(poor))[""]
    assert few.refitted == poor
    assert few.unresolved == 0


def test_whoever_is_left_out_is_scored_at_nodes_made_without_them(study):
    """Nodes that suit the population with a person need not suit the one without: those of the fit are not used."""
    fit = study.fits["trust"]
    subject, as_it_is, misled = fit.table.subjects[0], Refitter(fit), Refitter(fit)
    (nodes,) = as_it_is._nodes
    weight = nodes.log_weight.copy()
    weight[: nodes.first_node[1]] += 5.0
    misled.__dict__["_nodes"] = (replace(nodes, log_weight=weight),)
    assert misled.without([subject]) == as_it_is.without([subject])


def test_a_fold_is_scored_as_by_a_fit_to_everybody_else(study):
    fit = study.fits["trust"]
    out = fit.table.subjects[::5]
    found = Refitter(fit).without(out)
    rest = fit.table.of([name for name in fit.table.subjects if name not in out])
    others = est.fit(est.TrustEmbedded(), rest, seed=8, method="importance", progress=False)
    nodes = (FlatNodes.from_dataset(fit.tree["nodes"]["0"].dataset).of_people(range(0, 20, 5)),)
    likelihood = likelihoods_of_people(nodes, others.problem.structure.draws(others.posterior))
    scores = special.logsumexp(likelihood, axis=0) - np.log(len(likelihood))
    np.testing.assert_allclose(list(found.scores.values()), scores, atol=0.3)


def test_what_people_did_was_surprising_to_babbling_and_not_to_trust(study):
    trust, babbling = (est.predictive_check(study.fits[name], draws=40) for name in ("trust", "babbling"))
    assert trust["surprising"].mean() < 0.2
    assert babbling["surprising"].mean() > 0.5


def test_known_people_are_found_by_name_in_another_table(study):
    fit = study.fits["trust"]
    some = fit.table.of([fit.table.subjects[9], fit.table.subjects[4]])
    checked = est.predictive_check(fit, some, draws=60)
    literal = checked[checked["statistic"] == "share of true messages"]
    assert (literal["observed"] - literal["predicted"]).abs().max() < 0.25, literal
    assert checked["surprising"].mean() < 0.2
    other, _ = trust_experiment(people=21)
    with pytest.raises(est.FitError, match="does not know s2"):
        est.predictive_check(fit, other)


def test_the_prior_allows_what_people_did():
    table, _ = trust_experiment(people=8, decisions=10)
    checked = est.predictive_check(est.TrustEmbedded(), table, draws=60)
    assert checked["surprising"].mean() < 0.1


def test_the_plot_has_a_point_for_each_person(study):
    axes = study.plot()
    assert len(axes.collections[0].get_offsets()) == 20
    assert "SYNTHETIC" in axes.get_title()


def test_fits_of_different_data_are_refused(study):
    other, _ = level_experiment(people=4, decisions=4)
    trust = study.fits["trust"]
    elsewhere = replace(trust, problem=trust.problem.on(other))
    with pytest.raises(est.ComparisonError, match="different data") as caught:
        est.compare({"trust": trust, "elsewhere": elsewhere}, unit="month")
    assert len(caught.value.problems) == 2


def test_theories_with_and_without_lapses_are_not_compared(study):
    fit = study.fits["level-k"]
    without = replace(fit, problem=replace(fit.problem, model=replace(fit.theory, lapse=False)))
    with pytest.raises(est.ComparisonError, match="some theories have lapses and others not"):
        est.compare({"trust": study.fits["trust"], "level-k": without})


def test_one_fit_is_no_comparison(study):
    with pytest.raises(est.ComparisonError, match="at least two"):
        est.compare({"trust": study.fits["trust"]})


def test_people_are_aligned_by_name_not_by_position(study):
    fit = study.fits["level-k"]
    turned = fit.tree.isel(subject=slice(None, None, -1))
    again = est.compare({"trust": study.fits["trust"], "level-k": replace(fit, tree=turned)}, roles_apart=False)
    np.testing.assert_allclose(again.pointwise["level-k"], study.pointwise["level-k"], atol=1e-9)


def test_scores_of_one_person_are_not_independent(study):
    fits = {name: study.fits[name] for name in ("trust", "level-k")}
    rng, people = np.random.default_rng(0), fits["trust"].table.subjects
    own = rng.normal(size=20)
    whose = pd.Series({f"{fold}: {who}": who for fold in ("over", "under") for who in people})
    elpd = pd.Series(np.tile(own, 2) + 0.1 * rng.normal(size=40), index=whose.index)
    k = pd.Series(0.1, index=whose.index)
    scores = {
        "trust": LeaveOneOut(elpd, k, (), 0.7, 0.0, True, whose),
        "level-k": LeaveOneOut(0 * elpd, k, (), 0.7, 0.0, True, whose),
    }
    found = compared(fits, "condition", scores)
    assert len(found.by_person) == 20
    assert found.table["dse"].iloc[1] == pytest.approx(2 * np.sqrt(20) * own.std(ddof=1), rel=0.1)
    assert "20 people" in found.verdict or "nats behind" in found.verdict


def test_refits_that_fail_their_checks_withhold_the_winner(study):
    fits = {name: study.fits[name] for name in ("trust", "level-k")}
    scores = {name: replace(study.scores[name], is_sound=name == "trust") for name in fits}
    found = compared(fits, "subject", scores)
    assert found.verdict.startswith("No winner can be named")
    assert "of level-k, refits did not pass their checks" in found.verdict
    with pytest.raises(est.ComparisonError, match="of level-k, refits did not pass"):
        _ = found.frequencies


@pytest.mark.filterwarnings("ignore:Estimated shape parameter")
def test_scores_are_arviz_scores_of_the_integrated_likelihood_where_no_refit_was_needed(study):
    score = study.scores["trust"]
    direct = az.loo(study.fits["trust"].tree, var_name="people", pointwise=True).elpd_i.to_series()
    kept = [name for name in direct.index if name not in score.refitted]
    assert len(kept) >= 17
    np.testing.assert_allclose(study.pointwise["trust"][kept], direct[kept], rtol=1e-9)
