"""Nodes for kinds of people to whom different parameters matter: each part has its own, all share one population.

A parameter that does not matter to a kind need not be summed over: its density given the others integrates to one. So
each part of the population has nodes in the dimensions that matter to it alone, built as if it were the whole theory,
and a mixture costs the sum of its components.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.fits.checks import effective_size
from estimation.population.batch import KEPT, Nodes
from estimation.population.nodes import Builder
from estimation.population.normal import Population
from estimation.population.participants import Participants
from estimation.population.structure import Part, PopulationDraws, Structure
from estimation.progress import Advance

RELEVANT = 1e-3  # probability of a part below which a person's nodes in it are good enough as they are
REFINED = 1e-4  # probability of a part from which they are refined: the next posterior's may be several times as high
MET = 32  # populations of a posterior for which nodes are kept
STEPS = 40  # of Monte Carlo EM over all parts together: who belongs where has to settle

Redraw = Callable[[Builder, Nodes, Population], Nodes]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Evaluated nodes of everybody in every part of a population.

    Attributes
    ----------
    parts, nodes
        The parts, and the nodes in each.
    population
        What the nodes are adapted to.
    """

    parts: tuple[Part, ...]
    nodes: tuple[Nodes, ...]
    population: Population

    @property
    def fineness(self) -> int:
        """How many times more nodes than the least the sampler sees."""
        return max(nodes.kept for nodes in self.nodes) // KEPT

    def serving(self, populations: tuple[Population, ...]) -> Ensemble:
        """Return the nodes, of which the sampler sees those that matter under some populations."""
        nodes = tuple(
            replace(nodes, serving=tuple(each.part(part.dims, part.kinds) for each in populations))
            for part, nodes in zip(self.parts, self.nodes, strict=True)
        )
        return replace(self, nodes=nodes)

    def strayed(self, draws: PopulationDraws) -> float:
        """Return how far the middle of a posterior is from the populations that nodes serve, in their deviations.

        The largest distance of a mean or of the log of a spread counts; nothing if nodes serve none in particular.
        """
        farthest = 0.0
        for part, nodes in zip(self.parts, self.nodes, strict=True):
            if nodes.serving:
                met = _numbers(tuple(each.part(part.dims, part.kinds) for each in draws.some(MET)))
                served = _numbers(nodes.serving)
                gap = np.abs(met.mean(axis=0) - served.mean(axis=0)) / served.std(axis=0)
                farthest = max(farthest, float(gap.max()))
        return farthest

    def log_evidence(self, population: Population) -> Array:
        """Return the log of what each part adds to the likelihood of each person, (part, person), nats."""
        result = np.empty((len(self.parts), sum(len(batch.person) for batch in self.nodes[0].batches)))
        for index, (part, nodes) in enumerate(zip(self.parts, self.nodes, strict=True)):
            local = population.part(part.dims, part.kinds)
            for batch in nodes.batches:
                result[index, batch.person] = special.logsumexp(batch.log_terms(local), axis=(0, 2))
        return result

    def chances(self, population: Population) -> Array:
        """Return the probability that each person belongs to each part, (part, person)."""
        return np.asarray(special.softmax(self.log_evidence(population), axis=0))

    def log_terms(self, population: Population) -> list[Array]:
        """Return, for each person, the log of what each node of any part adds to the likelihood, (node,)."""
        found: dict[int, list[Array]] = {}
        for part, nodes in zip(self.parts, self.nodes, strict=True):
            local = population.part(part.dims, part.kinds)
            for batch in nodes.batches:
                terms = batch.log_terms(local)
                for position, person in enumerate(batch.person):
                    found.setdefault(int(person), []).append(terms[:, position].ravel())
        return [np.concatenate(found[person]) for person in sorted(found)]

    def effective(self, population: Population | None = None) -> Array:
        """Return how many independent nodes each person's nodes are worth, (person,)."""
        return _of_rows(_effective, self.log_terms(population or self.population))

    def pareto_k(self, population: Population) -> Array:
        """Return the largest Pareto shape of each person's importance weights in parts that concern them, (person,).

        Each part is a sum by itself. Nodes of a part with many of them weigh little beside those of one with few: in
        one row these would look like a heavy tail, however even the weights of each are.
        """
        result = np.full(sum(len(batch.person) for batch in self.nodes[0].batches), -np.inf)
        chances = self.chances(population)
        for part, nodes, chance in zip(self.parts, self.nodes, chances, strict=True):
            for batch in nodes.batches:
                k = batch.pareto_k(population.part(part.dims, part.kinds))
                result[batch.person] = np.fmax(
                    result[batch.person], np.where(chance[batch.person] > RELEVANT, k, -np.inf)
                )
        return result


def _of_rows(function: Callable[[Array], Array], rows: list[Array]) -> Array:
    """Return what a function of arrays (row, node) says of rows, those of one length at a time, (row,)."""
    lengths, result = np.array([len(row) for row in rows]), np.empty(len(rows))
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        result[alike] = function(np.array([rows[place] for place in alike]))
    return result


