"""One number for what a table says: equal fingerprints mean equal decisions in equal games."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.games.game import Game
from estimation.games.normal_form import NormalForm


def fingerprint(frame: pd.DataFrame, games: Mapping[str, Game] | Mapping[str, NormalForm]) -> str:
    """Return the sha256 of a canonical table and the specifications of its games, as 64 hexadecimal digits.

    The order of columns, the way numbers are stored (5 or 5.0) and the name of the table leave no trace;
    every value, every covariate and every parameter of a game does.
    """
    digest = hashlib.sha256()
    digest.update(_text({str(condition): _plain(game.spec()) for condition, game in games.items()}))
    for name in sorted(frame.columns):
        digest.update(_text(str(name)))
        digest.update(_column(frame[name]))
    return digest.hexdigest()


def _column(values: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype.kind != "c":
        numbers = values.to_numpy(dtype="<f8", na_value=np.nan) + 0.0
        numbers[np.isnan(numbers)] = np.nan
        return b"numbers" + numbers.tobytes()
    cells, empty = values.to_numpy(dtype=object).tolist(), values.isna().tolist()
    return b"text" + _text([None if gone else str(cell) for cell, gone in zip(cells, empty, strict=True)])


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
