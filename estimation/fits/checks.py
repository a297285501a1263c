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
        result = scaled, np.inf
    log_smooth, k = np.asarray(result[0]), float(result[1])
    return log_smooth - special.logsumexp(log_smooth), _trusted(k)


def tail_shape(log_weight: Array) -> float:
    """Return the shape k alone, which takes half the time: nothing is smoothed."""
    from arviz_stats.base import array_stats  # noqa: PLC0415 - slow to import

    if _is_even(log_weight):
        return 0.0
    weight = np.exp(log_weight - log_weight.max())
    try:
        return _trusted(float(array_stats.pareto_khat(weight[None], r_eff=1, tail="right")))
    except ValueError:
        return np.inf


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
    finite = finite - finite.max(axis=-1, keepdims=True)
    low, high = np.zeros((*finite.shape[:-1], 1)), np.ones((*finite.shape[:-1], 1))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        good = effective_size(special.softmax(middle * finite, axis=-1))[..., None] >= at_least
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    full = special.softmax(finite, axis=-1)
    is_enough = effective_size(full)[..., None] >= at_least
    return np.asarray(np.where(is_enough, full, special.softmax(low * finite, axis=-1)))


def _is_even(log_weight: Array) -> bool:
    return bool(np.ptp(log_weight) < LEVEL)


def _trusted(k: float) -> float:
    return np.inf if np.isnan(k) else k
