"""Find the files of a data set, or fetch them: whole and verified, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

from estimation.data.library.places import MIRROR_VARIABLE, cache_folder, mirror_folder, shipped_folder
from estimation.data.library.progress import download_bar
from estimation.data.tables.source import Source, SourceFile
from estimation.errors import DatasetError
from estimation.saving import make_folder, write_whole

NOT_KEPT = "The file cannot be kept:"
LONGEST_REASON = 200
"""Characters of a network library's complaint that are worth showing."""


def locate(name: str, file: SourceFile) -> Path | None:
    """Return where a file is: shipped, in the mirror, or in the cache; None if it is in none of them.

    Raises
    ------
    DatasetError
        If a shipped or mirrored file is not the expected one.
    """
    for folder in (shipped_folder() / name, mirror_folder(name)):
        if folder is not None and (folder / file.name).is_file():
            return _verified(folder / file.name, file)
    if not (file.url or file.how):
        return None
    cached = cache_folder(name) / file.name
    return cached if cached.is_file() and checksum(cached) == file.sha256 else None


def obtain(name: str, source: Source, *, progress: bool = True) -> dict[str, Path]:
    """Return where each file is, after downloading to the cache what is in no other place.

    Parameters
    ----------
    name, source
        The data set.
    progress
        Whether to show on standard error what is being downloaded.

    Raises
    ------
    DatasetError
        If a file cannot be had, saying what to download, its checksum, and where to put it.
    """
    found = {file.name: locate(name, file) for file in source.files}
    for file in source.files:
        if found[file.name] is None:
            try:
                found[file.name] = _download(name, file, progress)
            except (OSError, ValueError) as reason:
                _tidy(cache_folder(name))
                absent = [other for other in source.files if found[other.name] is None]
                raise _absent(name, absent, reason) from reason
    return {file: path for file, path in found.items() if path is not None}


def checksum(path: Path) -> str:
    """Return the sha256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _verified(path: Path, file: SourceFile) -> Path:
    if file.sha256 and (actual := checksum(path)) != file.sha256:
        origin = f"replace it by {file.url}" if file.url else "install the package again"
        advice = f"make it {file.how}" if file.how else origin
        raise DatasetError(
            f"{path} is not the file that it should be:",
            [f"its sha256 is {actual}, expected {file.sha256}; {advice}, or remove it"],
        )
    return path


def _download(name: str, file: SourceFile, progress: bool) -> Path:
    """Download to a temporary file, compare checksums, and only then give the file its name."""
    if not file.url:
        reason = "must be made by hand" if file.how else "ships with the package, but is not there"
        raise ValueError(f"{file.name} {reason}")
    import pooch  # noqa: PLC0415 - slow to import, needed only to download
    from requests import RequestException  # noqa: PLC0415 - as above

    target = make_folder(cache_folder(name), DatasetError, NOT_KEPT, parents=True) / file.name

    def write(partial: Path) -> None:
        try:
            pooch.HTTPDownloader(progressbar=bar)(file.url, str(partial), None)
        except (RequestException, ConnectionError, TimeoutError) as problem:  # kinds of OSError, no fault of the disk
            raise ValueError(f"{type(problem).__name__}: {problem}") from problem
        if (arrived := checksum(partial)) != file.sha256:
            raise ValueError(f"what arrived has sha256 {arrived}, expected {file.sha256}")

    with download_bar(f"{name}: fetching {file.name} from {file.url}", show=progress) as bar:
        return write_whole(target, write, DatasetError, NOT_KEPT)


def _tidy(folder: Path) -> None:
    """Remove the folder that a failed download left empty."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _absent(name: str, files: list[SourceFile], reason: Exception) -> DatasetError:
    named = f"{reason}" if type(reason) is ValueError else f"{type(reason).__name__}: {reason}"
    why = named[:LONGEST_REASON]
    mirror = mirror_folder(name)
    problems = []
    for file in files:
        if mirror is None:
            place = f"<folder>/{name}/{file.name} with {MIRROR_VARIABLE}=<folder>"
        else:
            place = f"{mirror / file.name} ({MIRROR_VARIABLE} is set)"
        ways = f"as {place}, or as {cache_folder(name) / file.name}"
        if file.url:
            problems.append(f"file {file.name!r}: download {file.url} (sha256 {file.sha256}) and save it {ways}")
        elif file.how:
            problems.append(f"file {file.name!r} (sha256 {file.sha256}): make it {file.how}; save it {ways}")
        else:
            problems.append(f"file {file.name!r}: install the package again")
    return DatasetError(f"The data set {name!r} is not on this machine and could not be fetched ({why}):", problems)
