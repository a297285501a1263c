"""Files that are complete or not there at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from estimation.errors import EstimationError, raise_all


def write_whole(path: str | Path, write: Callable[[Path], object], error: type[EstimationError], heading: str) -> Path:
    """Write a file under another name, give it its own once it is on the disk, and return where it is.

    Parameters
    ----------
    path
        Where the file shall be; one that is there is replaced.
    write
        Writes to the path that it is given.
    error, heading
        What to raise if it cannot be written: then what was there before is there still, and nothing else.
    """
    target = Path(path)
    check_destination(target, error, heading)
    partial = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        write(partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(partial, target)
    except OSError as problem:
        raise error(heading, [f"{target} could not be written: {_said(problem)}"]) from problem
    finally:
        partial.unlink(missing_ok=True)
    return target


def write_text_whole(path: str | Path, text: str, error: type[EstimationError], heading: str) -> Path:
    """Write text as `write_whole` does."""
    return write_whole(path, lambda file: file.write_text(text, encoding="utf-8"), error, heading)


def check_destination(path: str | Path, error: type[EstimationError], heading: str) -> None:
    """Raise an error if a file cannot be written to a path, as far as that is known: for a look before long work."""
    raise_all(destination_problems(path), error, heading)


def destination_problems(path: str | Path) -> list[str]:
    """Return why a file cannot be written to a path; nothing if it can, as far as that can be known."""
    target = Path(path)
    if target.is_dir():
        return [f"{target} is a folder; name a file in it"]
    if not target.parent.is_dir():
        return [f"folder {target.parent} does not exist; make it first"]
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return [f"nothing may be written to folder {target.parent}; choose another"]
    return []


def _said(problem: OSError) -> str:
    """Return what the system says of a file that could not be written."""
    reason = (problem.strerror or str(problem)).lower()
    return f"{reason}; make room, or choose another disk" if "space" in reason or "quota" in reason else reason
