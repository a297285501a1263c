"""Nodes by parts: each kind in its own dimensions, and together the likelihood that dense quadrature gives."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from engine import GAMES, TRUST
from oracles.one_population import log_likelihood_of_people
from scipy import special

import estimation as est
from estimation.fits.checkpoint import Checkpoint
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import REFINED, RELEVANT
from estimation.population.flat import flat_nodes, people_draws, some_draws
from estimation.population.normal import Population
from estimation.population.stored import arrays_of, nodes_of
from estimation.population.structure import PopulationDraws
from estimation.sealing import sealed

OPTIONS = {"lapse": False}


@pytest.fixture(scope="module")
def built():
    theory = est.Mixture([est.TrustEmbedded(**OPTIONS), est.LevelK(max_level=1, **OPTIONS)])
    situations = est.design(GAMES, people=8, decisions=6, seed=1, roles=("receiver",))
    people = {name: TRUST[name] for name in ("trust", "receiver_precision")}
    table, _ = est.simulate(theory, situations, people, seed=2)
    problem = MessageProblem(theory, table)
    return problem, problem.builder(np.random.default_rng(3), cores=1).build()


def population(correlation=0.0):
    """A population in which trusting people are the more precise ones, or not."""
    matrix = np.array([[1.0, correlation], [correlation, 1.0]]) if correlation else None
    return Population(np.array([0.3, 1.0]), np.array([0.9, 0.4]), np.array([0.5, 0.2, 0.3]), matrix)


def test_kinds_to_whom_fewer_parameters_matter_have_nodes_in_fewer_dimensions(built):
    problem, ensemble = built
    assert [part.kinds for part in ensemble.parts] == [(0,), (1, 2)]
    names = [[problem.parameters[dim].name for dim in part.dims] for part in ensemble.parts]
    assert names == [["trust", "receiver_precision"], ["receiver_precision"]]
    for part, nodes in zip(ensemble.parts, ensemble.nodes, strict=True):
        for batch in nodes.batches:
            assert batch.theta.shape[0] == len(part.kinds)
            assert batch.theta.shape[2] == len(part.dims)


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_a_mixture_integrates_like_dense_quadrature_over_all_dimensions(built, correlation):
    problem, ensemble = built
    crowd = population(correlation)
    axes = [m + s * np.linspace(-6, 6, 121) for m, s in zip(crowd.mean, crowd.sd, strict=True)]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    log_cell = np.log([axis[1] - axis[0] for axis in axes]).sum()
    dense = [
        special.logsumexp(
            [
                np.log(crowd.share[kind])
                + special.logsumexp(problem.crowd.evaluate(kind, person, grid) + crowd.log_density(grid))
                + log_cell
                for kind in range(3)
            ]
        )
        for person in range(len(problem.crowd))
    ]
    got = log_likelihood_of_people(flat_nodes(ensemble), ensemble.parts, crowd)
    error = np.sqrt(1 / ensemble.effective(crowd) + 1 / 256)  # of the nodes, and of thinning them
    assert np.all(np.abs(got - dense) < 4 * error)
    np.testing.assert_allclose(
        [special.logsumexp(terms) for terms in ensemble.log_terms(crowd)], dense, atol=4 * error.max()
    )


def test_people_are_drawn_with_the_chances_of_their_kinds(built):
    problem, ensemble = built
    crowd = population()
    found = {"mean": crowd.mean[None], "sd": crowd.sd[None], "share": crowd.share[None]}
    draws = PopulationDraws(problem.structure, found)
    rng = np.random.default_rng(4)
    drawn = people_draws(flat_nodes(ensemble), draws, problem.table.subjects, rng, some_draws(draws, 400, rng))
    chance = ensemble.chances(crowd)[0]
    error = np.sqrt(chance * (1 - chance) / 400 + 1e-3)
    assert np.all(np.abs((drawn["kind"] == 0).mean("sample") - chance) < 4 * error)
    other = drawn["theta"].where(drawn["kind"] > 0).sel(parameter="trust")
    assert float(other.mean()) == pytest.approx(crowd.mean[0], abs=0.1)
    assert float(other.std()) == pytest.approx(crowd.sd[0], abs=0.1)


def test_an_ensemble_is_read_back_from_a_checkpoint_as_it_was(built, tmp_path):
    _, ensemble = built
    checkpoint = Checkpoint(tmp_path)
    checkpoint.keep_arrays("nodes", arrays_of(ensemble))
    again = checkpoint.arrays("nodes", nodes_of)
    assert again.parts == ensemble.parts
    for crowd in (population(), population(0.5)):
        for one, other in zip(ensemble.log_terms(crowd), again.log_terms(crowd), strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_damaged_or_foreign_checkpoint_is_not_used_and_says_so(built, tmp_path):
    _, ensemble = built
    checkpoint = Checkpoint(tmp_path)
    file = checkpoint.folder / "nodes.npz"
    checkpoint.keep_arrays("nodes", arrays_of(ensemble))
    whole = file.read_bytes()
    for content in (b"", whole[: len(whole) // 2], b"no archive"):
        file.write_bytes(content)
        with pytest.warns(UserWarning, match=r"nodes.npz cannot be read .* computed again"):
            assert checkpoint.arrays("nodes", nodes_of) is None


class Planted:
    """What an unpickler would run."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return open, (str(self.place), "w")


