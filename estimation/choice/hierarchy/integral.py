"""Each person's likelihood with their tastes integrated out, for every draw of the population."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from scipy import linalg, special

from estimation.arrays import Array
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.densities import Densities
from estimation.choice.hierarchy.likelihood import log_likelihood, scratch
from estimation.choice.hierarchy.own_nodes import are_few, own_integrals, own_points
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.proposals import Proposal, around
from estimation.choice.hierarchy.sites import Sites, sites_at_modes
from estimation.fits.checks import effective_size, smoothed

NODES = 400
"""Per person; four times as many where weights are uneven, a quarter where each draw has likelihoods of its own."""
UNEVEN = 0.5
"""A Pareto k at which a person gets more nodes; below it the error falls with the square root of their number."""


class Quality(NamedTuple):
    """How far a person's integral can be trusted, at the middle of the posterior.

    Attributes
    ----------
    k
        Pareto shape of the importance weights.
    effective
        Effective number of nodes.
    error
        Monte-Carlo standard error of the log likelihood, nats.
    """

    k: float
    effective: float
    error: float


class Nodes(NamedTuple):
    """A person's nodes.

    Attributes
    ----------
    place : (node, random)
    log_ratio : (node, draw)
        Likelihood over the density of what they were drawn from, nats; one column where nothing is shared by everybody.
    effective
        As how many they count at the middle of the posterior.
    points
        Of which draws make nodes of their own; see `own_points`.
    """

    place: Array
    log_ratio: Array
    effective: float
    points: tuple[Array, Array]


class Integral:
    """A person's integral over tastes, by importance sampling from a t around their posterior.

    The nodes are made once, around the middle of the posterior. Where everybody differs in everything the likelihood is
    evaluated once per node, and another population only weighs the nodes anew. Draws for which these nodes do not do
    have nodes of their own.

    Parameters
    ----------
    middle
        The population in the middle of the posterior.
    populations
        For which the integrals are wanted.
    nodes
        Per person, to begin with.
    """

    def __init__(
        self,
        problem: MixedLogit,
        sites: Sites,
        middle: TastePopulation,
        populations: Sequence[TastePopulation],
        nodes: int = NODES,
    ) -> None:
        self.problem, self.sites, self.middle, self.count = problem, sites, middle, nodes
        self.densities, self.density_at_middle = Densities(populations), Densities([middle])

    def everybody(self, seed: int) -> tuple[Array, list[Quality]]:
        """Return log p(person | population), (draw, person), nats, and the quality of each person's integral."""
        streams = np.random.default_rng(seed).spawn(self.problem.choices.people)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            done = list(pool.map(self.person, range(len(streams)), streams))
        return np.array([value for value, _ in done]).T, [quality for _, quality in done]

    def person(self, n: int, rng: np.random.Generator) -> tuple[Array, Quality]:
        """Return one person's log p(person | population), (draw,), nats, and its quality."""
        proposal = self.proposal(n)
        least = self.count // 4 if self.middle.fixed.size else self.count
        for count in (least, 4 * least):
            nodes, log_proposal = proposal.nodes(count, rng)
            quality = _quality(self._log_weights(n, nodes, log_proposal, self.density_at_middle)[:, 0])
            if quality.k < UNEVEN:
                break
        else:
            nodes, log_proposal, quality = self._moved(n, nodes, log_proposal, quality, rng)
        ratio = self._log_ratio(n, nodes, log_proposal, self.densities.shared)
        points = own_points(nodes.shape[1], rng)
        return self._integrals(n, Nodes(nodes, ratio, quality.effective, points)), quality

    def _integrals(self, n: int, nodes: Nodes) -> Array:
        """Return one person's log p(person | population), (draw,), nats."""
        return self._under(self.densities, n, nodes)

    def _under(self, densities: Densities, n: int, nodes: Nodes) -> Array:
        """Return the logs of integrals over the person's tastes under one normal per draw, (draw,), nats."""
        weights = densities.of(nodes.place, self.problem.covariates[n])
        weights += nodes.log_ratio
        top = weights.max(axis=0)
        weights -= top
        np.exp(weights, out=weights)
        total = weights.sum(axis=0)
        value = np.asarray(top + np.log(total / len(nodes.place)))
        few = np.flatnonzero(are_few(total**2 / np.einsum("nd,nd->d", weights, weights), nodes.effective))
        if few.size:
            found, problem = np.empty(len(few)), self.problem
            mean = densities.shift[few] @ problem.covariates[n]
            precision, fixed = densities.precision[few], densities.fixed[few]
            own_integrals(problem.crowd, self.sites, n, mean, precision, fixed, *nodes.points, found)
            value[few] = found
        return value

    def _moved(
        self, n: int, nodes: Array, log_proposal: Array, quality: Quality, rng: np.random.Generator
    ) -> tuple[Array, Array, Quality]:
        """Return nodes around the mean and covariance that the weights of nodes tell, if they are better.

        Importance sampling that is adapted once: Paananen, Piironen, Bürkner and Vehtari (2021, Statistics and
        Computing 31:16) match moments likewise.
        """
        smooth = np.exp(smoothed(self._log_weights(n, nodes, log_proposal, self.density_at_middle)[:, 0])[0])
        mean = smooth @ nodes
        gap = nodes - mean
        try:
            root = np.linalg.cholesky(np.linalg.inv((gap * smooth[:, None]).T @ gap))
        except np.linalg.LinAlgError:  # fewer nodes have weight than there are tastes
            return nodes, log_proposal, quality
        others, log_density = around(mean, root).nodes(len(nodes), rng)
        found = _quality(self._log_weights(n, others, log_density, self.density_at_middle)[:, 0])
        return (others, log_density, found) if found.k < quality.k else (nodes, log_proposal, quality)

    def proposal(self, n: int) -> Proposal:
        """Return a person's Gaussian at the middle."""
        size, middle = len(self.middle.precision), self.middle
        pull, information = self.sites.pull[n], self.sites.information[n]
        expected = middle.shift @ self.problem.covariates[n]
        right = pull[:size] - information[:size, size:] @ middle.fixed + middle.precision @ expected
        root = linalg.cholesky(information[:size, :size] + middle.precision, lower=True)
        return around(linalg.cho_solve((root, True), right), root)

    def nodes(self, n: int, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Return a person's nodes (node, random), and likelihood over proposal there (node,), nats.

        For populations in which nothing is shared by everybody.
        """
        nodes, log_proposal = self.proposal(n).nodes(count, rng)
        return nodes, self._log_ratio(n, nodes, log_proposal, self.densities.shared)[:, 0]

    def _log_weights(self, n: int, nodes: Array, log_proposal: Array, densities: Densities) -> Array:
        """Return likelihood times population over proposal at nodes, (node, population), nats."""
        weights = densities.of(nodes, self.problem.covariates[n])
        weights += self._log_ratio(n, nodes, log_proposal, densities.shared)
        return weights

    def _log_ratio(self, n: int, nodes: Array, log_proposal: Array, shared: Array) -> Array:
        """Return likelihood over proposal at nodes, (node, draw of shared coefficients), nats."""
        likelihood = np.empty((len(nodes), len(shared)))
        likelihoods(self.problem.crowd, n, nodes, shared, likelihood)
        return likelihood - log_proposal[:, None]


def integral_of_new(
    problem: MixedLogit, middle: TastePopulation, populations: Sequence[TastePopulation], nodes: int = NODES
) -> Integral:
    """Return the integrals of people from whom the population was not estimated, around their modes."""
    mean = problem.means(middle)
    theta = np.column_stack([mean, np.tile(middle.fixed, (len(mean), 1))])
    sites, _ = sites_at_modes(problem.crowd, theta, mean, middle.precision)
    return Integral(problem, sites, middle, populations, nodes)


@compiled
def likelihoods_of_people(crowd: Crowd, first: int, last: int, nodes: Array, out: Array) -> None:
    """Write log P(choices), (person, node), of the people from `first` on at `nodes` (node, coefficient)."""
    room = scratch(crowd)
    for person in range(first, last):
        for node in range(len(nodes)):
            out[person, node] = log_likelihood(crowd, person, nodes[node], room)


@compiled
def likelihoods(crowd: Crowd, person: int, nodes: Array, shared: Array, out: Array) -> None:
    """Write log P(the person's choices), (node, draw), at `nodes` (node, random) with `shared` (draw, fixed)."""
    room, theta = scratch(crowd), np.empty(nodes.shape[1] + shared.shape[1])
    for draw in range(len(shared)):
        for k in range(shared.shape[1]):
            theta[nodes.shape[1] + k] = shared[draw, k]
        for node in range(len(nodes)):
            for k in range(nodes.shape[1]):
                theta[k] = nodes[node, k]
            out[node, draw] = log_likelihood(crowd, person, theta, room)


def _quality(log_weight: Array) -> Quality:
    weight = np.exp(log_weight - special.logsumexp(log_weight))
    effective = float(effective_size(weight))
    error = np.sqrt(max(1 / effective - 1 / len(weight), 0.0))
    return Quality(smoothed(log_weight)[1], effective, float(error))
