"""Points that know nothing of the people find what integrals have missed, and nothing where they are right."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES
from scipy import special

import estimation as est
from estimation.evaluation.diagnosis import FALSE_ALARM
from estimation.inference.missed import log_stakes
from estimation.inference.pooled.pooled import SharedLikelihood
from estimation.inference.problem import MessageProblem
from estimation.inference.simulation.stated import stated_population

QUICK = {"seed": 1, "draws": 200, "chains": 2, "accuracy": 0.5, "progress": False}
THEORY = est.TrustEmbedded(lapse=False)
PEOPLE = {"trust": (0.6, 0.8), "lying_cost": (0.36, 0.7), "sender_precision": (1.25, 0.3)}
MANY = 20_000


@pytest.fixture(scope="module")
def table():
    design = est.design(GAMES, people=16, decisions=12, seed=1, roles=("sender",))
    return est.simulate(THEORY, design, PEOPLE, seed=3)[0]


@pytest.fixture(scope="module")
def scattered(table):
    """The population, many people from it, and how likely everybody's decisions are for each of these."""
    problem = MessageProblem(THEORY, table)
    population = stated_population(problem, PEOPLE, None, None, None)
    noise = np.random.default_rng(5).standard_normal((len(PEOPLE), MANY))
    theta = population.mean[:, None] + population.root @ noise
    return problem, population, theta, SharedLikelihood(THEORY, table).of(problem.parameters, theta)


def test_right_integrals_are_seldom_doubted(scattered):
    problem, population, _, terms = scattered
    right = special.logsumexp(terms, axis=1) - np.log(MANY)
    stakes = np.array([log_stakes(problem, population, right, np.random.default_rng(seed)) for seed in range(50)])
    assert np.exp(stakes).mean() < 1
    assert (stakes > np.log(1 / FALSE_ALARM)).mean() <= FALSE_ALARM


def test_a_peak_that_was_missed_is_found(scattered):
    problem, population, theta, terms = scattered
    right = special.logsumexp(terms, axis=1) - np.log(MANY)
    # whoever integrates over liars only has missed the honest, and the other way round
    for half in (theta[1] > population.mean[1], theta[1] < population.mean[1]):
        partial = special.logsumexp(terms[:, half], axis=1) - np.log(MANY)
        missing = right - partial > 1.5
        assert missing.any()
        stakes = log_stakes(problem, population, partial, np.random.default_rng(1))
        assert (stakes[missing] > np.log(len(right) / FALSE_ALARM)).all()


def test_a_fit_whose_integrals_are_right_passes_and_one_that_missed_a_peak_does_not(table):
    fit = est.fit(THEORY, table, **QUICK)
    assert est.diagnose(fit).table.loc["missed peaks", "passed"]
    fit.tree["integration"]["stake"][3] = 30.0
    assert not est.diagnose(fit).table.loc["missed peaks", "passed"]
    assert not est.diagnose(fit).comparable


def test_points_are_not_shared_where_populations_differ(table):
    fit = est.fit(est.TrustEmbedded(lapse=False, lying_cost="~ period"), table, **QUICK)
    assert "missed peaks" not in est.diagnose(fit).table.index
