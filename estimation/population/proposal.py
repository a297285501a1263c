"""Where nodes are drawn for each person, and with what density: mixtures of t's, fitted to earlier nodes.

A posterior of one person may be bent, split or needle-shaped. A few multivariate t's, fitted to the weighted nodes of
earlier rounds by expectation-maximisation, follow it (Cappe, Douc, Guillin, Marin and Robert 2008, Statistics and
Computing 18:447-459); heavy tails and a share of the population keep importance weights bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import gammaln, ndtri

from estimation.arrays import Array
from estimation.fits.checks import effective_size, tempered
from estimation.population.even_points import evenly_spread, stretch
from estimation.population.mixture_loops import log_mixtures, updated_mixtures
from estimation.population.normal import Population

DEGREES = 5  # of the t's; a whole number, see `mixture_loops`
# Share of nodes drawn from the population: people with a flat or split likelihood are covered too.
DEFENSIVE = 0.2
INFLATED = 1.5  # the population's scale while adapting, since its own uncertainty must be covered too
NARROW = 1.1  # the same, once the population is known
WIDENED = 1.2  # the proposals' scale relative to what was fitted
FLOOR = 1e-6  # of the population variance, added to a person's so that no proposal collapses to a point
STEPS = 6  # of expectation-maximisation
CLOSER = 0.3  # of the kernel's variance from step to step, where there are nodes enough to follow thin bends
ADDED = 0.3  # share of nodes from components that are added where weights are high


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mixture of multivariate t's for each kind and person, and of the widened population.

    Attributes
    ----------
    share : (kind, person, component) array
        They sum to one: how the nodes that are not drawn from the population are shared out.
    centre : (kind, person, component, dim) array, transformed scale
    root : (kind, person, component, dim, dim) array
        Lower triangular; root @ root.T is the scale.
    population : Population
        With a mean for each of the people, if theirs differ.
    count : int
        How many nodes are drawn for each kind and person.
    """

    share: Array
    centre: Array
    root: Array
    population: Population
    count: int

    def draw(self, rng: np.random.Generator) -> Array:
        """Draw nodes, (kind, person, dim, node): two independent halves, whose sums tell the error of both."""
        first = self.count - self.count // 2, self._general - self._general // 2
        halves = first, (self.count - first[0], self._general - first[1])
        return np.concatenate([self._half(*half, rng) for half in halves], axis=-1)

    @property
    def _general(self) -> int:
        """How many nodes are drawn from the population."""
        return round(DEFENSIVE * self.count)

    def _half(self, count: int, general: int, rng: np.random.Generator) -> Array:
        """Draw some nodes, of which so many come from the population, in random order."""
        size, dims = self.share.shape[:2], self.centre.shape[-1]
        widely = ndtri(evenly_spread((*size, dims), general, rng))
        even = evenly_spread((*size, dims + 2), count - general, rng)
        step = ndtri(even[:, :, :dims]) * stretch(even[:, :, [dims]], DEGREES)
        chosen = _reached(self.share, even[:, :, dims + 1])[..., None]
        centre = np.take_along_axis(self.centre, chosen, axis=2)
        root = np.take_along_axis(self.root, chosen[..., None], axis=2)
        theta = np.swapaxes(centre + (root @ np.swapaxes(step, -1, -2)[..., None])[..., 0], -1, -2)
        # whoever thins nodes takes every so many: of points in Sobol's order, those of one part of the cube
        return np.concatenate([self._wide(widely), theta], axis=-1)[..., rng.permutation(count)]

    def _wide(self, normal: Array) -> Array:
        """Return the nodes of the widened population for which normals (kind, person, dim, node) stand."""
        return np.asarray(self.population.mean[..., None] + INFLATED * self.population.root @ normal)

    def log_total(self, theta: Array) -> Array:
        """Return the log of the density that the nodes have together, theta (kind, person, dim, node) → (…, node)."""
        fitted = log_mixtures(*_rows(theta, self.share, self.centre, self.root)).reshape(*self.share.shape[:2], -1)
        widely = self.population.log_density(theta, INFLATED)
        return np.asarray(np.logaddexp(np.log(self.count - self._general) + fitted, np.log(self._general) + widely))

    def only(self, keep: Any) -> Proposal:
        """Return the proposal for some people (a mask over them)."""
        arrays = {name: getattr(self, name)[:, keep] for name in ("share", "centre", "root")}
        return replace(self, **arrays, population=self.population.of(keep))


def around(centre: Array, root: Array, population: Population, count: int) -> Proposal:
    """Return the proposal of one t around a peak: centre (kind, person, dim), root (kind, person, dim, dim)."""
    lower = np.linalg.cholesky(root @ np.swapaxes(root, -1, -2) + FLOOR * np.diag(population.sd**2))
    share = np.ones((*centre.shape[:2], 1))
    return Proposal(share, centre[:, :, None], WIDENED * lower[:, :, None], population, count)


