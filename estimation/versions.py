"""Which code does the work: results of two versions are never mixed."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import estimation

LIBRARIES = ("numpy", "scipy", "pymc", "nutpie", "arviz")


@cache
def code_version() -> dict[str, str]:
    """Return the versions that results depend on, with a digest of this package's source files."""
    digest = hashlib.sha256()
    root = Path(estimation.__file__).parent
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    libraries = {name: version(name) for name in ("estimation", *LIBRARIES)}
    return {**libraries, "source": digest.hexdigest()[:16]}
