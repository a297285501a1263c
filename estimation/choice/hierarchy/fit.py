"""Fit a logit with random coefficients: chains until they agree, each person's integral, and one object for it all."""

from __future__ import annotations

import time

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.design import arrays_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.hierarchy.describe import covariates_of, problem_of
from estimation.choice.hierarchy.integral import Integral, Quality
from estimation.choice.hierarchy.problem import Problem
from estimation.choice.hierarchy.sampler import Sampled, sample
from estimation.choice.identification import check_identified
from estimation.choice.models import MultinomialLogit
from estimation.choice.settings import Settings, manifest_of
from estimation.data.choices.table import ChoiceTable
from estimation.fits.checks import is_short

DIMS = ("chain", "draw")


def fit_hierarchical(model: MultinomialLogit, choices: ChoiceTable, settings: Settings) -> ChoiceFit:
    """Return the posterior of a logit with random coefficients.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices, or names do not fit the table.
    """
    started = time.perf_counter()
    problem = problem_of(model, choices)
    check_identified(arrays_of(model, choices), choices)
    size = {"draws": settings.draws, "chains": settings.chains}
    sampled = sample(
        problem, seed=settings.seed, is_short=lambda found: is_short(watched(found, problem)), **size
    )
    integral = Integral(problem, sampled.sites, sampled.middle, sampled.populations)
    likelihood, quality = integral.everybody(settings.seed)
    shape, names = sampled.accepted.shape, {"subject": list(problem.choices.subjects)}
    groups = {
        "/": xr.Dataset(),
        "posterior": posterior_of(model, choices, problem, sampled),
        "sample_stats": xr.Dataset({"accepted": (DIMS, sampled.accepted)}),
        "log_likelihood": xr.Dataset(
            {"people": ((*DIMS, "subject"), likelihood.reshape(*shape, -1))}, coords=names
        ),
        "people": _people(problem, sampled),
        "integration": quality_of(quality, list(problem.choices.subjects)),
    }
    manifest = manifest_of(model, choices, settings, started)
    manifest["sampler"] = {
        "name": "elliptical slices of people, Hamiltonian moves of the population",
        "draws": shape[1],
    }
    return ChoiceFit(model, choices, xr.DataTree.from_dict(groups), manifest)


def watched(sampled: Sampled, problem: Problem) -> xr.Dataset:
    """Return the quantities whose chains have to agree: means, shared coefficients, and the covariance, once each."""
    lower = np.diag_indices(len(problem.random)) if problem.diagonal else np.tril_indices(len(problem.random))
    covariance = sampled.covariance[..., lower[0], lower[1]]
    shift = sampled.shift.reshape(*sampled.accepted.shape, -1)
    parts = {"shift": shift, "fixed": sampled.fixed, "covariance": covariance}
    return xr.Dataset(
        {name: ((*DIMS, name + "_place"), part) for name, part in parts.items() if part.shape[-1]}
    )


def posterior_of(
    model: MultinomialLogit, choices: ChoiceTable, problem: Problem, sampled: Sampled
) -> xr.Dataset:
    """Return the draws by name, as `ChoiceFit` describes them; shared coefficients have no spread.

    ``mean`` is that of a person with average covariates.
    """
    names, back = problem.choices.attributes, np.argsort((*problem.random, *problem.fixed))
    random, shared = len(problem.random), len(problem.fixed)
    covariance = np.pad(sampled.covariance, ((0, 0), (0, 0), (0, shared), (0, shared)))[..., back, :][
        ..., back
    ]
    means = np.concatenate([sampled.shift[..., 0], sampled.fixed], axis=-1)[..., back]
    by_name = (*DIMS, "coefficient")
    data = {
        "mean": (by_name, means),
        "sd": (by_name, np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))),
        "covariance": ((*by_name, "other"), covariance),
    }
    coords = {"coefficient": list(names), "other": list(names)}
    if model.covariates:
        _, _, scale = covariates_of(model.covariates, choices)
        effects = np.zeros((*sampled.accepted.shape, len(scale), random + shared))
        effects[..., :random] = np.moveaxis(sampled.shift[..., 1:], -1, -2) / scale[:, None]
        data["shift"] = ((*DIMS, "covariate", "coefficient"), effects[..., back])
        coords["covariate"] = list(model.covariates)
    return xr.Dataset(data, coords=coords)


def quality_of(quality: list[Quality], subjects: list[str]) -> xr.Dataset:
    """Return Pareto ``k``, ``effective`` nodes and Monte-Carlo ``error`` (nats) of each person's integral."""
    values: Array = np.array(quality)
    parts = {name: ("subject", values[:, place]) for place, name in enumerate(Quality._fields)}
    return xr.Dataset(parts, coords={"subject": subjects})


def _people(problem: Problem, sampled: Sampled) -> xr.Dataset:
    """Return draws of each person's weights as they enter the utility, (sample, subject, coefficient)."""
    coords = {"subject": list(problem.choices.subjects), "coefficient": list(problem.choices.attributes)}
    weights = problem.coefficients(sampled.theta)
    return xr.Dataset({"coefficients": (("sample", "subject", "coefficient"), weights)}, coords=coords)
