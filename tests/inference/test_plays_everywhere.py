"""Whatever can be done with a fit can be done with fits of theories of play, from counts and from people."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from needs import need_data
from play_builders import simulated
from scipy import stats

import estimation as est
from estimation.report.contents import document
from estimation.report.document import write

pytestmark = pytest.mark.usefixtures("_few_experiments")

GAMES = 8  # of a hundred
FORMS = ("html", "pdf", "tex", "md")


@pytest.fixture(scope="module")
def counted():
    """Two theories of the requests of 108 people who are not told apart."""
    plays = est.load("arad_rubinstein_2012")
    return {
        "level-k": est.fit(est.NormalFormLevelK(3, per="choice"), plays, seed=1),
        "hierarchy": est.fit(est.NormalFormCognitiveHierarchy("logit"), plays, seed=1),
    }


@pytest.fixture(scope="module")
def known():
    """Two theories in which 60 people differ, and one of them as if they did not."""
    need_data("callaway_3x3_individual")
    plays = est.load("callaway_3x3_individual")
    some = plays.of(list(plays.games)[:GAMES])
    return {
        "level-k": est.fit(est.NormalFormLevelK(2), some, seed=1),
        "Nash": est.fit(est.Nash(), some, seed=1),
        "Nash, pooled": est.fit(est.Nash(), some, pooled=True, seed=1),
    }


@pytest.fixture(scope="module", params=["counted", "known"])
def fits(request):
    """Both in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def study(fits):
    """Their comparison."""
    return est.compare(fits, progress=False)


def test_each_fit_is_sound_and_describes_itself(fits):
    for fit in fits.values():
        assert est.diagnose(fit).ok
        assert list(fit.summary.columns) == ["symbol", "median", "low", "high", "unit"]
        assert list(fit.summary.index) == list(fit.draws.columns)
        assert fit.draws.index.names == ["chain", "draw"]
        assert fit.family == "plays"


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    plays = est.load("arad_rubinstein_2012")
    one, same, other = (est.fit(est.LogitEquilibrium(), plays, seed=seed, draws=60) for seed in (1, 1, 2))
    assert one.draws.equals(same.draws)
    assert not one.draws.equals(other.draws)
    assert len(one.draws) == 4 * 60


def test_theories_are_compared_by_what_they_have_not_seen(study):
    assert study.table["ok"].all()
    assert np.isfinite(study.table["elpd"]).all()
    assert study.table["distance"].iloc[0] == 0
    assert (study.table["distance"].iloc[1:] > 0).all()
    assert study.label in study.verdict


def test_people_who_differ_predict_a_new_person_better_than_people_who_are_alike():
    """SYNTHETIC: 60 people between careful and careless."""
    rng = np.random.default_rng(1950)
    games = {f"g{n}": est.NormalForm(*rng.integers(0, 10, (2, 3, 3))) for n in range(GAMES)}
    careless = 1 / (1 + np.exp(-rng.normal(-1.0, 2.0, 60)))
    plays = simulated(est.Nash(), games, 60, {"careless": careless}, seed=2)
    fits = {"differ": est.fit(est.Nash(), plays, seed=1), "alike": est.fit(est.Nash(), plays, pooled=True, seed=1)}
    found = est.compare(fits, progress=False)
    assert "differ predicts a new person better than alike" in found.verdict
    assert "SYNTHETIC" in found.verdict
    assert len(found.frequencies.table) == 2


def test_what_is_offered_for_people_only_is_refused_where_nobody_is_known(counted):
    found = est.compare(counted, progress=False)
    with pytest.raises(est.ComparisonError, match="about people"):
        _ = found.frequencies
    with pytest.raises(est.FitError, match="everybody is alike"):
        _ = counted["level-k"].people


def test_a_fit_is_read_back_as_it_was(fits, tmp_path):
    for name, fit in fits.items():
        again = est.load_fit(fit.save(tmp_path / f"{name}.nc"))
        assert again.draws.equals(fit.draws)
        assert again.theory == fit.theory
        assert again.label == fit.label
        assert type(again.problem) is type(fit.problem)
        assert est.compare({"one": fit, "same": again}, progress=False).table["elpd_diff"].abs().max() < 1e-9


def test_reports_say_the_same_in_every_form(study, tmp_path):
    first, whole = study.table.index[0], document(study)
    for form in FORMS if "hierarchy" in study.fits else FORMS[::3]:
        assert write(whole, tmp_path / f"report.{form}").stat().st_size > 1000
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert re.sub(r"\s+", " ", study.verdict)[:60] in re.sub(r"\s+", " ", text)
    assert "<figure" in (tmp_path / "report.html").read_text(encoding="utf-8")
    alone = est.report(study.fits[first], tmp_path / "alone.md").read_text(encoding="utf-8")
    assert "How do people play?" in alone
    assert "log evidence" in alone


