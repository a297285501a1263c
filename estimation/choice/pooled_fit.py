"""The posterior of a model in which everybody has the same weights: climb, propose around the top, check; else NUTS."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from estimation.choice.arrays import Array
from estimation.choice.climb import climb
from estimation.choice.fitted import ChoiceFit
from estimation.choice.identification import check_identified
from estimation.choice.independence import Chains, sample_around
from estimation.choice.likelihoods import of_groups, people_of
from estimation.choice.models import ChoiceModel
from estimation.choice.pooled import likelihood_of
from estimation.choice.settings import Settings, manifest_of
from estimation.choice.target import Pooled
from estimation.data.choices.table import ChoiceTable

MOST = 50_000_000
"""Log likelihoods per person and draw that a fit may keep; larger tables keep none, and are not compared by person."""


def fit_pooled(model: ChoiceModel, choices: ChoiceTable, settings: Settings) -> ChoiceFit:
    """Return the posterior of a pooled model.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    """
    started = time.perf_counter()
    likelihood = likelihood_of(model, choices)
    check_identified(likelihood.arrays, choices)
    posterior = _Posterior(likelihood, settings.chains * (settings.draws + 1) * likelihood.arrays.people <= MOST, [])
    rng = np.random.default_rng(settings.seed)
    top = climb(likelihood, prior=True)
    found = sample_around(top, posterior.log_density, chains=settings.chains, draws=settings.draws, rng=rng)
    groups = {
        "/": xr.Dataset(),
        "posterior": _named(likelihood, found.draws),
        "sample_stats": _stats(found),
        "log_likelihood": posterior.of_people(found),
        "proposals": xr.Dataset({"log_weight": (("proposal",), found.log_weight)}),
    }
    return ChoiceFit(model, choices, xr.DataTree.from_dict(groups), manifest_of(model, choices, settings, started))


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

    def of_people(self, chains: Chains) -> xr.Dataset:
        """Return ``people`` (chain, draw, subject), nats, of the draws that were kept."""
        if not self.by_person:
            return xr.Dataset()
        values = np.moveaxis(self.found[0][:, chains.kept], 0, -1)
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
