"""How far the integrals over people may have moved what is said of the population."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from estimation.inference.integration import population_error
from estimation.inference.problem import Problem
from estimation.inference.sampling import flat_nodes
from estimation.inference.settings import Settings
from estimation.population.ensemble import Ensemble


def integral_error(problem: Problem, settings: Settings, nodes: Ensemble, posterior: xr.Dataset) -> float:
    """Return how far integrals may have moved any function of the population, posterior standard deviations."""
    rng = np.random.default_rng([settings.seed, 1])
    return float(estimate_errors(problem, flat_nodes(nodes), posterior, rng)["any_error"])


def estimate_errors(problem: Problem, flats: Any, posterior: xr.Dataset, rng: Any) -> xr.Dataset:
    """Return how far integrals may have moved estimates, from some of the draws: that is all a covariance needs."""
    some = posterior.isel(draw=slice(None, None, max(1, posterior.sizes["draw"] // 100)))
    draws, subjects = problem.structure.draws(some), problem.table.subjects
    return population_error(flats, draws, named_draws(some, problem), subjects, rng)


def named_draws(posterior: xr.Dataset, problem: Problem) -> xr.Dataset:
    """Return the population's draws with parameters, kinds, coefficients and correlations by name."""
    names = [effect.name for effect in problem.parameters]
    dims = {
        "mean": ("parameter", names),
        "sd": ("parameter", names),
        "share": ("kind", list(problem.theory.types)),
        "coefficient": ("covariate", list(problem.design.covariates.names)),
        "correlation": ("pair", problem.structure.pairs),
    }
    found = {name: dim for name, dim in dims.items() if name in posterior}
    data = {name: (("chain", "draw", dim), posterior[name].to_numpy()) for name, (dim, _) in found.items()}
    coords: dict[str, Any] = {"chain": posterior["chain"], "draw": posterior["draw"]}
    return xr.Dataset(data, coords=coords | dict(found.values()))
