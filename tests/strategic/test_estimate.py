"""Estimates of theories of play: the mode, the posterior by another route, recovery, people who differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special, stats

from estimation.data import PlayTable, load
from estimation.errors import ComparisonError, DataError, FitError
from estimation.fits.checks import smoothed, tail_shape
from estimation.games import NormalForm
from estimation.replication.hierarchy_estimates import TAU, profiles
from estimation.strategic import CognitiveHierarchy, LevelK, QuantalResponse, mode, posterior, scores
from estimation.strategic.estimate import PlaysFit
from estimation.strategic.importance import sample_posterior

PRISONERS = NormalForm.symmetric([[3, 0], [5, 1]], ["cooperate", "defect"])
RNG = np.random.default_rng(2004)
GAMES = {f"g{n}": NormalForm(RNG.integers(0, 10, (3, 3)), RNG.integers(0, 10, (3, 3))) for n in range(8)}


def simulated(theory, games, people, values, seed, kinds=None):
    """SYNTHETIC choices: everybody plays each game once, half of them as column; `values` shared or per person."""
    rng = np.random.default_rng(seed)
    everyone = {name: np.broadcast_to(value, people) for name, value in values.items()}
    kinds = np.zeros(people, int) if kinds is None else kinds
    rows = []
    for name, game in games.items():
        for start, player in enumerate(("row", "column")):
            chance = np.stack(
                [theory.choice_probability(game, player, k, everyone) for k in range(len(theory.types))]
            )
            for person in range(start, people, 2):
                own = np.broadcast_to(chance, (len(chance), people, chance.shape[-1]))[kinds[person], person]
                choice = game.options(player)[rng.choice(len(own), p=own / own.sum())]
                rows.append({"subject": f"s{person:03d}", "game": name, "player": player, "choice": choice})
    return PlayTable.from_frame(pd.DataFrame(rows), games, name="simulated", synthetic=True)


@pytest.mark.data("normal_form_games")
def test_the_mode_is_the_top_of_a_fine_grid():
    """Cooper and Van Huyck's games together; the ledger's grid of tau has steps of .01."""
    plays = load("normal_form_games").of([f"CVH03-{number}" for number in range(1, 9)])
    found = mode(CognitiveHierarchy(), plays)
    profile = profiles("Cooper and Van Huyck").sum(axis=0)
    assert found.parameters["mean_steps"] == pytest.approx(TAU[profile.argmax()], abs=0.006)
    assert found.log_likelihood >= profile.max() - 1e-9


@pytest.mark.data("normal_form_games")
@pytest.mark.parametrize("number", [6, 8])
def test_the_mode_may_be_that_nobody_thinks(number):
    """Games of Stahl and Wilson in which the likelihood is highest at tau = 0, far from every other start."""
    found = mode(CognitiveHierarchy(), load("normal_form_games").of([f"SW95-{number}"]))
    assert found.parameters["mean_steps"] < 1e-6
    assert found.log_likelihood >= profiles("Stahl and Wilson")[number - 1].max() - 1e-6


def test_the_posterior_of_one_number_is_the_one_that_quadrature_gives():
    counts = pd.DataFrame(
        {"game": "pd", "player": "row", "choice": ["cooperate", "defect"], "count": [30, 70]}
    )
    plays = PlayTable.from_frame(counts, {"pd": PRISONERS})
    fit = posterior(QuantalResponse(), plays, seed=3)
    parameter = QuantalResponse().parameters([PRISONERS])[0]
    grid = np.linspace(parameter.centre - 8, parameter.centre + 5, 4001)
    value = fit.model.log_likelihood(grid[None])[0] + stats.norm.logpdf(
        grid, parameter.centre, parameter.centre_sd
    )
    evidence = integrate.simpson(np.exp(value - value.max()), x=grid)
    assert fit.posterior.log_evidence == pytest.approx(np.log(evidence) + value.max(), abs=0.02)
    mean = integrate.simpson(grid * np.exp(value - value.max()), x=grid) / evidence
    sd = np.sqrt(integrate.simpson((grid - mean) ** 2 * np.exp(value - value.max()), x=grid) / evidence)
    assert fit.posterior.weight @ fit.posterior.theta[0] == pytest.approx(
        mean, abs=4 * sd / np.sqrt(fit.posterior.effective)
    )
    assert fit.ok


def test_weights_with_a_heavy_tail_are_found_out():
    heavy = np.log(np.random.default_rng(1).pareto(0.8, 4000))
    assert smoothed(heavy)[1] > 0.7
    assert smoothed(np.zeros(100)) == (pytest.approx(np.full(100, -np.log(100))), 0.0)


@pytest.mark.parametrize("spread", [0.0, 0.1, 1.0, 3.0, 30.0, 3000.0])
def test_the_shape_of_a_tail_is_that_of_smoothing(spread):
    rng = np.random.default_rng(3)
    for _ in range(20):
        log_weight = spread * rng.normal(size=480) - 700
        assert tail_shape(log_weight) == smoothed(log_weight)[1]
    again = np.repeat([0.0, spread], [100, 400])  # the tail is one node, drawn again and again
    assert tail_shape(again) == smoothed(again)[1]


@pytest.mark.parametrize(
    ("theory", "truth"),
    [
        (CognitiveHierarchy(), {"mean_steps": 1.4}),
        (CognitiveHierarchy("logit"), {"mean_steps": 1.4, "precision": 0.7}),
        (QuantalResponse(), {"precision": 0.6}),
        (LevelK(2, "choice"), {"precision": 1.2, "level_1_odds": 3.0, "level_2_odds": 1.5}),
    ],
    ids=str,
)
def test_shared_parameters_are_recovered(theory, truth):
    """SYNTHETIC: truth inside the central 99 % interval, for each parameter."""
    plays = simulated(theory, GAMES, 100, truth, seed=11)
    fit = posterior(theory, plays, seed=1)
    assert fit.ok
    for name, theta in zip(fit.model.names, fit.posterior.theta, strict=True):
        below = fit.posterior.weight[theta < np.log(truth[name])].sum()
        assert 0.005 < below < 0.995, name
    best = fit.posterior.log_likelihood.sum(axis=0).max()
    assert best >= fit.model.log_likelihood(np.log([[value] for value in truth.values()])).sum() - 0.1


def test_levels_of_people_and_their_precision_are_recovered():
    """SYNTHETIC: 80 people of levels 0 to 2; shares and the population's precision inside 99 % intervals."""
    rng = np.random.default_rng(7)
    kinds = rng.choice(3, 80, p=[0.2, 0.5, 0.3])
    plays = simulated(LevelK(2), GAMES, 80, {"precision": np.exp(rng.normal(0.0, 0.5, 80))}, 7, kinds)
    fit = posterior(LevelK(2), plays, people=True, seed=2)
    assert fit.ok
    truth = dict(zip(fit.model.names, [1.0, 0.5, *np.bincount(kinds, minlength=3) / 80], strict=True))
    for name, values in zip(fit.model.names, fit.model.natural(fit.posterior.theta), strict=True):
        below = fit.posterior.weight[values < truth[name]].sum()
        assert 0.005 < below < 0.995, name


