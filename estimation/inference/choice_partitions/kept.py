"""Arrays of one partition in a file that is mapped into the memory: what is not looked at takes none."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from estimation.errors import FitError
from estimation.saving import said

SAVING = "The fit cannot be saved:"
ALIGNED = 64
"""Bytes to whose multiples arrays begin."""


def keep(file: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays to a file that appears when all of them are there; another one is replaced.

    Nothing is forced onto the disk: a file that a loss of power cut short is found out when it is opened.
    """
    laid = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    about = [[name, array.dtype.str, list(array.shape)] for name, array in laid.items()]
    head = json.dumps(about).encode()
    partial = file.with_name(f".{file.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as out:
            out.write(len(head).to_bytes(8, "little") + head)
            for array in laid.values():
                out.write(b"\0" * (-out.tell() % ALIGNED))
                out.write(array.tobytes() if array.nbytes < ALIGNED else memoryview(array).cast("B"))
        partial.replace(file)
    except OSError as problem:
        raise FitError(SAVING, [f"{file} could not be written: {said(problem)}"]) from problem
    finally:
        partial.unlink(missing_ok=True)


def opened(file: Path) -> dict[str, Any]:
    """Return the arrays of a file; what is written to them stays in the memory.

    Raises
    ------
    FitError
        If it is gone or damaged, once what is left of it is removed.
    """
    try:
        whole = np.asarray(np.memmap(file, mode="c"))
        at = 8 + int.from_bytes(whole[:8].tobytes(), "little")
        found = {}
        for name, kind, shape in json.loads(whole[8:at].tobytes()):
            at += -at % ALIGNED
            dtype = np.dtype(kind)
            end = at + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
            found[name] = whole[at:end].view(dtype).reshape(shape)
            at = end
    except (OSError, ValueError, TypeError) as problem:
        file.unlink(missing_ok=True)
        advice = f"{file} is damaged or gone; start it again, and it is made anew"
        raise FitError("The fit broke off:", [advice]) from problem
    return found
