"""Choices laid out for speed: per person, each rival minus the chosen alternative, situations side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.arrays import ChoiceArrays

ABSENT = -1e9
"""Utility of a rival that is not there: its probability is zero to all digits."""


class Crowd(NamedTuple):
    """What kernels read; a plain tuple of arrays.

    Person n chose among at most ``rivals[n] + 1`` alternatives in ``situations[n]`` situations. Their
    block of `x` is (coefficient, rival, situation), their block of `absent` (rival, situation): a situation with fewer
    rivals has ABSENT there. P(chosen) = 1 / (1 + Σ exp(β'x)).

    Attributes
    ----------
    x
        Rivals minus chosen alternative, all blocks one after another.
    absent
        0, or ABSENT.
    weight : (situation,)
        How often each situation counts.
    first_x, first_rival, first_situation : (person,)
        Where blocks begin.
    situations : (person,)
        How many each person was in.
    rivals : (person,)
        Rivals of the largest choice set of each person.
    sign : (coefficient,)
        0 where a coefficient enters as it is; 1 or -1 where it enters as ± its exponential.
    price
        The coefficient of price where all others are amounts of money, which it turns into utilities (`weigh`); or -1.
    largest
        Most rows of a block of `absent`, and most situations of a person.
    triangular, half_width : (triangle,)
        Coefficients that are triangular over people, and the half-widths at the scale of the prior: their place in
        theta holds z, and theta goes on with two shared numbers for each, all means, then all spreads (`triangular`).
    """

    x: Array
    absent: Array
    weight: Array
    first_x: Indices
    first_rival: Indices
    first_situation: Indices
    situations: Indices
    rivals: Indices
    sign: Array
    price: int
    largest: tuple[int, int]
    triangular: Indices = np.empty(0, np.int64)
    half_width: Array = np.empty(0)

    def of(self, people: Indices) -> Crowd:
        """Return some of the people; the choices stay where they are."""
        return self._replace(
            first_x=self.first_x[people],
            first_rival=self.first_rival[people],
            first_situation=self.first_situation[people],
            situations=self.situations[people],
            rivals=self.rivals[people],
        )


def crowd_of(
    choices: ChoiceArrays,
    order: Sequence[int],
    sign: Array,
    price: int = -1,
    triangular: Sequence[int] = (),
    half_width: Sequence[float] | Array = (),
) -> Crowd:
    """Return choices as kernels read them, coefficients in another order.

    Parameters
    ----------
    order
        Position in `choices` of each coefficient.
    sign : (coefficient,) array
    price, triangular, half_width
        As in `Crowd`, in the new order.
    """
    sizes, situations = np.diff(choices.first_row), np.diff(choices.first_situation)
    rivals = np.maximum.reduceat(sizes, choices.first_situation[:-1]) - 1
    situation = np.repeat(np.arange(choices.situations), sizes)
    row = np.arange(len(choices.x))
    place = row - choices.first_row[situation] - (row > choices.chosen[situation])
    kept = row != choices.chosen[situation]
    row, place, situation = row[kept], place[kept], situation[kept]
    owner = choices.person[situation]
    first_rival = np.concatenate([[0], np.cumsum(rivals * situations)])
    inside = place * situations[owner] + situation - choices.first_situation[owner]
    absent = np.full(first_rival[-1], ABSENT)
    absent[first_rival[owner] + inside] = 0.0
    x = np.zeros(first_rival[-1] * len(order))
    for k, column in enumerate(order):
        contrast = choices.x[row, column] - choices.x[choices.chosen[situation], column]
        x[first_rival[owner] * len(order) + k * (rivals * situations)[owner] + inside] = contrast
    first_x, weight = (first_rival * len(order))[:-1], choices.weight.astype(float)
    first_situation = np.ascontiguousarray(choices.first_situation[:-1])
    largest = int(np.diff(first_rival).max()), int(situations.max())
    begin = first_x, np.ascontiguousarray(first_rival[:-1]), first_situation
    triangles = np.array(triangular, np.int64), np.array(half_width, float)
    return Crowd(x, absent, weight, *begin, situations, rivals, sign, price, largest, *triangles)
