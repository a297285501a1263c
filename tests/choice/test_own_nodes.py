"""Integrals at draws of the population that are needles: nodes around the middle of the posterior do not see them."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_table
from scipy.special import log_softmax, logsumexp

import estimation as est
from estimation.choice.hierarchy.integral import integral_of_new
from estimation.choice.hierarchy.own_nodes import FEW, WORSE, are_few
from estimation.choice.hierarchy.problem import TastePopulation
from estimation.choice.mixtures.chain import Mixture
from estimation.choice.mixtures.integral import MixtureDensities, MixtureIntegral

MEAN, WIDE = np.array([-0.8, 1.0]), np.array([0.7, 1.2])
NEEDLES = {"a point": [1e-4, 1e-4], "a line": [1e-4, 1.2], "narrow": [0.05, 0.03], "as expected": [0.7, 1.2]}


@pytest.fixture(scope="module")
def table():
    return choice_table(12)


@pytest.fixture(scope="module")
def problem(table):
    return est.MultinomialLogit(["price", "quality"], random="all").on(table).hierarchy


def by_quadrature(table, mean, sd) -> np.ndarray:
    """Return log p(person) under independent normals, (person,): every choice at 60 x 60 places."""
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    grid = np.stack(np.meshgrid(node, node, indexing="ij"), axis=-1).reshape(-1, 2)
    log_weight = np.log(np.outer(weight, weight).ravel() / weight.sum() ** 2)
    total = {person: log_weight.copy() for person in table.subjects}
    for (person, _), offered in table.frame.groupby(["subject", "situation"], observed=True):
        utility = offered[["price", "quality"]].to_numpy() @ (mean + grid * sd).T
        total[person] += log_softmax(utility, axis=0)[offered["chosen"].to_numpy().argmax()]
    return np.array([logsumexp(total[person]) for person in table.subjects])


def population(mean, sd) -> TastePopulation:
    return TastePopulation(np.array(mean)[:, None], np.diag(1 / np.array(sd) ** 2), np.empty(0))


def test_a_needle_of_a_population_is_integrated_by_nodes_of_its_own(table, problem):
    draws = [population(MEAN, sd) for sd in NEEDLES.values()]
    integral = integral_of_new(problem, population(MEAN, WIDE), draws)
    found, _ = integral.everybody(seed=1)
    exact = np.array([by_quadrature(table, MEAN, np.array(sd)) for sd in NEEDLES.values()])
    np.testing.assert_allclose(found, exact, atol=0.25)  # fewer than FEW effective nodes have an error above .14


def test_a_component_that_is_a_needle_is_not_missed_where_nodes_count_in_the_other(table, problem):
    """Half of the people at one place: common nodes see the other half alone, and look as good as ever."""
    share, needle, rest = np.array([0.5, 0.5]), [-1.5, 0.2], [-0.3, 1.8]
    draw = Mixture(share, np.array([needle, rest]), np.array([np.eye(2) * 1e8, np.diag([4.0, 1.0])]))
    integral = integral_of_new(problem, population(MEAN, WIDE), [population(MEAN, WIDE)])
    mixed = MixtureIntegral.__new__(MixtureIntegral)
    vars(mixed).update(vars(integral), densities=MixtureDensities([draw]), density_at_middle=integral.densities)
    mixed.typical = Mixture(share, np.array([needle, rest]), np.array([np.diag(1 / WIDE**2)] * 2))
    found, _ = mixed.everybody(seed=2)
    parts = [by_quadrature(table, needle, [1e-4, 1e-4]), by_quadrature(table, rest, [0.5, 1.0])]
    np.testing.assert_allclose(found[0], logsumexp(parts, axis=0) + np.log(0.5), atol=0.2)


def test_which_draws_have_nodes_of_their_own():
    effective = np.array([3.0, 40.0, 60.0, 300.0])
    assert are_few(effective, at_middle=300.0).tolist() == [True, True, False, False]
    assert are_few(effective, at_middle=40.0).tolist() == [True, False, False, False]  # in many dimensions all have few
    assert WORSE * FEW == 200
