"""Draw the population by importance sampling: quick, because it is nearly normal and one product of matrices away.

A climb finds mode and curvature; proposals come from a t there, then from mixtures of t's fitted to what was drawn, the
way people's own nodes are drawn. What counts is drawn anew from all proposals together: nodes that proposals were
fitted to are weighed too low, which narrows the posterior. Pareto's k and the effective number say whether the
posterior is covered; where it is not, the caller samples with NUTS instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy import special

from estimation.games.game import Array
from estimation.inference.integration import GOOD_K
from estimation.population.batch import Batch
from estimation.population.climb import LogDensity, climb
from estimation.population.coordinates import Coordinates
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.normal import Population
from estimation.population.proposal import Proposal, around, fitted
from estimation.population.structure import Structure
from estimation.smoothing import smoothed

STEPS = 4  # of the climb, from where Monte Carlo EM ended
FIRST = 200  # nodes from a t around the mode
ROUNDS = ((1, 300), (2, 400))  # components of the mixture, and nodes from it
MORE = ((3, 800), (4, 1600))  # as ROUNDS, if the posterior is not covered yet
ANEW = 2  # times as many nodes from each proposal, in the end
EFFECTIVE = 250  # draws that the proposals should be worth


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

    @property
    def reliable(self) -> bool:
        """Whether the posterior is covered."""
        return self.k < GOOD_K and self.effective >= EFFECTIVE

    def resampled(self, chains: int, draws: int, rng: np.random.Generator) -> xr.Dataset:
        """Return populations in proportion to their weights, in random order, as chains of independent draws."""
        count = chains * draws
        ladder = (np.arange(count) + rng.random()) / count
        places = np.searchsorted(np.cumsum(np.exp(self.log_weight)), ladder)
        chosen = rng.permutation(np.minimum(places, len(self.log_weight) - 1))
        found = self.coordinates.populations(self.vector[:, chosen]).found
        shape = (chains, draws)
        data = {
            name: (("chain", "draw", f"{name}_dim_0"), value.reshape(*shape, -1))
            for name, value in found.items()
        }
        return xr.Dataset(data, coords={"chain": np.arange(chains), "draw": np.arange(draws)})

    def quality(self) -> xr.Dataset:
        """Return how well proposals covered the posterior."""
        return xr.Dataset({"k": self.k, "effective": self.effective})


def weighted_populations(
    flats: tuple[FlatNodes, ...],
    structure: Structure,
    guess: Population,
    rng: np.random.Generator,
    counts: Array | None = None,
) -> Weighted:
    """Return weighted populations of the posterior given everybody's nodes.

    Parameters
    ----------
    guess
        Where the climb starts.
    counts : (person,) array, optional
        How often each person counts: 0 leaves a person out.
    """
    coordinates = Coordinates(structure)
    people = (len(flats[0].first_node) - 1) // flats[0].kinds
    weight = np.ones(people) if counts is None else np.asarray(counts, float)
    counted = weight > 0

    def log_density(vector: Array) -> Array:
        """Return (1, 1, node) for vectors (1, 1, coordinate, node)."""
        found = likelihoods_of_people(flats, coordinates.populations(vector[0, 0]))
        total = found[:, counted] @ weight[counted] + coordinates.log_prior(vector[0, 0])
        return np.where(np.isfinite(total), total, -1e10)[None, None]

    start = coordinates.start(guess)[None, None]
    centre, root = climb(log_density, start, np.diag(coordinates.widths(people))[None, None], STEPS)
    surroundings = _normal_around(centre[0, 0], root[0, 0])
    batch = _extended(_nothing(len(coordinates)), around(centre, root, surroundings, FIRST), log_density, rng)
    for turn, (components, count) in enumerate(ROUNDS + MORE, 1):
        proposal = fitted(batch.theta, batch.log_weight, components, surroundings, count, rng)
        batch = _extended(batch, proposal, log_density, rng)
        if turn >= len(ROUNDS):
            found = _weighed(_anew(batch, log_density, rng), coordinates)
            if found.reliable:
                break
    return found


def _normal_around(centre: Array, root: Array) -> Population:
    """Return a wide normal around the mode: a share of the proposals comes from it, so that weights are bounded."""
    covariance = root @ root.T
    sd = np.sqrt(np.diag(covariance))
    return Population(centre, 2 * sd, np.ones(1), covariance / np.outer(sd, sd))


def _nothing(size: int) -> Batch:
    return Batch.empty(np.zeros(1, dtype="int64"), 1, size)


def _extended(batch: Batch, proposal: Proposal, log_density: LogDensity, rng: np.random.Generator) -> Batch:
    vector = proposal.draw(rng)
    return batch.extended(proposal, vector, log_density(vector))


def _anew(batch: Batch, log_density: LogDensity, rng: np.random.Generator) -> Batch:
    """Return nodes drawn anew from the proposals of a batch."""
    fresh = _nothing(batch.theta.shape[2])
    for proposal in batch.proposals:
        fresh = _extended(fresh, replace(proposal, count=ANEW * proposal.count), log_density, rng)
    return fresh


def _weighed(batch: Batch, coordinates: Coordinates) -> Weighted:
    log_weight, k = smoothed(batch.log_weight[0, 0])
    effective = float(np.exp(-special.logsumexp(2 * log_weight)))
    return Weighted(batch.theta[0, 0], log_weight, k, effective, coordinates)
