"""How a fit is computed: settings, what makes two fits the same, what an unfinished one leaves behind for it to go on.

A finished one carries its manifest, plain data: model, data, settings, versions, run time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from estimation.arrays import Array, Spec
from estimation.errors import FitError
from estimation.fits.fit import Problem
from estimation.fits.storage import SAVING, read_tree, write_tree
from estimation.saving import check_destination, write_text_whole, write_whole

FORMAT = 3
METHODS = ("automatic", "importance", "integrated", "joint")
LEAST = {"seed": 0, "draws": 50, "tune": 50, "chains": 1, "cores": 1, "samples": 1}
MOST = 1_000_000
NODES = "nodes.npz"
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
        problems = [
            f"{name} must be a whole number of at least {least}, not {getattr(self, name)!r}"
            for name, least in LEAST.items()
            if type(getattr(self, name)) is not int or getattr(self, name) < least
        ]
        problems += [
            f"{name} must be at most {MOST:,}, not {getattr(self, name)!r}"
            for name in ("draws", "chains", "tune", "samples")
            if type(getattr(self, name)) is int and getattr(self, name) > MOST
        ]
        if self.method not in METHODS:
            problems.append(f"method must be one of {METHODS}, not {self.method!r}")
        if not 0.1 <= self.accuracy <= 100:
            problems.append(f"accuracy must lie between 0.1 and 100, not {self.accuracy!r}")
        if not 0.5 <= self.target_accept < 1:
            problems.append(f"target_accept must lie in [0.5, 1), not {self.target_accept!r}")
        if problems:
            raise FitError("The settings are not valid:", problems)


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
        "versions": {name: version(name) for name in LIBRARIES},
    }


@dataclass(frozen=True)
class Checkpoint:
    """A folder beside the fit's file, with the nodes and the finished batches of chains of a fit that is not complete.

    Parameters
    ----------
    folder
        ``<file>.unfinished``, removed when the fit is complete; `None` for a fit that is not saved.
    """

    folder: Path | None

    @classmethod
    def beside(cls, path: str | Path | None, job: Spec) -> Checkpoint:
        """Open the checkpoint of a fit, or start one.

        Raises
        ------
        FitError
            If the folder belongs to another model, data set or settings, or was left by another version of the code.
        """
        if path is None:
            return cls(None)
        folder, text = Path(f"{path}.unfinished"), json.dumps(job, sort_keys=True)
        check_destination(path, FitError, SAVING)
        folder.mkdir(exist_ok=True)
        note = folder / "job.json"
        if note.exists() and note.read_text(encoding="utf-8") != text:
            problem = f"{folder} belongs to another fit (theory, data, settings or versions differ)"
            raise FitError("The fit cannot be resumed:", [f"{problem}; remove it to start afresh"])
        if not note.exists():
            write_text_whole(note, text, FitError, SAVING)
        return cls(folder)

    def nodes[N](self, built: Callable[[dict[str, Array]], N]) -> N | None:
        """Return the nodes that were kept, built of their arrays; None if there are none, or none that can be read."""

        def read(file: Path) -> N:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
                return built(dict(arrays))

        return self._read(NODES, read)

    def keep_nodes(self, arrays: dict[str, Array]) -> None:
        """Keep nodes as arrays."""

        def write(partial: Path) -> None:
            with partial.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)

        if self.folder is not None:
            write_whole(self.folder / NODES, write, FitError, SAVING)

    def chains(self, name: str) -> xr.DataTree | None:
        """Return a batch of chains that was kept, or None; its name tells it from batches sampled otherwise."""
        return self._read(f"chains-{name}.nc", read_tree)

    def _read[N](self, name: str, read: Callable[[Path], N]) -> N | None:
        """Return what a file holds; None, with a warning, where it is damaged or something else: it is made again."""
        file = None if self.folder is None else self.folder / name
        if file is None or not file.exists():
            return None
        try:
            return read(file)
        except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile) as problem:
            warnings.warn(f"{file} cannot be read ({problem}); what it held is computed again", stacklevel=2)
            return None

    def keep_chains(self, name: str, tree: xr.DataTree) -> xr.DataTree:
        """Keep a batch of chains, and return it."""
        if self.folder is not None:
            file = self.folder / f"chains-{name}.nc"
            write_whole(file, lambda partial: write_tree(tree, partial), FitError, SAVING)
        return tree

    def forget(self) -> None:
        """Drop nodes that are to be replaced, and the chains that were sampled on them."""
        if self.folder is None:
            return
        for file in [*self.folder.glob("chains-*.nc"), *self.folder.glob(NODES)]:
            file.unlink()

    def close(self) -> None:
        """Remove the folder: the fit is complete."""
        if self.folder is not None:
            shutil.rmtree(self.folder)


@cache
def code_version() -> dict[str, str]:
    """Return the versions that results depend on, with a digest of this package's source files."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return {**{name: version(name) for name in LIBRARIES}, "source": digest.hexdigest()[:16]}