def sharpened(
    proposal: Proposal, theta: Array, log_weight: Array, components: int, count: int, rng: np.random.Generator
) -> Proposal:
    """Return a proposal with more components where its nodes weigh most: where it is lower than it should be.

    They are fitted to the squares of weights, and get `ADDED` of the nodes that do not come from the population: a
    mixture that grows where it is found wanting (Raftery and Bao 2010, Biometrics 66(4):1162-1173).

    `theta` and `log_weight` as in `fitted`.
    """
    more = fitted(theta, 2 * log_weight, components, proposal.population, count, rng, CLOSER)
    centre, root = (
        np.concatenate(both, axis=2) for both in ((proposal.centre, more.centre), (proposal.root, more.root))
    )
    share = np.concatenate([(1 - ADDED) * proposal.share, ADDED * more.share], axis=2)
    return replace(proposal, share=share, centre=centre, root=root, count=count)


def fitted(
    theta: Array,
    log_weight: Array,
    components: int,
    population: Population,
    count: int,
    rng: np.random.Generator,
    closer: float = 1.0,
) -> Proposal:
    """Return the proposal that fits weighted nodes: theta (kind, person, dim, node), log_weight (kind, person, node).

    Components start at resampled nodes with the width of a kernel estimate. Their covariances are drawn towards it by
    as much as a few nodes would, so that none collapses. One kernel for a wide peak and a thin bent sheet is as wide as
    both together: with `closer` below one its variance falls by that factor with each step, and components hug either.
    """
    dims = theta.shape[-2]
    weight = tempered(log_weight, at_least=4.0 * (dims + 1))
    effective = effective_size(weight)[..., None]
    kernel = _kernel(theta, weight, effective, population)
    chosen = _shared_out(weight, components, rng)
    centre = np.take_along_axis(np.swapaxes(theta, -1, -2), chosen[..., None], axis=2)
    share = np.full((*weight.shape[:2], components), 1 / components)
    scale = np.broadcast_to(kernel[:, :, None], (*share.shape, dims, dims))
    for step in range(STEPS):
        towards = closer**step * kernel[:, :, None]
        rows, *mixture = _rows(theta, share, centre, np.linalg.cholesky(scale))
        found = updated_mixtures(rows, weight.reshape(len(rows), -1), *mixture)
        total, centre, scatter = (part.reshape(*share.shape[:2], *part.shape[1:]) for part in found)
        nodes = effective * total
        scale = (effective[..., None, None] * scatter + (dims + 2) * towards) / (nodes + dims + 2)[..., None, None]
        share = (nodes + 1) / (effective + components)
    return Proposal(share, centre, WIDENED * np.linalg.cholesky(scale), population, count)


def resampled(theta: Array, log_weight: Array, count: int, rng: np.random.Generator) -> Array:
    """Return nodes in proportion to their weights, flattened until enough of them count; (kind, person, dim, count)."""
    chosen = _shared_out(tempered(log_weight, at_least=4.0 * (theta.shape[-2] + 1)), count, rng)
    return np.take_along_axis(theta, chosen[:, :, None], axis=-1)


def _kernel(theta: Array, weight: Array, effective: Array, population: Population) -> Array:
    """Return the covariance of nodes, narrowed by the normal-reference bandwidth, (kind, person, dim, dim)."""
    dims = theta.shape[-2]
    gap = theta - np.einsum("kis,kids->kid", weight, theta)[..., None]
    covariance = (weight[:, :, None] * gap) @ np.swapaxes(gap, -1, -2) + FLOOR * np.diag(population.sd**2)
    bandwidth = (4 / ((dims + 2) * effective)) ** (1 / (dims + 4))
    return np.asarray(bandwidth[..., None] ** 2 * covariance)


def _shared_out(share: Array, count: int, rng: np.random.Generator) -> Any:
    """Return `count` indices along the last axis in proportion to `share`, by systematic sampling."""
    return _reached(share, (np.arange(count) + rng.random((*share.shape[:-1], 1))) / count)


def _reached(share: Array, level: Array) -> Any:
    """Return the indices along the last axis at which running sums of `share` reach levels between 0 and 1."""
    index = (np.cumsum(share, axis=-1)[..., None, :] < level[..., None]).sum(axis=-1)
    return np.minimum(index, share.shape[-1] - 1)


def _rows(theta: Array, share: Array, centre: Array, root: Array) -> tuple[Any, ...]:
    """Return nodes and mixtures of t's as `log_mixtures` reads them: a row is a person of a kind."""
    dims = theta.shape[-2]
    constant = gammaln((DEGREES + dims) / 2) - gammaln(DEGREES / 2) - 0.5 * dims * np.log(DEGREES * np.pi)
    log_root = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
    parts = theta, centre, np.linalg.inv(root), constant - log_root + np.log(share)
    return *(np.ascontiguousarray(part.reshape(-1, *part.shape[2:])) for part in parts), DEGREES
