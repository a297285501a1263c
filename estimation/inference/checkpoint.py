"""What an unfinished fit leaves behind, so that it can go on: its nodes and its finished batches of chains."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import xarray as xr

from estimation.errors import FitError
from estimation.population.ensemble import Ensemble


@dataclass(frozen=True)
class Checkpoint:
    """A folder beside the fit's file; `None` for a fit that is not saved.

    Parameters
    ----------
    folder
        ``<file>.unfinished``, removed when the fit is complete.
    """

    folder: Path | None

    @classmethod
    def beside(cls, path: str | Path | None, job: dict[str, Any]) -> Checkpoint:
        """Open the checkpoint of a fit, or start one.

        Raises
        ------
        FitError
            If the folder belongs to another theory, data set or settings, or was left by another version of the code.
        """
        if path is None:
            return cls(None)
        folder, text = Path(f"{path}.unfinished"), json.dumps(job, sort_keys=True)
        if not folder.parent.is_dir():
            raise FitError(
                "The fit cannot be saved:", [f"folder {folder.parent} does not exist; make it first"]
            )
        folder.mkdir(exist_ok=True)
        note = folder / "job.json"
        if note.exists() and note.read_text(encoding="utf-8") != text:
            problem = f"{folder} belongs to another fit (theory, data, settings or versions differ)"
            raise FitError("The fit cannot be resumed:", [f"{problem}; remove it to start afresh"])
        if not note.exists():
            _write(note, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        return cls(folder)

    def nodes(self, make: Callable[[], Ensemble]) -> Ensemble:
        """Return the saved nodes, or make and save them."""
        if self.folder is None:
            return make()
        file = self.folder / "nodes.pickle"
        if file.exists():
            return cast(Ensemble, pickle.loads(file.read_bytes()))
        nodes = make()
        _write(file, lambda temporary: temporary.write_bytes(pickle.dumps(nodes)))
        return nodes

    def chains(self, name: str, make: Callable[[], xr.DataTree]) -> xr.DataTree:
        """Return a saved batch of chains, or sample and save it; its name tells it from batches sampled otherwise."""
        if self.folder is None:
            return make()
        file = self.folder / f"chains-{name}.nc"
        if not file.exists():
            tree = make()
            _write(file, lambda temporary: tree.to_netcdf(temporary, engine="h5netcdf"))
        with xr.open_datatree(file, engine="h5netcdf") as opened:
            return opened.load()

    def forget(self) -> None:
        """Drop nodes that are to be replaced, and the chains that were sampled on them."""
        if self.folder is None:
            return
        for file in [*self.folder.glob("chains-*.nc"), *self.folder.glob("nodes.pickle")]:
            file.unlink()

    def close(self) -> None:
        """Remove the folder: the fit is complete."""
        if self.folder is not None:
            shutil.rmtree(self.folder)


def _write(target: Path, write: Callable[[Path], Any]) -> None:
    """Write to a temporary name and rename: a file is there whole or not at all."""
    temporary = target.with_name(f"partial-{target.name}")
    write(temporary)
    os.replace(temporary, target)
