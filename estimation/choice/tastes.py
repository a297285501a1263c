"""Draws of what people value: everybody's, those of the people in the data, or those of new people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.arrays import CERTAIN
from estimation.choice.design import design_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.models import MultinomialLogit
from estimation.choice.roles import FIXED, NORMAL, distributions_of
from estimation.errors import ChoiceError

KNOWN, NEW = PEOPLE = ("known", "new")


@dataclass(frozen=True, eq=False)
class Tastes:
    """Draws of weights.

    Parameters
    ----------
    weights : (sample, person, coefficient)
        As they enter the utility; one entry for all people where everybody has the same.
    dissimilarity : (sample, nest)
        No columns for models without nests.
    people
        Whose they are, in words.
    """

    weights: Array
    dissimilarity: Array
    people: str


def tastes_of(fit: ChoiceFit, people: str, draws: int, seed: int) -> Tastes:
    """Return draws of the weights of people.

    Parameters
    ----------
    people
        ``"known"``: the people in the data, each with their own posterior. ``"new"``: people like them whom nobody has
        seen, as many as are in the data and with their covariates, drawn from the population anew for every draw.
    draws
        Posterior draws to use, evenly spread over the chains; all of them if there are fewer.
    seed
        For the draws of new people.

    Raises
    ------
    ChoiceError
        If `people` is neither.
    """
    if people not in PEOPLE:
        raise ChoiceError("It is not clear for whom:", [f"people must be one of {PEOPLE}, not {people!r}"])
    posterior = fit.tree["posterior"].dataset
    if "people" not in fit.tree:
        weights = _flat(posterior["coefficients"], draws)
        nests = _flat(posterior["dissimilarity"], draws) if "dissimilarity" in posterior else weights[:, :0]
        return Tastes(weights[:, None, :], nests, "everybody alike")
    if people == KNOWN:
        own = (
            fit.tree["people"]
            .dataset["coefficients"]
            .transpose("sample", "subject", "coefficient")
            .to_numpy()
        )
        kept = _spread(len(own), draws)
        return Tastes(own[kept], own[kept][:, 0, :0], "the people in the data")
    rng = np.random.default_rng(seed)
    weights = _of_classes(fit, draws, rng) if "share" in posterior else _of_population(fit, draws, rng)
    return Tastes(weights, weights[:, 0, :0], "new people like those in the data")


def _of_population(fit: ChoiceFit, draws: int, rng: np.random.Generator) -> Array:
    """Return weights of new people, (sample, person, coefficient), drawn from the population."""
    posterior = fit.tree["posterior"].dataset
    mean, covariance = _flat(posterior["mean"], draws), _flat(posterior["covariance"], draws)
    people = len(fit.table.subjects)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    normal = rng.standard_normal((len(mean), people, mean.shape[1]))
    latent = mean[:, None, :] + np.einsum("sij,spj->spi", root, normal)
    if "shift" in posterior:
        described = covariates_of(fit, [str(name) for name in posterior["covariate"].to_numpy()])
        latent += np.einsum("pz,szk->spk", described, _flat(posterior["shift"], draws))
    return transformed(latent, distributions_of(fit.model, design_of(fit.model, fit.table)))


def transformed(latent: Array, kinds: tuple[str, ...]) -> Array:
    """Return weights as they enter the utility, (…, coefficient): log-normals are exponentials, with their sign."""
    weights = latent.copy()
    for place, kind in enumerate(kinds):
        if kind not in (FIXED, NORMAL):
            weights[..., place] = (-1 if kind.startswith("-") else 1) * np.exp(
                np.minimum(latent[..., place], CERTAIN)
            )
    return weights


def covariates_of(fit: ChoiceFit, names: list[str]) -> Array:
    """Return the covariates of people as their model takes them: around their means, (person, covariate)."""
    first = fit.table.first_row[fit.table.first_situation[:-1]]
    values = fit.table.rows[names].to_numpy(dtype=float)[first]
    return np.asarray(values - values.mean(axis=0))


def _of_classes(fit: ChoiceFit, draws: int, rng: np.random.Generator) -> Array:
    """Return weights of new people, (sample, person, coefficient): each belongs to a class."""
    posterior = fit.tree["posterior"].dataset
    weights, share = _flat(posterior["coefficients"], draws), _flat(posterior["share"], draws)
    edges = np.cumsum(share, axis=1)
    luck = rng.uniform(size=(len(share), len(fit.table.subjects)))
    kind = np.minimum((luck[:, :, None] > edges[:, None, :]).sum(axis=2), share.shape[1] - 1)
    return np.asarray(np.take_along_axis(weights, kind[:, :, None], axis=1))


def _flat(draws: xr.DataArray, count: int) -> Array:
    """Return some draws, chains one after another, (sample, …)."""
    stacked: Any = draws.stack(sample=("chain", "draw")).transpose("sample", ...).to_numpy()
    return np.asarray(stacked[_spread(len(stacked), count)])


def _spread(there: int, wanted: int) -> Array:
    return np.unique(np.linspace(0, there - 1, min(there, wanted)).round().astype(np.int64))


def is_negative(fit: ChoiceFit, name: str) -> bool:
    """Return whether a coefficient is negative by construction."""
    if not isinstance(fit.model, MultinomialLogit):
        return False
    design = design_of(fit.model, fit.table)
    return distributions_of(fit.model, design)[design.names.index(name)] == "-lognormal"
