"""Where a slider may stand: round numbers between those of the data, and every value that a product has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from estimation.errors import ChoiceError, raise_all
from estimation.text.digits import MINUS

STEPS = 40  # of a slider, about


@dataclass(frozen=True, eq=False)
class Column:
    """An attribute of products: its places are numbers in order, or labels."""

    name: str
    places: tuple[Any, ...]
    is_number: bool

    @property
    def data(self) -> dict[str, Any]:
        """As a page reads it."""
        texts = [_written(place) if self.is_number else str(place) for place in self.places]
        kind = {"values": list(self.places), "texts": texts} if self.is_number else {"labels": texts}
        return {"name": self.name} | kind

    def place(self, value: Any) -> int:
        """Return where a value of a product stands."""
        return self.places.index(float(value) if self.is_number else value)


def columns_of(
    names: Iterable[str], rows: pd.DataFrame, products: pd.DataFrame, given: Mapping[str, Sequence[float]]
) -> list[Column]:
    """Return the columns that sliders and lists move.

    Parameters
    ----------
    rows
        Those of the data.
    given
        Column → places of its slider, instead of those between the data's ends.

    Raises
    ------
    ChoiceError
        If places are given for what is no column of numbers, or are not finite.
    """
    wanted = list(dict.fromkeys(names))
    numbers = [name for name in wanted if pd.api.types.is_numeric_dtype(rows[name].dtype)]
    problems = [f"{name!r} has no slider; there are {numbers}" for name in given if name not in numbers]
    wrong = [name for name in given if name in numbers and not np.isfinite(np.asarray(given[name], dtype=float)).all()]
    problems += [f"the levels of {name!r} must be finite numbers" for name in wrong]
    raise_all(problems, ChoiceError, "The sliders cannot be made:")
    return [
        Column(name, _numbers(rows[name], products[name], given.get(name)), is_number=True)
        if name in numbers
        else Column(name, tuple(sorted({*rows[name].dropna(), *products[name]}, key=str)), is_number=False)
        for name in wanted
    ]


def _numbers(seen: pd.Series, own: pd.Series, given: Sequence[float] | None) -> tuple[float, ...]:
    there = {float(value) for value in own}
    if given is not None:
        return tuple(sorted({*map(float, given), *there}))
    known = np.unique(seen.dropna().to_numpy(dtype=float))
    low, high = min(known.min(), *there), max(known.max(), *there)
    if len(known) <= 2 or low == high:
        return tuple(sorted({*known.tolist(), *there}))
    step = _round_step((high - low) / STEPS)
    multiples = np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    return tuple(sorted({*(float(f"{many * step:.12g}") for many in multiples), low, high, *there}))


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5, 10, … that is not below `least`."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(times * power for times in (1, 2, 2.5, 5, 10, 20) if times * power >= least * (1 - 1e-9)))


def _written(place: float) -> str:
    """Return a number as the slider says it."""
    return f"{place:,.6g}".replace("-", MINUS)
