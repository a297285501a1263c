"""Where to evaluate a theory for each person: importance nodes that are adapted to what the person did.

The theory is paid for here, once per node; the population model then only reweights the nodes. Nodes are re-centred in
rounds: climb each person's posterior under the current population, draw around the peak, update the population by a
few steps of Monte Carlo EM, smooth the weighted nodes into the next proposal, draw again. Whoever has uneven weights
then gets more nodes, so that effort goes where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimation.games.game import Array
from estimation.population.climb import climb
from estimation.population.normal import Population, Prior
from estimation.population.proposal import INFLATED, WIDENED, draw, effective_size, smooth

SCATTERED = 64  # points among which the climb starts
ROUNDS = ((192, 5), (256, 1))  # nodes per person and kind, and steps climbed before they are drawn
AFRESH = (512, 20)  # the same, for people whose weights stay uneven: needles are found by long climbs
FINAL = 512  # nodes per person and kind of the last round, at fineness 1
HEAVY = 8192  # nodes for people whose weights have a heavy tail, at fineness 1
EXTRA = (1024, 2048, 4096, 8192, 16384)  # nodes for people whose weights are still uneven, at fineness 1
ENOUGH = 64  # effective nodes wanted for each person, at fineness 1
KEPT = 256  # nodes of each person that the sampler sees, at fineness 1

Indices = NDArray[np.int64]

Evaluate = Callable[[int, int, Array], Array]
"""(kind, person, nodes (dim, node)) → log likelihood (node,)"""


@dataclass(frozen=True, eq=False)
class Batch:
    """Nodes of some people, the same number for each.

    Attributes
    ----------
    person : (person,) integer array
        Which people, by position.
    theta : (kind, person, dim, node) array, transformed scale
    log_weight : (kind, person, node) array
        Log likelihood minus log proposal density minus log of the number of nodes.
    """

    person: Indices
    theta: Array
    log_weight: Array

    def log_terms(self, population: Population, widened: float = 1.0) -> Array:
        """Return the log of what each node adds to the likelihood of its person, (kind, person, node)."""
        share = np.log(population.share)[:, None, None]
        terms = share + population.log_density(self.theta, widened) + self.log_weight
        return np.where(np.isfinite(terms), terms, -1e10)

    def weights(self, population: Population) -> Array:
        """Return the posterior probability of each node of a person, (kind, person, node)."""
        terms = self.log_terms(population)
        weight = np.exp(terms - terms.max(axis=(0, 2), keepdims=True))
        return np.asarray(weight / weight.sum(axis=(0, 2), keepdims=True))

    def joined(self, other: Batch) -> Batch:
        """Return the nodes of both batches, of the same people; each estimates the same integral and counts half."""
        theta = np.concatenate([self.theta, other.theta], axis=-1)
        log_weight = np.concatenate([self.log_weight, other.log_weight], axis=-1) - np.log(2)
        return Batch(self.person, theta, log_weight)

    def only(self, keep: Any) -> Batch:
        """Return the batch for some of its people (a mask over them)."""
        return Batch(self.person[keep], self.theta[:, keep], self.log_weight[:, keep])


@dataclass(frozen=True, eq=False)
class Nodes:
    """Evaluated nodes of everybody, each person in one batch, and the population that they are adapted to.

    `kept` is the number of nodes of each person that the sampler is to see.
    """

    batches: tuple[Batch, ...]
    population: Population
    kept: int = KEPT

    def effective(self, population: Population | None = None) -> Array:
        """Return how many independent nodes each person's nodes are worth, (person,)."""
        size = sum(len(batch.person) for batch in self.batches)
        result = np.empty(size)
        for batch in self.batches:
            weight = batch.weights(population or self.population)
            result[batch.person] = effective_size(np.moveaxis(weight, 0, 1).reshape(len(batch.person), -1))
        return result


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
    rng, cores, advance
        Randomness, threads, and a function called after each person and evaluation, for progress.
    """

    evaluate: Evaluate
    people: int
    prior: Prior
    rng: np.random.Generator
    cores: int = 2
    fineness: int = 1
    advance: Callable[[], None] = lambda: None

    def build(self) -> Nodes:
        """Return nodes from scratch."""
        everyone = np.arange(self.people)
        nodes = None
        for count, climbed in (*ROUNDS, (FINAL * self.fineness, 0)):
            population = self.prior.vague() if nodes is None else nodes.population
            before = None if nodes is None else nodes.batches[0]
            nodes = self._updated((self._round(everyone, before, population, count, climbed),), population)
        assert nodes is not None
        return self.refine(nodes)

    def refine(self, nodes: Nodes, heavy: Sequence[int] = ()) -> Nodes:
        """Return nodes with more and better ones for people whose weights are uneven under `nodes.population`.

        `heavy` names people whose weights have a heavy tail though many nodes count: they are redrawn as well.
        """
        if len(heavy):
            nodes = self._redrawn(nodes, np.asarray(heavy, dtype="int64"), HEAVY)
        for count in EXTRA:
            poor = np.flatnonzero(nodes.effective() < ENOUGH * self.fineness)
            if not len(poor):
                break
            nodes = self._redrawn(nodes, poor, count)
        return nodes

    def _redrawn(self, nodes: Nodes, poor: Indices, count: int) -> Nodes:
        """Return nodes with new ones for some people, where those are worth more, and the population updated."""
        better = [
            self._better(batch, poor, nodes.population, count * self.fineness) for batch in nodes.batches
        ]
        batches = tuple(batch for parts in better for batch in parts if len(batch.person))
        return self._updated(batches, nodes.population)

    def recentre(self, nodes: Nodes, population: Population, heavy: Sequence[int] = ()) -> Nodes:
        """Return nodes redrawn for the people whose weights are uneven under another population."""
        return self.refine(Nodes(nodes.batches, population, nodes.kept), heavy)

    def _better(self, batch: Batch, poor: Indices, population: Population, count: int) -> list[Batch]:
        """Redraw the poor people of a batch with `count` nodes; keep whichever nodes are worth more.

        A second climb from elsewhere joins in first: uneven weights often mean that a peak was missed.
        """
        chosen = np.isin(batch.person, poor)
        if not chosen.any():
            return [batch]
        old = batch.only(chosen)
        joined = old.joined(self._round(old.person, None, population, *AFRESH))
        new = self._round(old.person, joined, population, count, 0)
        worth = [
            Nodes((replace(b, person=np.arange(len(b.person))),), population).effective()
            for b in (joined, new)
        ]
        won = worth[1] > worth[0]
        return [batch.only(~chosen), joined.only(~won), new.only(won)]

    def _round(
        self, person: Indices, before: Batch | None, population: Population, count: int, climbed: int
    ) -> Batch:
        """Propose, draw and evaluate `count` nodes for some people."""

        def log_density(theta: Array) -> Array:
            return self._evaluate(person, theta) + population.log_density(theta, INFLATED)

        if before is None:
            centre, root = self._scatter(len(person), population, log_density)
            centres, root = centre[:, :, None], WIDENED * root
        else:
            centres, root = smooth(before.theta, before.log_terms(population, INFLATED), population, self.rng)
        if climbed:
            centre, root = climb(log_density, centres.mean(axis=2), root, climbed)
            root = WIDENED * np.linalg.cholesky(root @ np.swapaxes(root, -1, -2))
            centres = centre[:, :, None]
        theta, log_proposal = draw(centres, root, population, count, self.rng)
        return Batch(person, theta, self._evaluate(person, theta) - log_proposal - np.log(count))

    def _scatter(
        self, people: int, population: Population, log_density: Callable[[Array], Array]
    ) -> tuple[Array, Array]:
        """Return the best of some points drawn from the population, and a first guess at the posterior's size."""
        dims = len(population.mean)
        scattered = self.rng.standard_normal((self.prior.kinds, people, dims, SCATTERED))
        theta = population.mean[:, None] + population.sd[:, None] * scattered
        best = log_density(theta).argmax(axis=-1)[..., None, None]
        centre = np.take_along_axis(theta, best, -1)[..., 0]
        return centre, np.broadcast_to(0.3 * np.diag(population.sd), (self.prior.kinds, people, dims, dims))

    def _evaluate(self, person: Indices, theta: Array) -> Array:
        """Return the log likelihood of every node, (kind, person, node); people side by side, NumPy frees the lock."""
        value = np.empty((self.prior.kinds, len(person), theta.shape[-1]))

        def one(position: int) -> None:
            for kind in range(self.prior.kinds):
                value[kind, position] = self.evaluate(kind, int(person[position]), theta[kind, position])
            self.advance()

        with ThreadPoolExecutor(self.cores) as pool:
            list(pool.map(one, range(len(person))))
        return np.where(np.isnan(value), -1e10, np.maximum(value, -1e10))

    def _updated(self, batches: tuple[Batch, ...], population: Population, steps: int = 15) -> Nodes:
        """Return the nodes with the population after a few steps of Monte Carlo EM."""
        for _ in range(steps):
            total, square, share = np.zeros(1), np.zeros(1), np.zeros(1)
            for batch in batches:
                weight = batch.weights(population)
                total = total + np.einsum("kis,kids->d", weight, batch.theta)
                square = square + np.einsum("kis,kids->d", weight, batch.theta**2)
                share = share + weight.sum(axis=(1, 2))
            population = self.prior.most_likely(self.people, total, square, share, population.sd)
        return Nodes(batches, population, KEPT * self.fineness)
