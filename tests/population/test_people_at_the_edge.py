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


@pytest.mark.data
@pytest.mark.parametrize(("others", "seed"), [(3, 0), *(pytest.param(11, n, marks=pytest.mark.slow) for n in range(2))])
def test_nodes_find_a_person_whom_nobody_is_like(oey_table, others, seed):
    receivers = oey_table.only("receiver")
    crowd = [name for name in receivers.subjects[60:72] if name != LONER][:others]
    problem = MessageProblem(est.LevelKLying(beliefs="own"), receivers.of([*crowd, LONER]))
    nodes = problem.builder(np.random.default_rng(seed), cores=1).build()
    place, population = list(problem.table.subjects).index(LONER), nodes.population
    density = problem.crowd.evaluate(KIND, place, PEAK) + population.log_density(PEAK) + population.log_share[KIND]
    evidence = special.logsumexp(nodes.log_evidence(population), axis=0)
    assert evidence[place] > density[0]  # the peak is wider than one unit; without it the evidence is seven nats less
