"""Exact refits without the few people whom weights cannot leave out, by whoever does the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import xarray as xr

from estimation.jobs.run import run_units
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor
from estimation.refitted import Refitted

HOW = ("seconds", "versions")
"""What a manifest tells of how a fit was made, and not of what it is."""


class Scored(Protocol):
    """A fit of whatever kind, as far as scores are concerned."""

    @property
    def tree(self) -> xr.DataTree:
        """Draws, with log likelihoods of ``people``, integrated over what is their own."""

    @property
    def manifest(self) -> dict[str, Any]:
        """Where the fit comes from, as plain data."""

    def without(self, subjects: Sequence[str]) -> Refitted:
        """Return log p(person | everybody but these people) of each of these people, by a refit without them."""


def refit_without(
    fits: Mapping[str, Scored],
    left_out: Mapping[str, Sequence[str]],
    executor: AnyExecutor,
    store: str | Path | None,
    progress: bool,
) -> dict[str, Refitted]:
    """Return what refits say of people who are left out one at a time, by the name of the fit.

    Parameters
    ----------
    left_out
        Name → people: whom to leave out of which fit.
    executor, store, progress
        See `estimation.jobs.run.run_units`; without anybody to leave out there is no job, and no folder.
    """
    units = {
        name: {who: Unit(f"{name}, without {who}", {"fit": fits[name], "subject": who}) for who in people}
        for name, people in left_out.items()
    }
    everything = [unit for of_fit in units.values() for unit in of_fit.values()]
    if not everything:
        return {name: Refitted({}, True, {}) for name in fits}
    job = {"unit": "subject", "fits": {name: _identity(fit) for name, fit in fits.items()}}
    how: dict[str, Any] = {"executor": executor, "store": store, "progress": progress}
    found = run_units(everything, _scored, job=job, what="refitting without single people", **how)
    return {name: _collected({who: found[unit.key] for who, unit in units[name].items()}) for name in fits}


def _identity(fit: Scored) -> dict[str, Any]:
    return {key: value for key, value in fit.manifest.items() if key not in HOW}


def _scored(unit: Unit) -> Result:
    subject = unit.inputs["subject"]
    found: Refitted = unit.inputs["fit"].without([subject])
    return {"score": found.scores[subject], "error": found.errors[subject], "ok": found.is_sound}


def _collected(results: Mapping[str, Result]) -> Refitted:
    return Refitted(
        {who: found["score"] for who, found in results.items()},
        all(found["ok"] for found in results.values()),
        {who: found["error"] for who, found in results.items()},
    )
