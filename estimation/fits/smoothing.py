"""Pareto smoothing of importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25:72)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

LEVEL = 1e-9  # weights that differ by less, in nats, do not differ


def smoothed(log_weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return Pareto-smoothed log weights that sum to one, and the shape k of their tail.

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


def tail_shape(log_weight: NDArray[np.float64]) -> float:
    """Return the shape k alone, which takes half the time: nothing is smoothed."""
    from arviz_stats.base import array_stats  # noqa: PLC0415

    if _is_even(log_weight):
        return 0.0
    weight = np.exp(log_weight - log_weight.max())
    try:
        return _trusted(float(array_stats.pareto_khat(weight[None], r_eff=1, tail="right")))
    except ValueError:
        return np.inf


def _is_even(log_weight: NDArray[np.float64]) -> bool:
    return bool(np.ptp(log_weight) < LEVEL)


def _trusted(k: float) -> float:
    return np.inf if np.isnan(k) else k
