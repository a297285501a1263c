"""Draw the population by importance sampling: quick, because it is nearly normal and one product of matrices away.

A climb finds mode and curvature; proposals come from a t there, then from mixtures of t's fitted to what was drawn, the
way people's own nodes are drawn. What counts is drawn anew from all proposals together: nodes that proposals were
fitted to are weighed too low, which narrows the posterior. So proposals are fitted to what explores only, and what
counts is kept when more of them are added. Pareto's k and the effective number say whether the
posterior is covered; where it is not, the caller samples with NUTS instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import xarray as xr
from scipy import special

from estimation.arrays import Array
from estimation.errors import FitError
from estimation.fits.checks import EFFECTIVE, GOOD_K, resampled, smoothed
from estimation.population.batch import Batch
from estimation.population.climb import peaks
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import summed_over_people
from estimation.population.normal import Population
from estimation.population.proposal import Proposal, around, fitted
from estimation.population.structure import Coordinates, PopulationDraws, Structure

STEPS = 4  # of the climb, from where Monte Carlo EM ended
FIRST = 200  # nodes from a t around the mode
ROUNDS = ((1, 300), (2, 400))  # components of the mixture, and nodes from it
MORE = ((3, 800), (4, 1600), (6, 3200), (8, 6400))  # as ROUNDS, if the posterior is not covered yet
ANEW = 2  # times as many nodes from each proposal, in the end
IMPOSSIBLE = -1e10  # log density of a population whose spreads or correlations leave it no digits
NOTHING = "Proposals found no possible population:"
NOT_SO_MUCH = "so many numbers, correlations above all, are too much for so few people; leave method out, or fit less"


class NothingFoundError(FitError):
    """All populations that were proposed are impossible: there is nothing to be weighed."""


@dataclass(frozen=True, eq=False)
class Weighted:
    """Weighted populations.

    Attributes
    ----------
    vector : (coordinate, node) array
        As `Coordinates` reads it.
    log_weight : (node,) array
        Pareto-smoothed, of weights that sum to one.
    k, effective
        Shape of the tail of the weights, and how many independent draws they are worth.
    coordinates
        What the vectors mean.
    """

    vector: Array
    log_weight: Array
    k: float
    effective: float
    coordinates: Coordinates

    @classmethod
    def of(cls, batch: Batch, coordinates: Coordinates) -> Weighted:
        """Return the populations of a batch with their weights smoothed.

        Raises
        ------
        NothingFoundError
            If none of them is possible: even weights would look as if they covered the posterior.
        """
        possible = batch.log_likelihood[0, 0] > IMPOSSIBLE
        if not possible.any():
            raise NothingFoundError(NOTHING, [NOT_SO_MUCH])
        log_weight, k = smoothed(batch.log_weight[0, 0])
        if not possible.all():  # a smoothed tail gives them some weight
            log_weight = np.where(possible, log_weight, -np.inf)
            log_weight -= special.logsumexp(log_weight)
        effective = float(np.exp(-special.logsumexp(2 * log_weight)))
        return cls(batch.theta[0, 0], log_weight, k, effective, coordinates)

    @property
    def reliable(self) -> bool:
        """Whether the posterior is covered."""
        return self.k < GOOD_K and self.effective >= EFFECTIVE

    def resampled(self, chains: int, draws: int, rng: np.random.Generator) -> xr.Dataset:
        """Return populations in proportion to their weights, in random order, as chains of independent draws."""
        chosen = resampled(np.exp(self.log_weight), chains * draws, rng)
        found = self.coordinates.populations(self.vector[:, chosen]).found
        shape = (chains, draws)
        data = {name: (("chain", "draw", f"{name}_dim_0"), value.reshape(*shape, -1)) for name, value in found.items()}
        return xr.Dataset(data, coords={"chain": np.arange(chains), "draw": np.arange(draws)})

    def quality(self) -> xr.Dataset:
        """Return how well proposals covered the posterior."""
        return xr.Dataset({"k": self.k, "effective": self.effective})


LogLikelihood = Callable[[PopulationDraws], Array]
"""Populations → log likelihood of everybody together, (draw,), nats."""


@dataclass(frozen=True, eq=False)
class Target:
    """The posterior of the population, as a density of vectors.

    Parameters
    ----------
    log_likelihood
        Of everybody together, given populations.
    people, structure
        How many there are, and what a population is.
    roughly
        The log likelihood from fewer nodes, to which proposals are fitted: what counts is drawn anew in any case.
    """

    log_likelihood: LogLikelihood
    people: int
    structure: Structure
    roughly: LogLikelihood | None = None

    @classmethod
    def of(
        cls,
        flats: tuple[FlatNodes, ...],
        structure: Structure,
        counts: Array | None = None,
        fewer: tuple[FlatNodes, ...] | None = None,
    ) -> Target:
        """Return the posterior given everybody's nodes, or `fewer` of them where it is rough enough.

        `counts`, (person,), says how often each person counts.
        """
        people = (len(flats[0].first_node) - 1) // flats[0].kinds
        exactly, roughly = (partial(_summed, each, counts) for each in (flats, fewer or flats))
        return cls(exactly, people, structure, roughly)

    @cached_property
    def coordinates(self) -> Coordinates:
        """What vectors mean."""
        return Coordinates(self.structure)

    def log_density(self, vector: Array) -> Array:
        """Return (1, 1, node) for vectors (1, 1, coordinate, node)."""
        return self._log_density(vector, self.log_likelihood)

    def rough_log_density(self, vector: Array) -> Array:
        """Return the same from fewer nodes, if there are such."""
        return self._log_density(vector, self.roughly or self.log_likelihood)

    def _log_density(self, vector: Array, log_likelihood: LogLikelihood) -> Array:
        found = log_likelihood(self.coordinates.populations(vector[0, 0]))
        total = found + self.coordinates.log_prior(vector[0, 0])
        return np.where(np.isfinite(total), total, IMPOSSIBLE)[None, None]

    def explored(self, guess: Population, rng: np.random.Generator) -> Batch:
        """Return vectors from proposals that were adapted to the posterior, starting at a population."""
        start = self.coordinates.start(guess)[None, None]
        widths = np.diag(self.coordinates.widths(self.people))[None, None]
        centre, root = peaks(lambda vector, _: self.rough_log_density(vector), start, widths, STEPS)
        surroundings = _normal_around(centre[0, 0], root[0, 0])
        batch = self._extended(_nothing(len(self.coordinates)), around(centre, root, surroundings, FIRST), rng)
        for components, count in ROUNDS:
            batch = self._followed(batch, components, count, rng)
        return batch

    def weighed(self, explored: Batch, rng: np.random.Generator, wanted: float = EFFECTIVE) -> Weighted:
        """Return weighted populations, drawn anew from proposals that may have been adapted to other nodes.

        More are drawn, as far as `MORE` goes, until they cover the posterior and are worth as many as `wanted`.
        """
        batch = self._drawn(_nothing(len(self.coordinates)), explored.proposals, rng)
        for components, count in MORE:
            found = Weighted.of(batch, self.coordinates)
            if found.reliable and found.effective >= wanted:
                return found
            explored = self._followed(explored, components, count, rng)
            batch = self._drawn(batch, explored.proposals[-1:], rng)
        return Weighted.of(batch, self.coordinates)

    def _followed(self, batch: Batch, components: int, count: int, rng: np.random.Generator) -> Batch:
        around_mode = batch.proposals[0].population
        return self._extended(batch, fitted(batch.theta, batch.log_weight, components, around_mode, count, rng), rng)

    def _drawn(self, batch: Batch, proposals: Sequence[Proposal], rng: np.random.Generator) -> Batch:
        """Return what counts with more of it, from proposals that know nothing of it.

        What is asked of people is asked once, wherever they are.
        """
        proposals = [replace(proposal, count=ANEW * proposal.count) for proposal in proposals]
        vectors = [proposal.draw(rng) for proposal in proposals]
        values = self.log_density(np.concatenate(vectors, axis=-1))
        ends = np.cumsum([proposal.count for proposal in proposals])[:-1]
        for proposal, vector, value in zip(proposals, vectors, np.split(values, ends, axis=-1), strict=True):
            batch = batch.extended(proposal, vector, value)
        return batch

    def _extended(self, batch: Batch, proposal: Proposal, rng: np.random.Generator) -> Batch:
        vector = proposal.draw(rng)
        return batch.extended(proposal, vector, self.rough_log_density(vector))


def weighted_populations(
    flats: tuple[FlatNodes, ...],
    structure: Structure,
    guess: Population,
    rng: np.random.Generator,
    counts: Array | None = None,
) -> Weighted:
    """Return weighted populations of the posterior given everybody's nodes; a climb starts at `guess`."""
    target = Target.of(flats, structure, counts)
    return target.weighed(target.explored(guess, rng), rng)


def _summed(flats: tuple[FlatNodes, ...], counts: Array | None, draws: PopulationDraws) -> Array:
    return summed_over_people(flats, draws, counts)


def _normal_around(centre: Array, root: Array) -> Population:
    """Return a wide normal around the mode: a share of the proposals comes from it, so that weights are bounded."""
    covariance = root @ root.T
    sd = np.sqrt(np.diag(covariance))
    return Population(centre, 2 * sd, np.ones(1), covariance / np.outer(sd, sd))


def _nothing(size: int) -> Batch:
    return Batch.empty(np.zeros(1, dtype="int64"), 1, size)
