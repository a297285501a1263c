"""Sums over people without the bias of a logarithm, against integrals that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from builders import forecast_game
from scipy import stats

import estimation as est
from estimation.data.partitions.partitions import Partition
from estimation.inference.partitioned.files import Files
from estimation.inference.problem import MessageProblem
from estimation.population.design import Design
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people, summed_over_people
from estimation.population.normal import Population
from estimation.population.proposal import around
from estimation.population.structure import PopulationDraws, Structure
from estimation.population.unbiased import bias_left, unbiased_likelihoods, unbiased_sums
from estimation.theories.parameter import Parameter

PEOPLE, NODES = 16_000, 48
ONE = Parameter("theta", "θ", "a number", "1", "identity", 0.0, 1.0, 1.0, "none")
STRUCTURE = Structure(Design((ONE,)), (("theta",),), (1.0,))
DRAWS = PopulationDraws(STRUCTURE, {"mean": np.array([[0.0], [0.4]]), "sd": np.array([[1.0], [1.3]])})


@pytest.fixture(scope="module")
def flats():
    """Random nodes of people of whom one number was seen, .8, with an error of .7."""
    rng = np.random.default_rng(1)
    theta = 2.0 * rng.standard_normal(PEOPLE * NODES)
    weight = stats.norm.logpdf(0.8, theta, 0.7) - stats.norm.logpdf(theta, 0, 2.0) - np.log(NODES)
    first = np.arange(0, PEOPLE * NODES + 1, NODES)
    return (FlatNodes(theta[None], weight, first, 1, first[:-1] + NODES // 2),)


def exact():
    mean, sd = DRAWS.found["mean"][:, 0], DRAWS.found["sd"][:, 0]
    return stats.norm.logpdf(0.8, mean, np.hypot(sd, 0.7))


def test_the_bias_that_adds_up_over_people_is_taken_off(flats):
    plain = likelihoods_of_people(flats, DRAWS) - exact()[:, None]
    mended = unbiased_likelihoods(flats, DRAWS) - exact()[:, None]
    error = mended.std(axis=1) / np.sqrt(PEOPLE)
    assert (plain.mean(axis=1) < -4 * error).all()
    left = bias_left(flats, DRAWS) / PEOPLE
    assert (np.abs(mended.mean(axis=1)) < 4 * error + left).all()
    assert (left < -0.5 * plain.mean(axis=1)).all()
    assert (np.abs(mended.std(axis=1) / plain.std(axis=1) - 1) < 0.1).all(), "the random error stays as it is"


def test_halves_tell_the_error_of_the_whole(flats):
    error = (likelihoods_of_people(flats, DRAWS) - exact()[:, None]).std(axis=1)
    one, other = (
        likelihoods_of_people(half, DRAWS) for half in zip(*(flat.halves(None) for flat in flats), strict=True)
    )
    told = np.sqrt(np.mean((one - other) ** 2, axis=1)) / 2
    assert (np.abs(told / error - 1) < 0.1).all()


def test_the_sum_is_that_of_people_and_one_whom_no_half_explains_is_no_number_that_pleases(flats):
    np.testing.assert_allclose(unbiased_sums(flats, DRAWS), unbiased_likelihoods(flats, DRAWS).sum(axis=1))
    flat = flats[0]
    nothing = FlatNodes(flat.theta[:, :4], np.full(4, -1e300), np.array([0, 4]), 1, np.array([2]))
    assert (unbiased_sums((nothing,), DRAWS) < -1e200).all()


def test_proposals_draw_two_halves_that_are_independent():
    proposal = around(
        np.zeros((1, 3000, 1)), np.ones((1, 3000, 1, 1)), Population(np.zeros(1), np.ones(1), np.ones(1)), 64
    )
    value = np.cos(proposal.draw(np.random.default_rng(2)))[0, :, 0]
    one, other = value[:, :32].mean(axis=1), value[:, 32:].mean(axis=1)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(3000)


def test_single_precision_on_the_disk_loses_less_than_anything_that_is_tolerated(tmp_path):
    table = est.design({"risky": forecast_game()}, 4, 6, seed=1, roles=("sender",))
    problem = MessageProblem(est.Honest(), table)
    nodes = problem.builder(np.random.default_rng(3), 1, 0.1).build()
    files = Files(tmp_path, Partition("some", "0" * 64, 4, 24))
    files.keep("stage", nodes)
    rng = np.random.default_rng(4)
    middle = nodes.population
    found = {
        "mean": middle.mean + 0.1 * middle.sd * rng.standard_normal((50, 2)),
        "sd": middle.sd * np.exp(0.1 * rng.standard_normal((50, 2))),
    }
    draws = PopulationDraws(problem.structure, found)
    double, single = (summed_over_people(each, draws) for each in (flat_nodes(nodes), files.flats("stage")))
    assert np.abs(double - single).max() < 1e-4
    assert files.file("stage", "flat").stat().st_size < files.file("stage", "nodes").stat().st_size / 2
