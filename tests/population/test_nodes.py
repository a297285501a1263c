"""Nodes for posteriors that defeat a single proposal: bent, split, needle-thin, and how honest their weights are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from estimation.inference.population_sampler import ATTEMPTS
from estimation.population.batch import Batch, Nodes
from estimation.population.nodes import Builder
from estimation.population.normal import Population
from estimation.population.prior import Prior
from estimation.population.proposal import around, fitted
from estimation.population.structure import Part
from estimation.population.walk import walk

PART = Part((0,), (0, 1))
STANDARD = Population(np.zeros(2), np.ones(2), np.ones(1))
DISTANT = stats.multivariate_normal([2.0, -1.5], 0.01 * np.eye(2))
NEAR = stats.multivariate_normal([-1.0, 1.0], 0.04 * np.eye(2))


class Alike:
    """People who all have one likelihood."""

    def __init__(self, people, likelihood):
        self.people, self.likelihood = people, likelihood

    def __len__(self):
        return self.people

    def evaluate_kinds(self, _kinds, _people, theta, _dims, _cores, _advance):
        return self.likelihood(theta)


def thin_sheet(theta):
    """A bent sheet of thickness 0.01 through the whole population, as people leave who are almost indifferent."""
    return -0.5 * ((theta[..., 1, :] - bend(theta[..., 0, :])) / 0.01) ** 2


def bend(place):
    return np.tanh(place / 2)


def two_peaks(theta):
    place = np.moveaxis(theta, -2, -1)
    return np.logaddexp(DISTANT.logpdf(place), NEAR.logpdf(place)).reshape(place.shape[:-1])


def exact(likelihood):
    """Integrate over the standard normal population on a grid as fine as the likelihood."""
    x = np.linspace(-6, 6, 1201)
    if likelihood is two_peaks:
        grid = np.stack([axis.ravel() for axis in np.meshgrid(x, x, indexing="ij")])
        return special.logsumexp(two_peaks(grid) + STANDARD.log_density(grid)) + 2 * np.log(x[1] - x[0])
    # Across the sheet the population hardly changes: what remains is a line, with the Gaussian's area across it.
    second = bend(x)
    line = STANDARD.log_density(np.stack([x, second]))
    return special.logsumexp(line) + np.log((x[1] - x[0]) * 0.01 * np.sqrt(2 * np.pi))


@pytest.mark.parametrize("likelihood", [thin_sheet, two_peaks])
def test_a_difficult_person_gets_nodes_whose_sum_is_the_integral(likelihood):
    prior = Prior(np.zeros(2), np.full(2, 0.5), np.ones(2), np.ones(1))
    builder = Builder(Alike(3, likelihood), PART, prior, np.random.default_rng(4), 1)
    nodes = builder.recentre(builder.build(), STANDARD)
    for _ in range(ATTEMPTS):  # as in a fit: nodes of whoever has heavy tails are made anew, which one in twenty needs
        if all(np.all(batch.pareto_k(STANDARD) < 0.7) for batch in nodes.batches):
            break
        nodes = builder.recentre(nodes, STANDARD)
    for batch in nodes.batches:
        found = special.logsumexp(batch.log_terms(STANDARD), axis=(0, 2))
        error = 1 / np.sqrt(batch.effective(STANDARD))
        assert np.all(batch.pareto_k(STANDARD) < 0.7)
        assert np.all(np.abs(found - exact(likelihood)) < 4 * error), (found, exact(likelihood), error)


def test_nodes_are_not_weighed_by_a_proposal_that_was_fitted_to_them():
    people = 150
    prior = Prior(np.zeros(2), np.full(2, 0.5), np.ones(2), np.ones(1))
    builder = Builder(Alike(people, thin_sheet), PART, prior, np.random.default_rng(10), 1)
    explored = builder.build()

    def ratio(nodes):
        found = np.empty(people)
        for batch in nodes.batches:
            found[batch.person] = special.logsumexp(batch.log_terms(STANDARD), axis=(0, 2))
        return np.exp(found - exact(thin_sheet))

    def apart(found):
        return (found.mean() - 1) / (found.std() / np.sqrt(people))

    # While exploring, nodes of all rounds are kept, and their sums are too small: by an eighth here.
    assert apart(ratio(explored)) < -4
    fresh = Nodes(tuple(builder._fresh(batch, STANDARD, 8, 640) for batch in explored.batches), STANDARD)
    assert abs(apart(ratio(fresh))) < 4
    polished = ratio(builder.polish(explored, STANDARD))
    assert abs(polished.mean() - 1) < 0.03, "what is left: people of whom a part is missed whatever is tried"
    assert polished.std() < 0.1


def test_walkers_end_up_spread_like_the_posterior():
    rng = np.random.default_rng(6)
    root = np.array([[1.0, 0.0], [0.99, 0.02]])  # correlation .9998
    inverse = np.linalg.inv(root)
    start = rng.standard_normal((1, 2, 2, 64))  # fifty spreads off: after 200 steps one crowd in four has stragglers
    seen = walk(lambda theta: -0.5 * ((inverse @ theta) ** 2).sum(axis=-2), start, 1_200, 20, rng)
    white = (inverse @ seen).reshape(2, 2, -1)
    # 64 walkers that mix within a few dozen steps: a standard deviation is known to about 1 / sqrt(2 * 200).
    assert np.all(np.abs(white.std(axis=-1) - 1) < 4 / np.sqrt(400))


def test_rounds_are_weighed_together_by_the_density_of_all_their_proposals():
    rng = np.random.default_rng(7)
    first = around(np.zeros((1, 1, 2)), np.eye(2)[None, None], STANDARD, 4000)
    theta = first.draw(rng)
    batch = Batch.empty(np.array([0]), 1, 2).extended(first, theta, two_peaks(theta))
    second = fitted(batch.theta, batch.log_terms(STANDARD), 4, STANDARD, 4000, rng)
    theta = second.draw(rng)
    batch = batch.extended(second, theta, two_peaks(theta))
    np.testing.assert_allclose(
        batch.log_total, np.logaddexp(first.log_total(batch.theta), second.log_total(batch.theta))
    )
    # The nodes are worth more together than those of the better proposal alone.
    alone = Batch.empty(np.array([0]), 1, 2).extended(second, theta, two_peaks(theta))
    assert batch.effective(STANDARD)[0] > alone.effective(STANDARD)[0]


def test_a_proposal_is_a_density_and_draws_what_it_says():
    rng = np.random.default_rng(8)
    theta = rng.standard_normal((1, 1, 2, 300)) * [[0.5], [2.0]]
    proposal = fitted(theta, np.zeros((1, 1, 300)), 3, STANDARD, 20_000, rng)
    x = np.linspace(-40, 40, 801)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(x, x, indexing="ij")])[None, None]
    total = np.exp(special.logsumexp(proposal.log_total(grid)) + 2 * np.log(x[1] - x[0]))
    np.testing.assert_allclose(total, 20_000, rtol=0.01)
    drawn = proposal.draw(rng)[0, 0]
    density = np.exp(proposal.log_total(grid)[0, 0]) * (x[1] - x[0]) ** 2 / total
    for d in range(2):
        inside = density[np.abs(grid[0, 0, d]) < 1].sum()
        assert abs((np.abs(drawn[d]) < 1).mean() - inside) < 4 * np.sqrt(inside * (1 - inside) / 20_000) + 0.01
