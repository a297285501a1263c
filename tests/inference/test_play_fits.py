"""Estimates of theories of play: the mode, the posterior by another route, recovery, people who differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from play_builders import simulated
from scipy import integrate, special, stats

from estimation.data import PlayTable, load
from estimation.errors import ComparisonError, DataError, FitError
from estimation.evaluation.comparison.compare import compare
from estimation.evaluation.diagnosis import diagnose
from estimation.evaluation.scores.loo import leave_people_out
from estimation.fits.checks import smoothed, tail_shapes
from estimation.games import NormalForm
from estimation.inference.fit import fit, leave_out
from estimation.inference.mode import mode
from estimation.inference.pooled.adaptive_importance import sample_posterior
from estimation.replication.hierarchy_estimates import TAU, profiles
from estimation.report.plays.figures import plot_plays
from estimation.theories import LogitEquilibrium, NormalFormCognitiveHierarchy, NormalFormLevelK

PRISONERS = NormalForm.symmetric([[3, 0], [5, 1]], ["cooperate", "defect"])
RNG = np.random.default_rng(2004)
GAMES = {f"g{n}": NormalForm(RNG.integers(0, 10, (3, 3)), RNG.integers(0, 10, (3, 3))) for n in range(8)}


@pytest.mark.data("normal_form_games")
def test_the_mode_is_the_top_of_a_fine_grid():
    """Cooper and Van Huyck's games together; the ledger's grid of tau has steps of .01."""
    plays = load("normal_form_games").of([f"CVH03-{number}" for number in range(1, 9)])
    found = mode(NormalFormCognitiveHierarchy(), plays)
    profile = profiles("Cooper and Van Huyck").sum(axis=0)
    assert found.parameters["mean_steps"] == pytest.approx(TAU[profile.argmax()], abs=0.006)
    assert found.log_likelihood >= profile.max() - 1e-9


def test_the_precision_of_a_dilemma_with_gifts_is_the_log_odds_of_defection():
    game = NormalForm.symmetric([[1000.0, 0.0], [1001.0, 1.0]], ["cooperate", "defect"])
    counts = pd.DataFrame({"game": "pd", "player": "row", "choice": ["cooperate", "defect"], "count": [48, 352]})
    found = mode(LogitEquilibrium(), PlayTable.from_frame(counts, {"pd": game}), seed=1)
    assert found.parameters["precision"] == pytest.approx(np.log(352 / 48), abs=1e-4)
    assert found.log_likelihood == pytest.approx(48 * np.log(0.12) + 352 * np.log(0.88), abs=1e-6)


@pytest.mark.data("normal_form_games")
@pytest.mark.parametrize("number", [6, 8])
def test_the_mode_may_be_that_nobody_thinks(number):
    """Games of Stahl and Wilson in which the likelihood is highest at tau = 0, far from every other start."""
    found = mode(NormalFormCognitiveHierarchy(), load("normal_form_games").of([f"SW95-{number}"]))
    assert found.parameters["mean_steps"] < 1e-6
    assert found.log_likelihood >= profiles("Stahl and Wilson")[number - 1].max() - 1e-6


def test_the_posterior_of_one_number_is_the_one_that_quadrature_gives():
    counts = pd.DataFrame({"game": "pd", "player": "row", "choice": ["cooperate", "defect"], "count": [30, 70]})
    plays = PlayTable.from_frame(counts, {"pd": PRISONERS})
    found = fit(LogitEquilibrium(), plays, seed=3)
    parameter = LogitEquilibrium().parameters([PRISONERS])[0]
    grid = np.linspace(parameter.centre - 8, parameter.centre + 5, 4001)
    value = found.problem.log_likelihood(grid[None])[0] + stats.norm.logpdf(grid, parameter.centre, parameter.centre_sd)
    evidence = integrate.simpson(np.exp(value - value.max()), x=grid)
    quality = found.tree["proposals"].dataset
    assert float(quality["log_evidence"]) == pytest.approx(np.log(evidence) + value.max(), abs=0.02)
    mean = integrate.simpson(grid * np.exp(value - value.max()), x=grid) / evidence
    sd = np.sqrt(integrate.simpson((grid - mean) ** 2 * np.exp(value - value.max()), x=grid) / evidence)
    few = min(float(quality["effective"]), found.draws.shape[0])
    assert np.log(found.draws["precision"]).mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(few))
    assert diagnose(found).ok


def test_weights_with_a_heavy_tail_are_found_out():
    heavy = np.log(np.random.default_rng(1).pareto(0.8, 4000))
    assert smoothed(heavy)[1] > 0.7
    assert smoothed(np.zeros(100)) == (pytest.approx(np.full(100, -np.log(100))), 0.0)


def test_shapes_of_many_tails_are_those_of_each():
    """Three hundred sets of weights at once; few nodes have no tail, and are fine only if they weigh the same."""
    log_weight = np.random.default_rng(2).normal(size=(300, 60)) * np.linspace(0, 3, 300)[:, None]
    np.testing.assert_array_equal(tail_shapes(log_weight), [tail_shapes(one[None])[0] for one in log_weight])
    few = np.zeros((2, 20))
    few[1, 0] = 0.1
    assert tail_shapes(few).tolist() == [0.0, np.inf]


@pytest.mark.parametrize("spread", [0.0, 0.1, 1.0, 3.0, 30.0, 3000.0])
def test_the_shape_of_a_tail_is_that_of_smoothing(spread):
    rng = np.random.default_rng(3)
    for _ in range(20):
        log_weight = spread * rng.normal(size=480) - 700
        assert tail_shapes(log_weight[None]) == pytest.approx(smoothed(log_weight)[1], abs=1e-9)
    again = np.repeat([0.0, spread], [100, 400])  # the tail is one node, drawn again and again
    assert tail_shapes(again[None]) == smoothed(again)[1]


@pytest.mark.parametrize(
    ("theory", "truth"),
    [
        (NormalFormCognitiveHierarchy(), {"mean_steps": 1.4}),
        (NormalFormCognitiveHierarchy("logit"), {"mean_steps": 1.4, "precision": 0.7}),
        (LogitEquilibrium(), {"precision": 0.6}),
        (NormalFormLevelK(2, "choice"), {"precision": 1.2, "level_1_odds": 3.0, "level_2_odds": 1.5}),
    ],
    ids=str,
)
def test_shared_parameters_are_recovered(theory, truth):
    """SYNTHETIC: truth inside the central 99 % interval, for each parameter."""
    plays = simulated(theory, GAMES, 100, truth, seed=11)
    found = fit(theory, plays, pooled=True, seed=1)
    assert diagnose(found).ok
    for name in found.draws:
        assert 0.005 < (found.draws[name] < truth[name]).mean() < 0.995, name
    best = found.tree["log_likelihood"].dataset["people"].sum("subject").max()
    assert best >= found.problem.log_likelihood(np.log([[value] for value in truth.values()])).sum() - 0.1


def test_levels_of_people_and_their_precision_are_recovered():
    """SYNTHETIC: 80 people of levels 0 to 2; shares and the population's precision inside 99 % intervals."""
    rng = np.random.default_rng(7)
    kinds = rng.choice(3, 80, p=[0.2, 0.5, 0.3])
    precision = np.exp(rng.normal(0.0, 0.5, 80))
    plays = simulated(NormalFormLevelK(2), GAMES, 80, {"precision": precision}, 7, kinds)
    found = fit(NormalFormLevelK(2), plays, seed=2)
    assert diagnose(found).ok
    truth = dict(zip(found.draws, [1.0, 0.5, *np.bincount(kinds, minlength=3) / 80], strict=True))
    for name in found.draws:
        assert 0.005 < (found.draws[name] < truth[name]).mean() < 0.995, name
    people = found.people
    levels = people[["level 0", "level 1", "level 2"]]
    np.testing.assert_allclose(levels.sum(axis=1), 1)
    said = levels.to_numpy()[np.arange(80), kinds]
    assert said.mean() > 0.7  # what people did says more about their levels than the shares, at most a half
    thinks = kinds > 0  # at level 0 precision does nothing
    assert np.corrcoef(np.log(people["precision"][thinks]), np.log(precision[thinks]))[0, 1] > 0.3


