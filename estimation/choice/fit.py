"""Fit a model of choice: the sampler that the model brings, and one object that holds what came out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import xarray as xr

from estimation.choice.fitted import ChoiceFit
from estimation.choice.mode import MixedMode, Mode
from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.errors import FitError
from estimation.fits.manifest import Settings, manifest_of


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
        Accepted so that theories and models of choice are fitted alike; these samplers show none.
    settings
        Refused: names are checked, so that a misspelt setting is not passed over.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    FitError
        If a setting makes no sense or is not known.
    """
    if settings:
        raise FitError(
            "The settings are not valid:", [f"{sorted(settings)} are not known for the {model.name}"]
        )
    del progress
    sampling, started, problem = Settings(seed, draws, chains), time.perf_counter(), model.on(choices)
    groups, facts = problem.sampled(sampling)
    manifest = manifest_of(problem, sampling, time.perf_counter() - started, kind="choice", sampler=facts)
    result = ChoiceFit(model, choices, xr.DataTree.from_dict({"/": xr.Dataset(), **groups}), manifest)
    if path is not None:
        result.save(path)
    return result


def mode(model: ChoiceModel, choices: ChoiceTable, *, seed: int = 0) -> Mode | MixedMode:
    """Return the maximum-likelihood estimate: the mode of the posterior under flat priors.

    Parameters
    ----------
    model
        A multinomial logit with coefficients that are the same for everybody (`Mode`) or all differ between people
        (`MixedMode`, the "mixed logit"), or a nested logit (`Mode`).
    choices
        The choices.
    seed
        Of the nodes over which people's tastes are integrated, if they differ.

    Raises
    ------
    ChoiceError
        If some coefficients differ between people and others do not, or people fall into classes (use
        ``estimation.fit``), or if something cannot be identified from these choices: every problem is listed.
    """
    return model.on(choices).mode(seed)