def _effective(log_terms: Array) -> Array:
    return effective_size(special.softmax(log_terms, axis=1))


@dataclass(frozen=True, eq=False)
class Team:
    """Builds nodes part by part, and refines them for the people who may belong to the part.

    Parameters
    ----------
    crowd
        The people and their likelihoods.
    structure
        The population: effects, kinds, parts and priors.
    rng, cores, fineness, also, advance
        As in `Builder`.
    serving
        As in `Nodes`.
    """

    crowd: Participants
    structure: Structure
    rng: np.random.Generator
    cores: int = 2
    fineness: int = 1
    also: tuple[Population, ...] = ()
    serving: tuple[Population, ...] = ()
    advance: Advance | None = None

    def meeting(self, draws: PopulationDraws) -> Team:
        """Return the builder of nodes that will meet the populations of a posterior."""
        return replace(self, also=(draws.middle,), serving=draws.some(MET))

    def build(self) -> Ensemble:
        """Return nodes from scratch."""
        parts = self.structure.parts
        if len(parts) == 1:
            whole = self._builder(parts[0]).build()
            return Ensemble(parts, (whole,), whole.population)
        nobody = np.zeros(len(self.crowd), dtype=bool)
        # who belongs where is not known yet, so nobody's nodes are refined before all parts are there
        nodes = tuple(replace(self._builder(part), concerned=nobody).build() for part in parts)
        ensemble = Ensemble(parts, nodes, self._first_guess(nodes))
        return self.recentre(ensemble, self._settled(ensemble))

    def polish(self, ensemble: Ensemble, population: Population) -> Ensemble:
        """Return more nodes for everybody, close to their posteriors under a population, in parts that concern them."""
        return self._again(ensemble, population, Builder.polish)

    def redraw(self, ensemble: Ensemble, population: Population) -> Ensemble:
        """Return as many fresh nodes for everybody as the fineness asks for, in parts that concern them."""
        return self._again(ensemble, population, Builder.redraw)

    def recentre(self, ensemble: Ensemble, population: Population) -> Ensemble:
        """Return more nodes for the people whose weights are uneven under a population, in parts that concern them."""
        return self._again(ensemble, population, Builder.recentre)

    def _again(self, ensemble: Ensemble, population: Population, how: Redraw) -> Ensemble:
        redrawn = []
        chances = ensemble.chances(population)
        for part, nodes, chance in zip(ensemble.parts, ensemble.nodes, chances, strict=True):
            builder = replace(self._builder(part), concerned=chance > REFINED)
            redrawn.append(how(builder, nodes, population.part(part.dims, part.kinds)))
        return Ensemble(ensemble.parts, tuple(redrawn), population).serving(self.serving)

    def _builder(self, part: Part) -> Builder:
        prior = self.structure.prior.part(part.dims, part.kinds)
        met: dict[str, Any] = {
            name: tuple(population.part(part.dims, part.kinds) for population in populations)
            for name, populations in (("also", self.also), ("serving", self.serving))
        }
        size = (self.rng, self.cores, self.fineness)
        return Builder(self.crowd, part, prior, *size, advance=self.advance, **met)

    def _first_guess(self, nodes: tuple[Nodes, ...]) -> Population:
        """Return a population made of what each part would be by itself, with even shares."""
        vague, alone = self.structure.prior.vague(), [part_nodes.population for part_nodes in nodes]
        mean = np.tile(vague.mean, (len(self.crowd), 1))
        sd = vague.sd.copy()
        for part, population in zip(self.structure.parts, alone, strict=True):
            mean[:, part.dims], sd[list(part.dims)] = population.mean, population.sd
        everyone_alike = not len(self.structure.design.covariates.of)
        return Population(mean[0] if everyone_alike else mean, sd, vague.share)

    def _settled(self, ensemble: Ensemble) -> Population:
        """Return the population after Monte Carlo EM over all parts, in which people find the part they belong to."""
        population, prior = ensemble.population, self.structure.prior
        shape = (len(self.crowd), len(population.sd))
        for _ in range(STEPS):
            (weight, first, second), share = np.zeros((3, *shape)), np.zeros(len(prior.concentration))
            chances = ensemble.chances(population)
            for part, nodes, chance in zip(ensemble.parts, ensemble.nodes, chances, strict=True):
                local, dims = population.part(part.dims, part.kinds), list(part.dims)
                weight[:, dims] += chance[:, None]
                for batch in nodes.batches:
                    mine = np.ix_(batch.person, dims)
                    of_nodes = batch.weights(local) * chance[batch.person, None]
                    first[mine] += np.einsum("kis,kids->id", of_nodes, batch.theta)
                    second[mine] += np.einsum("kis,kids->id", of_nodes, batch.theta**2)
                    share[list(part.kinds)] += of_nodes.sum(axis=(1, 2))
            population = prior.most_likely(weight, first, second, share, population)
        return population


def _numbers(populations: tuple[Population, ...]) -> Array:
    """Return means, on average over people, and logs of spreads, (population, number)."""
    return np.array([[*np.atleast_2d(each.mean).mean(axis=0), *np.log(each.sd)] for each in populations])
