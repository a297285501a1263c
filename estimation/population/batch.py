"""Nodes that have been evaluated, with the weights that make sums over them integrals over people's parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from estimation.arrays import Array, Indices, Mask
from estimation.fits.checks import effective_size, tail_shapes
from estimation.population.normal import Population
from estimation.population.prior import Prior
from estimation.population.proposal import INFLATED, NARROW, Proposal

DOUBT = 0.3  # of what nodes are worth: under one wide population, should those to come be others
UNFORESEEN = 0.1  # of the nodes that the sampler sees, for populations that were not foreseen
SETTLED = 0.005  # distance of a population from the one before, at which EM ends
RARE = 0.01  # share of a person's posterior up to which a kind may rest on few nodes
KEPT = 640  # nodes of each person that the sampler sees, at fineness 1


@dataclass(frozen=True, eq=False)
class Batch:
    """Nodes of some people, the same number for each.

    Nodes of all rounds count, each weighed by the density that the proposals of all rounds have together there (the
    balance heuristic: Veach and Guibas 1995; Cornuet, Marin, Mira and Robert 2012, Scand. J. Statist. 39:798-812).

    Attributes
    ----------
    person : (person,) integer array
        Which people, by position.
    theta : (kind, person, dim, node) array, transformed scale
    log_likelihood : (kind, person, node) array, nats
    log_total : (kind, person, node) array
        Log of the sum over proposals of count times density.
    proposals
        Where the nodes were drawn.
    """

    person: Indices
    theta: Array
    log_likelihood: Array
    log_total: Array
    proposals: tuple[Proposal, ...]

    @classmethod
    def empty(cls, person: Indices, kinds: int, dims: int) -> Batch:
        """Return a batch without nodes."""
        none = np.empty((kinds, len(person), 0))
        return cls(person, np.empty((kinds, len(person), dims, 0)), none, none, ())

    @property
    def log_weight(self) -> Array:
        """Log likelihood minus log density of the nodes, (kind, person, node)."""
        return self.log_likelihood - self.log_total

    @property
    def second(self) -> Mask:
        """Which nodes belong to the second of two independent halves, (node,)."""
        sizes = (proposal.count for proposal in self.proposals)
        halves = [np.repeat([False, True], [size - size // 2, size // 2]) for size in sizes]
        return np.concatenate([np.zeros(0, dtype=bool), *halves])

    def extended(self, proposal: Proposal, theta: Array, log_likelihood: Array) -> Batch:
        """Return the batch with the nodes that were drawn from one more proposal."""
        proposals = (*self.proposals, proposal)
        new = special.logsumexp([each.log_total(theta) for each in proposals], axis=0)
        old = np.logaddexp(self.log_total, proposal.log_total(self.theta)) if self.proposals else self.log_total
        return Batch(
            self.person,
            np.concatenate([self.theta, theta], axis=-1),
            np.concatenate([self.log_likelihood, log_likelihood], axis=-1),
            np.concatenate([old, new], axis=-1),
            proposals,
        )

    def only(self, keep: Any) -> Batch:
        """Return the batch for some of its people (a mask over them)."""
        return Batch(
            self.person[keep],
            self.theta[:, keep],
            self.log_likelihood[:, keep],
            self.log_total[:, keep],
            tuple(proposal.only(keep) for proposal in self.proposals),
        )

    def log_terms(self, population: Population, widened: float = 1.0) -> Array:
        """Return the log of what each node adds to the likelihood of its person, (kind, person, node)."""
        share, mine = population.log_share[:, None, None], population.of(self.person)
        terms = share + mine.log_density(self.theta, widened) + self.log_weight
        return np.where(np.isfinite(terms), terms, -1e10)

    def weights(self, population: Population, widened: float = 1.0) -> Array:
        """Return the posterior probability of each node of a person, (kind, person, node)."""
        terms = self.log_terms(population, widened)
        weight = np.exp(terms - terms.max(axis=(0, 2), keepdims=True))
        return np.asarray(weight / weight.sum(axis=(0, 2), keepdims=True))

    def log_worth(self, population: Population, serving: tuple[Population, ...]) -> Array:
        """Return the log of what nodes are worth under populations to come, (kind, person, node).

        That is their mean weight, of which a part is the weight under `population`: all of it if no other is given.
        """
        terms = self.log_terms(population, NARROW)
        if not serving:
            return terms
        mean = sum(self.weights(each) for each in serving) / len(serving)
        return np.log(np.maximum(DOUBT * special.softmax(terms, axis=(0, 2)) + (1 - DOUBT) * mean, 1e-300))

    def likeliest(self, population: Population, widened: float) -> Array:
        """Return for each person the node of the highest posterior density, (kind, person, dim, 1)."""
        value = self.log_likelihood + population.of(self.person).log_density(self.theta, widened)
        return np.take_along_axis(self.theta, value.argmax(axis=-1)[..., None, None], -1)

    def effective(self, population: Population) -> Array:
        """Return how many independent nodes each person's nodes are worth, (person,)."""
        return effective_size(special.softmax(self.by_person(population), axis=1))

    def fewest(self, population: Population) -> Array:
        """Return how many independent nodes each person's likeliest kinds are worth, the fewest of any, (person,)."""
        weight = self.weights(population)
        share = weight.sum(axis=-1)
        effective = share**2 / np.maximum((weight**2).sum(axis=-1), 1e-300)
        return np.asarray(np.where(share > RARE, effective, np.inf).min(axis=0))

    def pareto_k(self, population: Population) -> Array:
        """Return the Pareto shape of each person's importance weights, (person,)."""
        return tail_shapes(self.by_person(population))

    def by_person(self, population: Population) -> Array:
        """Return the log of what each node adds to the likelihood of its person, (person, kind and node)."""
        terms = self.log_terms(population)
        return np.moveaxis(terms, 0, 1).reshape(terms.shape[1], terms.shape[0] * terms.shape[2])


