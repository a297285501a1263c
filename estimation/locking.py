"""One process at a time in a folder: a lock that is gone with its process, however that ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from estimation.errors import EstimationError

LOCK = ".lock"


@contextmanager
def alone_in(folder: Path, error: type[EstimationError], heading: str) -> Iterator[None]:
    """Keep other processes, and other runs in this one, out of a folder that exists.

    On file systems without locks nobody is kept out.

    Raises
    ------
    EstimationError
        Of the kind of `error`, if somebody else is there.
    """
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as problem:
        raise error(heading, [f"{folder} cannot be used: {(problem.strerror or str(problem)).lower()}"]) from problem
    try:
        if not _is_free(lock):
            advice = "another process, or another run in this one, works there; wait for it, or choose another place"
            raise error(heading, [f"{folder} is in use: {advice}"])
        yield
    finally:
        os.close(lock)


def _is_free(lock: int) -> bool:
    """Take a lock, and return whether nobody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - there only

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - elsewhere only

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # no locks here
        return True
    return True
