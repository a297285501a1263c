"""How kernels are compiled: once per machine, free of Python's lock, so that chains run side by side in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

RELAXED = {"contract", "reassoc", "arcp", "nsz"}
"""Sums may be reordered for SIMD; infinities and NaN keep their meaning."""


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function with Numba when it is first called, and keep the machine code on disk."""
    decorate = numba.njit(nogil=True, cache=True, error_model="numpy", fastmath=RELAXED)
    return decorate(function)  # type: ignore[no-any-return]
