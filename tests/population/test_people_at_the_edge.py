"""A person who is unlike all others, at the edge of what the prior allows, is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import estimation as est
from estimation.inference.problem import MessageProblem

# thinks two steps ahead, is not tempted by lies that cost nothing at all, is very exact, and half the time elsewhere
LONER, KIND = "sona-40645", 2
PEAK = np.array([[-9.9], [5.2], [-0.4]])  # logs of lying cost and precision, logit of lapse


@pytest.fixture(scope="module")
def problem(oey_table):
    receivers = oey_table.only("receiver")
    return MessageProblem(est.LevelKLying(beliefs="own"), receivers.of(receivers.subjects[60:72]))


@pytest.mark.data
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_nodes_find_a_person_whom_nobody_is_like(problem, seed):
    nodes = problem.builder(np.random.default_rng(seed), cores=1).build()
    place, population = list(problem.table.subjects).index(LONER), nodes.population
    density = problem.crowd.evaluate(KIND, place, PEAK) + population.log_density(PEAK) + population.log_share[KIND]
    evidence = special.logsumexp(nodes.log_evidence(population), axis=0)
    assert evidence[place] > density[0]  # the peak is wider than one unit; without it the evidence is seven nats less
