"""Triangular tastes: the triangle, its derivatives in the loops, people's integrals, and moves of its ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from oracles.choice_calibration import choices_of, design
from scipy import integrate, special, stats

import estimation as est
from estimation.choice.hierarchy.adaptation import started
from estimation.choice.hierarchy.crowd import crowd_of
from estimation.choice.hierarchy.integral import integral_of_new, likelihoods_of_people
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.hierarchy.problem import DEGREES, MixedLogit, TastePopulation, TastePrior
from estimation.choice.hierarchy.triangular import HALF_WIDTH, REACH, coordinate, ends_of, quantiles, spreads, standard
from estimation.choice.hierarchy.triangular_moves import move_ends
from estimation.choice.utilities.design import arrays_of

STEP = 1e-5
TRIANGLE = stats.triang(0.5, loc=-1, scale=2)


def test_tastes_are_the_quantiles_of_a_symmetric_triangle():
    z = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(quantiles(z), TRIANGLE.ppf(stats.norm.cdf(z)), atol=1e-12)
    np.testing.assert_allclose(standard(quantiles(z)), z, atol=1e-9)
    variance, _ = integrate.quad(lambda z: float(quantiles(np.array(z))) ** 2 * stats.norm.pdf(z), -9, 9, points=[0])
    assert variance == pytest.approx(1 / 6, abs=1e-10) == HALF_WIDTH**-2
    assert TRIANGLE.cdf(REACH / HALF_WIDTH) - TRIANGLE.cdf(-REACH / HALF_WIDTH) == pytest.approx(0.9)


def test_the_coordinate_of_a_spread_is_standard_normal_where_the_spread_is_half_t():
    t = np.linspace(-6, 6, 25)
    half_t = stats.t(DEGREES).isf(stats.norm.sf(t) / 2)
    np.testing.assert_allclose(spreads(t), half_t, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose([coordinate(float(sd)) for sd in spreads(t)], t, atol=1e-9)


@pytest.fixture(scope="module")
def mixed():
    """Nine SYNTHETIC people: a normal, a minus log-normal, a triangular and a shared coefficient."""
    rng = np.random.default_rng(4)
    choices = choices_of(design(rng, people=9, size=4), rng.normal(size=(9, 4)), rng)
    shared = np.array([0.8, 1.2, 1.0]), np.array([0.3, 0.1, 0.0])
    prior = TastePrior(np.array([0.1, -0.2]), np.full((2, 1), 0.9), np.array([0.5, 0.7]), *shared)
    sign = np.array([0.0, -1.0, 0.0, 0.0])
    return MixedLogit(choices, (0, 3, 2), (1,), sign, np.ones((9, 1)), False, prior, half_width=np.array([1.3]))


def test_the_likelihood_is_that_of_the_weights_and_its_gradient_is_that_of_differences(mixed):
    theta = np.random.default_rng(5).normal(size=(9, 6))
    weights = np.column_stack([theta[:, 0], -np.exp(theta[:, 1]), theta[:, 4], theta[:, 3]])
    weights[:, 2] += 1.3 * spreads(theta[:, 5]) * TRIANGLE.ppf(stats.norm.cdf(theta[:, 2]))
    np.testing.assert_allclose(mixed.coefficients(theta)[:, [0, 3, 2, 1]], weights)
    plain = expansion(crowd_of(mixed.choices, (0, 3, 2, 1), np.zeros(4)), weights)
    value, slope, information = expansion(mixed.crowd, theta)
    np.testing.assert_allclose(value, plain[0], atol=1e-12)
    moves = np.zeros((9, 6, 4))
    for place, move in enumerate(STEP * np.eye(6)):
        ends = [expansion(mixed.crowd, theta + sign * move)[0] for sign in (1, -1)]
        np.testing.assert_allclose(slope[:, place], (ends[0] - ends[1]) / (2 * STEP), atol=1e-7)
        up, down = (mixed.coefficients(theta + sign * move)[:, [0, 3, 2, 1]] for sign in (1, -1))
        moves[:, place] = (up - down) / (2 * STEP)
    np.testing.assert_allclose(information, np.einsum("nak,nkl,nbl->nab", moves, plain[2], moves), atol=1e-6)


def test_the_gradient_of_population_and_people_is_that_of_differences(mixed):
    rng = np.random.default_rng(6)
    chain = started(mixed, rng)
    coordinates, chain.white = chain.coordinates, rng.normal(size=(9, 3))
    q = 0.7 * rng.normal(size=len(coordinates.scale)) * coordinates.scale
    theta = chain.theta.copy()
    _, slope = chain.density(q, theta)
    for place, move in enumerate(STEP * np.eye(len(q))):
        up, down = (chain.density(q + sign * move, theta)[0] for sign in (1, -1))
        np.testing.assert_allclose(slope[place], (up - down) / (2 * STEP), rtol=1e-6, atol=1e-6)


def person_likelihood(choices, n, weights):
    """Return the probability of a person's choices at each of many weights, one coefficient, three alternatives."""
    first, last = choices.first_situation[n : n + 2]
    x = choices.x.reshape(-1, 3)[first:last]
    chosen = (choices.chosen - choices.first_row[:-1])[first:last]
    log_p = x[..., None] * weights - special.logsumexp(x[..., None] * weights, axis=1)[:, None]
    return np.exp(log_p[np.arange(len(x)), chosen].sum(axis=0))


