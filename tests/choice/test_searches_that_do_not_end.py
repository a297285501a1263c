"""Climbs, slices, chains and names of components where they end without an answer: what they return then is right."""

from __future__ import annotations

import math
from threading import Event
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from choice_builders import choice_table
from oracles.choice_loops import cross_nested_shares
from test_latent_classes import target_of
from test_mixed_mode import crowd
from test_nests import CROSSED

import estimation as est
from estimation.choice.classes.draws import check_needed, mode_of
from estimation.choice.hierarchy import maximum, sampler
from estimation.choice.hierarchy.adaptation import started
from estimation.choice.hierarchy.problem import TastePopulation
from estimation.choice.hierarchy.scaling import _sliced
from estimation.choice.hierarchy.tables import shift_tables
from estimation.choice.hierarchy.trajectory import acceptance, followed, trajectory
from estimation.choice.hierarchy.triangular_moves import _between
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.mixtures import labels
from estimation.choice.mixtures.chain import MixtureChain
from estimation.choice.sampling import pooled_draws
from estimation.fits.job import Settings

TERMS = ["price", "quality"]


class Hill:
    """A log likelihood of one number, its slope and minus its second derivative, as three functions."""

    def __init__(self, value, slope, bend):
        self.parts = value, slope, bend

    def starts(self, prior):
        assert not prior
        return [np.array([1.0])]

    def slope(self, x):
        return float(self.parts[0](x[0])), np.array([self.parts[1](x[0])])

    def information(self, x):
        return np.array([[self.parts[2](x[0])]])


def test_a_climb_without_a_top_ends_and_says_so():
    top = maximise(Hill(lambda x: x, lambda _: 1.0, lambda _: 1.0), prior=False)
    assert not top.converged
    assert top.value == top.parameters[0] == 201.0


@pytest.mark.parametrize(("slope", "converged"), [(5e-4, True), (1e-2, False)])
def test_where_no_step_gains_a_top_is_one_if_little_could_be_gained(slope, converged):
    """A gain of 1.2e-7 nats may be lost in rounding; where 5e-5 are not found the slope is that of another hill."""
    top = maximise(Hill(lambda _: 0.0, lambda _: slope, lambda _: 1.0), prior=False)
    assert top.converged is converged
    assert top.parameters[0] == 1.0


def test_a_slice_that_finds_nothing_stays_where_it_was():
    rng = np.random.default_rng(0)
    assert _sliced(lambda _: -math.inf, lambda _: 0.0, -3.0, 1.0, rng) == (0.0, -3.0)
    assert _between(lambda place: 0.0 if place == 0.25 else -math.inf, 0.25, 0.0, 1.0, rng) == 0.25


def test_a_trajectory_that_meets_a_density_of_nothing_is_not_taken():
    everywhere = SimpleNamespace(root=np.eye(2), is_possible=lambda _: True)
    path = trajectory(everywhere, np.zeros(2), 0.5, np.random.default_rng(1))
    seen = []

    def density(q):
        seen.append(q)
        return (0.0 if len(seen) == 1 else -math.inf), np.full(2, 7.0 * len(seen))

    _, change, first = followed(path, density)
    assert len(seen) == 2
    assert acceptance(change) == 0.0
    np.testing.assert_array_equal(first, [7.0, 7.0])


@pytest.fixture
def chain():
    return started(est.MultinomialLogit(TERMS, random="all").on(choice_table(20)).hierarchy, np.random.default_rng(2))


def test_a_population_that_can_be_moved_nowhere_stays_and_its_people_move(chain):
    before, people = chain.population, chain.theta.copy()
    chain.scatter(1e9)
    assert chain.population is before
    assert not np.array_equal(chain.theta, people)


def test_a_singular_population_stays(chain):
    flat = TastePopulation(chain.population.shift, np.ones((2, 2)), chain.population.fixed)
    chain.population = flat
    chain.scatter(1.0)
    assert chain.population is flat


