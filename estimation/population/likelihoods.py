"""The likelihood of everybody under many populations at once.

A normal density at fixed nodes is the exponential of a polynomial of degree two, so its logarithms at all nodes and
under all populations are one product of matrices: four times as fast as one population after another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from estimation.games.game import Array
from estimation.population.flat import FlatNodes
from estimation.population.model import log_likelihood_of_people
from estimation.population.structure import Part, PopulationDraws

LOST = 1e-4  # nats by which rounding may move the log density of a node
AT_ONCE = 250_000  # terms in a temporary array: it should stay in the processor's cache


def likelihoods_of_people(flats: tuple[FlatNodes, ...], draws: PopulationDraws) -> Array:
    """Return log p(person | population) under every population, (draw, person), nats."""
    structure = draws.structure
    if len(structure.design.covariates.of):  # people's means differ: one population after another
        return np.array(
            [log_likelihood_of_people(flats, structure.parts, population) for population in draws]
        )
    return Likelihoods(flats, structure.parts).of(draws)


@dataclass(frozen=True, eq=False)
class Likelihoods:
    """Nodes, ready for many populations without covariates.

    Parameters
    ----------
    flats, parts
        The nodes of each part of the population, and what the parts are.
    """

    flats: tuple[FlatNodes, ...]
    parts: tuple[Part, ...]

    def of(self, draws: PopulationDraws) -> Array:
        """Return log p(person | population) under every population, (draw, person), nats."""
        step = max(1, AT_ONCE // max(len(flat.log_weight) for flat in self.flats))
        pieces = [slice(start, start + step) for start in range(0, len(draws), step)]
        return np.concatenate([self._of_some(draws, piece) for piece in pieces])

    def _of_some(self, draws: PopulationDraws, piece: slice) -> Array:
        terms = []
        for flat, part, powers in zip(self.flats, self.parts, self._powers, strict=True):
            constant, weights = _polynomial(draws, piece, part)
            value = _summed(weights @ powers + flat.log_weight, flat.first_node[:-1]) + constant[:, None]
            # Under a nearly singular population large powers cancel and leave no digit: it counts as impossible.
            lost = (np.abs(weights) @ np.abs(powers).max(axis=1)) * np.finfo(float).eps > LOST
            value[lost] = -np.inf
            value = value.reshape(len(value), flat.kinds, -1)
            if "share" in draws.found:
                share = draws.found["share"][piece]
                value = value + np.log(share / share.sum(axis=1, keepdims=True))[:, part.kinds, None]
            terms.append(value)
        everything = np.concatenate(terms, axis=1)
        return np.asarray(
            everything[:, 0] if everything.shape[1] == 1 else special.logsumexp(everything, axis=1)
        )

    @cached_property
    def _powers(self) -> list[Array]:
        """Return, for each part, nodes and the products of their coordinates, (power, node)."""
        return [np.concatenate([flat.theta, _products(flat.theta)]) for flat in self.flats]


def _products(theta: Array) -> Array:
    return np.stack([theta[d] * theta[e] for d in range(len(theta)) for e in range(d + 1)])


def _polynomial(draws: PopulationDraws, piece: slice, part: Part) -> tuple[Array, Array]:
    """Return the log normal density of each population as a constant (draw,) and weights of powers (draw, power)."""
    dims = list(part.dims)
    mean, sd = draws.found["mean"][piece][:, dims], draws.found["sd"][piece][:, dims]
    precision, log_volume = _precision(draws, piece, dims, sd)
    linear = np.einsum("ndk,nk->nd", precision, mean)
    constant = -0.5 * (linear * mean).sum(axis=1) - log_volume - 0.5 * len(dims) * np.log(2 * np.pi)
    squares = [-(0.5 if d == e else 1.0) * precision[:, d, e] for d in range(len(dims)) for e in range(d + 1)]
    return constant, np.column_stack([linear, *squares])


def _precision(draws: PopulationDraws, piece: slice, dims: list[int], sd: Array) -> tuple[Array, Array]:
    """Return inverse covariances (draw, dim, dim) and log volumes (draw,): infinite, if a covariance is singular."""
    if "correlation" not in draws.found:
        return np.eye(len(dims)) / sd[:, None] ** 2, np.log(sd).sum(axis=1)
    correlation = correlation_matrices(draws.found["correlation"][piece], len(draws.found["mean"][0]))
    covariance = correlation[:, dims][:, :, dims] * sd[:, :, None] * sd[:, None, :]
    sign, log_determinant = np.linalg.slogdet(covariance)
    singular = sign <= 0
    covariance[singular], log_determinant[singular] = np.eye(len(dims)), np.inf
    return np.linalg.inv(covariance), 0.5 * log_determinant


def correlation_matrices(below: Array, dims: int) -> Array:
    """Return matrices (draw, dim, dim) of what stands below their diagonals (draw, pair), row by row."""
    matrix = np.tile(np.eye(dims), (len(below), 1, 1))
    row, column = np.tril_indices(dims, -1)
    matrix[:, row, column] = matrix[:, column, row] = below
    return matrix


def _summed(log_terms: Array, first: Any) -> Array:
    """Return the log of sums over each person's nodes, (draw, node) → (draw, row)."""
    top = np.maximum.reduceat(log_terms, first, axis=1)
    lengths = np.diff(np.append(first, log_terms.shape[1]))
    log_terms -= np.repeat(top, lengths, axis=1)
    np.exp(log_terms, out=log_terms)
    return np.asarray(top + np.log(np.add.reduceat(log_terms, first, axis=1)))
