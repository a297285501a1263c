"""Parts of sentences: numbers with their nouns, and lists."""

from __future__ import annotations

from collections.abc import Sequence

IRREGULAR = {"person": "people", "has": "have", "game and player": "games and players"}


def per_cent(share: float) -> str:
    """Return a share in whole per cent.

    Examples
    --------
    >>> per_cent(0.8)
    '80 %'
    """
    return f"{100 * share:.0f} %"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, singular or plural.

    Examples
    --------
    >>> counted(1, "person"), counted(2, "person"), counted(1_200, "decision")
    ('1 person', '2 people', '1,200 decisions')
    """
    return f"{count:,} {plural(noun, count)}"


def plural(noun: str, count: int = 2) -> str:
    """Return a noun, or "has", as it stands after a number.

    Examples
    --------
    >>> plural("game and player"), plural("has", 3)
    ('games and players', 'have')
    """
    if count == 1:
        return noun
    return IRREGULAR.get(noun, f"{noun}s")


def enumerated(names: Sequence[str]) -> str:
    """Return names as a list in a sentence.

    Examples
    --------
    >>> enumerated(["a"]), enumerated(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
