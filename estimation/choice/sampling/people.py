"""How much each person counts, where quantities are about people."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.sampling.draws import spread
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.table import ChoiceTable
from estimation.names import WEIGHT

EQUAL = 1e-9
"""Of sums of weights: halves are equal if they differ by less."""


def weight_of_situations(table: ChoiceTable) -> Array:
    """Return how often each situation counts, (situation,)."""
    if WEIGHT.name not in table.rows:
        return np.ones(len(table))
    return table.rows[WEIGHT.name].to_numpy(dtype=float)[table.first_row[:-1]]


def weight_of_people(table: ChoiceTable) -> Array:
    """Return how much each person counts, (person,), 1 on average.

    Weights are those of people where each has the same in all situations, as those of surveys are. Weights that differ
    between situations of one person, as numbers of choices do, say nothing of people, who then count alike.
    """
    people, each = np.diff(table.first_situation), weight_of_situations(table)
    own = each[table.first_situation[:-1]]
    return own / own.mean() if np.array_equal(np.repeat(own, people), each) else np.ones(len(people))


def representatives(table: ChoiceTable | ChoicePartitions, there: int, wanted: int) -> Indices:
    """Return which of so many people stand for all where fewer are wanted: evenly spread, as often as they count.

    Without weights nobody is taken twice. With weights of people, those who count more are taken more often.
    """
    weight = weight_of_people(table.example if isinstance(table, ChoicePartitions) else table)
    if there != len(weight) or np.ptp(weight) == 0:
        return spread(there, wanted)
    reached = np.cumsum(weight) / weight.sum()
    return np.searchsorted(reached, (np.arange(wanted) + 0.5) / wanted)


def weighted_median(values: Array, weight: Array) -> Array:
    """Return the median over people, (sample, …), of values (sample, person, …) of people who count so much (person,).

    With equal weights it is the usual one: the mean of the two in the middle, if there are two.
    """
    if values.shape[1] == 1 or np.ptp(weight) == 0:
        return np.asarray(np.median(values, axis=1))
    order = np.argsort(values, axis=1)
    reached = np.cumsum(weight[order], axis=1) / weight.sum()
    low = (reached < 0.5 - EQUAL).sum(axis=1, keepdims=True)
    high = (reached < 0.5 + EQUAL).sum(axis=1, keepdims=True)
    ends = [np.take_along_axis(np.take_along_axis(values, order, axis=1), end, axis=1) for end in (low, high)]
    return np.asarray((ends[0] + ends[1])[:, 0] / 2)
