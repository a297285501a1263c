"""A fit on disk: there whole or not at all, and read only if it is what was written."""

from __future__ import annotations

import io
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError
from estimation.saving import write_whole
from estimation.sealing import UNREADABLE, sealed, unsealed

SAVING, READING = "The fit cannot be saved:", "The fit cannot be read:"
MANIFEST, GROUPS = "manifest", "groups"


def save(tree: xr.DataTree, manifest: Spec, path: str | Path) -> Path:
    """Write a tree and its manifest to one netCDF file, complete or not at all, and return where it is.

    Raises
    ------
    FitError
        If the file cannot be written.
    """
    tree.attrs |= {MANIFEST: json.dumps(manifest), GROUPS: _groups(tree)}
    return write_whole(path, lambda file: write_tree(tree, file), FitError, SAVING)


def write_tree(tree: xr.DataTree, file: Path) -> None:
    """Write a tree as a netCDF file with its digest, by way of the memory: the library itself dies of a full disk."""
    with _here():
        content = bytes(tree.to_netcdf(engine="h5netcdf"))
    file.write_bytes(sealed(content))


def read_tree(file: Path) -> xr.DataTree:
    """Return a tree that `write_tree` wrote; `ValueError` if the file is damaged, or something else."""
    with _here(), xr.open_datatree(io.BytesIO(unsealed(file.read_bytes())), engine="h5netcdf") as opened:
        return xr.DataTree.from_dict({node.path: node.to_dataset(inherit=False).load() for node in opened.subtree})


def read(path: str | Path) -> tuple[xr.DataTree, Spec]:
    """Return the tree and the manifest of a fit that `save` wrote.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, or holds anything else than what was written.
    """
    source = Path(path)
    if not source.is_file():
        raise FitError(READING, [f"{source} is not a file"])
    try:
        tree = read_tree(source)
        manifest, groups = json.loads(tree.attrs.pop(MANIFEST)), tree.attrs.pop(GROUPS)
    except UNREADABLE as problem:
        raise FitError(READING, [f"{source} cannot be used: {problem}; fit it again"]) from problem
    if not isinstance(manifest, dict) or groups != _groups(tree):
        raise FitError(READING, [f"{source} cannot be used: parts that fits have are missing; fit it again"])
    return tree, manifest


def _here() -> AbstractContextManager[object]:
    """Keep xarray to this process: where a client of dask is open, it would ask the scheduler for a lock."""
    dask = sys.modules.get("dask")
    return nullcontext() if dask is None else dask.config.set(scheduler="synchronous")


def _groups(tree: xr.DataTree) -> str:
    return " ".join(sorted(node.path for node in tree.subtree))
