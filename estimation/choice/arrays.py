"""Choice data as plain arrays: what every likelihood of discrete choice reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from estimation.arrays import Array, Indices

CERTAIN = 300.0
"""Nats of a log weight beyond which it counts as this: choices are certain long before, in any unit, and its square is
still a number."""


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
    """

    x: Array
    first_row: Indices
    chosen: Indices
    first_situation: Indices
    weight: Array
    attributes: tuple[str, ...]
    subjects: tuple[str, ...]

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

    @property
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
        )
