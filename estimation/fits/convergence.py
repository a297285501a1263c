"""Whether chains agree and are long enough: the numbers behind the diagnosis, and behind sampling longer."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from arviz_stats import ess, mcse, rhat  # arviz itself also loads its plots
from numpy.typing import NDArray
from scipy import special

RHAT = 1.01  # Vehtari et al. (2021), Bayesian Analysis 16(2):667-718
ESS_PER_CHAIN = 100  # ibid.


def worst_rhat(posterior: xr.Dataset) -> float:
    """Return the largest rank-normalised R-hat of a posterior; what never varies, as a fixed spread, has none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return max(float(value.max()) for value in rhat(posterior).data_vars.values())


def least_ess(posterior: xr.Dataset, method: str) -> float:
    """Return the smallest effective sample size; `method` is ``"bulk"`` or ``"tail"``."""
    return min(float(value.min()) for value in ess(posterior, method=method).data_vars.values())


def is_short(posterior: xr.Dataset) -> bool:
    """Return whether the chains should be longer."""
    needed = ESS_PER_CHAIN * posterior.sizes["chain"]
    return worst_rhat(posterior) > RHAT or min(least_ess(posterior, m) for m in ("bulk", "tail")) < needed


def averaged(log_density: NDArray[Any], chains: int) -> tuple[NDArray[Any], NDArray[Any]]:
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
    spread = float(np.std(series))
    if spread < 1e-12:  # what never varies has no effective size
        return 0.0
    return max(float(mcse(np.asarray(series), method="mean")), spread / float(np.sqrt(independent)))