def test_nothing_in_a_checkpoint_is_run(built, tmp_path):
    """A file can name what nodes are made of and nothing else; objects in arrays are pickles, and are not read."""
    checkpoint, file = Checkpoint(tmp_path), tmp_path / "nodes.npz"
    form = {"form": np.array(json.dumps({"kind": "Ensemble", "parts": {"array": "planted"}}))}
    np.savez(file, planted=np.array([Planted(tmp_path / "run")]), **form)
    file.write_bytes(sealed(file.read_bytes()))
    with pytest.warns(UserWarning, match="cannot be read"):
        assert checkpoint.arrays("nodes", nodes_of) is None
    for kind in ("Path", "Population"):
        np.savez(file, form=np.array(json.dumps({"kind": kind, "mean": 1.0})))
        file.write_bytes(sealed(file.read_bytes()))
        with pytest.warns(UserWarning, match="cannot be read"):
            assert checkpoint.arrays("nodes", nodes_of) is None
    assert not (tmp_path / "run").exists()


def test_a_checkpoint_of_something_else_than_an_ensemble_is_not_used(built, tmp_path):
    _, ensemble = built
    checkpoint = Checkpoint(tmp_path)
    checkpoint.keep_arrays("nodes", arrays_of(ensemble.parts[0]))
    with pytest.warns(UserWarning, match=r"nodes.npz cannot be read \(.* is no ensemble of nodes"):
        assert checkpoint.arrays("nodes", nodes_of) is None


def with_weights(ensemble, part, log_likelihood):
    """Return an ensemble in which nodes of a part have other likelihoods."""
    batches = tuple(replace(batch, log_likelihood=log_likelihood(batch)) for batch in ensemble.nodes[part].batches)
    nodes = list(ensemble.nodes)
    nodes[part] = replace(nodes[part], batches=batches)
    return replace(ensemble, nodes=tuple(nodes))


def test_tails_are_those_of_parts_and_of_such_as_a_person_may_belong_to(built):
    _, ensemble = built
    crowd = population()
    rng = np.random.default_rng(1)
    heavy = with_weights(
        ensemble, 1, lambda batch: batch.log_total + 4 * rng.standard_normal(batch.log_total.shape) - 1e3
    )
    assert np.all(heavy.chances(crowd)[1] < 1e-9)
    alone = [batch.pareto_k(crowd.part(heavy.parts[0].dims, (0,))) for batch in heavy.nodes[0].batches]
    np.testing.assert_array_equal(np.sort(heavy.pareto_k(crowd)), np.sort(np.concatenate(alone)))
    likely = with_weights(heavy, 1, lambda batch: batch.log_likelihood + 1e3 + 20)
    assert np.all(likely.chances(crowd)[1] > 0.5)
    assert np.all(likely.pareto_k(crowd) > 0.7)


@pytest.mark.parametrize(("chance", "is_refined"), [(RELEVANT / 2, True), (REFINED / 2, False)])
def test_a_part_is_refined_before_a_person_may_belong_to_it(built, chance, is_refined):
    """The next posterior may think a part likelier than this one: then its nodes count, and must be good already."""
    problem, ensemble = built
    crowd, rng = population(), np.random.default_rng(1)
    uneven = with_weights(ensemble, 1, lambda batch: batch.log_total + 4 * rng.standard_normal(batch.log_total.shape))
    (first, second), wanted = uneven.log_evidence(crowd), np.log(chance / (1 - chance))
    shifted = with_weights(
        uneven, 1, lambda batch: batch.log_likelihood + (first - second + wanted)[batch.person, None]
    )
    np.testing.assert_allclose(shifted.chances(crowd)[1], chance)
    again = problem.builder(rng, cores=1).recentre(shifted, crowd)
    before, after = (
        {person: batch.theta.shape[-1] for batch in each.nodes[1].batches for person in batch.person}
        for each in (shifted, again)
    )
    assert all((after[person] != size) == is_refined for person, size in before.items())


def test_a_kind_that_rests_on_few_nodes_shows_though_another_has_many(built):
    _, ensemble = built
    crowd, part = population(), ensemble.parts[1]
    batch = ensemble.nodes[1].batches[0]
    even = replace(batch, log_likelihood=batch.log_total - crowd.part(part.dims, part.kinds).log_density(batch.theta))
    spike = even.log_likelihood.copy()
    spike[0] -= 5
    spike[0, :, 3] += 5 + np.log(0.1 * spike.shape[-1])
    local = crowd.part(part.dims, part.kinds)
    assert np.all(even.fewest(local) > 100)
    spiked = replace(even, log_likelihood=spike)
    assert np.all(spiked.fewest(local) < 2)
    assert np.all(spiked.effective(local) > 24)
