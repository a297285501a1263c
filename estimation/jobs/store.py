"""Finished units on disk: a folder that says which job it belongs to, and one file for each result."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estimation.errors import StudyError
from estimation.jobs.unit import Result, plain
from estimation.saving import write_text_whole

JOB = "job.json"
NOWHERE = "The study cannot be stored:"


@dataclass(frozen=True)
class Store:
    """Results of one job."""

    folder: Path | None  # where they are; nowhere if None, and then nothing is kept

    @classmethod
    def open(cls, path: str | Path | None, job: Mapping[str, Any]) -> Store:
        """Open the folder of a job, or start one.

        Raises
        ------
        StudyError
            If the folder that it should be made in does not exist, or it holds another job, saying what differs.
        """
        if path is None:
            return cls(None)
        folder, wanted = Path(path), plain(job)
        check_place(folder)
        (folder / "units").mkdir(parents=True, exist_ok=True)
        note = folder / JOB
        if not note.exists():
            write_text_whole(note, json.dumps(wanted, indent=1, sort_keys=True), StudyError, NOWHERE)
        found = json.loads(note.read_text(encoding="utf-8"))
        differences = _differences(found, json.loads(json.dumps(wanted)))
        if differences:
            advice = f"{folder} belongs to another study; give another folder, or remove it to start afresh"
            raise StudyError("The study cannot be resumed:", [*differences, advice])
        return cls(folder)

    def finished(self, keys: list[str]) -> dict[str, Result]:
        """Return the results that are there, by key."""
        if self.folder is None:
            return {}
        files = {key: self._file(key) for key in keys}
        there = {key: json.loads(file.read_text(encoding="utf-8")) for key, file in files.items() if file.exists()}
        return {key: content["result"] for key, content in there.items()}

    def keep(self, key: str, result: Result) -> None:
        """Write one result; it is there whole or not at all."""
        if self.folder is not None:
            write_text_whole(self._file(key), json.dumps({"key": key, "result": result}), StudyError, NOWHERE)

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", key)[:60].strip("-")
        return self.folder / "units" / f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:10]}.json"


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
    Path(path).mkdir(exist_ok=True)
    return Path(path) / name


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
