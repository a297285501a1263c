"""Draws of a latent class logit by name: the best of several maxima, proposals around it or NUTS, labels in order."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.classes.labels import by_share, relabelled
from estimation.choice.classes.target import Classes
from estimation.choice.independence import near_normal
from estimation.choice.newton import Top, maximise
from estimation.choice.sampler import sample_top
from estimation.fits.checks import is_short
from estimation.fits.manifest import Settings

DIMS = ("chain", "draw")
THIN = 3
"""Proposals per draw: a likelihood of a mixture costs as much as those of its classes."""
PEOPLE = 1000
"""Draws of people's weights."""


def mode_of(target: Classes) -> Top:
    """Return the highest top that was found, classes in order of their share."""
    top = maximise(target, prior=True)
    ordered = by_share(target, top.parameters)
    information = target.information(ordered) + np.diag(target.prior_slope(ordered)[1])
    return Top(ordered, top.value, information, top.converged)


def sample_classes(target: Classes, top: Top, settings: Settings) -> tuple[Array, xr.Dataset, dict[str, object]]:
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


def people_of(target: Classes, draws: Array, rng: np.random.Generator) -> xr.Dataset:
    """Return draws of each person's weights: those of a class drawn with the person's chance of belonging to it."""
    picked = rng.choice(len(draws), size=min(PEOPLE, len(draws)), replace=False)
    weights = np.empty((len(picked), target.arrays.people, len(target.prior_sd)))
    for place, draw in enumerate(draws[picked]):
        chance = target.membership(draw).cumsum(axis=1)
        own = (rng.random((len(chance), 1)) > chance[:, :-1]).sum(axis=1)
        weights[place] = target.split(draw)[0][own]
    coords = {"subject": list(target.arrays.subjects), "coefficient": list(target.arrays.attributes)}
    return xr.Dataset({"coefficients": (("sample", "subject", "coefficient"), weights)}, coords=coords)
