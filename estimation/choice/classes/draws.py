"""Draws of a latent class logit by name: the best of several maxima, proposals around it or NUTS, labels in order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr
from scipy.optimize import linear_sum_assignment

from estimation.arrays import Array
from estimation.choice.classes.target import Classes
from estimation.choice.likelihoods.newton import Top, maximise
from estimation.choice.sampling.independence import near_normal
from estimation.choice.sampling.sampler import sample_top
from estimation.errors import ChoiceError
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.checks import is_short
from estimation.fits.job import Settings

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


def by_share(target: Classes, parameters: Array) -> Array:
    """Return the same mixture with its classes in order of their share, largest first; (parameter,)."""
    weights, odds = target.split(parameters)
    order = np.argsort(-target.natural(parameters)[1], kind="stable")
    return target.joined(weights[order], odds[order])


def relabelled(target: Classes, draws: Array, mode: Array) -> tuple[Array, int]:
    """Return draws (…, parameter) with the labels of the nearest classes of the mode, and how many were changed.

    The posterior is the same for every order of the classes, so a chain may change it on its way. Distance is that of
    the weights in units of their prior (the pivot of Marin, Mengersen and Robert 2005, Handbook of Statistics 25).
    """
    pivot = target.split(mode)[0] / target.prior_sd
    result, changed = draws.copy(), 0
    for place in np.ndindex(draws.shape[:-1]):
        weights, odds = target.split(draws[place])
        distance = ((pivot[:, None] - (weights / target.prior_sd)[None]) ** 2).sum(axis=-1)
        order = linear_sum_assignment(distance)[1]
        if not np.array_equal(order, np.arange(target.classes)):
            result[place], changed = target.joined(weights[order], odds[order]), changed + 1
    return result, changed


def check_needed(target: Classes, top: Top) -> None:
    """Raise a `ChoiceError` if one class fewer is as good: a class that nobody is in makes a posterior without a form.

    As good means that the likelihood rises by less than the information criterion asks for (Schwarz 1978, Annals of
    Statistics 6:461-464). It is asked where proposals fail.
    """
    if target.classes == 1:
        return
    fewer = replace(target, classes=target.classes - 1)
    other = mode_of(fewer)
    values = [float(one.people(at.parameters[:, None]).sum()) for one, at in ((target, top), (fewer, other))]
    gain, more = values[0] - values[1], len(top.parameters) - len(other.parameters)
    if gain < more / 2 * np.log(target.arrays.people):
        problem = (
            f"{target.classes} classes are {gain:.1f} nats more likely than {target.classes - 1}, with {more} more "
            f"numbers to estimate; give classes={target.classes - 1}"
        )
        raise ChoiceError("There are more classes than these choices tell:", [problem])


def sample_classes(
    target: Classes, top: Top, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT, *, is_checked: bool = False
) -> tuple[Array, xr.Dataset, dict[str, object]]:
    """Return draws (chain, draw, parameter) with the mode's labels, the sampler's statistics, and how it went.

    Raises
    ------
    ChoiceError
        Where `is_checked`, as `check_needed`.
    """

    def log_density(parameters: Array) -> Array:
        return np.asarray(target.many(parameters) + target.log_prior(parameters))

    found = sample_top(
        target,
        top,
        log_density,
        near_normal(len(top.parameters)),
        thin=THIN,
        settings=settings,
        checkpoint=checkpoint,
        before_chains=lambda: check_needed(target, top) if is_checked else None,
        is_short=lambda draws: is_short(natural(target, relabelled(target, draws, top.parameters)[0])),
    )
    draws, changed = relabelled(target, found.draws, top.parameters)
    return draws, found.stats, found.facts | {"relabelled": changed}


def natural(target: Classes, draws: Array) -> xr.Dataset:
    """Return draws (chain, draw, parameter) as weights, shares and, where they depend on covariates, their effects."""
    parameters = np.moveaxis(draws, -1, 0)
    weights, share = target.natural(parameters)
    names = [f"class {number + 1}" for number in range(target.classes)]
    data = {
        "coefficients": ((*DIMS, "class", "coefficient"), np.moveaxis(weights, (0, 1), (-2, -1))),
        "share": ((*DIMS, "class"), np.moveaxis(share, 0, -1)),
    }
    coords = {"class": names, "coefficient": list(target.arrays.attributes)}
    if target.named:
        effects = np.moveaxis(target.split(parameters)[1][:, 1:], (0, 1), (-2, -1))
        data["membership"] = ((*DIMS, "class", "covariate"), effects / list(target.named.values()))
        coords["covariate"] = list(target.named)
    return xr.Dataset(data, coords=coords)


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