def test_people_integrated_on_a_grid_are_people_integrated_by_quadrature():
    plays = simulated(QuantalResponse(), GAMES, 3, {"precision": 0.5}, seed=4)
    fit = posterior(QuantalResponse(), plays, people=True, seed=2)
    counts, people = plays.counts()
    mean, sd = -0.9, 0.4
    got = fit.model.log_likelihood(np.array([[mean], [np.log(sd)]]))[:, 0]
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    for index in range(len(people)):
        value = np.zeros(60)
        for (game, player), counted in counts.items():
            chance = QuantalResponse().choice_probability(
                GAMES[game], player, 0, {"precision": np.exp(mean + sd * node)}
            )
            value += np.log(chance) @ counted[index]
        expected = special.logsumexp(value + np.log(weight)) - 0.5 * np.log(2 * np.pi)
        assert got[index] == pytest.approx(expected, abs=2e-3)


def test_the_theory_that_made_the_choices_predicts_them_best():
    """SYNTHETIC, both ways: a hierarchy's choices and a logit equilibrium's."""
    makers = {"hierarchy": (CognitiveHierarchy("logit"), {"mean_steps": 1.0, "precision": 1.5})}
    makers["equilibrium"] = (QuantalResponse(), {"precision": 0.8})
    for name, (theory, truth) in makers.items():
        plays = simulated(theory, GAMES, 80, truth, seed=21)
        table = scores({other: posterior(maker, plays, seed=1) for other, (maker, _) in makers.items()})
        assert table.index[0] == name
        assert table["elpd_diff"].iloc[1] < -2 * table["dse"].iloc[1]
        assert table["ok"].all()


def test_a_unit_that_is_left_out_is_scored_as_if_it_had_not_been_there():
    """The reweighted score of each person agrees with a fit without the person."""
    plays = simulated(QuantalResponse(), GAMES, 12, {"precision": 0.5}, seed=9)
    fit = posterior(QuantalResponse(), plays, seed=1)
    for unit in range(3):
        others = sample_posterior(fit.model.log_likelihood, fit.model.prior, seed=5, without=unit)
        weight = others.log_weight - special.logsumexp(others.log_weight)
        expected = special.logsumexp(weight + others.log_likelihood[unit])
        assert fit.elpd["elpd"].iloc[unit] == pytest.approx(expected, abs=0.03)


def test_fits_of_different_data_are_not_compared_and_impossible_ones_not_started():
    one = simulated(QuantalResponse(), GAMES, 4, {"precision": 0.5}, seed=1)
    other = simulated(QuantalResponse(), GAMES, 4, {"precision": 0.5}, seed=2)
    with pytest.raises(ComparisonError, match="different data"):
        scores({"a": posterior(QuantalResponse(), one), "b": posterior(QuantalResponse(), other)})
    with pytest.raises(FitError, match="kinds of people"):
        posterior(LevelK(2), one)
    counted = PlayTable.from_frame(one.frame.drop(columns="subject"), GAMES)
    with pytest.raises(FitError, match="does not say who chose what"):
        posterior(LevelK(2), counted, people=True)
    with pytest.raises(DataError, match="'nowhere' is none of"):
        one.of(["nowhere"])


def test_a_fit_says_what_it_is():
    plays = simulated(QuantalResponse(), GAMES, 4, {"precision": 0.5}, seed=1)
    fit = posterior(QuantalResponse(), plays)
    assert isinstance(fit, PlaysFit)
    assert "quantal response on simulated (SYNTHETIC): weights good" in repr(fit)
