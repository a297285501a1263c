"""Independent pieces of work, and the plain data that they come to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Result = Any
"""Plain data: numbers, text, and lists and mappings of them."""


@dataclass(frozen=True)
class Unit:
    """One piece of work that depends on no other.

    Its random numbers follow from its key alone (`seed_of`), not from the order in which units are done, nor from who
    does them.
    """

    key: str  # unique within the job
    inputs: Mapping[str, Any] = field(default_factory=dict, hash=False)  # what it needs: all that can be pickled


Work = Callable[[Unit], Result]
"""What is done with each unit; it is pickled, so it is a function of a module or a frozen dataclass."""


def seed_of(seed: int, key: str) -> int:
    """Return the seed of a unit: from the root of all randomness and its key, the same on every machine."""
    words = np.frombuffer(hashlib.sha256(key.encode()).digest(), dtype="<u4")
    return int(np.random.SeedSequence([seed, *words.tolist()]).generate_state(1)[0])


def plain(value: Any) -> Result:
    """Return arrays as lists, NumPy's numbers as Python's, and keys as text: what reads back from a file unchanged.

    Raises
    ------
    TypeError
        If something in it is none of these.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a unit's result is plain data, not {type(value).__name__}")
