"""The manifest of a replication package: every file with its digest, and with what software the results were made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any, Self

from estimation.data.library.files import checksum
from estimation.errors import ReplicationError
from estimation.sealing import UNREADABLE, read_json, sealed_json

FILE, README = "manifest.json", "README.md"
FORMAT = 1
OPEN = (README, FILE)
"""Files without a digest in the manifest: the one that authors complete, and the manifest, which holds its own."""
NO_PACKAGE = "This is no replication package:"


@dataclass(frozen=True)
class Manifest:
    """What a package says about itself.

    Attributes
    ----------
    title
        Of the paper.
    files
        Path within the folder → sha256.
    elsewhere
        Path within the folder → sha256 of files that a second run needs and that may not be passed on.
    datasets
        Data set of the package ``estimation`` that the script fetches → file → sha256.
    software
        What `software` returned where the results were made.
    studies
        Name of the study → its label, its models, and the seconds that its fits took.
    """

    title: str
    files: Mapping[str, str]
    elsewhere: Mapping[str, str]
    datasets: Mapping[str, Mapping[str, str]]
    software: Mapping[str, Any]
    studies: Mapping[str, Mapping[str, Any]]
    format: int = field(default=FORMAT)

    def text(self) -> str:
        """Return the file that `read` reads; it holds its own digest."""
        return sealed_json(asdict(self), indent=1) + "\n"

    @property
    def digest(self) -> str:
        """A digest of all that the package holds, short enough to be told."""
        return str(json.loads(self.text())["sha256"])[:16]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the manifest of a folder. Nothing in it is run, and no other file is read.

        Raises
        ------
        ReplicationError
            If there is none, it is damaged, or it names files outside the folder.
        """
        path = folder / FILE
        if not path.is_file():
            raise ReplicationError(NO_PACKAGE, [f"{folder} has no {FILE}"])
        try:
            found = cls(**read_json(path))
            wrong = [
                f"{path} names {name!r}, which is not in the folder" for name in _listed(found) if _is_outside(name)
            ]
        except UNREADABLE as problem:
            raise ReplicationError(NO_PACKAGE, [f"{path} cannot be used: {problem}"]) from problem
        if found.format != FORMAT:
            wrong.append(f"{path} has format {found.format}, this version reads {FORMAT}")
        if wrong:
            raise ReplicationError(NO_PACKAGE, wrong)
        return found


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a folder but the open ones, by its path within it, sorted."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: checksum(path) for name, path in names.items() if name not in OPEN}


def _listed(manifest: Manifest) -> list[str]:
    for each in fields(manifest):
        value = getattr(manifest, each.name)
        if not isinstance(value, str | int if each.name in ("title", "format") else dict):
            raise ValueError(f"{each.name} is a {type(value).__name__}")
    if not isinstance(manifest.software.get("packages", {}), dict):
        raise ValueError("its packages are no list of versions")
    return [*manifest.files, *manifest.elsewhere, *manifest.studies]


def _is_outside(name: str) -> bool:
    """Return whether a path leads out of the folder, on any system."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not parts or name.startswith(("/", "\\", "~")) or ".." in parts or ":" in name or "\0" in name
