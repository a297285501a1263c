"""Options that name things, each of which can have one meaning only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def said_twice(flag: str, keys: Iterable[str], what: str = "value") -> list[str]:
    """Say which names an option gives several of what each has one of, so that none is passed over.

    Examples
    --------
    >>> said_twice("--set", ["trust", "noise", "trust"])
    ["--set gives 'trust' more than one value; say it once"]
    """
    often = Counter(key.strip() for key in keys)
    return [f"{flag} gives {key!r} more than one {what}; say it once" for key, count in often.items() if count > 1]
