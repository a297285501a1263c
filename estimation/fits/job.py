"""How a fit is computed: settings, and what makes two fits the same.

A finished one carries its manifest, plain data: model, data, settings, versions, run time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from estimation.allowed import word_problems
from estimation.arrays import Spec, in_reach, is_real
from estimation.counts import count_problems, seed_problems
from estimation.errors import FitError

if TYPE_CHECKING:
    from estimation.fits.fit import Problem  # whoever asks for the version of the code needs no tables and no games

FORMAT = 3
METHODS = ("automatic", "importance", "integrated", "joint")
LEAST = {"draws": 50, "tune": 50, "chains": 1, "cores": 1, "samples": 1}
LIBRARIES = ("estimation", "numpy", "scipy", "pymc", "nutpie", "arviz")


@dataclass(frozen=True)
class Settings:
    """How to sample. Which of these a family of models knows, its `Problem.settings` says.

    Parameters
    ----------
    seed
        Root of all randomness: nodes, chains, predictions.
    draws, tune, chains
        Kept draws per chain (more, where chains must be longer), discarded draws, and the number of chains.
    method
        ``"automatic"``: people are integrated out and the population is drawn by proposals around its mode; where these
        do not cover the posterior, by chains. ``"importance"``: by proposals alone. ``"integrated"``: by chains alone,
        which takes longer and compiles first. ``"joint"``: chains see every person's parameters;
        slower by two orders of magnitude, kept as the reference. The manifest's ``sampler`` says what drew, and why.
    target_accept
        Acceptance that the sampler's step size aims at.
    cores
        Chains and people handled side by side; all of the machine's by default.
    accuracy
        Multiplies the nodes of each person: errors of the integrals fall with its square root, time grows with it.
        Below 1 no nodes are added after sampling, should integrals move an estimate; comparisons do not need it.
    samples
        Posterior draws kept of each person.

    Raises
    ------
    FitError
        Listing every value that makes no sense.
    """

    seed: int = 0
    draws: int = 500
    chains: int = 4
    tune: int = 300
    method: str = "automatic"
    target_accept: float = 0.9
    cores: int = os.cpu_count() or 1
    accuracy: float = 1.0
    samples: int = 200

    def __post_init__(self) -> None:
        problems = seed_problems(self.seed)
        for name, least in LEAST.items():
            problems += count_problems(least=least, **{name: getattr(self, name)})
        problems += word_problems(METHODS, method=self.method)
        if not (is_real(self.accuracy) and 0.1 <= self.accuracy <= 100):
            problems.append(f"accuracy must lie between 0.1 and 100, not {in_reach(self.accuracy)!r}")
        if not (is_real(self.target_accept) and 0.5 <= self.target_accept < 1):
            problems.append(f"target_accept must lie in [0.5, 1), not {self.target_accept!r}")
        if problems:
            raise FitError("The settings are not valid:", problems)
        for name in ("seed", *LEAST):  # NumPy's whole numbers are none of JSON's
            object.__setattr__(self, name, int(getattr(self, name)))
        for name in ("accuracy", "target_accept"):
            object.__setattr__(self, name, float(getattr(self, name)))


def known_settings(problem: Problem, settings: Settings) -> Spec:
    """Return the settings that the model's family knows, as plain data."""
    return {name: getattr(settings, name) for name in problem.settings}


def job(problem: Problem, settings: Settings) -> Spec:
    """Return what makes two fits the same: an unfinished one is not continued by other code."""
    mark = {
        "fingerprint": problem.table.fingerprint,
        "settings": known_settings(problem, settings),
        "code": code_version(),
    }
    return {"model": problem.model.spec(), **problem.about, **mark}


def manifest_of(problem: Problem, settings: Settings, seconds: float, **more: object) -> Spec:
    """Return the manifest of a finished fit: how long it took, and `more` of how it was computed."""
    return {
        "format": FORMAT,
        "family": problem.family,
        "model": problem.model.spec(),
        **problem.about,
        "data": problem.table.spec(),
        "settings": known_settings(problem, settings),
        **more,
        "seconds": round(seconds, 1),
        "versions": dict(_versions()),
    }


@cache
def _versions() -> dict[str, str]:
    """Return the versions of libraries that results depend on; each is read from a file."""
    return {name: version(name) for name in LIBRARIES}


@cache
def code_version() -> dict[str, str]:
    """Return the versions that results depend on, with a digest of this package's source files."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return {**_versions(), "source": digest.hexdigest()[:16]}
