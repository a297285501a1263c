"""A file is there whole or not at all: how every kind of fit is written."""

from __future__ import annotations

import os
from pathlib import Path

import xarray as xr

from estimation.errors import FitError


def write_whole(tree: xr.DataTree, path: str | Path) -> Path:
    """Write a tree to one netCDF file, under another name first, and return where it is.

    Raises
    ------
    FitError
        If the folder does not exist.
    """
    target = Path(path)
    if not target.parent.is_dir():
        problem = f"folder {target.parent} does not exist; make it first"
        raise FitError("The fit cannot be saved:", [problem])
    partial = target.with_name(f".{target.name}.partial")
    tree.to_netcdf(partial, engine="h5netcdf")
    os.replace(partial, target)
    return target


def write_text_whole(text: str, path: Path) -> None:
    """Write text under another name, and give it its name when it is on the disk."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