def test_chains_that_are_halted_stop_at_the_next_draw(chain):
    halt = Event()
    assert len(sampler._walk(chain, 5, 1, halt, halt.set)) == 1
    assert sampler._walk(chain, 5, 1, halt, halt.set) == []


def test_components_that_have_seen_no_gradients_learn_nothing(chain):
    mixture = MixtureChain(chain, 2, np.random.default_rng(3))
    mixture.learn()
    assert [component.white_root for component in mixture.components] == [None, None]
    assert mixture.share.tolist() == [0.5, 0.5]


def test_names_of_components_that_do_not_settle_are_still_names(monkeypatch):
    rng = np.random.default_rng(4)
    own = rng.integers(0, 3, (30, 12))
    monkeypatch.setattr(labels, "ROUNDS", 1)
    found = labels.orders_of(own, 3)
    assert (np.sort(found, axis=1) == np.arange(3)).all()
    sizes = [(own == found[:, place, None]).sum() for place in range(3)]
    assert sizes == sorted(sizes, reverse=True)


def test_a_maximum_that_has_not_settled_is_refused(monkeypatch):
    monkeypatch.setattr(maximum, "ROUNDS", 1)
    with pytest.raises(est.ChoiceError, match="The search for the maximum did not end"):
        est.mode(est.MultinomialLogit(["x"], random="all"), crowd(15))


@pytest.mark.parametrize("classes", [1, 2])
def test_one_class_or_two_that_differ_are_needed(classes):
    target, _ = target_of(people=30, classes=classes, covariates=0)
    assert check_needed(target, mode_of(target)) is None


def test_a_table_too_large_to_remember_people_has_the_same_draws_and_nobodys_likelihood(monkeypatch):
    likelihood, settings = est.MultinomialLogit(TERMS).likelihood(choice_table(20)), Settings(draws=50, chains=2)
    whole = pooled_draws.sample_pooled(likelihood, settings).groups
    monkeypatch.setattr(pooled_draws, "MOST", 10)
    large = pooled_draws.sample_pooled(likelihood, settings).groups
    np.testing.assert_allclose(large["posterior"]["coefficients"], whole["posterior"]["coefficients"])
    assert dict(whole["log_likelihood"].sizes) == {"chain": 2, "draw": 50, "subject": 20}
    assert not large["log_likelihood"].data_vars


def test_equal_parts_make_the_shares_of_the_paired_form():
    model = est.CrossNestedLogit(["x"], nests=CROSSED, allocation="equal")
    rng = np.random.default_rng(5)
    utility, tau = rng.normal(size=(7, 2)), rng.uniform(0.3, 1.0, (2, 3))
    names = pd.Series(list("abcdabc"), dtype="category")
    _, found = model.predicted(utility, names, np.array([0, 4, 7]), {"dissimilarity": tau})
    belongs = {label: [nest for nest, inside in CROSSED.items() if label in inside] for label in "abcd"}
    parts = {(label, nest): 1 / len(own) for label, own in belongs.items() for nest in own}
    for (start, end), draw in ((rows, draw) for rows in ((0, 4), (4, 7)) for draw in range(2)):
        value = dict(zip(names[start:end], utility[start:end, draw], strict=True))
        expected = cross_nested_shares(value, CROSSED, dict(zip(CROSSED, tau[draw], strict=True)), parts)
        np.testing.assert_allclose(found[start:end, draw], [expected[label] for label in value])


def test_effects_of_covariates_are_a_table_of_those_that_there_are():
    """The draws are made up."""
    shift = np.zeros((1, 101, 1, 2))
    shift[0, :, 0, 0] = np.linspace(0.0, 2.0, 101)
    made = xr.DataArray(
        shift, dims=("chain", "draw", "covariate", "coefficient"), coords={"covariate": ["age"], "coefficient": TERMS}
    )
    (table,) = shift_tables(xr.Dataset({"shift": made}))
    assert [row[0] for row in table.rows] == ["age on price"]
    assert float(table.rows[0][1]) == pytest.approx(1.0, abs=0.1)
    assert shift_tables(xr.Dataset()) == []
