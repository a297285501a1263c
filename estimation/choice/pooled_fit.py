"""The posterior of a model in which everybody has the same weights: climb, propose around the top, check; else NUTS."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.climb import climb
from estimation.choice.design import arrays_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.identification import check_identified
from estimation.choice.independence import HEAVY, near_normal
from estimation.choice.likelihoods import of_groups, people_of
from estimation.choice.models import ChoiceModel
from estimation.choice.pooled import likelihood_of
from estimation.choice.sampler import Sampled, sample_top
from estimation.choice.settings import Settings, manifest_of
from estimation.choice.target import Pooled
from estimation.data.choices.table import ChoiceTable
from estimation.fits.checks import is_short

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
    top = climb(likelihood, prior=True)
    found = sample_top(
        likelihood,
        top,
        posterior.log_density,
        HEAVY if likelihood.nests else near_normal(len(top.parameters)),
        thin=thin,
        settings=settings,
        is_short=lambda draws: is_short(named(likelihood, draws)),
    )
    groups = {
        "/": xr.Dataset(),
        "posterior": named(likelihood, found.draws),
        "sample_stats": found.stats,
        "log_likelihood": posterior.of_people(found),
    }
    if found.proposals is not None:
        groups["proposals"] = xr.Dataset({"k": found.proposals.pareto_k})
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
        remembered = self.by_person and parameters.shape[1] * self.likelihood.arrays.people <= MOST
        values = of_groups(self.likelihood, parameters, people if remembered else np.zeros_like(people))
        self.found[:] = [values] if remembered else []
        return np.asarray(values.sum(axis=0) + self.likelihood.log_prior(parameters))

    def of_people(self, sampled: Sampled) -> xr.Dataset:
        """Return ``people`` (chain, draw, subject), nats, of what was sampled last."""
        if not self.by_person:
            return xr.Dataset()
        draws = sampled.draws
        if self.found and sampled.proposals is not None:
            values = self.found[0][:, sampled.proposals.kept]
        else:
            flat = np.moveaxis(draws, -1, 0).reshape(draws.shape[-1], -1)
            values = of_groups(self.likelihood, flat, people_of(self.likelihood)).reshape(
                -1, *draws.shape[:2]
            )
        subjects = list(self.likelihood.arrays.subjects)
        people = (("chain", "draw", "subject"), np.moveaxis(values, 0, -1))
        return xr.Dataset({"people": people}, coords={"subject": subjects})


def named(likelihood: Pooled, draws: Array) -> xr.Dataset:
    """Return draws (chain, draw, parameter) as weights and dissimilarities by name."""
    weights, dissimilarity = likelihood.natural(np.moveaxis(draws, -1, 0))
    data = {"coefficients": (("chain", "draw", "coefficient"), np.moveaxis(weights, 0, -1))}
    coords: dict[str, Any] = {"coefficient": list(likelihood.arrays.attributes)}
    if likelihood.nests:
        data["dissimilarity"] = (("chain", "draw", "nest"), np.moveaxis(dissimilarity, 0, -1))
        coords["nest"] = list(likelihood.nests)
    return xr.Dataset(data, coords=coords)
