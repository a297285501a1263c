"""Fit a model of choice: the right sampler for each kind of model, and one object that holds what came out."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from estimation.choice.climb import climb
from estimation.choice.fitted import FORMAT, ChoiceFit
from estimation.choice.identification import check_identified
from estimation.choice.independence import sample_around
from estimation.choice.likelihoods import people_of
from estimation.choice.models import ChoiceModel
from estimation.choice.pooled import is_pooled, likelihood_of
from estimation.data.choices.stored import data_spec
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, FitError, raise_all


@dataclass(frozen=True)
class Settings:
    """How to sample a model of choice.

    Parameters
    ----------
    seed
        Root of all randomness.
    draws, chains
        Kept draws per chain, and the number of chains.

    Raises
    ------
    FitError
        If a value makes no sense.
    """

    seed: int = 0
    draws: int = 500
    chains: int = 4

    def __post_init__(self) -> None:
        least = {"seed": 0, "draws": 50, "chains": 1}
        problems = [
            f"{name} must be a whole number of at least {lowest}, not {getattr(self, name)!r}"
            for name, lowest in least.items()
            if not isinstance(getattr(self, name), int) or getattr(self, name) < lowest
        ]
        raise_all(problems, FitError, "The settings are not valid:")


def fit_choices(
    model: ChoiceModel,
    choices: ChoiceTable,
    *,
    seed: int = 0,
    draws: int = 500,
    chains: int = 4,
    path: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> ChoiceFit:
    """Fit a model of choice to a table of choices.

    Parameters
    ----------
    model
        For example ``MultinomialLogit(["price", "quality"], random="all")``.
    choices
        The choices.
    seed, draws, chains
        See `Settings`.
    path
        File to save the fit to.
    progress
        Whether to show progress on standard error.
    settings
        More settings, of samplers of random coefficients and latent classes.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    FitError
        If a setting makes no sense.
    """
    if not is_pooled(model):
        raise ChoiceError("The model cannot be fitted yet:", [f"{model.name} with weights of people's own"])
    if settings:
        raise FitError("The settings are not valid:", [f"{sorted(settings)} are not known for the {model.name}"])
    chosen, started = Settings(seed, draws, chains), time.perf_counter()
    result = _pooled(model, choices, chosen, started)
    if path is not None:
        result.save(path)
    return result


def _pooled(model: ChoiceModel, choices: ChoiceTable, settings: Settings, started: float) -> ChoiceFit:
    """Sample a model in which everybody has the same weights."""
    likelihood = likelihood_of(model, choices)
    check_identified(likelihood.arrays, choices)
    top = climb(likelihood, prior=True)

    def log_density(parameters: np.ndarray) -> np.ndarray:
        return likelihood.many(parameters) + likelihood.log_prior(parameters)

    rng = np.random.default_rng(settings.seed)
    found = sample_around(top, log_density, chains=settings.chains, draws=settings.draws, rng=rng)
    weights, dissimilarity = likelihood.natural(np.moveaxis(found.draws, -1, 0))
    posterior = _posterior(likelihood.arrays.attributes, likelihood.nests, weights, dissimilarity)
    stats = xr.Dataset({"lp": (("chain", "draw"), found.log_density), "accepted": (("chain", "draw"), found.accepted)})
    people = people_of(likelihood, found.draws)
    groups = {"/": xr.Dataset(), "posterior": posterior, "sample_stats": stats, "log_likelihood": people}
    groups["proposals"] = xr.Dataset({"log_weight": (("proposal",), found.log_weight)})
    tree = xr.DataTree.from_dict(groups)
    return ChoiceFit(model, choices, tree, manifest_of(model, choices, asdict(settings), started))


def _posterior(
    coefficients: tuple[str, ...], nests: tuple[str, ...], weights: np.ndarray, dissimilarity: np.ndarray
) -> xr.Dataset:
    """Return draws (coefficient, chain, draw) and (nest, chain, draw) by name."""
    data = {"coefficients": (("chain", "draw", "coefficient"), np.moveaxis(weights, 0, -1))}
    coords: dict[str, Any] = {"coefficient": list(coefficients)}
    if nests:
        data["dissimilarity"] = (("chain", "draw", "nest"), np.moveaxis(dissimilarity, 0, -1))
        coords["nest"] = list(nests)
    return xr.Dataset(data, coords=coords)


def manifest_of(
    model: ChoiceModel, choices: ChoiceTable, settings: dict[str, Any], started: float
) -> dict[str, Any]:
    """Return where a fit comes from, as plain data; `started` is when it began, by `time.perf_counter`."""
    return {
        "format": FORMAT,
        "kind": "choice",
        "model": model.spec(),
        "data": data_spec(choices),
        "settings": settings,
        "seconds": round(time.perf_counter() - started, 1),
        "versions": {name: version(name) for name in ("estimation", "numpy", "scipy", "arviz")},
    }
