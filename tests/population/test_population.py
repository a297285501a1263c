"""The normal population: correlations, means of people, parts; numbers and graphs alike."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.one_population import log_likelihood_of_people
from scipy import stats

from estimation.population.correlation import LKJ, correlation_root, draw_correlation, lkj_shapes
from estimation.population.flat import FlatNodes, given
from estimation.population.model import integrated_model
from estimation.population.normal import Covariates, Population
from estimation.population.prior import Prior
from estimation.population.structure import Part

DIMS = 3


def correlated(seed=1, people=None):
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=DIMS if people is None else (people, DIMS))
    return Population(mean, rng.uniform(0.5, 2, DIMS), np.array([0.3, 0.7]), draw_correlation(DIMS, rng))


def covariance(population):
    return np.outer(population.sd, population.sd) * population.correlation


def test_the_density_of_a_correlated_population_is_scipys():
    population, rng = correlated(people=4), np.random.default_rng(2)
    theta = rng.normal(size=(2, 4, DIMS, 5))
    got = population.log_density(theta, widened=1.5)
    for kind, person in np.ndindex(2, 4):
        law = stats.multivariate_normal(population.mean[person], 1.5**2 * covariance(population))
        np.testing.assert_allclose(got[kind, person], law.logpdf(theta[kind, person].T))


def test_people_are_drawn_with_their_correlations():
    _, theta = correlated().sample(40_000, np.random.default_rng(3))
    np.testing.assert_allclose(np.corrcoef(theta.T), correlated().correlation, atol=5 / np.sqrt(40_000))


def test_people_of_whom_something_is_known_follow_the_conditional_normal():
    population, rng = correlated(), np.random.default_rng(4)
    known = np.full((40_000, 2), [0.5, -1.0])
    drawn = given(population, (0, 2), known, rng)
    np.testing.assert_array_equal(drawn[:, [0, 2]], known)
    full, there, rest = covariance(population), [0, 2], [1]
    slope = full[np.ix_(rest, there)] @ np.linalg.inv(full[np.ix_(there, there)])
    mean = population.mean[1] + slope @ (known[0] - population.mean[there])
    variance = full[1, 1] - slope @ full[np.ix_(there, rest)]
    assert drawn[:, 1].mean() == pytest.approx(mean.item(), abs=5 * np.sqrt(variance.item() / 40_000))
    assert drawn[:, 1].var() == pytest.approx(variance.item(), rel=5 * np.sqrt(2 / 40_000))


def test_a_part_of_a_population_is_its_marginal():
    population = correlated()
    part = population.part((2, 0), (1,))
    law = stats.multivariate_normal(population.mean[[2, 0]], covariance(population)[np.ix_([2, 0], [2, 0])])
    theta = np.random.default_rng(5).normal(size=(2, 6))
    np.testing.assert_allclose(part.log_density(theta), law.logpdf(theta.T))
    assert part.share == [0.7]


def test_partial_correlations_give_the_lkj_distribution():
    """Each correlation is 2 Beta(η - 1 + d/2) - 1 beforehand (Lewandowski, Kurowicka and Joe 2009)."""
    rng, dims = np.random.default_rng(6), 4
    drawn = np.array([draw_correlation(dims, rng)[np.tril_indices(dims, -1)] for _ in range(2000)])
    law = stats.beta(LKJ - 1 + dims / 2, LKJ - 1 + dims / 2, loc=-1, scale=2)
    for pair in drawn.T:
        assert stats.kstest(pair, law.cdf).pvalue > 1e-3


def test_the_density_of_partial_correlations_is_a_power_of_the_determinant():
    """LKJ(η) is proportional to det(R)^(η - 1)."""
    rng, gaps = np.random.default_rng(7), []
    for _ in range(5):
        partial = rng.uniform(-0.8, 0.8, 3)
        rows = correlation_root(partial, DIMS, np.sqrt)
        log_determinant = 2 * sum(np.log(row[-1]) for row in rows)
        log_partial = stats.beta.logpdf((partial + 1) / 2, *[lkj_shapes(DIMS)] * 2).sum()
        # only the last pair is stretched by the partial correlations: by the roots of what the first ones leave
        stretch = 0.5 * np.log((1 - partial[0] ** 2) * (1 - partial[1] ** 2))
        gaps.append(log_partial - stretch - (LKJ - 1) * log_determinant)
    np.testing.assert_allclose(gaps, gaps[0], atol=1e-10)


SHAPES = {
    "correlated": (DIMS, (Part((0, 1), (0, 1, 2)),), 0, True),
    "parts": (DIMS, (Part((0, 2), (0, 2)), Part((1,), (1, 2))), 0, False),
    "correlated parts": (DIMS, (Part((0, 2), (0, 2)), Part((1,), (0, 1, 2))), 0, True),
    "covariates": (DIMS, (Part((0,), (0, 1, 2)),), 2, False),
    "all of it": (DIMS, (Part((0, 2), (2, 1)), Part((1,), (1, 2, 0))), 2, True),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_graph_of_any_shape_adds_the_same_people_as_the_numbers_do(shape):
    import pymc as pm
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    dims, parts, columns, is_correlated = shape
    rng, people, kinds = np.random.default_rng(8), 4, sum(len(part.kinds) for part in parts)
    flats = tuple(_flat(part, people, rng) for part in parts)
    value = rng.normal(size=(people, columns))
    of, sd = np.arange(columns), np.ones(columns)
    covariates = Covariates(("a", "b")[:columns], value, of, sd) if columns else Covariates.none()
    prior = Prior(np.zeros(dims), np.ones(dims), np.ones(dims), np.ones(kinds), covariates, is_correlated)
    model = integrated_model(dims, parts, (1.0,) * kinds, columns, is_correlated)
    arrays = {name: array for index, flat in enumerate(flats) for name, array in flat.data(index).items()}
    with model:
        pm.set_data(arrays | prior.data() | {"person_weight": np.arange(1.0, people + 1)})
    mean, coefficient, spread = rng.normal(size=dims), rng.normal(size=columns), rng.uniform(0.5, 2, dims)
    share, partial = rng.dirichlet(np.ones(kinds)), rng.uniform(-0.7, 0.7, 3)
    values = {"mean": mean, "sd": spread, "share": share, "coefficient": coefficient, "partial": (partial + 1) / 2}
    free = {rv.name: rv for rv in model.free_RVs}
    point = {}
    for name, rv in free.items():
        transform = model.rvs_to_transforms[rv]
        at = pt.as_tensor(values[name])
        point[model.rvs_to_values[rv].name] = (
            values[name] if transform is None else transform.forward(at, *rv.owner.inputs).eval(mode=UNCOMPILED)
        )
    potential = model.compile_fn(model.replace_rvs_by_values([model.potentials[0]]), point_fn=True, mode=UNCOMPILED)(
        point
    )[0]
    correlation = None
    if is_correlated:
        rows = correlation_root(partial, dims, np.sqrt)
        root = np.array([[row[e] if e < len(row) else 0.0 for e in range(dims)] for row in rows])
        correlation = root @ root.T
    share = share if kinds > 1 else np.ones(1)
    population = Population(covariates.mean(mean, coefficient), spread, share, correlation)
    expected = np.arange(1.0, people + 1) @ log_likelihood_of_people(flats, parts, population)
    np.testing.assert_allclose(potential, expected, rtol=1e-9)


def _flat(part, people, rng):
    count = 3 * people * len(part.kinds)
    first = np.arange(0, count + 1, 3)
    return FlatNodes(rng.normal(size=(len(part.dims), count)), rng.normal(size=count), first, len(part.kinds))


def test_ridge_regression_finds_the_coefficients_that_made_the_means():
    rng, people = np.random.default_rng(9), 400
    covariates = Covariates(("a", "b"), rng.normal(size=(people, 2)), np.array([0, 1]), np.full(2, 5.0))
    prior = Prior(np.zeros(2), np.full(2, 5.0), np.ones(2), np.ones(1), covariates)
    truth = covariates.mean(np.array([0.5, -1.0]), np.array([2.0, -0.7]))
    theta = truth + 0.3 * rng.normal(size=truth.shape)
    before = Population(np.zeros((people, 2)), np.full(2, 0.3), np.ones(1))
    found = prior.most_likely(np.ones_like(theta), theta, theta**2, np.array([people]), before)
    assert np.abs(found.mean - truth).max() < 5 * 0.3 * np.sqrt(4 / people)
    np.testing.assert_allclose(found.sd, 0.3, rtol=0.2)


def test_people_who_are_all_alike_have_next_to_no_spread():
    people = 1000
    prior = Prior(np.zeros(1), np.full(1, 5.0), np.ones(1), np.ones(1), Covariates.none())
    theta, before = np.full((people, 1), 0.7), Population(np.zeros((people, 1)), np.full(1, 0.3), np.ones(1))
    found = prior.most_likely(np.ones_like(theta), theta, theta**2, np.array([people]), before)
    np.testing.assert_allclose(found.mean, 0.7, atol=1e-3)
    assert 0 < found.sd[0] < 1e-4


def test_nodes_without_two_halves_are_halved_at_random():
    """Halves are half of each person's nodes; averaged, they estimate what the whole does."""
    rng, sizes = np.random.default_rng(4), [6, 8, 10]
    theta, log_weight = rng.normal(size=(2, sum(sizes))), rng.normal(size=sum(sizes))
    flat = FlatNodes(theta, log_weight, np.concatenate([[0], np.cumsum(sizes)]), 1)
    halves = flat.halves(rng)
    assert [np.diff(half.first_node).tolist() for half in halves] == [[3, 4, 5]] * 2
    both = np.concatenate([half.theta for half in halves], axis=1)
    np.testing.assert_array_equal(np.sort(both[0]), np.sort(theta[0]))

    def sums(nodes):
        return np.add.reduceat(np.exp(nodes.log_weight), nodes.first_node[:-1])

    np.testing.assert_allclose((sums(halves[0]) + sums(halves[1])) / 2, sums(flat))
