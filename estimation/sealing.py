"""What a file holds is what was written to it: a digest at its end, or inside it, finds damage and careless edits.

It is no signature: who changes a file on purpose can write another digest.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

MARK = b"\nsha256 of what stands before: "
"""What follows the content of a file, with its digest: readers of netCDF pass over it."""
DIGEST = "sha256"
UNREADABLE = (
    *(OSError, EOFError, KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError),
    *(MemoryError, RuntimeError, BadZipFile, zlib.error),
)
"""What libraries raise over files that are damaged, or hold something else than they should."""


def sealed(content: bytes) -> bytes:
    """Return content with its digest at the end."""
    return content + _seal(content)


def unsealed(content: bytes) -> bytes:
    """Return the content that `sealed` was given; `ValueError` if it is anything else."""
    inner, seal = content[: -len(_seal(b""))], content[-len(_seal(b"")) :]
    if not seal.startswith(MARK):
        raise ValueError("it does not end as files of fits do: it breaks off, or somebody else wrote it")
    if seal != _seal(inner):
        raise ValueError("it is damaged: it does not hold what was written")
    return inner


def sealed_json(content: Mapping[str, Any], indent: int | None = None) -> str:
    """Return plain data as JSON that holds its own digest."""
    plain = json.loads(json.dumps(content))
    return json.dumps(plain | {DIGEST: _digest(plain)}, indent=indent)


def read_json(path: Path) -> dict[str, Any]:
    """Return the plain data of a file that holds what `sealed_json` made; `ValueError` if it holds anything else."""
    if path.exists() and not path.is_file():
        raise ValueError("it is a folder or a device, not a file")
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or DIGEST not in content:
        raise ValueError("it has no digest: an earlier version wrote it, or somebody else")
    if content.pop(DIGEST) != _digest(content):
        raise ValueError("it is damaged: it does not hold what was written")
    return content


def _seal(content: bytes) -> bytes:
    return MARK + hashlib.sha256(content).hexdigest().encode()


def _digest(plain: Any) -> str:
    """Return the digest of plain data, however it is laid out in a file."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
