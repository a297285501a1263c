"""Maxima where people hardly differ, against an integral over a grid; nodes that move against nodes that stay."""

from __future__ import annotations

import numpy as np
import pytest
from sandwiches import sandwich
from scipy import special, stats

import estimation as est
from estimation.inference.pooled.population_mode import Ground
from estimation.inference.pooled.searched import Searched, Units
from estimation.inference.problem import MessageProblem
from estimation.population.structure import Coordinates

HIGHEST = 20
GAMES = {"over": est.EstimationGame("over", highest=HIGHEST)}
PEOPLE, LEAST = 20, 0.02  # the smallest spread that is searched
TRUST = np.linspace(-7, 7, 281)  # logit
POINTS, WEIGHTS = np.array([-np.sqrt(3), 0, np.sqrt(3)]), np.log([1 / 6, 2 / 3, 1 / 6])  # Gauss and Hermite's three


@pytest.fixture(scope="module")
def table():
    """Receivers who differ in trust, and hardly in precision."""
    situations = est.design(GAMES, people=PEOPLE, decisions=10, seed=1, roles=("receiver",))
    population = {"trust": (0.5, 1.0), "receiver_precision": (2.0, 0.05)}
    return est.simulate(est.TrustEmbedded(lapse=False), situations, population, seed=2)[0]


def on_a_grid(table):
    """Return a function of (mean, log spread of trust; mean of log precision): people's log likelihoods."""
    options = np.arange(HIGHEST + 1.0)
    prior = stats.betabinom.pmf(np.arange(HIGHEST + 1), HIGHEST, 3, 3)
    below = prior * (options <= options[:, None])
    below /= below.sum(axis=1, keepdims=True)  # (message, state): liars exaggerate
    belief = special.expit(TRUST)[:, None, None] * options[:, None] + special.expit(-TRUST)[:, None, None] * options
    worth = -np.einsum("tmas,ms->tma", np.abs(options[:, None] - belief[:, :, None, :]), below)
    done = np.zeros((PEOPLE, HIGHEST + 1, HIGHEST + 1))
    place = {who: row for row, who in enumerate(table.subjects)}
    for row in table.frame.itertuples():
        done[place[row.subject], int(row.message), int(row.action)] += 1

    def by_person(vector):
        mean, log_sd, precision = vector
        density = stats.norm.logpdf(TRUST, mean, np.exp(log_sd))
        chance = [special.log_softmax(np.exp(precision + LEAST * z) * worth, axis=-1) for z in POINTS]
        own = np.tensordot(done, np.array(chance), axes=((1, 2), (2, 3)))  # (person, point, trust)
        return special.logsumexp(own + WEIGHTS[:, None] + density - special.logsumexp(density), axis=(1, 2))

    return by_person


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_spread_at_its_end_leaves_the_other_numbers_and_their_errors_right(table, seed):
    found = est.mode(est.TrustEmbedded(lapse=False), table, seed=seed)
    estimate, error = found.summary["estimate"], found.summary["standard_error"]
    assert estimate["spread of receiver_precision"] == pytest.approx(LEAST)
    assert np.isnan(error["spread of receiver_precision"])
    at = [special.logit(estimate["trust"]), *np.log(estimate[["spread of trust", "receiver_precision"]])]
    by_person, at = on_a_grid(table), np.array(at)
    np.testing.assert_allclose(found.by_person, by_person(at), atol=0.03)
    score, covariance = sandwich(by_person, at)
    wanted = np.sqrt(np.diag(covariance))
    assert (np.abs(np.linalg.solve(np.linalg.inv(covariance), score.sum(axis=1))) < 0.15 * wanted).all()
    slopes = [estimate["trust"] * (1 - estimate["trust"]), *estimate[["spread of trust", "receiver_precision"]]]
    np.testing.assert_allclose(error.dropna(), wanted * slopes, rtol=0.05)


def ground(theory, table):
    problem = MessageProblem(theory, table)
    coordinates = Searched(Coordinates(problem.structure), Units.of(problem))
    team = problem.builder(np.random.default_rng(1), 1)
    nodes = team.build()
    start = coordinates.coordinates.start(nodes.population)
    return Ground.of(problem, team, nodes, coordinates, nodes.population), coordinates, coordinates.searched(start)


def crowd_of_both_roles():
    situations = est.design(GAMES, people=12, decisions=8, seed=1)
    frame = situations.frame.assign(age=lambda rows: rows["subject"].str[1:].astype(float))
    told = est.Table.from_frame(frame, GAMES, name="told", synthetic=True)
    names = [p.name for p in MessageProblem(est.TrustEmbedded(lapse=False), told).parameters]
    return est.simulate(est.TrustEmbedded(lapse=False), told, dict.fromkeys(names, (0.6, 0.5)), seed=3)[0]


THEORIES = {
    "alike": est.TrustEmbedded(lapse=False),
    "correlated": est.TrustEmbedded(lapse=False, correlated=True),
    "columns": est.TrustEmbedded(lapse=False, trust="~ age"),
    "kinds": est.LevelK(max_level=1, lapse=False),
}


@pytest.mark.parametrize("theory", THEORIES.values(), ids=list(THEORIES))
def test_nodes_that_move_give_the_integrals_of_nodes_that_stay(theory):
    """Under the population that they were made for the same sums; beside it those of nodes that were put there."""
    searched, coordinates, vector = ground(theory, crowd_of_both_roles())
    pairs, effects = len(coordinates.coordinates.structure.pairs), searched.effects
    vector[len(vector) - pairs :] = 0.2
    staying = searched.placed(vector, np.zeros(effects, dtype=bool))
    near = vector + 0.04 * np.random.default_rng(2).uniform(-1, 1, len(vector))
    at, beside = (coordinates.populations(one[:, None]) for one in (vector, near))
    for moves in (np.arange(effects) % 2 == 0, np.ones(effects, dtype=bool)):
        moving = searched.placed(vector, moves)
        np.testing.assert_allclose(moving.of(at), staying.of(at), rtol=1e-7)
        there = searched.placed(near, moves).of(beside)
        np.testing.assert_allclose(moving.of(beside), there, atol=0.01)
        assert np.abs(there - moving.of(at)).max() > 0.05


@pytest.mark.parametrize("theory", THEORIES.values(), ids=list(THEORIES))
def test_halves_of_nodes_that_move_are_halves_of_the_integrals(theory):
    searched, coordinates, vector = ground(theory, crowd_of_both_roles())
    moving = searched.placed(vector, np.ones(searched.effects, dtype=bool))
    at = coordinates.populations(vector[:, None])
    halves = [half.of(at) for half in moving.halves(np.random.default_rng(1))]
    np.testing.assert_allclose(special.logsumexp(halves, axis=0) - np.log(2), moving.of(at), rtol=1e-9)
