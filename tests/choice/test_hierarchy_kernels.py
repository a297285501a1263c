"""The compiled likelihood and the map that carries people along, against loops and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.choice_calibration import choices_of, design

from estimation.choice.hierarchy.adaptation import started
from estimation.choice.hierarchy.crowd import crowd_of
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.hierarchy.problem import MixedLogit, TastePrior
from estimation.choice.hierarchy.sites import sites_at_modes
from estimation.choice.likelihoods.arrays import ChoiceArrays

STEP = 1e-5


@pytest.fixture
def ragged():
    """Four people with 2 to 4 alternatives, 1 to 3 situations, and weights; three attributes."""
    rng = np.random.default_rng(11)
    sizes, per_person = np.array([3, 2, 4, 2, 3, 4, 2]), np.array([2, 1, 3, 1])
    first_row = np.concatenate([[0], np.cumsum(sizes)])
    chosen = first_row[:-1] + rng.integers(0, sizes)
    first_situation = np.concatenate([[0], np.cumsum(per_person)])
    x = rng.normal(size=(sizes.sum(), 3))
    weight = np.array([1.0, 2.0, 0.5, 1.0, 3.0, 0.0, 1.0])
    return ChoiceArrays(x, first_row, chosen, first_situation, weight, ("a", "b", "c"), tuple("pqrs"))


def by_loops(choices, weights):
    """Return each person's log likelihood from the definition."""
    found = []
    for n in range(choices.people):
        total = 0.0
        for t in range(choices.first_situation[n], choices.first_situation[n + 1]):
            rows = range(choices.first_row[t], choices.first_row[t + 1])
            utility = {row: float(choices.x[row] @ weights[n]) for row in rows}
            inclusive = np.logaddexp.reduce(list(utility.values()))
            total += choices.weight[t] * (utility[choices.chosen[t]] - inclusive)
        found.append(total)
    return np.array(found)


def test_likelihoods_of_ragged_weighted_choices_equal_loops(ragged):
    theta = np.random.default_rng(0).normal(size=(4, 3))
    value, _, _ = expansion(crowd_of(ragged, (0, 1, 2), np.zeros(3)), theta)
    np.testing.assert_allclose(value, by_loops(ragged, theta), rtol=1e-12)


def test_coefficients_may_be_reordered_and_enter_as_signed_exponentials(ragged):
    theta = np.random.default_rng(1).normal(size=(4, 3))
    value, _, _ = expansion(crowd_of(ragged, (2, 0, 1), np.array([-1.0, 0.0, 1.0])), theta)
    weights = np.column_stack([theta[:, 1], np.exp(theta[:, 2]), -np.exp(theta[:, 0])])
    np.testing.assert_allclose(value, by_loops(ragged, weights), rtol=1e-12)


@pytest.mark.parametrize("sign", [np.zeros(3), np.array([0.0, 1.0, -1.0])], ids=["normal", "log-normal"])
def test_gradients_equal_finite_differences(ragged, sign):
    crowd, theta = crowd_of(ragged, (0, 1, 2), sign), np.random.default_rng(2).normal(size=(4, 3))
    slope = expansion(crowd, theta)[1]
    for k in range(3):
        move = STEP * np.eye(3)[k]
        numeric = (expansion(crowd, theta + move)[0] - expansion(crowd, theta - move)[0]) / (2 * STEP)
        np.testing.assert_allclose(slope[:, k], numeric, atol=1e-8)


def test_second_derivatives_equal_finite_differences(ragged):
    crowd, theta = crowd_of(ragged, (0, 1, 2), np.zeros(3)), np.random.default_rng(3).normal(size=(4, 3))
    information = expansion(crowd, theta)[2]
    for k in range(3):
        move = STEP * np.eye(3)[k]
        numeric = (expansion(crowd, theta + move)[1] - expansion(crowd, theta - move)[1]) / (2 * STEP)
        np.testing.assert_allclose(information[:, k], -numeric, atol=1e-8)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_utilities_of_ten_thousand_neither_overflow_nor_lose_the_gradient(ragged, size):
    crowd, theta = crowd_of(ragged, (0, 1, 2), np.zeros(3)), np.full((4, 3), size)
    value, slope, information = expansion(crowd, theta)
    np.testing.assert_allclose(value, by_loops(ragged, theta), rtol=1e-12)
    assert np.isfinite(information).all()
    wrong = value < -1.0
    assert wrong.any()
    assert (np.abs(slope[wrong]).max(axis=1) > 1e-3).all()


def test_modes_are_where_the_gradient_and_the_population_balance(ragged):
    crowd, precision = crowd_of(ragged, (0, 1, 2), np.zeros(3)), np.diag([1.0, 0.5, 2.0])
    mean = np.tile([0.5, -0.5, 0.0], (4, 1))
    _, modes = sites_at_modes(crowd, np.zeros((4, 3)), mean, precision)
    np.testing.assert_allclose(expansion(crowd, modes)[1], (modes - mean) @ precision, atol=1e-4)


@pytest.mark.parametrize("diagonal", [False, True], ids=["full", "diagonal"])
def test_the_gradient_of_population_and_people_equals_finite_differences(diagonal):
    """Three random coefficients (one log-normal), one shared, one covariate: every part of the density moves."""
    rng = np.random.default_rng(4)
    choices = choices_of(design(rng, people=9, size=4), rng.normal(size=(9, 4)), rng)
    prior = TastePrior(
        np.array([0.1, 0.0, -0.2]), np.full((3, 2), 0.9), np.array([0.5, 1.0, 0.7]), np.array([0.8]), np.array([0.3])
    )
    covariates = np.column_stack([np.ones(9), rng.normal(size=9)])
    problem = MixedLogit(choices, (0, 2, 3), (1,), np.array([0.0, 0.0, -1.0, 0.0]), covariates, diagonal, prior)
    chain = started(problem, rng)
    coordinates, chain.white = chain.coordinates, rng.normal(size=(9, 3))
    q = 0.7 * rng.normal(size=len(coordinates.scale)) * coordinates.scale
    theta = chain.theta.copy()
    _, slope = chain.density(q, theta)
    for place in range(len(q)):
        move = STEP * np.eye(len(q))[place]
        up, down = (chain.density(q + sign * move, theta)[0] for sign in (1, -1))
        np.testing.assert_allclose(slope[place], (up - down) / (2 * STEP), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(coordinates.of(coordinates.population(q)), q, atol=1e-10)
