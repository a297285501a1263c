"""Trials as jsPsych keeps them: JSON, or comma-separated with JSON in cells; each part becomes a column."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.data.cells.rows import LONGEST
from estimation.data.files.csv_file import read_frame
from estimation.data.files.workbook import is_workbook
from estimation.errors import DataError, raise_all, shortened
from estimation.names import REQUIRED
from estimation.reading import read_text

DEEPEST = 100  # lists within lists around a trial


def looks_like_json(text: str) -> bool:
    """Return whether a text begins as JSON does."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{")


def looks_like_jspsych(columns: Iterable[object]) -> bool:
    """Return whether columns are named as jsPsych names those of trials, and not as a table of decisions."""
    names = set(map(str, columns))
    return {"trial_type", "rt"} <= names and not set(REQUIRED) <= names


def read_trials(path: Path, heading: str) -> pd.DataFrame:
    """Return one row per trial, all text; of a cell ``{"message": 9}`` in ``response``, ``response.message``.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    text = "" if is_workbook(path) else read_text(path, DataError, heading)
    if not looks_like_json(text):
        return _unfolded(read_frame(path, as_text=True))
    try:
        trials = _trials(_documents(text, heading))
    except RecursionError:
        raise DataError(heading, ["its lists are nested too deep for trials"]) from None
    if not trials:
        raise DataError(heading, ["it holds no trials: a list of objects is needed, as jsPsych's data.get().json()"])
    rows: dict[str, list[Any]] = {name: [] for trial in trials for name in trial}
    for trial in trials:
        for name, cells in rows.items():
            cells.append(_text(trial.get(name)))
    broken = [name for name, cells in rows.items() if not all(map(_is_text, (name, *cells)))]
    raise_all([f"{name!a} holds half of a pair of signs" for name in broken], DataError, heading)
    return _unfolded(pd.DataFrame(rows, index=pd.RangeIndex(1, len(trials) + 1, name="trial"), dtype=object))


def _documents(text: str, heading: str) -> list[Any]:
    """Return one document, or one for each line, as servers keep those of many people."""
    try:
        return _parsed(text)
    except RecursionError:
        raise DataError(heading, ["it is not JSON: its lists are nested too deep"]) from None
    except ValueError as problem:
        raise DataError(heading, [f"it is not JSON: {problem}"]) from None


def _parsed(text: str) -> list[Any]:
    try:
        return [json.loads(text, object_pairs_hook=_held)]
    except ValueError as problem:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            return [json.loads(line, object_pairs_hook=_held) for line in lines]
        except ValueError:
            raise problem from None


def _held(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; `ValueError` if it says something twice: which of them is meant, nobody knows."""
    held = dict(pairs)
    if len(held) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"{shortened(repr(twice), LONGEST)} is there twice in one object")
    return held


def _trials(document: Any, depth: int = 0) -> list[dict[str, Any]]:
    if depth > DEEPEST:  # how deep Python itself goes is anybody's to set
        raise RecursionError
    if isinstance(document, dict):
        inside = document.get("trials")
        return _trials(inside, depth + 1) if isinstance(inside, list) else [document]
    if not isinstance(document, list):
        return []
    return [trial for part in document for trial in _trials(part, depth + 1)]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _is_text(value: str | None) -> bool:
    return value is None or value == value.encode("utf-8", "ignore").decode("utf-8")


def _unfolded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with a column for each part of the objects in its cells."""
    if frame.columns.has_duplicates:
        return frame  # refused by whoever checks it
    parts: dict[str, pd.Series] = {}
    for name in frame.columns:
        objects = frame[name].map(_object)
        keys = list(dict.fromkeys(key for held in objects.dropna() for key in held))
        for key in keys:
            column = objects.map(lambda held, key=key: _text(held.get(key)) if isinstance(held, dict) else None)
            parts[f"{name}.{key}"] = column.astype(object)
    twice = [name for name in parts if name in frame and not parts[name].equals(frame[name].astype(object))]
    problems = [
        f"{name!r} is a column, and {name.partition('.')[0]!r} holds something else of this name" for name in twice
    ]
    raise_all(problems, DataError, "The trials say a thing in two ways; drop the one that is not meant:")
    new = {name: column for name, column in parts.items() if name not in frame}
    return pd.concat([frame, pd.DataFrame(new, index=frame.index)], axis=1) if new else frame


def _object(cell: Any) -> dict[str, Any] | None:
    if not isinstance(cell, str) or not cell.lstrip().startswith("{"):
        return None
    try:
        held = json.loads(cell, object_pairs_hook=_held)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None
