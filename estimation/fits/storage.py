"""A fit on disk: there whole or not at all; and what an unfinished one leaves behind, so that it can go on."""

from __future__ import annotations

import json
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError
from estimation.saving import write_text_whole, write_whole

SAVING, READING = "The fit cannot be saved:", "The fit cannot be read:"


def save(tree: xr.DataTree, manifest: Spec, path: str | Path) -> Path:
    """Write a tree and its manifest to one netCDF file, complete or not at all, and return where it is.

    Raises
    ------
    FitError
        If the folder does not exist.
    """
    tree.attrs["manifest"] = json.dumps(manifest)
    return write_whole(path, lambda file: tree.to_netcdf(file, engine="h5netcdf"), FitError, SAVING)


def read(path: str | Path) -> tuple[xr.DataTree, Spec]:
    """Return the tree and the manifest of a fit that `save` wrote.

    Raises
    ------
    FitError
        If the file is missing or is not a fit.
    """
    source = Path(path)
    if not source.is_file():
        raise FitError(READING, [f"{source} is not a file"])
    try:
        with xr.open_datatree(source, engine="h5netcdf") as opened:
            tree = opened.load()
        return tree, json.loads(tree.attrs.pop("manifest"))
    except (OSError, KeyError, ValueError) as problem:
        raise FitError(READING, [f"{source} is not a fit of this package: {problem}"]) from problem


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
        if not folder.parent.is_dir():
            problem = f"folder {folder.parent} does not exist; make it first"
            raise FitError(SAVING, [problem])
        folder.mkdir(exist_ok=True)
        note = folder / "job.json"
        if note.exists() and note.read_text(encoding="utf-8") != text:
            problem = f"{folder} belongs to another fit (theory, data, settings or versions differ)"
            raise FitError("The fit cannot be resumed:", [f"{problem}; remove it to start afresh"])
        if not note.exists():
            write_text_whole(note, text, FitError, SAVING)
        return cls(folder)

    @property
    def nodes(self) -> Any:
        """The nodes that were kept, or None."""
        file = None if self.folder is None else self.folder / "nodes.pickle"
        return pickle.loads(file.read_bytes()) if file is not None and file.exists() else None

    def keep_nodes[N](self, nodes: N) -> N:
        """Keep nodes, and return them."""
        if self.folder is not None:
            file = self.folder / "nodes.pickle"
            write_whole(file, lambda partial: partial.write_bytes(pickle.dumps(nodes)), FitError, SAVING)
        return nodes

    def chains(self, name: str) -> xr.DataTree | None:
        """Return a batch of chains that was kept, or None; its name tells it from batches sampled otherwise."""
        file = None if self.folder is None else self.folder / f"chains-{name}.nc"
        if file is None or not file.exists():
            return None
        with xr.open_datatree(file, engine="h5netcdf") as opened:
            return opened.load()

    def keep_chains(self, name: str, tree: xr.DataTree) -> xr.DataTree:
        """Keep a batch of chains, and return it."""
        if self.folder is not None:
            file = self.folder / f"chains-{name}.nc"
            write_whole(file, lambda partial: tree.to_netcdf(partial, engine="h5netcdf"), FitError, SAVING)
        return tree

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
