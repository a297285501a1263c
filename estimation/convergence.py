"""Whether chains agree and are long enough: the numbers behind the diagnosis, and behind sampling longer."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from arviz_stats import ess, mcse, rhat  # arviz itself also loads its plots

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
