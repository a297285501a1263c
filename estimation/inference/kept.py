"""Fits that an earlier run has finished: read where they are the very fits that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estimation.data.stored import AnyTable
from estimation.errors import FitError
from estimation.fits.fit import AnyFit
from estimation.fits.job import known_settings
from estimation.inference.asked import Model, problem_of, settings_of
from estimation.inference.load import load_fit

CORES = "cores"
"""The setting on which no result depends."""


def kept_fit(
    path: Path,
    model: Model,
    table: AnyTable,
    *,
    pooled: bool | None = None,
    equal: Mapping[str, str] | None = None,
    **settings: Any,
) -> AnyFit | None:
    """Return the fit in a file if it is this very fit, else None.

    Raises
    ------
    FitError
        If model, table and settings do not belong together.
    """
    problem = problem_of(model, table, pooled, equal)
    asked = known_settings(problem, settings_of(problem, **settings))
    try:
        found = load_fit(path)
    except FitError:
        return None
    same = [
        found.model == model,
        found.fingerprint == table.fingerprint,
        _results(found.manifest["settings"]) == _results(asked),
        all(found.manifest.get(name) == value for name, value in problem.about.items()),
    ]
    return found if all(same) else None


def _results(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != CORES}
