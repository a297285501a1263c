"""Where to evaluate a theory for each person: importance nodes that are adapted to what the person did.

A theory is evaluated once per node; the population model then only reweights the nodes. Exploring comes first: find
each person's peak, draw around it, update the population by Monte Carlo EM, draw from a mixture fitted to the weighted
nodes, and so on, keeping the nodes of all rounds.

What the sampler sees is drawn afresh, from mixtures that were fitted to what had been found. The nodes to which a
mixture was fitted must not be weighed by it: its density is high where they happen to lie, so their weights look even
and their sum is too small, by a twentieth for the average sender of a real experiment. Whoever has uneven weights gets
mixtures fitted to walks through the posterior, and more nodes. Once a posterior has been drawn, mixtures are fitted to
what nodes are worth under all of its populations, because integrals are compared between these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices, Mask
from estimation.population.batch import KEPT, Batch, Nodes, likelier, parted
from estimation.population.climb import peaks
from estimation.population.components import proposals_of_walks
from estimation.population.even_points import evenly_spread
from estimation.population.ladder import LADDER, SHARPER, SNAPSHOTS, WALK, WALKED, WALKERS, Rung
from estimation.population.normal import Population
from estimation.population.participants import Participants
from estimation.population.prior import Prior
from estimation.population.proposal import INFLATED, NARROW, Proposal, around, fitted, resampled, sharpened
from estimation.population.structure import Part
from estimation.population.walk import walk
from estimation.progress import Advance

SCATTERED = 64  # points among which a climb starts
FIRST = (160, 5)  # nodes per person and kind around the first peak, and steps climbed before they are drawn
ROUNDS = ((4, 160), (8, 256))  # components of the mixture, and nodes drawn from it
FARTHEST = (64, 15)  # as FIRST, from the best node so far: needles are found by long climbs
ELSEWHERE = 64  # other people's nodes among which such a climb may start
EVERYWHERE = 256  # and points that fill all that the prior allows
FARTHER = (8, 384)  # as ROUNDS, for people whose weights are uneven then
COMPONENTS = 8  # of the mixture once the population is known
PER_DIMENSION = 160  # nodes drawn from it for each dimension, at fineness 1
CHECKED = 0.5  # of them show first whether the mixture is good enough
EM_STEPS = 15  # after each round
ENOUGH = 96  # effective nodes wanted for each person before polishing
FEW = 24  # the same, of each kind that a person may well be
STEADY_K = 0.6  # Pareto k wanted of each person: .7 is the limit, and the sampler will move on
BUILDING = 5 + 2 * FIRST[1] + len(ROUNDS) + 2 * FARTHEST[1]  # evaluations of a person, about
POLISHING = 2  # the same


@dataclass(frozen=True, eq=False)
class Builder:
    """Adapts and evaluates nodes for a crowd of people.

    Parameters
    ----------
    crowd
        The people and their likelihoods.
    part
        The kinds of people, and the dimensions that matter to them.
    prior
        The prior of the population: its vague centre is where the search starts.
    fineness
        How many times more nodes than the least.
    concerned : (person,) array of bool, optional
        Whose nodes are worth refining; everybody's if left out.
    also, serving
        Populations under which weights have to be even too, when nodes are made to suit one; and as in `Nodes`.
    rng, cores, advance
        Randomness, threads, and a function called after each evaluation of a person, if somebody watches.
    """

    crowd: Participants
    part: Part
    prior: Prior
    rng: np.random.Generator
    cores: int = 2
    fineness: int = 1
    concerned: Any = None
    also: tuple[Population, ...] = ()
    serving: tuple[Population, ...] = ()
    advance: Advance | None = None

    def build(self) -> Nodes:
        """Return nodes from scratch."""
        vague = self.prior.vague()
        everyone = Batch.empty(np.arange(len(self.crowd)), len(self.part.kinds), len(vague.sd))
        nodes = self._updated((self._climbed(everyone, vague, *FIRST, self._scattered(everyone, vague)),), vague)
        for components, count in ROUNDS:
            batch = self._followed(nodes.batches[0], nodes.population, components, count)
            nodes = self._updated((batch,), nodes.population)
        return self._explored(nodes)

    def polish(self, nodes: Nodes, population: Population) -> Nodes:
        """Return fresh nodes for a population that is known, from proposals that fit closely.

        The first fresh nodes show whose proposal is good enough, and are not used: whoever's nodes miss a part of the
        posterior looks fine, so sums over nodes that passed a check are too small. The next ones are independent of it.
        """
        count = round(CHECKED * self._count(population))
        first = partial(self._fresh, population=population, components=COMPONENTS, count=count)
        checked = Nodes(self._renewed(self._concerned, first, nodes.batches), population, nodes.kept)
        return self.redraw(self.recentre(checked, population), population)

    def redraw(self, nodes: Nodes, population: Population) -> Nodes:
        """Return nodes drawn afresh from proposals fitted to good ones, as many as the fineness asks for."""

        def again(batch: Batch) -> Batch:
            last = batch.proposals[-1]
            count = max(last.count, self._count(population))
            return self._fresh(batch, population, last.share.shape[-1], count)

        redrawn = self._renewed(self._concerned, again, nodes.batches)
        return self.recentre(Nodes(redrawn, population, KEPT * self.fineness), population)

    def _count(self, population: Population) -> int:
        return PER_DIMENSION * len(population.sd) * self.fineness

    def recentre(self, nodes: Nodes, population: Population) -> Nodes:
        """Return nodes that suit a population: fresh ones, and more, for the people whose weights are uneven under it.

        People's posteriors may be thin bent sheets or have far peaks; see `ladder`.
        """
        settled: tuple[Batch, ...] = ()
        batches = nodes.batches
        for rung in LADDER:
            uneven, even = parted([self._uneven(batch, population) for batch in batches], batches)
            settled += even
            batches = self._better(uneven, population, rung) if uneven else ()
        return Nodes(settled + batches, population, nodes.kept)

    def _explored(self, nodes: Nodes) -> Nodes:
        """Return nodes with some around peaks that long climbs reach, and more where those upset the weights.

        A missed peak does not show: the weights of the other nodes look even without it. So everybody climbs once more,
        from the best of their own nodes, of other people's (people who behave alike have like peaks), and of points all
        over what the prior allows: somebody may be alone at its edge, like one whom lies cost nothing at all.
        """
        population = nodes.population
        components, count = FARTHER
        extended = partial(self._followed, population=population, components=components, count=count)
        found = np.concatenate([self._found(batch, population) for batch in nodes.batches], axis=-1)
        found = self.rng.permutation(found, axis=-1)[..., :ELSEWHERE]
        climbed = []
        for batch in nodes.batches:
            elsewhere = np.repeat(found[:, None], len(batch.person), axis=1)
            everywhere = self.prior.box(evenly_spread(batch.theta.shape[:3], EVERYWHERE, self.rng))
            start = np.concatenate([batch.likeliest(population, INFLATED), elsewhere, everywhere], axis=-1)
            climbed.append(self._climbed(batch, population, *FARTHEST, start))
        uneven = partial(self._uneven, population=population)
        return self._updated(self._renewed(uneven, extended, tuple(climbed)), population)

    def _found(self, batch: Batch, population: Population) -> Array:
        """Return one node of each person, drawn by its weight, (kind, dim, person): where posteriors are."""
        return np.swapaxes(resampled(batch.theta, batch.log_terms(population), 1, self.rng)[..., 0], 1, 2)

    def _uneven(self, batch: Batch, population: Population) -> Any:
        """Return who has too few effective nodes, in all or of a kind, or weights of a heavy tail, (person,)."""
        uneven = np.zeros(len(batch.person), dtype=bool)
        for each in (population, *self.also):
            uneven |= (batch.effective(each) < ENOUGH) | (batch.fewest(each) < FEW) | (batch.pareto_k(each) > STEADY_K)
        return uneven & self._concerned(batch)

    def _renewed(
        self, chosen: Callable[[Batch], Mask], renew: Callable[[Batch], Batch], batches: tuple[Batch, ...]
    ) -> tuple[Batch, ...]:
        """Return batches in which the nodes of the people whom `chosen` picks are renewed."""
        picked, others = parted([chosen(batch) for batch in batches], batches)
        return (*others, *map(renew, picked))

    def _concerned(self, batch: Batch) -> Any:
        return np.ones(len(batch.person), bool) if self.concerned is None else self.concerned[batch.person]

    def _climbed(self, batch: Batch, population: Population, count: int, steps: int, start: Array) -> Batch:
        """Return a batch with nodes around a peak: `start` (kind, person, dim, point) are where a climb may begin."""
        theirs = population.of(batch.person)

        def log_density(theta: Array, some: Indices) -> Array:
            return self.evaluated(batch.person[some], theta) + theirs.of(some).log_density(theta, INFLATED)

        best = log_density(start, np.arange(len(batch.person))).argmax(axis=-1)[..., None, None]
        centre = np.take_along_axis(start, best, -1)[..., 0]
        root = np.broadcast_to(0.3 * np.diag(population.sd), (*centre.shape, centre.shape[-1]))
        return self._extended(batch, around(*peaks(log_density, centre, root, steps), theirs, count))

    def _followed(self, batch: Batch, population: Population, components: int, count: int) -> Batch:
        """Return a batch with more nodes, from a mixture that is fitted to the nodes it has."""
        terms, theirs = batch.log_terms(population, INFLATED), population.of(batch.person)
        return self._extended(batch, fitted(batch.theta, terms, components, theirs, count, self.rng))

    def _fresh(self, batch: Batch, population: Population, components: int, count: int) -> Batch:
        """Return a batch of other nodes, from a mixture fitted to the nodes it has."""
        terms, theirs = batch.log_worth(population, self.serving), population.of(batch.person)
        return self._drawn(batch.person, fitted(batch.theta, terms, components, theirs, count, self.rng))

    def _better(self, batches: tuple[Batch, ...], population: Population, rung: Rung) -> tuple[Batch, ...]:
        """Return a rung's nodes for all people of some."""
        size = rung.components, rung.nodes * self.fineness
        if rung.how == WALK:
            return self._visited(batches, population, *size)
        how = self._sharper if rung.how == SHARPER else self._fresh
        return tuple(how(batch, population, *size) for batch in batches)

    def _sharper(self, batch: Batch, population: Population, components: int, count: int) -> Batch:
        """Return a batch of other nodes, more of them where those that it has weigh most."""
        terms = batch.log_worth(population, self.serving)
        return self._drawn(
            batch.person, sharpened(batch.proposals[-1], batch.theta, terms, components, count, self.rng)
        )

    def _visited(self, batches: tuple[Batch, ...], population: Population, most: int, count: int) -> tuple[Batch, ...]:
        """Return other nodes for all people of some, from mixtures fitted to a walk through posteriors."""
        person = np.concatenate([batch.person for batch in batches])
        theirs = population.of(person)

        def log_density(theta: Array) -> Array:
            return self.evaluated(person, theta) + theirs.log_density(theta, NARROW)

        starts = [resampled(batch.theta, batch.log_terms(population, NARROW), WALKERS, self.rng) for batch in batches]
        places = walk(log_density, np.concatenate(starts, axis=1), WALKED, SNAPSHOTS, self.rng)
        found = proposals_of_walks(places, most, theirs, count, self.rng)
        return tuple(self._drawn(person[some], proposal) for some, proposal in found)

    def _drawn(self, person: Indices, proposal: Proposal) -> Batch:
        return self._extended(Batch.empty(person, len(self.part.kinds), len(self.part.dims)), proposal)

    def _extended(self, batch: Batch, proposal: Proposal) -> Batch:
        theta = proposal.draw(self.rng)
        return batch.extended(proposal, theta, self.evaluated(batch.person, theta))

    def _scattered(self, batch: Batch, population: Population) -> Array:
        """Return some points drawn from the population, (kind, person, dim, point)."""
        away = population.sd[:, None] * self.rng.standard_normal((*batch.theta.shape[:3], SCATTERED))
        return np.asarray(population.mean[..., None] + away)

    def evaluated(self, person: Indices, theta: Array) -> Array:
        """Return the log likelihood of every node, (kind, person, node): hardly any where it is no number."""
        value = self.crowd.evaluate_kinds(self.part.kinds, person, theta, self.part.dims, self.cores, self.advance)
        return np.where(np.isnan(value), -1e10, np.maximum(value, -1e10))

    def _updated(self, batches: tuple[Batch, ...], population: Population) -> Nodes:
        """Return the nodes with the population after a few steps of Monte Carlo EM."""
        return Nodes(batches, likelier(batches, self.prior, population, EM_STEPS))
