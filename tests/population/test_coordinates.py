"""Populations as vectors, and the likelihood under many of them at once: the same numbers as one by one and in PyMC."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES
from oracles.one_population import log_likelihood_of_people
from test_joint import THEORIES

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.model import integrated_model
from estimation.population.structure import Coordinates

CASES = THEORIES | {"plain": est.LevelK()}


def problem_of(theory):
    frame = est.design(GAMES, people=4, decisions=4, seed=3).frame
    frame["country"] = np.where(frame["subject"].isin(["s1", "s2"]), "B", "A")
    frame["late"] = (frame["period"] > 4).astype(float)
    return MessageProblem(theory, est.Table.from_frame(frame, GAMES))


def some_nodes(problem, rng):
    """Return nodes of every part as a fit would have them, with made-up weights."""
    flats = []
    for part in problem.structure.parts:
        lengths = rng.integers(1, 9, len(part.kinds) * len(problem.crowd))
        first = np.concatenate([[0], np.cumsum(lengths)])
        theta = rng.normal(size=(len(part.dims), first[-1]))
        flats.append(FlatNodes(theta, rng.normal(size=first[-1]), first, len(part.kinds)))
    return tuple(flats)


@pytest.mark.parametrize("theory", CASES.values(), ids=CASES)
def test_many_populations_at_once_equal_one_after_another(theory):
    problem, rng = problem_of(theory), np.random.default_rng(1)
    flats, coordinates = some_nodes(problem, rng), Coordinates(problem.structure)
    draws = coordinates.populations(rng.normal(0, 0.5, (len(coordinates), 7)))
    single = [log_likelihood_of_people(flats, problem.structure.parts, one) for one in draws]
    np.testing.assert_allclose(likelihoods_of_people(flats, draws), single, rtol=1e-10)


@pytest.mark.parametrize("theory", CASES.values(), ids=CASES)
def test_the_density_of_vectors_differs_from_the_pymc_models_by_a_constant_and_the_jacobians(theory):
    """PyMC's transforms are its own: its density of named values is compared, and our Jacobians added by hand."""
    problem, rng = problem_of(theory), np.random.default_rng(2)
    structure, coordinates = problem.structure, Coordinates(problem.structure)
    model = integrated_model(*structure.shape)
    data = {
        name: array for part, flat in enumerate(some_nodes(problem, rng)) for name, array in flat.data(part).items()
    }
    with model:
        import pymc as pm
        from uncompiled import UNCOMPILED

        pm.set_data({**data, **structure.prior.data(), "person_weight": np.ones(4)})
    flats = some_nodes(problem, np.random.default_rng(2))
    vectors = rng.normal(0, 0.5, (len(coordinates), 3))
    draws = coordinates.populations(vectors)
    ours = likelihoods_of_people(flats, draws).sum(axis=1) + coordinates.log_prior(vectors)
    density = model.compile_fn(model.logp(jacobian=False), mode=UNCOMPILED)
    theirs = []
    for index in range(3):
        point = {"mean": draws.found["mean"][index], "sd_log__": np.log(draws.found["sd"][index])}
        jacobian = np.log(draws.found["sd"][index]).sum()
        if "coefficient" in draws.found:
            point["coefficient"] = draws.found["coefficient"][index]
        if "share" in draws.found:
            share = draws.found["share"][index]
            point["share_simplex__"] = model.rvs_to_transforms[model["share"]].forward(share).eval(mode=UNCOMPILED)
            jacobian += np.log(share).sum()
        if "correlation" in draws.found:
            pairs = len(structure.pairs)
            partial = np.tanh(vectors[-pairs:, index])
            point["partial_logodds__"] = np.log1p(partial) - np.log1p(-partial)
            jacobian += np.log1p(-(partial**2)).sum()
        theirs.append(float(density(point)) + jacobian)
    np.testing.assert_allclose(np.diff(ours), np.diff(theirs), rtol=1e-8)


