"""Several models fitted to one table, side by side: a fit keeps one processor busy for much of its time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, as_completed
from contextlib import AbstractContextManager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError, raise_all
from estimation.fits.checkpoint import Checkpoint, unfinished
from estimation.fits.fit import AnyFit, Fit, Problem
from estimation.fits.job import job
from estimation.inference.asked import settings_of
from estimation.inference.kept import kept_fit
from estimation.jobs.workers import workers
from estimation.progress import progress_bars
from estimation.saving import make_folder

STARTING = "The fits cannot be started:"
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
    raise_all(advice if problems else ["there is no model"], FitError, STARTING)
    if path is not None:
        make_folder(path, FitError, STARTING, parents=True)
    ending = "" if "executor" in settings else ".nc"
    with _unfinished(problems, path, settings) as checkpoint:
        given = {
            name: {"model": problem.model, "table": problem.table, "path": path and Path(path) / (name + ending)}
            for name, problem in problems.items()
        }
        marks = {name: checkpoint.mark(name) for name in problems}
        there = {name: _found(marks[name], mine, settings) for name, mine in given.items()}
        fits = {name: found for name, found in there.items() if found is not None}
        missing = {name: mine | {"do": do, "mark": marks[name]} for name, mine in given.items() if name not in fits}
        fits |= _fitted({name: problems[name] for name in missing}, missing, progress, settings)
    return {name: fits[name] for name in problems}


def _unfinished(
    problems: Mapping[str, Problem], path: str | Path | None, settings: Mapping[str, Any]
) -> AbstractContextManager[Checkpoint]:
    """Return where it is noted which of these fits are finished, until all are."""
    if path is None:
        return unfinished(None, {})
    own = {name: value for name, value in settings.items() if name not in ("pooled", "equal", "executor")}
    asked = {name: job(problem, settings_of(problem, **own)) for name, problem in problems.items()}
    name = sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
    return unfinished(Path(path) / f"fits-{name}", asked)


def _found(mark: Path | None, mine: Mapping[str, Any], settings: Mapping[str, Any]) -> AnyFit | None:
    """Return a fit that was finished before the others were interrupted."""
    if mark is None or not mark.exists():
        return None
    own = {name: value for name, value in settings.items() if name != "executor"}
    return kept_fit(mine["path"], mine["model"], mine["table"], **own)


def _fitted(
    problems: Mapping[str, Problem], missing: Mapping[str, dict[str, Any]], progress: bool, settings: Mapping[str, Any]
) -> dict[str, AnyFit]:
    """Return the fits that are not there yet: in processes of their own if there are several."""
    processors = os.cpu_count() or 1
    count = 1 if "executor" in settings else min(MOST, processors, len(problems))
    if count <= 1:
        return {name: _made(mine | {"progress": progress, **settings}) for name, mine in missing.items()}
    what = f"fitting {', '.join(problems)}"
    with workers(count) as crew, progress_bars(progress, what) as track:
        update = track(what, len(problems))
        started = {}
        for name, mine in missing.items():
            # all of them, though they are shared at first: the last fit has them to itself
            own = {"cores": processors} if "cores" in problems[name].settings else {}
            started[name] = crew.submit(partial(_sent, {**mine, **own, **settings, "progress": False}))
        try:
            for done, finished in enumerate(as_completed(started.values()), 1):
                finished.result()
                update(done)
        except BrokenExecutor as problem:
            lost = "a process that fitted ended, perhaps for want of memory; fit the models one after another"
            raise FitError("The fits broke off:", [lost]) from problem
    return {name: Fit(problems[name], *made.result()) for name, made in started.items()}


def _made(given: Mapping[str, Any]) -> AnyFit:
    """Return a fit, once it is noted that it is finished."""
    asked = dict(given)
    do, mark = asked.pop("do"), asked.pop("mark")
    found: AnyFit = do(**asked)
    if mark is not None:
        mark.touch()
    return found


def _sent(given: Mapping[str, Any]) -> tuple[xr.DataTree, Spec]:
    """Return what was drawn; the model, which may be somebody's own and unknown by name elsewhere, stays behind."""
    found = _made(given)
    return found.tree, found.manifest
