"""How importance nodes are drawn for each person, and with what density."""

from __future__ import annotations

import numpy as np
from scipy import special, stats
from scipy.stats import qmc

from estimation.games.game import Array
from estimation.population.normal import Population

DEGREES = 5.0  # of the t proposals: heavy tails keep importance weights bounded
DEFENSIVE = (
    0.2  # share of nodes drawn from the population: people with a flat or split likelihood are covered too
)
INFLATED = 1.5  # the population's scale while adapting, since its own uncertainty must be covered too
WIDENED = 1.2  # the proposals' scale relative to the person's posterior
FLOOR = 1e-6  # of the population variance, added to a person's so that no proposal collapses to a point
CENTRES = 24  # kernels of a proposal


def draw(
    centres: Array, root: Array, population: Population, count: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw nodes (kind, person, dim, node) and return them with their log density (kind, person, node).

    Parameters
    ----------
    centres : (kind, person, centre, dim) array
    root : (kind, person, dim, dim) array
        Every proposal is an equal mixture of t distributions at the centres, with root @ root.T as their scale, and
        of the widened population.
    """
    dims, sd = len(population.mean), INFLATED * population.sd
    normal, stretch = _quasi_random(centres.shape[:2], dims, count, rng)
    own = np.swapaxes(centres[:, :, np.arange(count) % centres.shape[2]], -1, -2)
    theta = own + root @ (normal * stretch)
    general = round(DEFENSIVE * count)
    theta[..., :general] = population.mean[:, None] + sd[:, None] * normal[..., :general]
    return theta, np.logaddexp(
        np.log1p(-general / count) + _log_t_mixture(theta, centres, root),
        np.log(general / count) + population.log_density(theta, INFLATED),
    )


def smooth(
    theta: Array, log_weight: Array, population: Population, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return centres (kind, person, centre, dim) and one root (kind, person, dim, dim) that smooth weighted nodes.

    Centres are resampled nodes; the root is the posterior's, narrowed by the normal-reference bandwidth. Such a kernel
    estimate follows bent and split posteriors that no single t can cover.
    """
    dims = len(population.mean)
    weight = _tempered(log_weight, at_least=4.0 * (dims + 1))
    mean = np.einsum("kis,kids->kid", weight, theta)
    gap = theta - mean[..., None]
    covariance = np.einsum("kis,kids,kies->kide", weight, gap, gap) + FLOOR * np.diag(population.sd**2)
    bandwidth = (4 / ((dims + 2) * effective_size(weight))) ** (1 / (dims + 4))
    ladder = (np.arange(CENTRES) + rng.random((*weight.shape[:2], 1))) / CENTRES
    chosen = (np.cumsum(weight, axis=-1)[..., None, :] < ladder[..., None]).sum(axis=-1)
    chosen = np.minimum(chosen, weight.shape[-1] - 1)
    centres = np.take_along_axis(np.swapaxes(theta, -1, -2), chosen[..., None], axis=2)
    return centres, WIDENED * bandwidth[..., None, None] * np.linalg.cholesky(covariance)


def effective_size(weight: Array) -> Array:
    """Return 1 / sum of squares along the last axis, for weights that sum to one."""
    return np.asarray(1 / (weight**2).sum(axis=-1))


def _quasi_random(
    size: tuple[int, ...], dims: int, count: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return evenly spread normals (kind, person, dim, node) and the stretch that makes them t (kind, person, 1, node).

    A shift of its own for each person makes the errors of different people independent, so that they do not add up
    over the sample. The order of the points is shuffled because the first ones go to another proposal.
    """
    base = qmc.Sobol(dims, rng=rng).random(1 << int(np.ceil(np.log2(count))))
    base = rng.permutation(base)[:count].T
    shifted = (base + rng.random((*size, dims, 1))) % 1.0
    normal = special.ndtri(np.clip(shifted, 1e-12, 1 - 1e-12))
    stretch = np.sqrt(DEGREES / stats.chi2.ppf((np.arange(count) + 0.5) / count, DEGREES))
    return normal, rng.permuted(np.broadcast_to(stretch, (*size, 1, count)), axis=-1)


def _tempered(log_weight: Array, at_least: float) -> Array:
    """Return weights that sum to one along the last axis, flattened until they are worth `at_least` nodes each."""
    finite = np.where(np.isfinite(log_weight), log_weight, -1e10)
    finite = finite - finite.max(axis=-1, keepdims=True)
    low, high = np.zeros((*finite.shape[:-1], 1)), np.ones((*finite.shape[:-1], 1))
    for _ in range(25):
        middle = (low + high) / 2
        good = effective_size(special.softmax(middle * finite, axis=-1))[..., None] >= at_least
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    full = special.softmax(finite, axis=-1)
    return np.where(effective_size(full)[..., None] >= at_least, full, special.softmax(low * finite, axis=-1))


def _log_t_mixture(theta: Array, centres: Array, root: Array) -> Array:
    """Return the log density of equal multivariate t's, theta (kind, person, dim, node) → (kind, person, node)."""
    dims, count = theta.shape[-2], centres.shape[2]
    white, home = np.linalg.solve(root, theta), np.linalg.solve(root, np.swapaxes(centres, -1, -2))
    terms = np.empty((count, *theta.shape[:2], theta.shape[-1]))
    for index in range(count):
        square = ((white - home[..., index, None]) ** 2).sum(axis=-2)
        terms[index] = -(DEGREES + dims) / 2 * np.log1p(square / DEGREES)
    log_root = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)[..., None]
    constant = (
        special.gammaln((DEGREES + dims) / 2)
        - special.gammaln(DEGREES / 2)
        - 0.5 * dims * np.log(DEGREES * np.pi)
    )
    return np.asarray(special.logsumexp(terms, axis=0) - np.log(count) + constant - log_root)
