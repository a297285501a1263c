"""Files that are complete or not there at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from estimation.errors import EstimationError


def write_whole(path: str | Path, write: Callable[[Path], object], error: type[EstimationError], heading: str) -> Path:
    """Write a file under another name, give it its own once it is on the disk, and return where it is.

    Parameters
    ----------
    path
        Where the file shall be; one that is there is replaced.
    write
        Writes to the path that it is given.
    error, heading
        What to raise if the folder does not exist.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise error(heading, [f"folder {target.parent} does not exist; make it first"])
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        write(partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def write_text_whole(path: str | Path, text: str, error: type[EstimationError], heading: str) -> Path:
    """Write text as `write_whole` does."""
    return write_whole(path, lambda file: file.write_text(text, encoding="utf-8"), error, heading)