def test_shares_of_choices_are_predicted_and_a_bad_theory_is_found_out(fits):
    for fit in fits.values():
        for who in ("known", "new"):
            found = est.predictive_check(fit, draws=40, who=who)
            assert found["statistic"].str.startswith("share of ").all()
            assert found.groupby("group")["observed"].sum().to_numpy() == pytest.approx(1.0)
            assert found.groupby("group")["predicted"].sum().to_numpy() == pytest.approx(1.0)
    requests = est.fit(est.NormalFormCognitiveHierarchy(), est.load("arad_rubinstein_2012"), seed=1)
    assert est.predictive_check(requests)["surprising"].any()


def test_people_of_the_fit_are_drawn_given_what_they_chose(known):
    """Parameters of known people scatter around their own means; over all of them they are the posterior's."""
    fit = known["Nash"]
    rng = np.random.default_rng(3)
    theta = fit.problem.theta(fit.posterior)
    drawn = [fit.problem.drawn(draw, "known", rng)[1][0] for draw in theta.T]
    careless = 1 / (1 + np.exp(-np.stack(drawn)))
    error = careless.std(axis=0) / np.sqrt(len(drawn))
    z = (careless.mean(axis=0) - fit.people["careless"]) / error
    assert (z**2).sum() < stats.chi2(len(z)).ppf(0.9999)


def test_choices_and_expectations_are_drawn(fits):
    fit = next(iter(fits.values()))
    game, player = next(iter(fit.table.counts()[0]))
    axes = Figure().subplots()
    assert est.plot_plays(fits, game, player, ax=axes) is axes
    with pytest.raises(est.FitError, match="none of"):
        est.plot_plays(fits, "chess")


def test_what_cannot_be_done_is_said_in_a_sentence(fits):
    fit = next(iter(fits.values()))
    pair = dict(list(fits.items())[:2])
    with pytest.raises(est.ComparisonError, match="theories of messages"):
        est.compare(pair, unit="period", progress=False)
    with pytest.raises(est.ComparisonError, match="models of choice only"):
        est.compare(pair, unit="decision", progress=False)
    with pytest.raises(est.FitError, match="no fit of people who talk"):
        est.simulate(fit, seed=1)
    with pytest.raises(est.FitError, match="no fit of people who talk"):
        est.predict(fit)
    for plot in (lambda: est.plot_people(fit, "trust"), lambda: est.plot_types(fit), lambda: est.plot_shares(fit)):
        with pytest.raises(est.FitError, match="no fit of people who talk"):
            plot()
    with pytest.raises(est.FitError, match="no fit of people who talk"):
        est.plot_trust(fit)
    with pytest.raises(est.FitError, match="says nothing about products"):
        fit.product_weights(None)
    for study_of in (est.recovery, est.calibrate):
        with pytest.raises(est.EstimationError, match="theory of messages"):
            study_of(fit.theory, fit.table, simulations=20, progress=False)
    with pytest.raises(est.FitError, match=r"equal is for theories of messages"):
        est.fit(fit.theory, fit.table, equal={"precision": "precision"})
    with pytest.raises(est.FitError, match="leave tune out"):
        est.fit(fit.theory, fit.table, tune=10)
    with pytest.raises(est.FitError, match="leave the table out"):
        est.predictive_check(fit, fit.table)


class Leaning(est.PlayTheory):
    """People take the first option more often than the others."""

    traits = (est.Parameter("lean", "β", "log odds of the first option", "logits", "identity", 0, 1, 1, "any"),)

    def choice_probability(self, game, player, kind, values):  # noqa: ARG002 - there is one kind
        """Return P of each option, (..., option)."""
        first = np.eye(len(game.options(player)))[0]
        odds = np.exp(np.asarray(values["lean"], float)[..., None] * first)
        return odds / odds.sum(axis=-1, keepdims=True)


def test_a_theory_of_ones_own_is_a_class_with_a_function(tmp_path, known):
    table = known["Nash"].table
    fit = est.fit(Leaning(), table, seed=1)
    assert fit.theory.name == "leaning"
    again = est.load_fit(fit.save(tmp_path / "own.nc"))
    assert again.theory == Leaning()
    found = est.compare({"own": again, "Nash": known["Nash"]}, progress=False)
    assert found.table.index[0] == "Nash"
    assert est.report(found, tmp_path / "own.md").is_file()


@pytest.mark.parametrize("lost", ["family", "data", "model"])
def test_a_file_that_lacks_a_part_of_a_fit_is_refused(lost, tmp_path):
    fit = est.fit(est.LogitEquilibrium(), est.load("arad_rubinstein_2012"), draws=50)
    broken = {name: part for name, part in fit.manifest.items() if name != lost}
    path = replace(fit, manifest=broken).save(tmp_path / "fit.nc")
    with pytest.raises(est.FitError, match=f"lacks a part that fits have.*'{lost}'"):
        est.load_fit(path)