def test_people_integrated_on_a_grid_are_people_integrated_by_quadrature():
    plays = simulated(LogitEquilibrium(), GAMES, 3, {"precision": 0.5}, seed=4)
    found = fit(LogitEquilibrium(), plays, seed=2)
    counts, people = plays.counts()
    mean, sd = -0.9, 0.4
    got = found.problem.log_likelihood(np.array([[mean], [np.log(sd)]]))[:, 0]
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    for index in range(len(people)):
        value = np.zeros(60)
        for (game, player), counted in counts.items():
            chance = LogitEquilibrium().choice_probability(
                GAMES[game], player, 0, {"precision": np.exp(mean + sd * node)}
            )
            value += np.log(np.maximum(chance, 1e-300)) @ counted[index]
        expected = special.logsumexp(value + np.log(weight)) - 0.5 * np.log(2 * np.pi)
        assert got[index] == pytest.approx(expected, abs=2e-3)


def test_the_theory_that_made_the_choices_predicts_them_best():
    """SYNTHETIC, both ways: a hierarchy's choices and a logit equilibrium's."""
    makers = {"hierarchy": (NormalFormCognitiveHierarchy("logit"), {"mean_steps": 1.0, "precision": 1.5})}
    makers["equilibrium"] = (LogitEquilibrium(), {"precision": 0.8})
    for name, (theory, truth) in makers.items():
        plays = simulated(theory, GAMES, 80, truth, seed=21)
        fits = {other: fit(maker, plays, pooled=True, seed=1) for other, (maker, _) in makers.items()}
        study = compare(fits, progress=False)
        assert study.table.index[0] == name
        assert study.table["elpd_diff"].iloc[1] < -2 * study.table["dse"].iloc[1]
        assert study.table["ok"].all()


