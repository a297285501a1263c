"""What is computed with: arrays of NumPy, what may also be a graph of PyTensor, and plain data."""

from __future__ import annotations

import math
import sys
from numbers import Real
from types import ModuleType
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

Numbers = Any
"""A number or an array of NumPy, or a symbolic variable of PyTensor: what the functions of a `Module` take and give."""

Module = ModuleType
"""The module whose functions compute: ``numpy``, or ``pytensor.tensor`` where a gradient is needed."""

Spec = dict[str, Any]
"""Plain data, as JSON and TOML hold it: what games, theories and models are written down as, and rebuilt from."""

_LARGEST = int(sys.float_info.max)


def is_real(value: object) -> TypeGuard[float]:
    """Whether a value is one finite real number: no truth value, text, array, or what is missing or complex."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # beyond all floating-point numbers
        return False


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is one whole number, of Python or of NumPy, and no truth value."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def in_reach(value: Any) -> Any:
    """Return a value as it is; an integer beyond all floating-point numbers is infinite, which whoever asks refuses."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
        return float("inf") if value > 0 else float("-inf")
    return value
