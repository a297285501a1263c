"""Draws of a logit with random coefficients by name: chains until they agree, and each person's integral."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array, Mask
from estimation.choice.hierarchy.describe import covariates_of
from estimation.choice.hierarchy.integral import NODES, Integral, Quality, integral_of_new
from estimation.choice.hierarchy.problem import MixedLogit
from estimation.choice.hierarchy.sampler import TasteDraws, sample
from estimation.choice.hierarchy.triangular import ends_of
from estimation.choice.sampling.draws import Fitted
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.table import ChoiceTable
from estimation.fits.checkpoint import Checkpoint
from estimation.fits.checks import is_short
from estimation.fits.job import Settings
from estimation.progress import step

DIMS = ("chain", "draw")
FINER = 4
"""Nodes of people who were left out, as a multiple of a fit's: few are scored, and their scores are the reference."""


def sample_hierarchical(
    model: Utility, choices: ChoiceTable, problem: MixedLogit, settings: Settings, checkpoint: Checkpoint
) -> Fitted:
    """Return draws of people and population, with people integrated out for their likelihoods."""
    sampled = _chains(problem, settings, checkpoint)
    step("integrating over people")
    integral = Integral(problem, sampled.sites, sampled.middle, sampled.populations)
    likelihood, quality = integral.everybody(settings.seed)
    shape, names = sampled.accepted.shape, {"subject": list(problem.choices.subjects)}
    own = {"coefficients": (("sample", "subject", "coefficient"), problem.coefficients(sampled.theta))}
    trust = {name: ("subject", values) for name, values in zip(Quality._fields, np.array(quality).T, strict=True)}
    groups = {
        "posterior": posterior_of(model, choices, problem, sampled),
        "sample_stats": xr.Dataset({"accepted": (DIMS, sampled.accepted)}),
        "log_likelihood": xr.Dataset({"people": ((*DIMS, "subject"), likelihood.reshape(*shape, -1))}, coords=names),
        "people": xr.Dataset(own, coords={**names, "coefficient": list(problem.choices.attributes)}),
        "integration": xr.Dataset(trust, coords=names),
    }
    name = "elliptical slices of people, Hamiltonian moves of the population, slices of spreads"
    return Fitted(groups, {"name": name, "draws": shape[1]})


def score_hierarchical(problem: MixedLogit, out: Mask, settings: Settings) -> tuple[Array, bool]:
    """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether draws suffice."""
    kept = problem.without(out)
    sampled = _chains(kept, settings)
    left = integral_of_new(problem.without(~out), sampled.middle, sampled.populations, FINER * NODES)
    return left.everybody(settings.seed)[0], not is_short(watched(sampled, kept))


def _chains(problem: MixedLogit, settings: Settings, checkpoint: Checkpoint | None = None) -> TasteDraws:
    def is_too_short(found: TasteDraws) -> bool:
        return is_short(watched(found, problem))

    size = {"draws": settings.draws, "chains": settings.chains}
    return sample(problem, seed=settings.seed, is_short=is_too_short, checkpoint=checkpoint, **size)


def watched(sampled: TasteDraws, problem: MixedLogit) -> xr.Dataset:
    """Return the quantities whose chains have to agree: means, shared coefficients, and the covariance, once each."""
    lower = np.diag_indices(problem.free) if problem.diagonal else np.tril_indices(problem.free)
    covariance = sampled.covariance[..., lower[0], lower[1]]
    shift = sampled.shift[..., : problem.free, :].reshape(*sampled.accepted.shape, -1)
    parts = {"shift": shift, "fixed": sampled.fixed, "covariance": covariance}
    return xr.Dataset({name: ((*DIMS, name + "_place"), part) for name, part in parts.items() if part.shape[-1]})


def named_moments(mean: Array, covariance: Array) -> dict[str, Any]:
    """Return means (chain, draw, coefficient) and covariances over people as the variables of a posterior."""
    by_name, sd = (*DIMS, "coefficient"), np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return {"mean": (by_name, mean), "sd": (by_name, sd), "covariance": ((*by_name, "other"), covariance)}


def posterior_of(model: Utility, choices: ChoiceTable, problem: MixedLogit, sampled: TasteDraws) -> xr.Dataset:
    """Return the draws by name, as `ChoiceProblem` describes them; shared coefficients have no spread.

    ``mean`` is that of a person with average covariates.
    """
    names, random, shared = problem.choices.attributes, len(problem.random), len(problem.fixed)
    means, covariance = problem.moments(sampled.everything)
    means *= [name not in model.groups for name in names]  # exactly zero
    data = named_moments(means, covariance)
    coords = {"coefficient": list(names), "other": list(names)}
    if problem.half_width.size:
        data["half_width"] = ((*DIMS, "triangle"), ends_of(sampled.fixed, problem.half_width).half_width)
        coords["triangle"] = [names[place] for place in problem.triangles]
    if model.covariates:
        _, _, scale = covariates_of(model.covariates, choices)
        effects = np.zeros((*sampled.accepted.shape, len(scale), random + shared))
        effects[..., :random] = np.moveaxis(sampled.shift[..., 1:], -1, -2) / scale[:, None]
        data["shift"] = ((*DIMS, "covariate", "coefficient"), effects[..., problem.back])
        coords["covariate"] = list(model.covariates)
    return xr.Dataset(data, coords=coords)
