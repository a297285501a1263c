"""Integrals over people in several dimensions: no bias from nodes that were fitted to each other."""

from __future__ import annotations

import numpy as np
from engine import trust_experiment

import estimation as est
from estimation.inference.problem import MessageProblem

PLAIN = 20_000  # draws of the population: plain Monte Carlo, which nothing can bias


def test_five_dimensional_integrals_equal_plain_monte_carlo_summed_over_people():
    """Summed over people, because a small bias of each adds up while errors do not: one nat in sixteen, it was."""
    table, _ = trust_experiment(people=16, decisions=8, seed=3)
    problem = MessageProblem(est.TrustEmbedded(), table)
    builder = problem.builder(np.random.default_rng(1), cores=1, accuracy=0.1)
    nodes = builder.build()
    nodes = builder.polish(nodes, nodes.population)
    population, rng = nodes.population, np.random.default_rng(2)
    theta = np.ascontiguousarray(population.sample(PLAIN, rng)[1].T)
    plain, variance = np.empty(16), np.empty(16)
    for person in range(16):
        value = problem.crowd.evaluate(0, person, theta)
        weight = np.exp(value - value.max())
        plain[person] = value.max() + np.log(weight.mean())
        variance[person] = (weight.std() / weight.mean()) ** 2 / PLAIN
    error = np.sqrt(variance.sum() + (1 / nodes.effective(population)).sum())
    gap = (nodes.log_evidence(population)[0] - plain).sum()
    assert abs(gap) < 3 * error, (gap, error)
    assert error < 0.5  # of the bias of 1.2 to 1.9 nats that adaptive sums had here
