"""Names for components, which chains exchange: the posterior is the same for every order of them.

Each draw's components are renamed so that as many people as possible are where they are in most draws (Papastamoulis
and Iliopoulos 2010, J. Comput. Graph. Stat. 19:313-331, their iterated version). Whatever does not depend on names, as
means and spreads over everybody, needs none of this.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from estimation.arrays import Array, Indices

ROUNDS = 20


def orders_of(labels: Indices, count: int) -> Indices:
    """Return which component of each draw stands in each place, (draw, place), the largest component first.

    Parameters
    ----------
    labels : (draw, person)
        The component of each person.
    """
    pivot, before = labels[-1], None
    for _ in range(ROUNDS):
        orders = np.array([_matched(own, pivot, count) for own in labels])
        people = _counts(labels, orders, count)
        pivot = people.argmax(axis=1)
        if before is not None and np.array_equal(pivot, before):
            break
        before = pivot
    largest = np.argsort(-people.sum(axis=0), kind="stable")
    return np.asarray(orders[:, largest])


def ordered(values: Array, orders: Indices) -> Array:
    """Return draws (draw, component, …) with components in their places."""
    index = orders.reshape(*orders.shape, *(1,) * (values.ndim - 2))
    return np.take_along_axis(values, index, axis=1)


def _matched(own: Indices, pivot: Indices, count: int) -> Indices:
    """Return which component to put in each place, so that most people are where the pivot has them."""
    together = np.zeros((count, count))
    np.add.at(together, (pivot, own), 1)
    return np.asarray(linear_sum_assignment(-together)[1])


def _counts(labels: Indices, orders: Indices, count: int) -> Array:
    """Return in how many draws each person is in each place, (person, place)."""
    place = np.argsort(orders, axis=1)
    found, people = np.zeros((labels.shape[1], count)), np.arange(labels.shape[1])
    for own, where in zip(labels, place, strict=True):
        found[people, where[own]] += 1
    return found
