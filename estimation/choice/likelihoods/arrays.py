"""Choice data as plain arrays: what every likelihood of discrete choice reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.segments import segment_sum

CERTAIN = 300.0
"""Nats of a log weight beyond which it counts as this: choices are certain long before, in any unit, and its square is
still a number."""
BLOCK = 50_000
"""Numbers that are held at once: a block of them stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class ChoiceArrays:
    """Alternatives in one row each: situation after situation, and person after person.

    Attributes
    ----------
    x : (row, attribute) array
        The design of the utility: one row per available alternative. An outside option is a row of zeros.
    first_row : (situation + 1,) integer array
        Situation t has the rows from ``first_row[t]`` up to ``first_row[t + 1]``.
    chosen : (situation,) integer array
        The row that was chosen, as a position in `x`.
    first_situation : (person + 1,) integer array
        Person n has the situations from ``first_situation[n]`` up to ``first_situation[n + 1]``.
    weight : (situation,) array
        How often each situation counts.
    attributes
        The names of the columns of `x`.
    subjects
        The names of the people.
    offset : (row,) array or None
        What is added to the utility: terms whose weights are known.
    """

    x: Array
    first_row: Indices
    chosen: Indices
    first_situation: Indices
    weight: Array
    attributes: tuple[str, ...]
    subjects: tuple[str, ...]
    offset: Array | None = None

    def utility(self, weights: Array) -> Array:
        """Return the utility of each alternative, (row, …), of weights (coefficient, …), logits."""
        value = np.asarray(self.x @ weights)
        if self.offset is None:
            return value
        return value + (self.offset if value.ndim == 1 else self.offset[:, None])

    @property
    def people(self) -> int:
        """How many people chose."""
        return len(self.first_situation) - 1

    @property
    def situations(self) -> int:
        """How many choices were made."""
        return len(self.first_row) - 1

    @property
    def null_log_likelihood(self) -> float:
        """The log likelihood if every available alternative were equally likely, nats."""
        return float(-self.weight @ np.log(np.diff(self.first_row)))

    @cached_property
    def person(self) -> Indices:
        """Who made each choice, (situation,), as positions in `subjects`."""
        return np.repeat(np.arange(self.people), np.diff(self.first_situation))

    def of_people(self, positions: Any) -> ChoiceArrays:
        """Return the choices of some people, given as positions or as a mask, in the order of the data."""
        kept = np.arange(self.people)[positions]
        situations = np.concatenate([np.arange(*self.first_situation[[n, n + 1]]) for n in kept])
        rows = np.concatenate([np.arange(*self.first_row[[t, t + 1]]) for t in situations])
        sizes = np.diff(self.first_row)[situations]
        first_row = np.concatenate([[0], np.cumsum(sizes)])
        per_person = np.diff(self.first_situation)[kept]
        return ChoiceArrays(
            self.x[rows],
            first_row,
            first_row[:-1] + self.chosen[situations] - self.first_row[situations],
            np.concatenate([[0], np.cumsum(per_person)]),
            self.weight[situations],
            self.attributes,
            tuple(self.subjects[n] for n in kept),
            None if self.offset is None else self.offset[rows],
        )

    def part(self, start: int, end: int) -> ChoiceArrays:
        """Return some consecutive situations, as if one person had made all the choices."""
        low, high = self.first_row[start], self.first_row[end]
        return ChoiceArrays(
            self.x[low:high],
            self.first_row[start : end + 1] - low,
            self.chosen[start:end] - low,
            np.array([0, end - start]),
            self.weight[start:end],
            self.attributes,
            ("",),
            None if self.offset is None else self.offset[low:high],
        )

    def spans(self, rows: int) -> list[tuple[int, int]]:
        """Return (start, end) of consecutive situations that have about so many rows together."""
        first = self.first_row
        ends = np.searchsorted(first, np.arange(rows, first[-1] + rows, rows), side="left")
        ends = np.unique(np.clip(ends, 1, self.situations))
        return list(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True))

    def blocks(self, rows: int = BLOCK) -> Iterator[ChoiceArrays]:
        """Yield the situations in blocks of about so many rows; people are not told apart in them."""
        return (self.part(start, end) for start, end in self.spans(rows))

    def centred(self) -> Iterator[Array]:
        """Yield the columns around their means within situations, (row, coefficient), in blocks."""
        for part in self.blocks():
            sizes = np.diff(part.first_row)
            yield part.x - np.repeat(segment_sum(part.x, part.first_row) / sizes[:, None], sizes, axis=0)

    @cached_property
    def within_sd(self) -> Array:
        """The standard deviation of each column around its mean within situations, (coefficient,)."""
        squares = np.sum([(part**2).sum(axis=0) for part in self.centred()], axis=0)
        return np.asarray(np.sqrt(squares / len(self.x)))
