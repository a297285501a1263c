"""The posterior of a model in which everybody has the same weights: climb, propose around the top, check; else NUTS."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.choice.arrays import Array, ChoiceArrays, Indices
from estimation.choice.climb import climb
from estimation.choice.design import arrays_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.identification import check_identified
from estimation.choice.independence import HEAVY, Chains, near_normal, sample_around
from estimation.choice.likelihoods import of_groups, people_of
from estimation.choice.models import ChoiceModel
from estimation.choice.nuts import sample_nuts
from estimation.choice.pooled import likelihood_of
from estimation.choice.settings import Settings, manifest_of
from estimation.choice.target import Pooled
from estimation.data.choices.table import ChoiceTable

MOST = 50_000_000
"""Log likelihoods per person and draw that a fit may keep; larger tables keep none, and are not compared by person."""
CHEAP, THINNEST = 100_000_000, 10
"""Utilities that take no time worth mentioning, and the most proposals per draw."""


def fit_pooled(model: ChoiceModel, choices: ChoiceTable, settings: Settings) -> ChoiceFit:
    """Return the posterior of a pooled model.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    """
    started = time.perf_counter()
    likelihood = likelihood_of(model, choices)
    check_identified(arrays_of(model, choices), choices)
    count, thin = settings.chains * settings.draws, thinning(likelihood.arrays, settings)
    posterior = _Posterior(likelihood, count * (thin + 1) * likelihood.arrays.people <= MOST, [])
    rng = np.random.default_rng(settings.seed)
    top = climb(likelihood, prior=True)
    size = {"chains": settings.chains, "draws": settings.draws}
    shape = HEAVY if likelihood.nests else near_normal(len(top.parameters))
    found = sample_around(top, posterior.log_density, shape, **size, thin=thin, rng=rng)
    draws, stats = found.draws, _stats(found)
    if not found.reliable:
        draws, stats = sample_nuts(likelihood, top, **size, seed=settings.seed)
        posterior.log_density(np.moveaxis(draws, -1, 0).reshape(draws.shape[-1], -1))
        found = replace(found, kept=np.arange(draws[..., 0].size).reshape(draws.shape[:2]))
    groups = {
        "/": xr.Dataset(),
        "posterior": _named(likelihood, draws),
        "sample_stats": stats,
        "log_likelihood": posterior.of_people(found.kept),
    }
    if found.reliable:
        groups["proposals"] = xr.Dataset({"k": found.pareto_k})
    manifest = manifest_of(model, choices, settings, started)
    manifest["sampler"] = found.facts
    return ChoiceFit(model, choices, xr.DataTree.from_dict(groups), manifest)


def thinning(arrays: ChoiceArrays, settings: Settings) -> int:
    """Return how many proposals to make per draw: more where they are cheap: draws then depend less on each other."""
    return int(np.clip(CHEAP // (len(arrays.x) * settings.chains * settings.draws), 1, THINNEST))


@dataclass(frozen=True, eq=False)
class _Posterior:
    """The posterior as a function of many parameters; it remembers what it found for each person."""

    likelihood: Pooled
    by_person: bool
    found: list[Array]

    def log_density(self, parameters: Array) -> Array:
        """Return the log posterior density without its constant, (parameter, draw) → (draw,), nats."""
        people = people_of(self.likelihood)
        values = of_groups(self.likelihood, parameters, people if self.by_person else np.zeros_like(people))
        self.found[:] = [values]
        return np.asarray(values.sum(axis=0) + self.likelihood.log_prior(parameters))

    def of_people(self, kept: Indices) -> xr.Dataset:
        """Return ``people`` (chain, draw, subject), nats, of the draws that were kept, by their places."""
        if not self.by_person:
            return xr.Dataset()
        values = np.moveaxis(self.found[0][:, kept], 0, -1)
        subjects = list(self.likelihood.arrays.subjects)
        return xr.Dataset({"people": (("chain", "draw", "subject"), values)}, coords={"subject": subjects})


def _named(likelihood: Pooled, draws: Array) -> xr.Dataset:
    """Return draws (chain, draw, parameter) as weights and dissimilarities by name."""
    weights, dissimilarity = likelihood.natural(np.moveaxis(draws, -1, 0))
    data = {"coefficients": (("chain", "draw", "coefficient"), np.moveaxis(weights, 0, -1))}
    coords: dict[str, Any] = {"coefficient": list(likelihood.arrays.attributes)}
    if likelihood.nests:
        data["dissimilarity"] = (("chain", "draw", "nest"), np.moveaxis(dissimilarity, 0, -1))
        coords["nest"] = list(likelihood.nests)
    return xr.Dataset(data, coords=coords)


def _stats(found: Chains) -> xr.Dataset:
    dims = ("chain", "draw")
    return xr.Dataset({"lp": (dims, found.log_density), "accepted": (dims, found.accepted)})
