"""What a fit says about itself, as plain data: what was fitted to what, how, and with which versions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from estimation.inference.artifact import FORMAT
from estimation.inference.problem import Problem
from estimation.inference.settings import Settings
from estimation.versions import code_version


def job(problem: Problem, settings: Settings) -> dict[str, Any]:
    """Return what makes two fits the same: an unfinished one is not continued by other code."""
    return {
        "theory": problem.theory.spec(),
        "fingerprint": problem.table.fingerprint,
        "settings": settings.spec(),
        "code": code_version(),
    }


def manifest_of(problem: Problem, settings: Settings, draws: int, seconds: float) -> dict[str, Any]:
    """Return the manifest of a finished fit, with the draws of each chain and the run time in seconds."""
    table = problem.table
    return {
        "format": FORMAT,
        "theory": problem.theory.spec(),
        "data": {
            "name": table.name,
            "selection": list(table.selection),
            "source": table.source.title,
            "caveats": list(table.source.caveats),
            "synthetic": table.synthetic,
            "fingerprint": table.fingerprint,
            "games": {name: game.spec() for name, game in table.games.items()},
        },
        "settings": settings.spec(),
        "draws_per_chain": draws,  # more than the settings ask for, if the chains had to be made longer
        "seconds": round(seconds, 1),
        "versions": {name: version(name) for name in ("estimation", "pymc", "nutpie", "arviz", "numpy")},
    }
