"""Integrals of people whose Gaussians miss them: nodes go to where their weights say that tastes are."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.choice.hierarchy.integral import UNEVEN, Integral, integral_of_new
from estimation.choice.hierarchy.problem import TastePopulation


class Unmoved(Integral):
    """Nodes stay where they began."""

    def _moved(self, *given):
        return given[1:4]


def test_nodes_that_began_in_the_wrong_place_move_and_the_integral_is_right():
    problem = est.MultinomialLogit(["price", "quality"], random="all").on(choice_table(10)).hierarchy
    population = TastePopulation(np.array([[-0.8], [1.0]]), np.diag([1 / 0.7, 1 / 1.5]), np.zeros(0))
    right = integral_of_new(problem, population, [population], 40_000)
    sites = right.sites._replace(pull=right.sites.pull + 6.0, information=4 * right.sites.information)
    wrong = Integral(problem, sites, population, [population])
    begun = Unmoved(problem, sites, population, [population])
    exact, _ = right.everybody(1)
    found, quality = wrong.everybody(1)
    _, before = begun.everybody(1)
    moved = [n for n, one in enumerate(before) if one.k >= UNEVEN]
    assert moved
    assert all(quality[n].k < before[n].k or quality[n] == before[n] for n in moved)
    assert np.mean([quality[n].effective / before[n].effective for n in moved]) > 2
    errors = np.array([one.error for one in quality])
    assert found[0] == pytest.approx(exact[0], abs=5 * errors.max())