def by_quadrature(choices, n, mean, half):
    """Return a person's probability with a triangular weight integrated out."""

    def density(place):
        return (1 - abs(place)) * person_likelihood(choices, n, np.array(mean + half * place)).item()

    return integrate.quad(density, -1, 1, points=[0])[0]


def test_people_integrated_out_equal_quadrature():
    rng = np.random.default_rng(7)
    choices = choices_of(design(rng, people=12, situations=12, size=1), rng.normal(-1, 1, (12, 1)), rng)
    prior = TastePrior(np.zeros(0), np.ones((0, 1)), np.zeros(0), np.ones(2), np.zeros(2))
    one = MixedLogit(choices, (0,), (), np.zeros(1), np.ones((12, 1)), False, prior, half_width=np.ones(1))
    for mean, half in [(-1.0, 2.0), (0.3, 0.4), (-0.5, 6.0)]:
        population = TastePopulation(np.zeros((1, 1)), np.eye(1), np.array([mean, coordinate(half)]))
        found, quality = integral_of_new(one, population, [population], 4000).everybody(seed=1)
        for n, error in enumerate(each.error for each in quality):
            wanted = by_quadrature(choices, n, mean, half)
            assert abs(found[0, n] - np.log(wanted)) < 5 * error + 1e-3


def test_ends_move_as_peoples_weights_tell_and_nobodys_weight_moves():
    """Against a grid over mean and spread of the density of twelve weights, whatever the choices."""
    rng = np.random.default_rng(8)
    weights = 0.5 + 1.5 * TRIANGLE.rvs(12, random_state=rng)
    prior = TastePrior(np.zeros(0), np.ones((0, 1)), np.zeros(0), np.array([0.8, 1.0]), np.array([0.2, 0.0]))
    choices = choices_of(design(rng, people=12, size=1), weights[:, None], rng)
    one = MixedLogit(choices, (0,), (), np.zeros(1), np.ones((12, 1)), False, prior, half_width=np.ones(1))
    means, ts = np.linspace(-1.5, 2.5, 401)[:, None, None], np.linspace(-1.0, 4.0, 401)[:, None]
    inside = np.maximum(1 - np.abs(weights - means) / spreads(ts), 0) / spreads(ts)
    density = inside.prod(axis=-1) * stats.norm(0.2, 0.8).pdf(means[..., 0]) * stats.norm.pdf(ts[:, 0])
    density /= density.sum()
    grids = means[..., 0] + 0 * ts[:, 0], ts[:, 0] + 0 * means[..., 0]
    fixed = np.array([0.5, coordinate(2.5)])
    theta = np.column_stack([standard((weights - fixed[0]) / 2.5), np.tile(fixed, (12, 1))])
    here, seen = TastePopulation(np.zeros((1, 1)), np.eye(1), fixed), []
    for _ in range(6000):
        here = move_ends(one, here, theta, rng)
        seen.append(here.fixed)
    np.testing.assert_allclose(one.coefficients(theta)[:, 0], weights, atol=1e-9)
    for grid, draws in zip(grids, np.array(seen).T, strict=True):
        middle = (density * grid).sum()
        sd = np.sqrt((density * (grid - middle) ** 2).sum())
        batches = draws.reshape(30, -1).mean(axis=1)
        assert abs(draws.mean() - middle) < 4 * batches.std(ddof=1) / np.sqrt(30)
        assert abs(draws.std() / sd - 1) < 0.08


def test_biogemes_likelihood_of_a_triangular_taste_for_time_is_found_again():
    """Its example 25triangularMixture (report of version 3.2.6): 100,000 draws for each of 6,768 choices."""
    choices = est.load("swissmetro")
    choices = choices.where(choices.frame["purpose"].isin([1, 3]), "commuters and business")
    time, cost = "I(time / 100)", "I(cost / 100)"
    model = est.MultinomialLogit(
        [time, cost], constants=True, reference="swissmetro", random=[time], distributions={time: "triangular"}
    )
    panel, arrays = model.hierarchy(choices), arrays_of(model, choices)
    count = arrays.situations  # the example takes every choice for that of another person
    alone = replace(arrays, first_situation=np.arange(count + 1), subjects=tuple(map(str, range(count))))
    problem = replace(panel, choices=alone)
    printed = {"car": 0.141, "train": -0.393, cost: -1.28}
    shared = [printed[arrays.attributes[place]] for place in panel.fixed]
    fixed = np.array([*shared, -2.28, coordinate(3.99 / panel.half_width[0])])
    np.testing.assert_allclose(ends_of(fixed, panel.half_width).half_width, 3.99)
    points, weights = np.polynomial.legendre.leggauss(40)
    place, weight = np.concatenate([(points - 1) / 2, (points + 1) / 2]), np.tile(weights / 2, 2)
    found = np.empty((count, len(place)))
    theta = np.column_stack([standard(place), np.tile(fixed, (len(place), 1))])
    likelihoods_of_people(problem.crowd, 0, count, theta, found)
    value = special.logsumexp(found, b=weight * (1 - np.abs(place)), axis=1).sum()
    assert value == pytest.approx(-5214.265, abs=0.1)
