"""Fit a latent class logit: the best of several climbs, proposals around it or NUTS, labels put in order."""

from __future__ import annotations

import time

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.classes.labels import by_share, relabelled
from estimation.choice.classes.target import Classes
from estimation.choice.climb import Top, climb
from estimation.choice.design import arrays_of
from estimation.choice.fitted import ChoiceFit
from estimation.choice.hierarchy.describe import standardised
from estimation.choice.identification import check_identified
from estimation.choice.independence import near_normal
from estimation.choice.models import LatentClassLogit
from estimation.choice.sampler import sample_top
from estimation.choice.settings import Settings, manifest_of
from estimation.choice.target import prior_sd
from estimation.data.choices.table import ChoiceTable
from estimation.fits.checks import is_short

DIMS = ("chain", "draw")
THIN = 3  # proposals per draw: a likelihood of a mixture costs as much as those of its classes
PEOPLE = 1000  # draws of people's weights


def fit_classes(model: LatentClassLogit, choices: ChoiceTable, settings: Settings) -> ChoiceFit:
    """Return the posterior of a latent class logit.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    """
    started = time.perf_counter()
    arrays = arrays_of(model, choices)
    check_identified(arrays, choices)
    covariates = standardised(model, choices)
    target = Classes(arrays, prior_sd(arrays, model.prior_scale), covariates, model.classes, settings.seed)
    top = mode_of(target)
    draws, stats, facts = sample_classes(target, top, settings)
    likelihood = target.people(np.moveaxis(draws, -1, 0).reshape(draws.shape[-1], -1))
    subjects = {"subject": list(arrays.subjects)}
    people = np.moveaxis(likelihood.reshape(-1, *draws.shape[:2]), 0, -1)
    groups = {
        "/": xr.Dataset(),
        "posterior": natural(target, draws),
        "sample_stats": stats,
        "log_likelihood": xr.Dataset({"people": ((*DIMS, "subject"), people)}, coords=subjects),
        "people": _people(
            target, draws.reshape(-1, draws.shape[-1]), np.random.default_rng([settings.seed, 3])
        ),
    }
    manifest = manifest_of(model, choices, settings, started)
    manifest["sampler"] = facts
    return ChoiceFit(model, choices, xr.DataTree.from_dict(groups), manifest)


def mode_of(target: Classes) -> Top:
    """Return the highest top that was found, classes in order of their share."""
    top = climb(target, prior=True)
    ordered = by_share(target, top.parameters)
    information = target.information(ordered) + np.diag(target.prior_slope(ordered)[1])
    return Top(ordered, top.value, information, top.converged)


def sample_classes(
    target: Classes, top: Top, settings: Settings
) -> tuple[Array, xr.Dataset, dict[str, object]]:
    """Return draws (chain, draw, parameter) with the mode's labels, the sampler's statistics, and how it went."""

    def log_density(parameters: Array) -> Array:
        return np.asarray(target.many(parameters) + target.log_prior(parameters))

    def labelled(draws: Array) -> tuple[Array, int]:
        flat, changed = relabelled(target, draws.reshape(-1, draws.shape[-1]), top.parameters)
        return flat.reshape(draws.shape), changed

    found = sample_top(
        target,
        top,
        log_density,
        near_normal(len(top.parameters)),
        thin=THIN,
        settings=settings,
        is_short=lambda draws: is_short(natural(target, labelled(draws)[0])),
    )
    draws, changed = labelled(found.draws)
    return draws, found.stats, found.facts | {"relabelled": changed}


def natural(target: Classes, draws: Array) -> xr.Dataset:
    """Return draws (chain, draw, parameter) as the weights and the share of each class, by name."""
    weights, share = target.natural(np.moveaxis(draws, -1, 0))
    names = [f"class {number + 1}" for number in range(target.classes)]
    data = {
        "coefficients": ((*DIMS, "class", "coefficient"), np.moveaxis(weights, (0, 1), (-2, -1))),
        "share": ((*DIMS, "class"), np.moveaxis(share, 0, -1)),
    }
    return xr.Dataset(data, coords={"class": names, "coefficient": list(target.arrays.attributes)})


def _people(target: Classes, draws: Array, rng: np.random.Generator) -> xr.Dataset:
    """Return draws of each person's weights: those of a class drawn with the person's chance of belonging to it."""
    picked = rng.choice(len(draws), size=min(PEOPLE, len(draws)), replace=False)
    weights = np.empty((len(picked), target.arrays.people, len(target.prior_sd)))
    for place, draw in enumerate(draws[picked]):
        chance = target.membership(draw).cumsum(axis=1)
        own = (rng.random((len(chance), 1)) > chance[:, :-1]).sum(axis=1)
        weights[place] = target.split(draw)[0][own]
    coords = {"subject": list(target.arrays.subjects), "coefficient": list(target.arrays.attributes)}
    return xr.Dataset({"coefficients": (("sample", "subject", "coefficient"), weights)}, coords=coords)
