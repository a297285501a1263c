"""Finished units on disk: a folder that says which job it belongs to, and one file for each result."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estimation.errors import StudyError
from estimation.jobs.unit import Result, plain
from estimation.locking import alone_in
from estimation.saving import make_folder, write_text_whole
from estimation.sealing import UNREADABLE, read_json, sealed_json

JOB = "job.json"
NOWHERE = "The study cannot be stored:"
NOTHING = object()
"""Stands for the result of a unit that cannot be read; None is a result."""


@dataclass(frozen=True)
class Store:
    """Results of one job."""

    folder: Path | None  # where they are; nowhere if None, and then nothing is kept

    @classmethod
    @contextmanager
    def open(cls, path: str | Path | None, job: Mapping[str, Any]) -> Iterator[Store]:
        """Open the folder of a job, or start one; nobody else can open it meanwhile.

        Raises
        ------
        StudyError
            If the folder that it should be made in does not exist, it holds another job, saying what differs, or
            another process works there.
        """
        if path is None:
            yield cls(None)
            return
        folder = Path(path)
        check_place(folder)
        make_folder(folder, StudyError, NOWHERE)
        make_folder(folder / "units", StudyError, NOWHERE)
        with alone_in(folder, StudyError, "The study cannot be run:"):
            _claim(folder, plain(job))
            yield cls(folder)

    def finished(self, keys: list[str]) -> dict[str, Result]:
        """Return the results that are there, by key; what is damaged is left out, with a warning."""
        if self.folder is None:
            return {}
        found = {key: _read(self._file(key), key) for key in keys if self._file(key).exists()}
        return {key: result for key, result in found.items() if result is not NOTHING}

    def keep(self, key: str, result: Result) -> None:
        """Write one result; it is there whole or not at all."""
        if self.folder is not None:
            write_text_whole(self._file(key), sealed_json({"key": key, "result": result}), StudyError, NOWHERE)

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", key)[:60].strip("-")
        return self.folder / "units" / f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:10]}.json"


def _claim(folder: Path, job: Result) -> None:
    """Note whose folder it is, or see that it is this job's."""
    note, wanted = folder / JOB, json.loads(json.dumps(job))
    if not note.exists():
        write_text_whole(note, json.dumps(wanted, indent=1, sort_keys=True), StudyError, NOWHERE)
    try:
        differences = _differences(json.loads(note.read_text(encoding="utf-8")), wanted)
    except UNREADABLE as problem:
        differences = [f"{note} cannot be read ({problem})"]
    if differences:
        advice = f"{folder} belongs to another study; give another folder, or remove it to start afresh"
        raise StudyError("The study cannot be resumed:", [*differences, advice])


def _read(file: Path, key: str) -> Result:
    """Return the result of a unit, or `NOTHING` where its file holds something else."""
    try:
        content = read_json(file)
        if content["key"] != key:
            raise ValueError("it is of another unit")
        return content["result"]
    except UNREADABLE as problem:
        warnings.warn(f"{file} cannot be read ({problem}); what it held is computed again", stacklevel=2)
        return NOTHING


def check_place(path: str | Path | None) -> None:
    """Raise `StudyError` if a store cannot be made at a path because the folder around it does not exist."""
    parent = Path("." if path is None else path).parent
    if not parent.is_dir():
        raise StudyError(NOWHERE, [f"folder {parent} does not exist; make it first"])


def folder_within(path: str | Path | None, name: str) -> Path | None:
    """Return where one of the jobs of a store has its own store; the folder around it is made, if need be."""
    if path is None:
        return None
    check_place(path)
    return make_folder(path, StudyError, NOWHERE) / name


def _differences(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Say where two jobs differ, entry by entry."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        names = sorted({*found, *wanted})
        pairs = [(found.get(name), wanted.get(name), f"{where}.{name}".lstrip(".")) for name in names]
        return [text for pair in pairs for text in _differences(*pair)]
    if found == wanted or (found != found and wanted != wanted):  # NaN differs from itself  # noqa: PLR0124
        return []
    return [f"{where} is {_short(found)} there and {_short(wanted)} here"]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
