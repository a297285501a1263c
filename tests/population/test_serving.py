"""Nodes for a posterior: what the sampler sees tells its populations apart, and many are evaluated at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine import trust_experiment
from oracles.one_population import log_likelihood_of_people

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population import likelihoods
from estimation.population.flat import flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.structure import PopulationDraws

POPULATIONS = 60


@pytest.fixture(scope="module")
def problem():
    table, _ = trust_experiment(people=8, decisions=4, roles=("receiver",))
    return MessageProblem(est.TrustEmbedded(), table)


@pytest.fixture(scope="module")
def posterior(problem):
    """Populations that differ much, as after an experiment that said little of them."""
    rng = np.random.default_rng(4)
    dims = len(problem.parameters)
    prior = problem.structure.prior
    mean = prior.centre + 0.7 * prior.centre_sd * rng.standard_normal((POPULATIONS, dims))
    sd = prior.spread * np.exp(0.6 * rng.standard_normal((POPULATIONS, dims)))
    return PopulationDraws(problem.structure, {"mean": mean, "sd": sd})


def noise(problem, posterior, *, serving, kept):
    """Return the variance over populations of the error of the log likelihood of everybody, nats^2."""
    found = []
    for seed in (1, 2):
        builder = problem.builder(np.random.default_rng(seed), cores=1).meeting(posterior)
        ensemble = builder.polish(builder.build(), posterior.wide)
        nodes = tuple(replace(n, kept=kept, serving=n.serving if serving else ()) for n in ensemble.nodes)
        found.append(likelihoods_of_people(flat_nodes(replace(ensemble, nodes=nodes)), posterior))
    difference = found[0] - found[1]
    return (difference - difference.mean(axis=0)).sum(axis=1).var() / 2


def test_nodes_kept_for_a_posterior_tell_its_populations_apart_better_than_those_kept_for_one(problem, posterior):
    one, many = (noise(problem, posterior, serving=serving, kept=300) for serving in (False, True))
    everything = noise(problem, posterior, serving=True, kept=10**9)
    assert everything < many < 0.6 * one


def test_a_builder_meets_draws_from_one_end_of_the_chains_to_the_other(problem, posterior):
    builder = problem.builder(np.random.default_rng(1), cores=1).meeting(posterior)
    assert len(builder.serving) == 32
    np.testing.assert_array_equal(builder.serving[0].mean, posterior[0].mean)
    np.testing.assert_array_equal(builder.serving[-1].mean, posterior[POPULATIONS - 1].mean)


@pytest.mark.parametrize("nodes", [1, 700, 10**9])
def test_likelihoods_do_not_depend_on_how_many_people_are_handled_at_once(nodes, problem, posterior, monkeypatch):
    flats = flat_nodes(problem.builder(np.random.default_rng(1), cores=1).build())
    one_by_one = [log_likelihood_of_people(flats, problem.structure.parts, population) for population in posterior]
    monkeypatch.setattr(likelihoods, "NODES", nodes)
    monkeypatch.setattr(likelihoods, "AT_ONCE", 5_000)
    np.testing.assert_allclose(likelihoods_of_people(flats, posterior), one_by_one, rtol=1e-9)
