"""A fit on disk: there whole or not at all, and read only if it is what was written."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import h5py
import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError
from estimation.saving import write_whole
from estimation.sealing import UNREADABLE, sealed, unsealed

SAVING, READING = "The fit cannot be saved:", "The fit cannot be read:"
MANIFEST, GROUPS = "manifest", "groups"
LARGER, DEEPEST = 8, 10
"""How much larger than their file arrays may be, which are not packed, and how deep groups may be nested."""


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
    content = unsealed(file.read_bytes())
    _check_contained(content)
    with _here(), xr.open_datatree(io.BytesIO(content), engine="h5netcdf") as opened:
        return xr.DataTree.from_dict({node.path: node.to_dataset(inherit=False).load() for node in opened.subtree})


def read(path: str | Path) -> tuple[xr.DataTree, Spec]:
    """Return the tree and the manifest of a fit that `save` wrote.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, or holds anything else than what was written.
    """
    source = Path(path)
    if not os.path.isfile(source):  # whatever it is called
        raise FitError(READING, [f"{source} is not a file"])
    try:
        tree = read_tree(source)
        manifest, groups = json.loads(tree.attrs.pop(MANIFEST)), tree.attrs.pop(GROUPS)
    except UNREADABLE as problem:
        raise FitError(READING, [f"{source} cannot be used: {problem}; fit it again"]) from problem
    if not isinstance(manifest, dict) or groups != _groups(tree):
        raise FitError(READING, [f"{source} cannot be used: parts that fits have are missing; fit it again"])
    return tree, manifest


def _check_contained(content: bytes) -> None:
    """Raise `ValueError` unless all that a netCDF file holds stands in it, and is as large as it says.

    HDF5 can name other files, unpack to more than a machine holds, and hold a group within itself.
    """
    with h5py.File(io.BytesIO(content), "r") as opened:
        claimed = sum(part.nbytes for part in _parts(opened, 0))
    if claimed > LARGER * len(content):
        raise ValueError("it claims to hold more than it does")


def _parts(group: Any, depth: int) -> Iterator[Any]:
    """Yield every array in a group and in those within it."""
    if depth > DEEPEST:
        raise ValueError("its groups are nested deeper than those of fits")
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ValueError(f"{name!r} stands in another place")
        part = group[name]
        if isinstance(part, h5py.Group):
            yield from _parts(part, depth + 1)
        elif part.external or part.is_virtual:
            raise ValueError(f"{name!r} stands in another file")
        else:
            yield part


def _here() -> AbstractContextManager[object]:
    """Keep xarray to this process: where a client of dask is open, it would ask the scheduler for a lock."""
    dask = sys.modules.get("dask")
    return nullcontext() if dask is None else dask.config.set(scheduler="synchronous")


def _groups(tree: xr.DataTree) -> str:
    return " ".join(sorted(node.path for node in tree.subtree))
