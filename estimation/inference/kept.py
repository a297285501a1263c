"""Fits that are made once: read where an earlier run has finished them, made otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from estimation.data.stored import AnyTable
from estimation.errors import FitError
from estimation.fits.fit import AnyFit
from estimation.inference.fit import Model, fit
from estimation.inference.load import load_fit


def kept_fit(path: Path, model: object, fingerprint: str, **settings: Any) -> AnyFit | None:
    """Return the fit in a file if it is this very fit, else None."""
    try:
        found = load_fit(path)
    except FitError:
        return None
    told = {**found.manifest, **found.manifest["settings"]}
    same = all(told.get(name) == value for name, value in settings.items())
    return found if same and (found.model, found.fingerprint) == (model, fingerprint) else None


def fit_or_load(model: Model, table: AnyTable, path: str | Path, *, progress: bool = True, **settings: Any) -> AnyFit:
    """Return the fit in a file if it is of this model, table and settings; otherwise fit, and keep it there.

    Parameters
    ----------
    model, table, progress, settings
        As for `fit`.
    path
        The file; what it holds otherwise is replaced.

    Raises
    ------
    EstimationError
        As `fit`.
    """
    found = kept_fit(Path(path), model, table.fingerprint, **settings)
    return found if found is not None else fit(model, table, path=path, progress=progress, **settings)
