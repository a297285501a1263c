"""What an unfinished fit leaves behind for it to go on: numbers, read only if they are what was kept."""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import xarray as xr

from estimation.arrays import Array, Spec
from estimation.errors import FitError
from estimation.fits.storage import SAVING, read_tree, write_tree
from estimation.locking import LOCK, alone_in
from estimation.saving import check_destination, make_folder, write_bytes_whole, write_whole
from estimation.sealing import UNREADABLE, sealed, unsealed

JOB = "job.json"


@dataclass(frozen=True)
class Checkpoint:
    """A folder beside the fit's file, with arrays and finished batches of chains of a fit that is not complete.

    Parameters
    ----------
    folder
        ``<file>.unfinished``; `None` for a fit that is not saved, of which nothing is kept.
    """

    folder: Path | None = None

    def arrays[N](self, name: str, built: Callable[[dict[str, Array]], N]) -> N | None:
        """Return what was kept as arrays, built of them; None if there are none, or none that can be read."""

        def read(file: Path) -> N:
            content = unsealed(file.read_bytes())
            if sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > len(content):
                raise ValueError("it is packed, and nobody here packs")
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return built(dict(arrays))

        return self._read(f"{name}.npz", read)

    def keep_arrays(self, name: str, arrays: dict[str, Array]) -> None:
        """Keep arrays under a name; what was there is replaced."""
        if self.folder is not None:
            stream = io.BytesIO()
            np.savez(stream, **arrays)  # type: ignore[arg-type]  # no name of ours is an option of it
            write_bytes_whole(self.folder / f"{name}.npz", sealed(stream.getvalue()), FitError, SAVING)

    def chains(self, name: str) -> xr.DataTree | None:
        """Return a batch of chains that was kept, or None; its name tells it from batches sampled otherwise."""
        return self._read(f"chains-{name}.nc", read_tree)

    def keep_chains(self, name: str, tree: xr.DataTree) -> xr.DataTree:
        """Keep a batch of chains, and return it."""
        if self.folder is not None:
            file = self.folder / f"chains-{name}.nc"
            write_whole(file, lambda partial: write_tree(tree, partial), FitError, SAVING)
        return tree

    def mark(self, name: str) -> Path | None:
        """Return the file that is there once something with a name is finished; None where nothing is kept."""
        return None if self.folder is None else self.folder / f"{name}.finished"

    def forget_chains(self) -> None:
        """Drop all chains: those that will be sampled are others."""
        if self.folder is not None:
            for file in self.folder.glob("chains-*.nc"):
                file.unlink()

    def _read[N](self, name: str, read: Callable[[Path], N]) -> N | None:
        """Return what a file holds; None, with a warning, where it is damaged or something else: it is made again."""
        file = None if self.folder is None else self.folder / name
        if file is None or not file.exists():
            return None
        try:
            return read(file)
        except UNREADABLE as problem:
            warnings.warn(f"{file} cannot be read ({problem}); what it held is computed again", stacklevel=2)
            return None


NOTHING_KEPT = Checkpoint()


@contextmanager
def unfinished(path: str | Path | None, job: Spec) -> Iterator[Checkpoint]:
    """Yield the checkpoint of a fit, new or with what an interrupted one left; it is removed when the fit is complete.

    Parameters
    ----------
    path
        The file of the fit; None for a fit that is not saved.
    job
        What makes two fits the same.

    Raises
    ------
    FitError
        If the folder belongs to another model, data set or settings, or was left by another version of the code;
        if another process makes this very fit; or if nothing can be written there.
    """
    if path is None:
        yield NOTHING_KEPT
        return
    check_destination(path, FitError, SAVING)
    folder = make_folder(f"{path}.unfinished", FitError, SAVING)
    with alone_in(folder, FitError, "The fit cannot be started:"):
        note = json.dumps(job, sort_keys=True).encode()
        _claim(folder, note)
        try:
            _note(folder, note)
            yield Checkpoint(folder)
        except BaseException:
            if {file.name for file in folder.iterdir()} <= {LOCK, JOB}:
                _remove(folder)  # nothing was kept: a fit that was refused leaves nothing
            raise
    _remove(folder)


def _claim(folder: Path, note: bytes) -> None:
    """Raise an error if a folder is another fit's."""
    try:
        is_ours = not (folder / JOB).exists() or (folder / JOB).read_bytes() == note
    except OSError:  # a folder of this name, say
        is_ours = False
    if not is_ours:
        problem = f"{folder} belongs to another fit (theory, data, settings or versions differ)"
        raise FitError("The fit cannot be resumed:", [f"{problem}; remove it to start afresh"])


def _note(folder: Path, note: bytes) -> None:
    """Note whose folder it is. What is there without a note may be what another fit left: it is dropped."""
    if (folder / JOB).exists():
        return
    for file in folder.iterdir():
        if file.name != LOCK and file.is_file():
            file.unlink()
    write_bytes_whole(folder / JOB, note, FitError, SAVING)


def _remove(folder: Path) -> None:
    """Remove a folder. It loses its name first: who is killed here leaves nothing that could be taken up."""
    gone = folder.with_name(f".{folder.name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        folder.rename(gone)
    except OSError:
        gone = folder
    shutil.rmtree(gone, ignore_errors=True)
