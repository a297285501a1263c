"""Options as people write them: numbers that increase, or words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import Any
from unicodedata import normalize

import numpy as np

from estimation.arrays import Array
from estimation.errors import did_you_mean

Item = float | str


def as_label(text: str) -> str:
    """Return a word as it is compared: accents in one form, blanks of every kind single, none around it."""
    return " ".join(normalize("NFC", text).split())


def spells_number(text: str) -> bool:
    """Return whether a text can be read as a finite number."""
    try:
        return "_" not in text and math.isfinite(float(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class Options:
    """What can be seen, said or done.

    Attributes
    ----------
    name
        What they are together, such as ``states``.
    items
        Numbers, increasing; or words, in the order in which they were listed.
    """

    name: str
    items: tuple[Item, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The words; none if options are numbers."""
        return tuple(item for item in self.items if isinstance(item, str))

    @property
    def values(self) -> Array:
        """The numbers, or the places of words, (option,)."""
        return np.arange(len(self.items), dtype=float) if self.labels else np.asarray(self.items, dtype=float)

    def place(self, item: Any) -> int | None:
        """Return where an item stands; nothing if it is none of them."""
        item = as_item(item)
        return self.items.index(item) if item in self.items else None

    def unknown(self, item: Any) -> str:
        """Return a complaint about an item that is none of them."""
        close = did_you_mean(str(item), map(str, self.items), f"; they are {list(self.items)}")
        return f"{item!r} is none of the {self.name}{close}"


def as_item(given: Any) -> Any:
    """Return a word as it is compared, or a number, also if it is spelled; anything else as it is."""
    if isinstance(given, str):
        return float(given) if spells_number(given) else as_label(given)
    return float(given) if _is_finite(given) else given


def _is_finite(given: Any) -> bool:
    return isinstance(given, Real) and not isinstance(given, (bool, np.bool_)) and math.isfinite(given)


def read_options(name: str, given: Any) -> tuple[Options | None, list[str]]:
    """Return the options that somebody lists, or what is wrong with the list."""
    if isinstance(given, str) or not isinstance(given, (Sequence, np.ndarray)):
        return None, [f"{name} must be a list of numbers or of words, not {given!r}"]
    items = [as_item(item) for item in given]
    wrong = [repr(item) for item in items if (not isinstance(item, str) and not _is_finite(item)) or item == ""]
    if wrong:
        return None, [f"{name} must be numbers or words, not {', '.join(wrong)}"]
    problems = [f"{name} must be two or more"] if len(items) < 2 else []
    twice = sorted({str(item) for item in items if items.count(item) > 1})
    problems += [f"{name} lists {', '.join(map(repr, twice))} more than once"] if twice else []
    numbers = [item for item in items if isinstance(item, float)]
    if numbers and len(numbers) < len(items):
        problems.append(f"{name} mixes numbers ({numbers[0]:g}) and words; spell out the numbers, or code the words")
    elif not twice and not all(a < b for a, b in pairwise(numbers)):
        problems.append(f"{name} must increase; list payoffs in the same order")
    return (None, problems) if problems else (Options(name, tuple(items)), [])
