"""Whether draws and weights can be trusted: thresholds, convergence of chains, tails of importance weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from estimation.arrays import Array, Indices

RHAT = 1.01
"""Above it chains disagree (Vehtari et al. 2021, Bayesian Analysis 16(2):667-718)."""
ESS_PER_CHAIN = 100
"""Effective draws needed of each chain (ibid.)."""
GOOD_K = 0.7
"""Above it the variance of importance sampling is not under control (Vehtari et al. 2024, JMLR 25:72)."""
EFFECTIVE = 250
"""Independent draws that weighted ones should be worth."""
LEVEL = 1e-9
"""Weights that differ by less, in nats, do not differ."""
TOGETHER = 256
"""Sets of weights whose tails are fitted at a time: they need a hundred kilobytes each."""
SEVERAL = 225
"""Weights, beyond which less than a fifth of them is their tail."""
HALVINGS = 25
"""Steps of the search for the power that flattens weights."""


def worst_rhat(posterior: xr.Dataset) -> float:
    """Return the largest rank-normalised R-hat of a posterior; what never varies, as a fixed spread, has none."""
    from arviz_stats import rhat  # noqa: PLC0415 - slow to import

    with np.errstate(invalid="ignore", divide="ignore"):
        return max(float(value.max()) for value in rhat(posterior).data_vars.values())


def least_ess(posterior: xr.Dataset, method: str) -> float:
    """Return the smallest effective sample size; `method` is ``"bulk"`` or ``"tail"``."""
    from arviz_stats import ess  # noqa: PLC0415 - slow to import

    return min(float(value.min()) for value in ess(posterior, method=method).data_vars.values())


def is_short(posterior: xr.Dataset) -> bool:
    """Return whether the chains should be longer."""
    needed = ESS_PER_CHAIN * posterior.sizes["chain"]
    return worst_rhat(posterior) > RHAT or min(least_ess(posterior, m) for m in ("bulk", "tail")) < needed


def averaged(log_density: Array, chains: int) -> tuple[Array, Array]:
    """Return logs of means over draws, (person,), nats, and what they are means of as multiples of them.

    Parameters
    ----------
    log_density : (draw, person) array, nats
        Chains one after another.

    Returns
    -------
    (person,) array, and (chain, draw, person) array for `error_of_mean`
    """
    value = special.logsumexp(log_density, axis=0) - np.log(len(log_density))
    return value, np.exp(log_density - value).reshape(chains, -1, log_density.shape[1])


def error_of_mean(series: Any, independent: float = np.inf) -> float:
    """Return the Monte-Carlo standard error of the mean of a series (chain, draw).

    Parameters
    ----------
    independent
        How many independent draws the series is worth at most, as one drawn with weights is.
    """
    from arviz_stats import mcse  # noqa: PLC0415 - slow to import

    spread = float(np.std(series))
    if spread < 1e-12:  # what never varies has no effective size
        return 0.0
    return max(float(mcse(np.asarray(series), method="mean")), spread / float(np.sqrt(independent)))


def smoothed(log_weight: Array) -> tuple[Array, float]:
    """Return Pareto-smoothed log weights that sum to one, and the shape k of their tail (Vehtari et al. 2024).

    Weights that do not differ have a shape of 0; a shape that cannot be estimated is no reason for trust: infinite.

    Parameters
    ----------
    log_weight : (node,) array
        Up to a constant.
    """
    from arviz_stats.base import array_stats  # noqa: PLC0415 - slow to import

    if _is_even(log_weight):
        return np.full(len(log_weight), -np.log(len(log_weight))), 0.0
    scaled = log_weight - log_weight.max()
    try:
        # ArviZ takes log likelihoods of what is left out, and negates them.
        result: Any = array_stats.psislw(-scaled)
    except ValueError:  # the tail is one node, drawn again and again
        result = scaled - special.logsumexp(scaled), np.inf
    return np.asarray(result[0]), _trusted(float(result[1]))


def tail_shapes(log_weight: Array) -> Array:
    """Return the shape k of the tail of each of several sets of log weights (row, node) → (row,), as `smoothed` does.

    A generalised Pareto distribution is fitted to what lies above the 5th part of the weights, or fewer if there are
    many, by the posterior mean of its scale under the prior of Zhang and Stephens (2009, Technometrics 51:316-325).
    """
    rows, nodes = log_weight.shape
    if rows > TOGETHER:
        pieces = (log_weight[start : start + TOGETHER] for start in range(0, rows, TOGETHER))
        return np.concatenate([tail_shapes(piece) for piece in pieces])
    count = int(3 * np.sqrt(nodes)) if nodes > SEVERAL else nodes // 5
    if count < 5:
        return np.where(np.ptp(log_weight, axis=1) < LEVEL, 0.0, np.inf)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    top = np.sort(np.partition(weight, nodes - count - 1, axis=1)[:, nodes - count - 1 :], axis=1)
    tail = top[:, 1:] - top[:, :1]
    quartile = tail[:, (count + 2) // 4 - 1]
    shape = np.full(rows, np.inf)
    fitting = (quartile > tail[:, 0]) & (tail[:, -1] > 0)
    shape[fitting] = _pareto_shapes(tail[fitting], quartile[fitting])
    shape[np.ptp(log_weight, axis=1) < LEVEL] = 0.0
    return np.where(np.isnan(shape), np.inf, shape)


def _pareto_shapes(tail: Array, quartile: Array) -> Array:
    """Return the shapes of tails (row, node) that begin at 0 and are sorted."""
    count = tail.shape[1]
    grid = 30 + int(np.sqrt(count))
    steps = 1 - np.sqrt(grid / (np.arange(grid) + 0.5))
    scale = steps / (3 * quartile[:, None]) + 1 / tail[:, -1:]
    shape = np.log(1 - scale[:, :, None] * tail[:, None]).mean(axis=-1)
    share = special.softmax(count * (np.log(-scale / shape) - shape), axis=1)
    share[share < 10 * np.finfo(float).eps] = 0.0
    middle = (share * scale).sum(axis=1) / share.sum(axis=1)
    found = np.log(1 - middle[:, None] * tail).mean(axis=1)
    return np.asarray((count * found + 10 * 0.5) / (count + 10))


def effective_size(weight: Array) -> Array:
    """Return how many equal weights these are worth; they sum to one along the last axis."""
    return np.asarray(1 / (weight**2).sum(axis=-1))


def places_of(weight: Array, levels: Array) -> Indices:
    """Return where the running sum of weights, which sum to one, reaches each level between 0 and 1."""
    return np.minimum(np.searchsorted(np.cumsum(weight), levels), len(weight) - 1)


def resampled(weight: Array, count: int, rng: np.random.Generator) -> Indices:
    """Return places drawn in proportion to their weights, evenly and in random order, (count,)."""
    return rng.permutation(places_of(weight, (np.arange(count) + rng.random()) / count))


def tempered(log_weight: Array, at_least: float) -> Array:
    """Return weights that sum to one along the last axis, flattened until they are worth `at_least` equal ones."""
    finite = np.where(np.isfinite(log_weight), log_weight, -1e10)
    weight = np.asarray(special.softmax(finite, axis=-1))
    few = effective_size(weight) < at_least
    finite = finite[few] - finite[few].max(axis=-1, keepdims=True)
    low, high = np.zeros((len(finite), 1)), np.ones((len(finite), 1))
    for _ in range(HALVINGS if len(finite) else 0):
        middle = (low + high) / 2
        good = effective_size(special.softmax(middle * finite, axis=-1))[..., None] >= at_least
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    weight[few] = special.softmax(low * finite, axis=-1)
    return weight


def _is_even(log_weight: Array) -> bool:
    return bool(np.ptp(log_weight) < LEVEL)


def _trusted(k: float) -> float:
    return np.inf if np.isnan(k) else k
