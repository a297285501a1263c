"""Files that are complete or not there at all."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from estimation.errors import EstimationError, raise_all

MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
"""Stands in the names of unfinished files: whether their process still runs is known on the same machine only."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
    check_destination(path, error, heading)
    write_together({Path(path): write}, error, heading)
    return Path(path)


def write_text_whole(path: str | Path, text: str, error: type[EstimationError], heading: str) -> Path:
    """Write text as `write_whole` does."""
    return write_bytes_whole(path, text.encode("utf-8"), error, heading)


def write_bytes_whole(path: str | Path, content: bytes, error: type[EstimationError], heading: str) -> Path:
    """Write bytes as `write_whole` does."""
    return write_whole(path, lambda file: file.write_bytes(content), error, heading)


def write_together(files: Mapping[Path, Callable[[Path], object]], error: type[EstimationError], heading: str) -> None:
    """Write several files as `write_whole` does: what was there is replaced once all of them are on the disk."""
    raise_all([problem for path in files for problem in destination_problems(path)], error, heading)
    partial: dict[Path, Path] = {}
    target = next(iter(files))
    try:
        for target, write in files.items():
            partial[target] = _unfinished(_real(target))
            write(partial[target])
            with partial[target].open("rb") as written:
                os.fsync(written.fileno())
            _keep_mode(partial[target], _real(target))
        for target, made in partial.items():
            os.replace(made, _real(target))
    except OSError as problem:
        raise error(heading, [f"{target} could not be written: {said(problem)}"]) from problem
    finally:
        for made in partial.values():
            made.unlink(missing_ok=True)


def make_folder(path: str | Path, error: type[EstimationError], heading: str, *, parents: bool = False) -> Path:
    """Make a folder unless it is there, and return it; raise an error if it cannot be made."""
    folder = Path(path)
    try:
        folder.mkdir(exist_ok=True, parents=parents)
    except OSError as problem:
        reason = "a file of this name is there" if isinstance(problem, FileExistsError) else said(problem)
        raise error(heading, [f"folder {folder} cannot be made: {reason}"]) from problem
    return folder


def check_destination(path: str | Path, error: type[EstimationError], heading: str) -> None:
    """Raise an error if a file cannot be written to a path, as far as that is known: for a look before long work."""
    raise_all(destination_problems(path), error, heading)


def destination_problems(path: str | Path) -> list[str]:
    """Return why a file cannot be written to a path; nothing if it can, as far as that can be known."""
    if not isinstance(path, str | os.PathLike):
        return [f"a file has a name, not a {type(path).__name__}"]
    if "\0" in str(path):
        return [f"{str(path)!r} cannot be the name of a file"]
    target = _real(Path(path))
    if os.path.isdir(target):
        return [f"{path} is a folder; name a file in it"]
    if not os.path.isdir(target.parent):
        return [f"folder {target.parent} does not exist; make it first"]
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return [f"nothing may be written to folder {target.parent}; choose another"]
    return _name_problems(path, target)


def _name_problems(path: str | Path, target: Path) -> list[str]:
    """Return why what has a name cannot be replaced by a file, or no file can have it."""
    try:
        there = target.stat()
    except FileNotFoundError:
        return []
    except OSError as problem:
        return [f"{path} cannot be the name of a file: {said(problem)}"]
    if not stat.S_ISREG(there.st_mode):
        return [f"{path} is a device, not a file; it would be gone; name a file"]
    if not there.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return [f"{path} is there and may not be changed (read-only); choose another name"]
    return []


def said(problem: OSError) -> str:
    """Return what the system says of a file that could not be written."""
    reason = (problem.strerror or str(problem)).lower()
    return f"{reason}; make room, or choose another disk" if problem.errno in FULL else reason


def _real(path: Path) -> Path:
    """Return the file that a link leads to: what is replaced is the file, not the link."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _keep_mode(made: Path, target: Path) -> None:
    """Give a file the permissions of the one that it replaces: what only its owner may read stays so."""
    if target.exists():
        shutil.copymode(target, made)


def _unfinished(target: Path) -> Path:
    """Return the name of a file on its way, nobody else's; those whose process was killed are removed."""
    begin = f".{target.name[:40]}."
    if os.name == "posix":
        of_dead = re.compile(rf"{re.escape(begin)}{MACHINE}-(\d+)-[0-9a-f]+\.partial")
        for name in os.listdir(target.parent):
            found = of_dead.fullmatch(name)
            if found and not _runs(int(found[1])):
                (target.parent / name).unlink(missing_ok=True)
    return target.with_name(f"{begin}{MACHINE}-{os.getpid()}-{secrets.token_hex(4)}.partial")


def _runs(process: int) -> bool:
    """Return whether a process of this machine still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
