"""Numbers as a page holds them: few enough, short enough, and never something that JSON cannot say."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from estimation.arrays import Array


def packed(values: Array) -> str:
    """Return numbers as text: four bytes each (little-endian), in base64; seven digits."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def plain(values: Any, digits: int | None = None) -> list[float | None]:
    """Return numbers for JSON, all digits or so many significant ones; None for what is not finite."""
    numbers = np.asarray(values, dtype=float).tolist()
    short = (value if digits is None or not np.isfinite(value) else float(f"{value:.{digits}g}") for value in numbers)
    return [value if np.isfinite(value) else None for value in short]