@pytest.mark.parametrize("theory", CASES.values(), ids=CASES)
def test_the_start_stands_for_the_population_that_it_was_made_of(theory):
    problem = problem_of(theory)
    coordinates, prior = Coordinates(problem.structure), problem.structure.prior
    population = prior.sample(np.random.default_rng(3))
    again = coordinates.populations(coordinates.start(population)[:, None])[0]
    np.testing.assert_allclose(again.mean, population.mean)
    np.testing.assert_allclose(again.sd, population.sd)
    np.testing.assert_allclose(again.share, population.share)


@pytest.mark.parametrize("name", ["correlated", "all of it"])
def test_populations_too_narrow_for_the_digits_count_as_impossible(name):
    """Handled all at once without covariates, and one after another with them."""
    problem, rng = problem_of(THEORIES[name]), np.random.default_rng(4)
    flats, coordinates = some_nodes(problem, rng), Coordinates(problem.structure)
    vectors = 0.2 * rng.normal(size=(len(coordinates), 6))
    pairs = len(problem.structure.pairs)
    vectors[-pairs:, 3:] = 30.0  # correlations of one, to the last digit
    found = likelihoods_of_people(flats, coordinates.populations(vectors))
    assert np.isfinite(found[:3]).all()
    assert np.isneginf(found[3:]).all(), "an integral that has lost its digits must not look likely"


@pytest.mark.parametrize("name", ["independent", "correlated", "formula", "all of it"])
@pytest.mark.parametrize("log_sd", [-800.0, -400.0, -80.0, 400.0, 800.0])
def test_spreads_that_no_number_can_square_count_as_impossible(name, log_sd):
    problem = problem_of({"independent": est.TrustEmbedded(), **THEORIES}[name])
    rng = np.random.default_rng(6)
    flats, coordinates = some_nodes(problem, rng), Coordinates(problem.structure)
    vectors = 0.2 * rng.normal(size=(len(coordinates), 4))
    dims = len(problem.structure.effects)
    vectors[dims : 2 * dims, 2:] = log_sd
    found = likelihoods_of_people(flats, coordinates.populations(vectors))
    assert np.isfinite(found[:2]).all()
    assert np.isneginf(found[2:]).all()


def test_populations_far_from_any_posterior_do_not_look_likely():
    """Where a proposal of a small experiment with correlations once strayed, with a log likelihood of 2e12."""
    problem, rng = problem_of(est.TrustEmbedded(correlated=True)), np.random.default_rng(5)
    flats, coordinates = some_nodes(problem, rng), Coordinates(problem.structure)
    sd = np.array([2.1e5, 1.3e34, 26.0, 1.7e22, 1800.0])
    partial = np.array([-19, -9.3, -18.3, -27.8, 1.5, -2.6, -23.1, 5, -3.8, 33.6])
    vectors = np.concatenate([np.zeros(5), np.log(sd), partial])[:, None]
    found = likelihoods_of_people(flats, coordinates.populations(vectors + rng.normal(0, 0.3, (20, 50))))
    assert not (found > 0).any()


@pytest.mark.parametrize("log_ratio", [-1e5, -800.0, 800.0, 1e5])
def test_a_kind_that_nobody_is_leaves_likelihoods_numbers(log_ratio):
    problem = problem_of(THEORIES["mixture"])
    rng = np.random.default_rng(8)
    flats, coordinates = some_nodes(problem, rng), Coordinates(problem.structure)
    vectors = 0.2 * rng.normal(size=(len(coordinates), 3))
    last = len(coordinates)
    kinds = len(problem.structure.uses)
    vectors[last - kinds + 1 :] = log_ratio
    draws = coordinates.populations(vectors)
    found = likelihoods_of_people(flats, draws)
    single = [log_likelihood_of_people(flats, problem.structure.parts, one) for one in draws]
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, single, rtol=1e-10)
