"""What can be wrong with a game's description, put into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from estimation.arrays import Numbers, is_real

MOST = 10_000
"""Options on a side: theories weigh every message in every state, and a table of this size has 0.8 GB."""

LARGEST = 1e15
"""What numbers of games may reach, and one by it the least that positive ones may be: payoffs are multiplied."""


def size_problems(name: str, count: float) -> list[str]:
    """Return a sentence if there are more states, messages or actions than can be weighed."""
    if count <= MOST:
        return []
    shown = f"{count:,.6g}" if count < LARGEST else "far too many"
    return [f"{name} makes {shown} options, more than {MOST:,}: every one is weighed; take larger steps"]


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
        if not is_real(value):
            problems.append(f"{name} must be a finite number, not {value!r}")
        elif positive and not value > 0:
            problems.append(f"{name} must be positive, not {value}")
        elif abs(value) > LARGEST or (positive and value < 1 / LARGEST):
            problems.append(f"{name} is {value}, beyond what can be computed with; choose another unit")
    return problems
