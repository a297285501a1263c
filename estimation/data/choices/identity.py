"""One number for what a table of choices says: equal fingerprints mean equal choices among equal alternatives."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd


def fingerprint(frame: pd.DataFrame, outside: str | None) -> str:
    """Return the sha256 of a canonical table of choices, as 64 hexadecimal digits.

    The order of rows and columns, the way numbers are stored and the table's name leave no trace; every value does.
    """
    digest = hashlib.sha256()
    digest.update(_text(["choices", outside]))
    for name in sorted(frame.columns):
        digest.update(_text(str(name)))
        for part in _column(frame[name]):
            digest.update(part)
    return digest.hexdigest()


def _column(values: pd.Series) -> list[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return [b"labels", _text(list(values.cat.categories)), values.cat.codes.to_numpy(dtype="<i4")]
    if values.dtype == bool:
        return [b"flags", values.to_numpy(dtype="u1")]
    numbers = np.ascontiguousarray(values.to_numpy(dtype="<f8")) + 0.0
    numbers[np.isnan(numbers)] = np.nan
    return [b"numbers", numbers]


def _text(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=True).encode()