@dataclass(frozen=True, eq=False)
class Nodes:
    """Evaluated nodes of everybody, each person in one batch, and the population that they are adapted to.

    Attributes
    ----------
    kept
        How many nodes of each person the sampler is to see.
    serving
        Populations that the sampler is likely to meet, as drawn from a posterior: nodes should be worth much there.
    """

    batches: tuple[Batch, ...]
    population: Population
    kept: int = KEPT
    serving: tuple[Population, ...] = ()

    def keep_chance(self, share: float = 1.0) -> tuple[Array, ...]:
        """Return the probability with which the sampler sees each node, of each batch (kind, person, node).

        It follows what a node is worth: a sum over kept nodes varies least if that is the root mean square of its
        shares under the populations to come. A part follows its share under a wide population, should others come.

        Parameters
        ----------
        share
            Of `kept`, where fewer are enough.
        """
        return tuple(np.minimum(1.0, share * self.kept * worth) for worth in self._worth)

    @cached_property
    def _worth(self) -> tuple[Array, ...]:
        return tuple(self._worth_of(batch) for batch in self.batches)

    def _worth_of(self, batch: Batch) -> Array:
        """Return what nodes are worth, (kind, person, node), one in sum for each person."""
        wide = batch.weights(self.population, INFLATED)
        if not self.serving:
            return wide
        worth = np.sqrt(sum(batch.weights(population) ** 2 for population in self.serving))
        return (1 - UNFORESEEN) * worth / worth.sum(axis=(0, 2), keepdims=True) + UNFORESEEN * wide


def likelier(batches: tuple[Batch, ...], prior: Prior, population: Population, steps: int) -> Population:
    """Return a population that people's nodes make more likely, after steps of Monte Carlo EM: fewer if it settles."""
    people = sum(len(batch.person) for batch in batches)
    first, second = np.empty((2, people, len(population.sd)))
    for _ in range(steps):
        share = np.zeros(len(prior.concentration))
        for batch in batches:
            weight = batch.weights(population)
            first[batch.person] = np.einsum("kis,kids->id", weight, batch.theta)
            second[batch.person] = np.einsum("kis,kids->id", weight, batch.theta**2)
            share += weight.sum(axis=(1, 2))
        before, population = population, prior.most_likely(np.ones_like(first), first, second, share, population)
        if _distance(before, population) < SETTLED:
            break
    return population


def _distance(one: Population, other: Population) -> float:
    """Return how far two populations are from each other: in spreads, in the logarithms of these, or in shares."""
    gaps = (other.mean - one.mean) / other.sd, np.log(other.sd / one.sd), other.share - one.share
    return max(float(np.abs(gap).max(initial=0.0)) for gap in gaps)


def parted(masks: Iterable[Mask], batches: tuple[Batch, ...]) -> tuple[tuple[Batch, ...], tuple[Batch, ...]]:
    """Return batches of the people whom masks pick, one for each batch, and batches of the others."""
    pairs = list(zip(batches, masks, strict=True))
    picked = (batch.only(mask) for batch, mask in pairs if mask.any())
    others = (batch.only(~mask) for batch, mask in pairs if not mask.all())
    return tuple(picked), tuple(others)
