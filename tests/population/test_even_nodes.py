"""Nodes that proposals draw fill their mixtures evenly, whoever they are drawn for, and follow the posterior found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine import trust_experiment
from scipy import stats

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.inference.remedies import Remedy, remedy
from estimation.population.even_points import stretch
from estimation.population.normal import Population
from estimation.population.proposal import DEGREES, INFLATED, Proposal
from estimation.population.structure import PopulationDraws

PEOPLE, DIMS, COUNT = 200, 3, 1280


@pytest.fixture(scope="module")
def proposal():
    """Two t's, of different width and far apart, and a population: the same for everybody."""
    rng = np.random.default_rng(1)
    share = np.broadcast_to([0.7, 0.3], (1, PEOPLE, 2))
    centre = np.broadcast_to(rng.normal(0, 1, (2, DIMS)), (1, PEOPLE, 2, DIMS))
    root = np.broadcast_to(np.stack([0.5 * np.eye(DIMS), np.tri(DIMS)]), (1, PEOPLE, 2, DIMS, DIMS))
    return Proposal(share, centre, root, Population(np.ones(DIMS), np.full(DIMS, 2.0), np.ones(1)), COUNT)


def bounded(theta):
    return np.tanh(theta.sum(axis=-2))


def halves(proposal, rng):
    """Return the mean of a bounded function over each half of everybody's nodes, (half, person)."""
    value = bounded(proposal.draw(rng))[0]
    return np.array([half.mean(axis=-1) for half in np.split(value, 2, axis=-1)])


def independent(proposal, rng, count=400_000):
    """Return mean and variance of the function over independent draws from the same mixture, drawn by NumPy."""
    general = round(0.2 * COUNT) / COUNT
    which = rng.choice(3, size=count, p=[general, *((1 - general) * proposal.share[0, 0])])
    normal = rng.standard_normal((count, DIMS))
    stretched = normal * np.sqrt(DEGREES / rng.chisquare(DEGREES, (count, 1)))
    fitted = [
        centre + stretched @ root.T for centre, root in zip(proposal.centre[0, 0], proposal.root[0, 0], strict=True)
    ]
    widely = proposal.population.mean + INFLATED * normal * proposal.population.sd
    theta = np.choose(which[:, None], [widely, *fitted])
    value = bounded(theta.T)
    return value.mean(), value.var()


def test_means_over_nodes_are_those_of_the_mixture_and_vary_a_sixth_as_much_as_over_random_ones(proposal):
    mean, variance = independent(proposal, np.random.default_rng(2))
    found = halves(proposal, np.random.default_rng(3))
    # people's errors are independent of each other, and those of halves are
    error = np.sqrt(found.var() / found.size + variance / 400_000)
    assert abs(found.mean() - mean) < 4 * error
    assert found.var(axis=1).max() < variance / (COUNT / 2) / 6


def test_errors_of_halves_and_of_people_are_independent(proposal):
    one, other = halves(proposal, np.random.default_rng(4))
    bound = 4 / np.sqrt(PEOPLE)
    assert abs(np.corrcoef(one, other)[0, 1]) < bound
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < bound


def test_the_error_falls_faster_than_with_the_root_of_the_number_of_nodes(proposal):
    few, many = (halves(replace(proposal, count=n), np.random.default_rng(5)).std() for n in (320, 5120))
    assert many < 0.75 * few / np.sqrt(5120 / 320)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_few_nodes_can_be_drawn_too(proposal, count):
    assert replace(proposal, count=count).draw(np.random.default_rng(6)).shape == (1, PEOPLE, DIMS, count)


@pytest.mark.parametrize(
    ("error", "strayed", "is_heavy", "sizes", "expected"),
    [
        (0.9, 0.5, False, (1, 4), None),
        (0.9, 5.0, False, (1, 4), None),
        (0.9, 0.5, True, (2, 4), Remedy("recentre", 2)),
        (1.5, 0.5, False, (1, 4), Remedy("redraw", 3)),
        (9.0, 0.5, False, (1, 4), Remedy("redraw", 4)),
        (9.0, 1.5, False, (1, 4), Remedy("redraw", 1)),
        (np.nan, 0.5, False, (1, 4), Remedy("redraw", 4)),
        (1.5, 0.5, False, (4, 4), None),
        (1.5, 1.5, False, (4, 4), Remedy("redraw", 4)),
    ],
)
def test_nodes_follow_the_posterior_before_there_are_more_of_them(error, strayed, is_heavy, sizes, expected):
    assert remedy(error, strayed, is_heavy, sizes, has_followed=False) == expected


@pytest.mark.parametrize(
    ("error", "strayed", "sizes", "expected"),
    [
        (9.0, 1.5, (1, 16), Remedy("redraw", 4)),
        (1.1, 1.5, (1, 16), Remedy("redraw", 2)),
        (9.0, 0.5, (1, 16), Remedy("redraw", 16)),
        (9.0, 1.5, (8, 16), Remedy("redraw", 16)),
        (9.0, 1.5, (16, 16), Remedy("redraw", 16)),
        (0.9, 1.5, (1, 16), None),
    ],
)
def test_a_posterior_that_strays_again_gets_more_nodes_as_well(error, strayed, sizes, expected):
    assert remedy(error, strayed, is_heavy=False, sizes=sizes, has_followed=True) == expected


def test_how_far_a_posterior_is_from_what_nodes_serve_is_told_in_deviations_of_that():
    table, _ = trust_experiment(people=4, decisions=4, roles=("receiver",))
    problem = MessageProblem(est.TrustEmbedded(), table)
    rng, size = np.random.default_rng(7), (400, len(problem.parameters))
    mean, sd = rng.normal(0, 0.2, size), np.exp(rng.normal(0, 0.1, size))
    served, farther, wider = (
        PopulationDraws(problem.structure, {"mean": mean + 0.6 * shift, "sd": sd * np.exp(0.4 * grown)})
        for shift, grown in ((0, 0), (1, 0), (0, 1))
    )
    nodes = problem.builder(np.random.default_rng(8), 1).build()
    assert nodes.strayed(farther) == 0  # they serve none in particular
    serving = nodes.serving(served.some(32))
    assert serving.strayed(served) == 0
    # 32 populations tell a deviation to within an eighth
    assert serving.strayed(farther) == pytest.approx(3.0, rel=0.5)
    assert serving.strayed(wider) == pytest.approx(4.0, rel=0.5)


def test_stretched_normals_are_those_of_a_t():
    level = np.concatenate([np.geomspace(1e-11, 0.5, 300), 1 - np.geomspace(1e-11, 0.5, 300)])
    exact = np.sqrt(5 / stats.chi2.ppf(level, 5))
    np.testing.assert_allclose(stretch(level, 5), exact, rtol=1e-6)
