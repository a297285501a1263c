"""A store holds one finished fit: what it stands on would be gone if another one took its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from estimation.arrays import Spec
from estimation.errors import FitError
from estimation.fits.fit import Problem
from estimation.fits.job import Settings, known_settings
from estimation.fits.storage import read

STARTING = "The fit cannot be started:"
CORES = "cores"
"""The setting on which no result depends."""
NONE = "nothing"


def refuse_another(file: Path, problem: Problem, settings: Settings) -> None:
    """Refuse to start a fit in a store whose file is of a finished one that differs in model, data or settings.

    Raises
    ------
    FitError
        Naming everything in which that one differs. A fit that cannot be read holds up nothing.
    """
    if not file.exists():
        return
    try:
        _, there = read(file)
    except FitError:
        return
    differs = [*_differing(there.get("model", {}), json.loads(json.dumps(problem.model.spec())))]
    is_other_data = there.get("data", {}).get("fingerprint") != problem.table.fingerprint
    differs += [f"the data (there {there.get('data', {}).get('name')!r})"] * is_other_data
    differs += _differing(there.get("settings", {}), known_settings(problem, settings))
    if differs:
        told = f"{file.parent} holds a finished fit that differs in {', '.join(differs)}, and would be lost"
        raise FitError(STARTING, [f"{told}; choose another folder, or remove it first"])


def _differing(there: Spec, now: Spec) -> Iterator[str]:
    """Yield what two descriptions say otherwise, with what is there."""
    for name in sorted({*there, *now} - {CORES}):
        before, after = there.get(name), now.get(name)
        if before != after:
            yield f"{name} (there {_shown(before)}, now {_shown(after)})"


def _shown(value: Any) -> str:
    return NONE if value is None else repr(value)
