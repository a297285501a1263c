"""The integral over a person's parameters: the compiled loop, its gradient, its PyMC model, and its nodes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from engine import trust_experiment
from oracles.one_population import log_likelihood_of_people
from scipy import special, stats

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.climb import peaks
from estimation.population.flat import FlatNodes
from estimation.population.integral import integrate
from estimation.population.model import integrated_model
from estimation.population.normal import Population
from estimation.population.prior import Prior
from estimation.population.structure import Part

PEOPLE, DIMS = 4, 3


@pytest.fixture(scope="module")
def pieces():
    rng = np.random.default_rng(3)
    first = np.array([0, 7, 12, 30, 41])
    whitener = np.tril(rng.normal(size=(DIMS, DIMS))) + 2 * np.eye(DIMS)
    return rng.normal(size=(PEOPLE, DIMS)), whitener, rng.normal(size=(DIMS, 41)), rng.normal(size=41), first


def test_the_compiled_loop_is_the_log_of_a_weighted_sum_of_normals(pieces):
    mean, whitener, nodes, log_weight, first = pieces
    covariance = np.linalg.inv(whitener.T @ whitener)
    expected = [
        special.logsumexp(stats.multivariate_normal(mean[i], covariance).logpdf(nodes[:, a:b].T) + log_weight[a:b])
        for i, (a, b) in enumerate(pairwise(first))
    ]
    np.testing.assert_allclose(integrate(*pieces, False)[0], expected, rtol=1e-12)


def test_the_gradient_in_mean_and_whitener_equals_finite_differences(pieces):
    mean, whitener, *rest = pieces
    _, to_mean, to_whitener = integrate(*pieces, False)
    step = 1e-6
    for d in range(DIMS):
        moved = mean.copy()
        moved[:, d] += step
        numeric = (integrate(moved, whitener, *rest, False)[0] - integrate(*pieces, False)[0]) / step
        np.testing.assert_allclose(to_mean[:, d], numeric, atol=2e-5)
        for e in range(d + 1):
            turned = whitener.copy()
            turned[d, e] += step
            numeric = (integrate(mean, turned, *rest, False)[0] - integrate(*pieces, False)[0]) / step
            np.testing.assert_allclose(to_whitener[:, d, e], numeric, atol=1e-4)


def test_the_diagonal_gradient_is_the_same_with_and_without_the_shortcut(pieces):
    mean, whitener, *rest = pieces
    diagonal = np.diag(np.diag(whitener))
    full, short = integrate(mean, diagonal, *rest, False)[2], integrate(mean, diagonal, *rest, True)[2]
    np.testing.assert_allclose(np.diagonal(full, axis1=1, axis2=2), np.diagonal(short, axis1=1, axis2=2))


def test_the_pymc_model_adds_the_same_people_and_leaves_out_those_of_weight_zero():
    import pymc as pm
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    rng, kinds = np.random.default_rng(5), 2
    flat = FlatNodes(rng.normal(size=(2, 18)), rng.normal(size=18), np.arange(0, 19, 3), kinds)
    parts = (Part((0, 1), (0, 1)),)
    model, weight = integrated_model(2, parts, (1.0, 1.0)), np.array([1.0, 0.0, 1.0])
    prior = Prior(np.zeros(2), *np.ones((3, 2)))
    with model:
        pm.set_data(flat.data() | {"person_weight": weight, **prior.data()})
    population = Population(np.array([0.3, -0.2]), np.array([0.8, 1.4]), np.array([0.25, 0.75]))
    point = model.initial_point() | {"mean": population.mean, "sd_log__": np.log(population.sd)}
    forward = model.rvs_to_transforms[model["share"]].forward
    point["share_simplex__"] = forward(pt.as_tensor(population.share), *model["share"].owner.inputs).eval(
        mode=UNCOMPILED
    )
    asked = model.compile_fn(model.replace_rvs_by_values([model.potentials[0]]), point_fn=True, mode=UNCOMPILED)
    potential = asked(point)[0]
    np.testing.assert_allclose(potential, weight @ log_likelihood_of_people((flat,), parts, population), rtol=1e-10)


def test_climbing_a_normal_density_ends_at_its_peak_with_its_covariance():
    rng = np.random.default_rng(8)
    target = rng.normal(size=(1, 2, 3))
    root = np.tril(rng.normal(size=(3, 3))) + 1.5 * np.eye(3)
    white = np.linalg.inv(root)

    def log_density(theta, some):
        return -0.5 * ((white @ (theta - target[:, some, :, None])) ** 2).sum(axis=-2)

    centre, found = peaks(log_density, np.zeros((1, 2, 3)), np.broadcast_to(np.eye(3), (1, 2, 3, 3)), steps=12)
    np.testing.assert_allclose(centre, target, atol=1e-6)
    np.testing.assert_allclose(
        found @ np.swapaxes(found, -1, -2), np.broadcast_to(root @ root.T, found.shape), rtol=1e-6
    )


@pytest.fixture(scope="module")
def receivers():
    table, _ = trust_experiment(people=6, decisions=15, roles=("receiver",))
    problem = MessageProblem(est.TrustEmbedded(), table)
    return problem, problem.builder(np.random.default_rng(2), cores=1).build()


def from_nodes(ensemble):
    flats = tuple(FlatNodes.of(nodes) for nodes in ensemble.nodes)
    return log_likelihood_of_people(flats, ensemble.parts, ensemble.population)


def test_nodes_integrate_like_dense_quadrature(receivers):
    problem, nodes = receivers
    population = nodes.population
    axes = [m + s * np.linspace(-6, 6, 41) for m, s in zip(population.mean, population.sd, strict=True)]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    cell = np.prod([axis[1] - axis[0] for axis in axes])
    dense = [
        special.logsumexp(problem.crowd.evaluate(0, person, grid) + population.log_density(grid)) + np.log(cell)
        for person in range(len(problem.crowd))
    ]
    error = np.sqrt(1 / nodes.effective(population))
    assert np.all(np.abs(from_nodes(nodes) - dense) < 4 * error)


def test_thinning_keeps_every_persons_likelihood_within_its_sampling_error(receivers):
    _, ensemble = receivers
    (nodes,) = ensemble.nodes
    thinned = from_nodes(ensemble)
    for batch, keep_chance in zip(nodes.batches, nodes.keep_chance(), strict=True):
        everything = special.logsumexp(batch.log_terms(nodes.population), axis=(0, 2))
        lost = 1 / np.maximum(keep_chance, 1e-12) - 1
        spread = np.sqrt((batch.weights(nodes.population) ** 2 * lost).sum(axis=(0, 2)))
        assert np.all(np.abs(thinned[batch.person] - everything) < 4 * spread + 1e-9)
    assert FlatNodes.of(nodes).theta.shape[1] < sum(b.log_weight.size for b in nodes.batches)


def test_nodes_kept_with_a_fit_are_the_nodes_that_the_sampler_saw(receivers):
    flat = FlatNodes.of(receivers[1].nodes[0])
    again = FlatNodes.from_dataset(flat.dataset())
    for name, array in flat.data().items():
        np.testing.assert_array_equal(again.data()[name], array)
    assert again.kinds == flat.kinds