def test_a_unit_that_is_left_out_is_scored_as_if_it_had_not_been_there():
    """The reweighted score of each person agrees with a fit without the person."""
    plays = simulated(LogitEquilibrium(), GAMES, 12, {"precision": 0.5}, seed=9)
    found = fit(LogitEquilibrium(), plays, pooled=True, seed=1)
    scores = leave_people_out({"": found}, progress=False)[""].elpd
    problem = found.problem
    for unit in range(3):
        counts = (np.arange(12) != unit).astype(float)
        others = sample_posterior(problem.log_likelihood, problem.prior, np.random.default_rng(5), counts=counts)
        weight = others.log_weight - special.logsumexp(others.log_weight)
        expected = special.logsumexp(weight + others.log_likelihood[unit])
        assert scores.iloc[unit] == pytest.approx(expected, abs=0.03)
        who = problem.units[unit]
        assert leave_out(found, [who]).scores[who] == pytest.approx(expected, abs=0.03)


def test_without_its_only_unit_a_theory_predicts_what_its_evidence_says():
    plays = load("arad_rubinstein_2012")
    theories = {"levels": NormalFormLevelK(3, per="choice"), "equilibrium": LogitEquilibrium()}
    fits = {name: fit(theory, plays, seed=1) for name, theory in theories.items()}
    study = compare(fits, progress=False)
    for name, one in fits.items():
        evidence = float(one.tree["proposals"].dataset["log_evidence"])
        error = study.table["mc_error"][name] + 0.1
        assert study.table["elpd"][name] == pytest.approx(evidence, abs=4 * error)
    assert "one unit only" in study.verdict
    assert "depends on the priors" in study.verdict


def test_fits_of_different_data_are_not_compared_and_impossible_ones_not_started():
    one = simulated(LogitEquilibrium(), GAMES, 4, {"precision": 0.5}, seed=1)
    other = simulated(LogitEquilibrium(), GAMES, 4, {"precision": 0.5}, seed=2)
    with pytest.raises(ComparisonError, match="different data"):
        compare({"a": fit(LogitEquilibrium(), one), "b": fit(LogitEquilibrium(), other)})
    for way in (lambda: fit(NormalFormLevelK(2), one, pooled=True), lambda: mode(NormalFormLevelK(2), one)):
        with pytest.raises(FitError, match=r"kinds of people.* no mode; use est\.fit\(theory, plays, pooled=False\)"):
            way()
    counted = PlayTable.from_frame(one.frame.drop(columns="subject"), GAMES)
    with pytest.raises(FitError, match="does not say who chose what"):
        fit(NormalFormLevelK(2), counted, pooled=False)
    with pytest.raises(FitError, match="kinds of people"):
        fit(NormalFormLevelK(2), counted)
    with pytest.raises(DataError, match="'nowhere' is none of"):
        one.of(["nowhere"])


def test_a_fit_says_what_it_is():
    plays = simulated(LogitEquilibrium(), GAMES, 4, {"precision": 0.5}, seed=1)
    assert repr(fit(LogitEquilibrium(), plays)).startswith("logit equilibrium on simulated (SYNTHETIC)\n")
    alike = fit(LogitEquilibrium(), plays, pooled=True)
    assert repr(alike).startswith("logit equilibrium, pooled, on simulated (SYNTHETIC)\n")


def test_a_figure_of_many_options_labels_some_of_them_only():
    payoffs = np.subtract.outer(np.arange(15.0), np.arange(15.0))
    games = {"ladder": NormalForm(payoffs, payoffs.T)}
    table = simulated(LogitEquilibrium(), games, 20, {"precision": 0.1}, 1)
    found = fit(LogitEquilibrium(), table, pooled=True, draws=100, chains=2, seed=1)
    game, player = next(iter(table.counts()[0]))
    axes = plot_plays(found, game, player)
    axes.figure.canvas.draw()
    assert len(axes.patches) == 15
    assert 1 < len([label for label in axes.get_xticklabels() if label.get_text()]) <= 13
