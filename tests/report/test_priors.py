"""Priors in full: both of their numbers, and what they imply, against draws of the prior itself."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from choice_builders import with_outside
from small_study import small_fits, small_table

import estimation as est
from estimation.choice.quantities.beforehand import certainty, prior_tastes
from estimation.inference.problem import MessageProblem
from estimation.population.prior import Prior
from estimation.report.called import changed_options
from estimation.report.estimates import estimate_tables
from estimation.report.priors.behaviour import prior_curve
from estimation.report.priors.figures import plot_priors
from estimation.report.priors.gallery import priors_picture
from estimation.report.priors.implied import densities, people_interval, typical_interval
from estimation.report.priors.tables import parameter_meanings, prior_table
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter

PARAMETERS = [
    Parameter("trust", "α", "weight", "weight", "logit", 0.3, 1.5, 1.5, "flat"),
    Parameter("cost", "β", "cost", "payoff", "log", -1.0, 0.5, 2.0, "wide"),
    Parameter("shift", "c", "shift", "units", "identity", 2.0, 3.0, 0.5, "narrow"),
]
DRAWS = 40_000


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.scale)
def test_intervals_hold_as_many_draws_of_the_prior_as_they_say(parameter):
    rng = np.random.default_rng(1)
    drawn = Prior.of((parameter,) * DRAWS, np.ones(1)).numbers(rng)  # as many parameters with the same prior
    mean, sd = drawn["mean"], drawn["sd"]
    person = parameter.natural(rng.normal(mean, sd))
    for value, (low, high), wanted in (
        (parameter.natural(mean), typical_interval(parameter), 0.95),
        (person, people_interval(parameter), 0.90),
    ):
        held = np.mean((value >= low) & (value <= high))
        assert held == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / DRAWS))


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.scale)
def test_densities_integrate_to_one(parameter):
    at = np.linspace(parameter.centre - 60, parameter.centre + 60, 12_001)
    for density in densities(parameter, at):
        assert np.trapezoid(density, at) == pytest.approx(1.0, abs=2e-3)


def test_a_table_gives_both_numbers_of_both_priors_of_each_parameter():
    fit = small_fits()["level-k"]
    rows = {row[0]: row for row in prior_table(fit).rows}
    for p in fit.problem.parameters:
        assert f"({p.centre + 0.0:.3g}, {p.centre_sd:.3g})".replace("-", "\N{MINUS SIGN}") in rows[p.name][2]
        assert rows[p.name][3] == f"LogNormal(log {p.spread:.3g}, {SPREAD_LOG_SD:g})"
        assert p.why in rows[p.name]
    assert "Dirichlet(1, …, 1) over 2 kinds" in rows["share"]
    assert [row[0] for row in parameter_meanings(fit).rows] == list(rows)


def test_a_changed_prior_says_what_the_usual_one_is_and_not_the_reason_of_that_one():
    usual = small_fits()["trust-embedded"].theory
    changed = est.TrustEmbedded(priors={"trust": {"centre": -1.0, "centre_sd": 0.5}, "lapse": {"spread": 0.3}})
    fits = {name: _as_fitted(theory) for name, theory in {"usual": usual, "doubtful": changed}.items()}
    before, after = ({row[0]: row for row in prior_table(fit, name).rows} for name, fit in fits.items())
    assert after["trust"][2] == "Normal(−1, 0.5)"
    assert after["trust"][-1] == "changed by the user; the usual is Normal(0, 1.5) for the mean over people"
    assert after["lapse"][-1] == "changed by the user; the usual is LogNormal(log 1.5, 0.7) for the SD over people"
    untouched = set(before) - {"trust", "lapse"}
    assert untouched
    assert all(after[name] == before[name] for name in untouched)


def test_a_prior_that_is_given_as_it_is_anyway_keeps_its_reason():
    theory = est.TrustEmbedded(priors={"trust": {"centre": 0.0}})
    same = next(p for p in MessageProblem(theory, small_table()).parameters if p.name == "trust")
    assert not same.why.startswith("changed")


def test_concentrated_shares_say_that_they_were_changed():
    fit = _as_fitted(est.LevelK(max_level=1, priors={"share": {"concentration": 3.0}}))
    (row,) = [row for row in prior_table(fit).rows if row[0] == "share"]
    assert "Dirichlet(3, …, 3) over 2 kinds" in row
    assert row[-1].startswith("changed by the user; the usual is Dirichlet(1, …, 1)")


def test_tables_and_figures_call_a_fit_by_the_name_that_it_has_beside_others():
    fit = small_fits()["trust-embedded"]
    captions = [table.caption for table in (prior_table(fit, "doubtful"), *estimate_tables(fit, "doubtful"))]
    captions += [parameter_meanings(fit, "doubtful").caption, priors_picture(fit, "doubtful").caption]
    assert all("doubtful" in caption and "trust-embedded" not in caption for caption in captions)


def test_options_are_written_as_a_reader_writes_them():
    theory = est.TrustEmbedded(priors={"trust": {"centre": -1.0, "centre_sd": 0.5}, "lapse": {"spread": 2.0}})
    assert changed_options(theory) == "priors trust (centre −1, centre_sd 0.5); lapse (spread 2)"


def _as_fitted(theory):
    """Return what tables of priors read of a fit."""
    return SimpleNamespace(theory=theory, problem=MessageProblem(theory, small_table()), manifest={}, family="messages")


def test_each_parameter_has_a_panel_with_its_unit():
    fit = small_fits()["trust-embedded"]
    labels = [axes.get_xlabel() for axes in plot_priors(fit).axes if axes.get_xlabel()]
    assert len(labels) == len(fit.problem.parameters)
    assert all(p.unit in label for p, label in zip(fit.problem.parameters, labels, strict=True))


def test_what_the_priors_expect_of_behaviour_stays_in_the_game_and_is_wider_than_what_the_fit_expects():
    from estimation.report.theories.predictions import predicted_curve

    fit = small_fits()["trust-embedded"]
    before, after = prior_curve(fit.problem, "sender", "over"), predicted_curve(fit, "sender", "over")
    np.testing.assert_array_equal(before.given, after.given)
    assert before.low.min() >= 0
    assert before.high.max() <= 20
    assert np.mean(before.high - before.low) > np.mean(after.high - after.low)


def test_certainty_beforehand_is_that_of_a_logit_with_weights_of_the_prior():
    table = with_outside(people=6)
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=1, draws=100, chains=2)
    before, after = certainty(fit)
    offered = np.diff(table.first_row)
    assert len(before) % len(offered) == 0
    assert before.min() >= 1 / offered.max()
    assert before.mean() > after.mean()
    drawn = prior_tastes(fit.problem, np.random.default_rng(3)).weights[0, 0]
    wanted = fit.problem.truth(np.random.default_rng(3)).weights
    np.testing.assert_allclose(drawn, [wanted[name] for name in fit.problem.design.names])


def test_the_prior_of_correlations_stands_with_its_reason():
    fit = _as_fitted(est.TrustEmbedded(correlated=True))
    (row,) = [row for row in prior_table(fit).rows if row[0] == "correlation"]
    assert "LKJ(2)" in row
    assert row[-1] == "correlations near ±1 are mildly doubted"
    assert "correlation" not in [row[0] for row in prior_table(_as_fitted(est.TrustEmbedded())).rows]


def test_shares_of_theories_with_several_kinds_are_as_likely_beforehand_as_those_of_theories_with_one():
    fit = _as_fitted(est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)]))
    (row,) = [row for row in prior_table(fit).rows if row[0] == "share"]
    assert "Dirichlet(1, 0.5, 0.5)" in row
    assert row[-1] == "beforehand all theories are equally likely, however many kinds they have"
