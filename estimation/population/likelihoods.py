"""The likelihood of everybody under many populations at once.

A normal density at fixed nodes is the exponential of a polynomial of degree two, so its logarithms at all nodes and
under all populations are one product of matrices: four times as fast as one population after another. Where parameters
are independent, products of two of them have no weight and are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from estimation.arrays import Array
from estimation.population.correlation import correlation_matrices
from estimation.population.flat import FlatNodes
from estimation.population.normal import NOBODY, SINGULAR, are_possible
from estimation.population.structure import Part, PopulationDraws
from estimation.population.summed import log_sums

LOST = 1e-4  # nats by which rounding may move the log density of a node
AT_ONCE = 250_000  # terms in a temporary array: it should stay in the processor's cache
TOGETHER = 2_048  # populations under which people's likelihoods are held at a time, where only their sum is wanted
NODES = 8_000  # about, that are handled together, so that they stay there while populations pass
TOLERATED = 0.3
"""Posterior standard deviations that integrals may move an estimate: beyond, intervals are visibly off."""
TOLERATED_IN_ALL = 0.45
"""Of `any_error`: draws look likelier than the truth by its square, nats, of the two usual."""

Likelihood = Callable[[tuple[FlatNodes, ...], PopulationDraws], Array]  # → (draw, person), nats


def likelihoods_of_people(flats: tuple[FlatNodes, ...], draws: PopulationDraws) -> Array:
    """Return log p(person | population) under every population, (draw, person), nats."""
    parts, covariates = draws.structure.parts, draws.structure.design.covariates
    correlated = "correlation" in draws.found
    if not len(covariates.of):
        return Likelihoods(flats, parts, correlated).of(draws)
    found = np.empty((len(draws), len(covariates.value)))
    for people, theirs in draws.by_columns():
        found[:, people] = Likelihoods(tuple(flat.of_people(people) for flat in flats), parts, correlated).of(theirs)
    return found


def summed_over_people(
    flats: tuple[FlatNodes, ...],
    draws: PopulationDraws,
    counts: Array | None = None,
    likelihoods: Likelihood = likelihoods_of_people,
) -> Array:
    """Return the log likelihood of everybody together under every population, (draw,), nats.

    Parameters
    ----------
    counts : (person,) array, optional
        How often each person counts: 0 leaves a person out.
    likelihoods
        How those of people are computed.
    """
    weight = np.ones((len(flats[0].first_node) - 1) // flats[0].kinds) if counts is None else np.asarray(counts, float)
    counted = weight > 0
    totals = []
    for start in range(0, len(draws), TOGETHER):  # the whole of (draw, person) may not fit into the memory
        some = {name: value[start : start + TOGETHER] for name, value in draws.found.items()}
        found = likelihoods(flats, PopulationDraws(draws.structure, some))
        totals.append(found[:, counted] @ weight[counted])
    return np.concatenate(totals)


@dataclass(frozen=True, eq=False)
class Likelihoods:
    """Nodes, ready for many populations, each the same for all people.

    Parameters
    ----------
    flats, parts
        The nodes of each part of the population, and what the parts are.
    correlated
        Whether the populations know correlations.
    """

    flats: tuple[FlatNodes, ...]
    parts: tuple[Part, ...]
    correlated: bool

    def of(self, draws: PopulationDraws) -> Array:
        """Return log p(person | population) under every population, (draw, person), nats."""
        terms = []
        for flat, part, blocks in zip(self.flats, self.parts, self._blocks, strict=True):
            constant, weights = _polynomial(draws, part, self._pairs(flat))
            value = np.concatenate([block.of(weights) for block in blocks], axis=1) + constant[:, None]
            value = value.reshape(len(value), flat.kinds, -1)
            if "share" in draws.found:
                share = draws.found["share"] / draws.found["share"].sum(axis=1, keepdims=True)
                value = value + np.log(np.maximum(share, NOBODY))[:, part.kinds, None]
            terms.append(value)
        everything = np.concatenate(terms, axis=1)
        return np.asarray(everything[:, 0] if everything.shape[1] == 1 else special.logsumexp(everything, axis=1))

    @cached_property
    def _blocks(self) -> list[list[NodeBlock]]:
        return [_blocks(flat, self._pairs(flat)) for flat in self.flats]

    def _pairs(self, flat: FlatNodes) -> list[tuple[int, int]]:
        """Return the coordinates whose products densities depend on, the second never after the first."""
        dims = range(len(flat.theta))
        return [(d, e) for d in dims for e in range(d + 1) if self.correlated or d == e]


@dataclass(frozen=True, eq=False)
class NodeBlock:
    """Nodes of some people, few enough for the processor's cache.

    Attributes
    ----------
    powers : (power, node) array
        Nodes and the products of their coordinates.
    log_weight : (node,) array
    first : (row,) integer array
        Where the nodes of each person (and kind) begin.
    """

    powers: Array
    log_weight: Array
    first: Any

    def of(self, weights: Array) -> Array:
        """Return the log of sums over each person's nodes, for weights of powers (draw, power) → (draw, row)."""
        step = max(1, AT_ONCE // len(self.log_weight))
        pieces = (weights[start : start + step] @ self.powers for start in range(0, len(weights), step))
        value = np.concatenate([log_sums(piece, self.log_weight, self.first) for piece in pieces])
        # Under a nearly singular population large powers cancel and leave no digit: it counts as impossible.
        lost = (np.abs(weights) @ np.abs(self.powers).max(axis=1)) * np.finfo(float).eps > LOST
        value[lost] = -np.inf
        return value


def _blocks(flat: FlatNodes, pairs: list[tuple[int, int]]) -> list[NodeBlock]:
    """Return the nodes of one part in blocks of whole people."""
    block = flat.first_node[:-1] // NODES
    blocks = []
    for rows in np.split(np.arange(len(block)), np.flatnonzero(np.diff(block)) + 1):
        first, last = flat.first_node[rows[0]], flat.first_node[rows[-1] + 1]
        theta = flat.theta[:, first:last]
        powers = np.concatenate([theta, [theta[d] * theta[e] for d, e in pairs]])
        blocks.append(NodeBlock(powers, flat.log_weight[first:last].copy(), flat.first_node[rows] - first))
    return blocks


def _polynomial(draws: PopulationDraws, part: Part, pairs: list[tuple[int, int]]) -> tuple[Array, Array]:
    """Return the log normal density of each population as a constant (draw,) and weights of powers (draw, power)."""
    dims = list(part.dims)
    mean, sd = draws.found["mean"][:, dims], draws.found["sd"][:, dims]
    possible = are_possible(sd)
    precision, log_volume = precisions(draws, dims, np.where(possible[:, None], sd, 1.0))
    log_volume[~possible] = np.inf
    linear = np.einsum("ndk,nk->nd", precision, mean)
    constant = -0.5 * (linear * mean).sum(axis=1) - log_volume - 0.5 * len(dims) * np.log(2 * np.pi)
    products = [-(0.5 if d == e else 1.0) * precision[:, d, e] for d, e in pairs]
    return constant, np.column_stack([linear, *products])


def precisions(draws: PopulationDraws, dims: list[int], sd: Array) -> tuple[Array, Array]:
    """Return inverse covariances (draw, dim, dim) and log volumes (draw,): infinite, if a covariance is singular."""
    if "correlation" not in draws.found:
        return np.eye(len(dims)) / sd[:, None] ** 2, np.log(sd).sum(axis=1)
    correlation = correlation_matrices(draws.found["correlation"], len(draws.found["mean"][0]))
    correlation = correlation[:, dims][:, :, dims]
    singular = np.linalg.eigvalsh(correlation)[:, 0] < SINGULAR
    correlation[singular] = np.eye(len(dims))
    log_volume = np.log(sd).sum(axis=1) + 0.5 * np.linalg.slogdet(correlation)[1]
    log_volume[singular] = np.inf
    # inverted before it is scaled: spreads of very different sizes would cost all digits
    return np.linalg.inv(correlation) / (sd[:, :, None] * sd[:, None, :]), log_volume


def relative_error(quality: xr.Dataset, posterior: xr.Dataset) -> float:
    """Return the largest error that `population_error` found, in posterior standard deviations."""
    moved = [name for name in posterior.data_vars if f"{name}_error" in quality]
    spread = {name: posterior[name].std(("chain", "draw")) for name in moved}
    return float(np.max([(quality[f"{name}_error"] / spread[name]).max(skipna=False) for name in moved]))


def excess_error(quality: xr.Dataset, posterior: xr.Dataset) -> float:
    """Return the error of integrals as a multiple of what is tolerated, of one estimate or of all functions of them."""
    worst = relative_error(quality, posterior) / TOLERATED
    return float(np.maximum(float(quality["any_error"]) / TOLERATED_IN_ALL, worst))  # no number if one is none


def thinned(posterior: xr.Dataset) -> xr.Dataset:
    """Return some of the draws: all that a covariance needs."""
    return posterior.isel(draw=slice(None, None, max(1, posterior.sizes["draw"] // 100)))


def population_error(
    flats: tuple[FlatNodes, ...], draws: PopulationDraws, posterior: xr.Dataset, rng: np.random.Generator
) -> xr.Dataset:
    """Return how far the errors of people's integrals may have moved posterior means of the population.

    Variables: ``mean_error``, ``sd_error`` (parameter,), and likewise of coefficients and correlations: Monte-Carlo
    standard errors that come from the nodes, in addition to those that come from the draws. A likelihood that is off
    by delta(phi) moves the posterior mean of f(phi) by Cov(f, delta), to first order. Half the difference between two
    halves of the nodes is such a delta for each person, and people are independent. ``any_error``: the standard
    deviation of all deltas together, which no function of the population is moved by more than, in its own posterior
    standard deviations (Cauchy and Schwarz).
    """
    pairs = zip(*(flat.halves(rng) for flat in flats), strict=True)
    one, other = (likelihoods_of_people(half, draws) for half in pairs)
    with np.errstate(invalid="ignore"):  # a person whom neither half explains: an error that is no number
        delta = (one - other) / 2
        gap = delta - delta.mean(axis=0)
        any_error = np.sqrt((gap**2).mean(axis=0).sum())
        varying = [name for name in ("mean", "sd", "coefficient", "correlation") if name in posterior]
        covariance = {name: draws.found[name].T @ gap / (len(draws) - 1) for name in varying}
    moved = {
        f"{name}_error": (posterior[name].dims[-1], np.sqrt((each**2).sum(axis=1))) for name, each in covariance.items()
    }
    coords = {dim: posterior[dim] for dim, _ in moved.values() if dim in posterior.coords}
    return xr.Dataset({**moved, "any_error": any_error}, coords)


def log_likelihoods(
    flats: tuple[FlatNodes, ...],
    draws: PopulationDraws,
    posterior: xr.Dataset,
    subjects: list[str],
    likelihoods: Likelihood = likelihoods_of_people,
) -> xr.Dataset:
    """Return log p(person | population) for every draw, ``people`` (chain, draw, subject), nats."""
    found = likelihoods(flats, draws)
    shape = (posterior.sizes["chain"], posterior.sizes["draw"], len(subjects))
    coords = {"chain": posterior["chain"], "draw": posterior["draw"], "subject": subjects}
    return xr.Dataset({"people": (("chain", "draw", "subject"), found.reshape(shape))}, coords=coords)
