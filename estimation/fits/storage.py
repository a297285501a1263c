"""A fit on disk: there whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import xarray as xr

from estimation.arrays import Spec
from estimation.errors import FitError
from estimation.saving import write_whole

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
