"""Fit a model of choice: the sampler that the model brings, and one object that holds what came out."""

from __future__ import annotations

import time
from pathlib import Path

import xarray as xr

from estimation.choice.problem import ChoiceFit, ChoiceProblem
from estimation.fits.fit import Fit
from estimation.fits.manifest import Settings, manifest_of


def fit_choices(
    problem: ChoiceProblem, settings: Settings, path: str | Path | None = None, progress: bool = False
) -> ChoiceFit:
    """Fit a model of choice to a table of choices.

    Parameters
    ----------
    progress
        Accepted so that all families are fitted alike; these samplers show none.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    """
    del progress
    started = time.perf_counter()
    groups, facts = problem.sampled(settings)
    manifest = manifest_of(problem, settings, time.perf_counter() - started, sampler=facts)
    result = Fit(problem, xr.DataTree.from_dict({"/": xr.Dataset(), **groups}), manifest)
    if path is not None:
        result.save(path)
    return result
