"""Several models fitted to one table, side by side: a fit keeps one processor busy for much of its time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError, raise_all
from estimation.fits.fit import AnyFit, Fit, Problem
from estimation.jobs.workers import workers
from estimation.progress import progress_bars
from estimation.saving import make_folder

MOST = 4  # processes: each may hold a gigabyte


def fit_each(
    do: Callable[..., AnyFit], problems: Mapping[str, Problem], path: str | Path | None, progress: bool, **settings: Any
) -> dict[str, AnyFit]:
    """Return the fit of each model by its name, each made in a process of its own, as many at once as there are cores.

    Parameters
    ----------
    do
        Fits one model: called with ``model``, ``table``, ``path``, ``progress`` and the settings.
    problems
        Model and table, by the name of the fit.
    path
        A folder: each fit is saved there under its name, and goes on where it stopped.
    settings
        With an ``executor`` if people are in partitions: then all who work do so on one fit after another.

    Raises
    ------
    FitError
        If there is no model, or a name cannot be a file's.
    """
    strange = [name for name in problems if not isinstance(name, str) or not name or set(name) & set('/\\:*?"<>|')]
    advice = [f"{name!r} cannot be the name of a fit; it is to name a file too" for name in strange]
    heading = "The fits cannot be started:"
    raise_all(advice if problems else ["there is no model"], FitError, heading)
    if path is not None:
        make_folder(path, FitError, heading, parents=True)
    are_parted = "executor" in settings
    given = {
        name: {"model": problem.model, "table": problem.table, "path": path and Path(path) / (name + ending)}
        for ending in ["" if are_parted else ".nc"]
        for name, problem in problems.items()
    }
    processors = os.cpu_count() or 1
    count = 1 if are_parted else min(MOST, processors, len(problems))
    if count == 1:
        return {name: do(**mine, progress=progress, **settings) for name, mine in given.items()}
    what = f"fitting {', '.join(problems)}"
    with workers(count) as crew, progress_bars(progress, what) as track:
        update = track(what, len(problems))
        started = {}
        for name, mine in given.items():
            # all of them, though they are shared at first: the last fit has them to itself
            own = {"cores": processors} if "cores" in problems[name].settings else {}
            started[name] = crew.submit(partial(_made, do, mine | own | settings | {"progress": False}))
        try:
            for done, finished in enumerate(as_completed(started.values()), 1):
                finished.result()
                update(done)
        except BrokenExecutor as problem:
            lost = "a process that fitted ended, perhaps for want of memory; fit the models one after another"
            raise FitError("The fits broke off:", [lost]) from problem
    return {name: Fit(problems[name], *made.result()) for name, made in started.items()}


def _made(do: Callable[..., AnyFit], given: Mapping[str, Any]) -> tuple[xr.DataTree, Spec]:
    """Return what was drawn; the model, which may be somebody's own and unknown by name elsewhere, stays behind."""
    found = do(**given)
    return found.tree, found.manifest
