"""Exact refits without the few people whom weights cannot leave out, by whoever does the work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from estimation.fits.fit import AnyFit
from estimation.fits.refitted import Refitted
from estimation.inference.fit import leave_out
from estimation.jobs.run import run_units
from estimation.jobs.store import folder_within
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor

HOW = ("seconds", "versions")
"""What a manifest tells of how a fit was made, and not of what it is."""

NEEDED = ("posterior", "nodes")
"""Groups of a fit that a refit reads."""


def refit_without(
    fits: Mapping[str, AnyFit],
    left_out: Mapping[str, Sequence[str]],
    executor: AnyExecutor,
    store: str | Path | None,
    progress: bool,
) -> dict[str, Refitted]:
    """Return what refits say of people who are left out one at a time, by the name of the fit.

    Whom to leave out of which fit stands in `left_out`. There is a folder in the store if there is anybody. Results
    there are known by the name, the data and the draws of the fit, so that other fits may come and go. `StudyError` if
    refits cannot be stored or resumed, or fail: see `estimation.jobs.run.run_units`.
    """
    units = {name: _units(name, fits[name], people, executor) for name, people in left_out.items() if people}
    everything = [unit for of_fit in units.values() for unit in of_fit.values()]
    if not everything:
        return {name: Refitted({}, True, {}) for name in fits}
    how: dict[str, Any] = {"executor": executor, "progress": progress, "store": folder_within(store, "subject")}
    found = run_units(everything, _score_unit, job={"unit": "subject"}, what="refitting without single people", **how)
    return {name: _refitted({who: found[unit.key] for who, unit in units.get(name, {}).items()}) for name in fits}


def _units(name: str, fit: AnyFit, people: Sequence[str], executor: AnyExecutor) -> dict[str, Unit]:
    identity, brought = _identity(fit), fit if executor is None else _for_workers(fit)
    return {who: Unit(f"{name}, without {who}, {identity}", {"fit": brought, "subject": who}) for who in people}


def _identity(fit: AnyFit) -> str:
    """Return a digest of what scores depend on: data, model, settings, draws and nodes."""
    what = {key: value for key, value in fit.manifest.items() if key not in HOW}
    digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode())
    for path, group in sorted(_needed(fit.tree).items()):
        for variable, values in sorted(group.data_vars.items()):
            digest.update(f"{path} {variable} {values.shape}".encode())
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:12]


def _for_workers(fit: AnyFit) -> AnyFit:
    """Return a fit without what a refit does not read, and with one core for its chains."""
    settings = {**fit.manifest["settings"], "cores": 1}
    tree = xr.DataTree.from_dict(_needed(fit.tree))
    return replace(fit, tree=tree, manifest={**fit.manifest, "settings": settings})


def _needed(tree: xr.DataTree) -> dict[str, xr.Dataset]:
    return {node.path: node.to_dataset() for node in tree.subtree if node.path.split("/")[1] in NEEDED}


def _score_unit(unit: Unit) -> Result:
    subject = unit.inputs["subject"]
    found = leave_out(unit.inputs["fit"], [subject])
    return {"score": found.scores[subject], "error": found.errors[subject], "ok": found.is_sound}


def _refitted(results: Mapping[str, Result]) -> Refitted:
    return Refitted(
        {who: found["score"] for who, found in results.items()},
        all(found["ok"] for found in results.values()),
        {who: found["error"] for who, found in results.items()},
    )
