"""Where to evaluate a theory for each person: importance nodes that are adapted to what the person did.

The theory is paid for here, once per node; the population model then only reweights the nodes. Nodes are added in
rounds: climb each person's posterior under the current population, draw around the peak, update the population by a
few steps of Monte Carlo EM, fit a mixture to the weighted nodes, draw from it, and so on. Whoever has uneven weights
then gets more rounds, so that effort goes where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from estimation.games.game import Array
from estimation.population.batch import KEPT, Batch, Indices, Nodes
from estimation.population.climb import climb
from estimation.population.normal import Population, Prior
from estimation.population.proposal import INFLATED, NARROW, Proposal, around, fitted, resampled
from estimation.population.walk import walk

SCATTERED = 64  # points among which a climb starts
FIRST = (160, 5)  # nodes per person and kind around the first peak, and steps climbed before they are drawn
ROUNDS = ((4, 160), (8, 256))  # components of the mixture, and nodes drawn from it
POLISH = (8, 384)  # as ROUNDS, at fineness 1: once the population is known
AFRESH = (256, 20)  # as FIRST, for people whose weights stay uneven: needles are found by long climbs
EXTRA = ((8, 384), (12, 768), (16, 1024), (16, 2048), (16, 4096))  # as ROUNDS, for those people
WALKERS, WALKED, SNAPSHOTS = 64, 200, 8  # for people whose weights are uneven even then
ENOUGH = 96  # effective nodes wanted for each person before polishing
STEADY_K = (
    0.6  # Pareto k wanted of each person; .7 is the limit of trust, and the sampler will move the population
)

SMALL = 0.01  # share of a person's weight: if no node has more, no tail is heavy, whatever its shape

BUILDING = 1 + 2 * FIRST[1] + 1 + len(ROUNDS) + 1  # evaluations of a person while nodes are built, about
POLISHING = 3 + len(ROUNDS)  # and while they are polished and drawn anew

Evaluate = Callable[[int, int, Array], Array]
"""(kind, person, nodes (dim, node)) → log likelihood (node,)"""


@dataclass(frozen=True, eq=False)
class Builder:
    """Adapts and evaluates nodes for a crowd of people.

    Parameters
    ----------
    evaluate
        The likelihood.
    people
        How many there are.
    prior
        The prior of the population: its vague centre is where the search starts.
    fineness
        How many times more nodes than the least.
    concerned : (person,) array of bool, optional
        Whose nodes are worth refining; everybody's if left out.
    adapt
        Whether refined nodes move the population that they are adapted to; otherwise it stays as given.
    rng, cores, advance
        Randomness, threads, and a function called after each person and evaluation, for progress.
    """

    evaluate: Evaluate
    people: int
    prior: Prior
    rng: np.random.Generator
    cores: int = 2
    fineness: int = 1
    concerned: Any = None
    adapt: bool = True
    advance: Callable[[], None] = field(default=lambda: None)

    def build(self) -> Nodes:
        """Return nodes from scratch."""
        vague = self.prior.vague()
        everyone = Batch.empty(np.arange(self.people), self.prior.kinds, len(vague.sd))
        nodes = self._updated((self._climbed(everyone, vague, *FIRST),), vague)
        for components, count in ROUNDS:
            batch = self._followed(nodes.batches[0], nodes.population, components, count)
            nodes = self._updated((batch,), nodes.population)
        return self.refine(nodes)

    def polish(self, nodes: Nodes, population: Population) -> Nodes:
        """Return nodes for a population that is known: more of them for everybody, from proposals that fit closely.

        While the population is sought, proposals are widened in every dimension, and in several dimensions most of
        the nodes then fall where they count little.
        """
        components, count = POLISH
        batches = []
        for batch in nodes.batches:
            mine = self._concerned(batch)
            batches += [batch.only(~mine)] if not mine.all() else []
            if mine.any():
                more = count * self.fineness
                batches.append(self._followed(batch.only(mine), population, components, more, NARROW))
        return self.fresh(self.refine(Nodes(tuple(batches), population, KEPT * self.fineness)))

    def recentre(self, nodes: Nodes, population: Population) -> Nodes:
        """Return nodes that suit another population: more of them for the people whose weights are uneven under it."""
        return self.fresh(self.refine(Nodes(nodes.batches, population, nodes.kept)))

    def fresh(self, nodes: Nodes) -> Nodes:
        """Return nodes drawn anew from their proposals, which were fitted to others: sums over them are unbiased."""
        batches = []
        for batch in nodes.batches:
            mine = self._concerned(batch) & (not batch.is_fresh)
            batches += [batch.only(~mine)] if not mine.all() else []
            if mine.any():
                old = batch.only(mine)
                new = Batch.empty(old.person, self.prior.kinds, old.theta.shape[2])
                for proposal in old.proposals:
                    new = self._extended(new, proposal)
                batches.append(replace(new, is_fresh=True))
        return Nodes(tuple(batches), nodes.population, nodes.kept)

    def refine(self, nodes: Nodes) -> Nodes:
        """Return nodes with more of them for people whose weights are uneven under `nodes.population`."""
        for turn, (components, count) in enumerate(EXTRA):
            uneven = [self._uneven(batch, nodes.population) for batch in nodes.batches]
            if not any(poor.any() for poor in uneven):
                break
            batches = []
            for batch, poor in zip(nodes.batches, uneven, strict=True):
                batches += [batch.only(~poor)] if not poor.all() else []
                if poor.any():
                    extend = (self._followed, self._from_afar, self._walked, self._walked, self._followed)[
                        turn
                    ]
                    batches.append(extend(batch.only(poor), nodes.population, components, count))
            nodes = self._updated(tuple(batches), nodes.population, 15 if self.adapt else 0, nodes.kept)
        return nodes

    def _uneven(self, batch: Batch, population: Population) -> Any:
        """Return who has too few effective nodes, or weights of a heavy tail, (person,)."""
        uneven = self._concerned(batch) & (batch.effective(population) < ENOUGH)
        unsure = self._concerned(batch) & ~uneven & (batch.largest(population) > SMALL)
        uneven[unsure] = batch.only(unsure).pareto_k(population) > STEADY_K
        return uneven

    def _concerned(self, batch: Batch) -> Any:
        return (
            np.ones(len(batch.person), dtype=bool) if self.concerned is None else self.concerned[batch.person]
        )

    def _climbed(self, batch: Batch, population: Population, count: int, steps: int) -> Batch:
        """Return a batch with nodes around the peaks that a climb finds."""
        theirs = population.of(batch.person)

        def log_density(theta: Array) -> Array:
            return self._evaluated(batch.person, theta) + theirs.log_density(theta, INFLATED)

        centre, root = climb(log_density, *self._scatter(batch, theirs, log_density), steps)
        return self._extended(batch, around(centre, root, theirs, count))

    def _from_afar(self, batch: Batch, population: Population, components: int, count: int) -> Batch:
        """Return a batch with nodes from a mixture, after a second climb: uneven weights may mean a missed peak."""
        return self._followed(self._climbed(batch, population, *AFRESH), population, components, count)

    def _walked(self, batch: Batch, population: Population, components: int, count: int) -> Batch:
        """Return a batch with nodes from a mixture that is fitted to a walk through the posterior."""
        theirs = population.of(batch.person)

        def log_density(theta: Array) -> Array:
            return self._evaluated(batch.person, theta) + theirs.log_density(theta, INFLATED)

        terms = batch.log_terms(population, INFLATED)
        walkers = resampled(batch.theta, terms, WALKERS, self.rng)
        visited = walk(log_density, walkers, WALKED, SNAPSHOTS, self.rng)
        even = np.zeros((*visited.shape[:2], visited.shape[-1]))
        return self._extended(batch, fitted(visited, even, components, theirs, count, self.rng))

    def _followed(
        self, batch: Batch, population: Population, components: int, count: int, widened: float = INFLATED
    ) -> Batch:
        """Return a batch with nodes from a mixture that is fitted to the nodes it has."""
        terms, theirs = batch.log_terms(population, widened), population.of(batch.person)
        return self._extended(batch, fitted(batch.theta, terms, components, theirs, count, self.rng))

    def _extended(self, batch: Batch, proposal: Proposal) -> Batch:
        theta = proposal.draw(self.rng)
        return batch.extended(proposal, theta, self._evaluated(batch.person, theta))

    def _scatter(
        self, batch: Batch, population: Population, log_density: Callable[[Array], Array]
    ) -> tuple[Array, Array]:
        """Return the best of some points drawn from the population, and a first guess at the posterior's size."""
        kinds, people, dims = batch.theta.shape[:3]
        scattered = self.rng.standard_normal((kinds, people, dims, SCATTERED))
        theta = population.mean[..., None] + population.sd[:, None] * scattered
        best = log_density(theta).argmax(axis=-1)[..., None, None]
        centre = np.take_along_axis(theta, best, -1)[..., 0]
        return centre, np.broadcast_to(0.3 * np.diag(population.sd), (kinds, people, dims, dims))

    def _evaluated(self, person: Indices, theta: Array) -> Array:
        """Return the log likelihood of every node, (kind, person, node); people side by side, NumPy frees the lock."""
        value = np.empty((self.prior.kinds, len(person), theta.shape[-1]))

        def one(position: int) -> None:
            for kind in range(self.prior.kinds):
                value[kind, position] = self.evaluate(kind, int(person[position]), theta[kind, position])
            self.advance()

        if self.cores == 1:
            for position in range(len(person)):
                one(position)
        else:
            with ThreadPoolExecutor(self.cores) as pool:
                list(pool.map(one, range(len(person))))
        return np.where(np.isnan(value), -1e10, np.maximum(value, -1e10))

    def _updated(
        self, batches: tuple[Batch, ...], population: Population, steps: int = 15, kept: int = KEPT
    ) -> Nodes:
        """Return the nodes with the population after a few steps of Monte Carlo EM."""
        first, second = np.empty((2, self.people, len(population.sd)))
        for _ in range(steps):
            share = np.zeros(self.prior.kinds)
            for batch in batches:
                weight = batch.weights(population)
                first[batch.person] = np.einsum("kis,kids->id", weight, batch.theta)
                second[batch.person] = np.einsum("kis,kids->id", weight, batch.theta**2)
                share += weight.sum(axis=(1, 2))
            population = self.prior.most_likely(np.ones_like(first), first, second, share, population)
        return Nodes(batches, population, kept)
