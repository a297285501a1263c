"""What can be wrong with a game's description, put into words."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from estimation.arrays import Numbers


def key_problems(spec: Mapping[str, Numbers], required: Collection[str], optional: Collection[str] = ()) -> list[str]:
    """Return a sentence for each required key that is missing and each key that nobody asked for."""
    allowed = [*required, *optional]
    unknown = [name for name in spec if name not in allowed]
    problems = [f"{name} is missing" for name in required if name not in spec]
    for name in unknown:
        close = get_close_matches(str(name), allowed, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(allowed)}"
        problems.append(f"{name!r} is not a parameter; {hint}")
    return problems


def number_problems(numbers: Mapping[str, Numbers], *, positive: bool = False) -> list[str]:
    """Return a sentence for each value that is not a finite number, or not positive where it must be."""
    problems = []
    for name, value in numbers.items():
        if isinstance(value, bool) or not _is_finite(value):
            problems.append(f"{name} must be a finite number, not {value!r}")
        elif positive and not value > 0:
            problems.append(f"{name} must be positive, not {value}")
    return problems


def _is_finite(value: Numbers) -> bool:
    try:
        return not isinstance(value, str) and math.isfinite(value)
    except (TypeError, ValueError):
        return False
