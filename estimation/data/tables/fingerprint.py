"""One number for what a table says: equal fingerprints mean equal decisions in equal games."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.games.normal_form import NormalForm


def fingerprint(frame: pd.DataFrame, games: Mapping[str, Game] | Mapping[str, NormalForm]) -> str:
    """Return the sha256 of a canonical table and the specifications of its games, as 64 hexadecimal digits.

    The order of columns, the way numbers are stored (5 or 5.0) and the name of the table leave no trace;
    every value, every covariate, an order of categories that sorting does not give, and every parameter of a game does.
    """
    about = {str(condition): _plain(game.spec()) for condition, game in games.items()}
    return _digest(about, frame, _numbers_or_text)


def fingerprint_of_choices(frame: pd.DataFrame, outside: str | None) -> str:
    """Return the sha256 of a canonical table of choices, as `fingerprint` does of decisions."""
    return _digest(["choices", outside], frame, _labels_flags_or_numbers)


def with_own_order(frame: pd.DataFrame) -> list[str]:
    """Return the columns whose categories are in an order that sorting does not give."""
    return [str(name) for name in frame.columns if _order(frame[name])]


def _digest(about: Any, frame: pd.DataFrame, parts: Callable[[pd.Series], Iterable[Any]]) -> str:
    digest = hashlib.sha256(_text(about))
    for name in sorted(frame.columns):
        digest.update(_text(str(name)))
        for part in parts(frame[name]):
            digest.update(part)
    return digest.hexdigest()


def _numbers_or_text(values: pd.Series) -> list[Any]:
    if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype.kind != "c":
        return [b"numbers", _numbers(values)]
    cells, empty = values.to_numpy(dtype=object).tolist(), values.isna().tolist()
    words = [None if gone else str(cell) for cell, gone in zip(cells, empty, strict=True)]
    return [b"text", _text(words), *_order(values)]


def _order(values: pd.Series) -> list[Any]:
    """Return the categories that occur, unless sorting orders them alike: formulas compare the others with the first.

    What is no number is sorted as text, for that is how files hold it.
    """
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return []
    found = values.cat.remove_unused_categories().cat.categories
    labels = found.tolist() if pd.api.types.is_numeric_dtype(found.dtype) else [str(label) for label in found]
    return [] if labels == sorted(labels) else [b"order", _text([str(label) for label in labels])]


def _labels_flags_or_numbers(values: pd.Series) -> list[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return [b"labels", _text(list(values.cat.categories)), values.cat.codes.to_numpy(dtype="<i4")]
    if values.dtype == bool:
        return [b"flags", values.to_numpy(dtype="u1")]
    return [b"numbers", _numbers(values)]


def _numbers(values: pd.Series) -> Array:
    """Return numbers as they are hashed: no negative zero, and one kind of NaN."""
    numbers = np.ascontiguousarray(values.to_numpy(dtype="<f8", na_value=np.nan)) + 0.0
    numbers[np.isnan(numbers)] = np.nan
    return numbers


def _text(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=True).encode()


def _plain(value: Any) -> Any:
    """Return plain data in which every number is a float, so that 250 and 250.0 are one game."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        return float(value)
    return value
