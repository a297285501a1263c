"""Random problems of every family of constraints, with their menus written down from the words."""

from __future__ import annotations

import numpy as np
from oracles.assortment_cases import case, count, everywhere, names
from oracles.assortment_pairs import (
    capped_ladder,
    display,
    full_display,
    ladder,
    optional_quality,
    quality,
    quality_order,
    ragged_display,
    ragged_quality,
)

from estimation.assortment import AtLeast, AtMost, Exactly, LinearRows, PerCategory, PriceWindow, Refresh, Requires


def free(rng):
    return case(rng, names(rng), [], everywhere)


def at_most(rng):
    most = int(rng.integers(0, 5))
    return case(rng, names(rng), [AtMost(most)], lambda menus: count(menus) <= most)


def at_least(rng):
    least = int(rng.integers(1, 6))
    return case(rng, names(rng), [AtLeast(least)], lambda menus: count(menus) >= least)


def exactly(rng):
    number = int(rng.integers(0, 6))
    return case(rng, names(rng), [Exactly(number)], lambda menus: count(menus) == number)


def between(rng):
    least, most = sorted(rng.integers(1, 6, 2).tolist())
    return case(
        rng, names(rng), [AtLeast(least), AtMost(most)], lambda menus: (count(menus) >= least) & (count(menus) <= most)
    )


def among(rng):
    labels = names(rng)
    some = rng.choice(len(labels), 4, replace=False)
    constraints = [AtMost(2, among=[labels[place] for place in some]), AtMost(4)]
    return case(rng, labels, constraints, lambda menus: (count(menus, some) <= 2) & (count(menus) <= 4))


def category_caps(rng):
    labels = names(rng)
    category = rng.integers(0, 3, len(labels))
    caps = {int(key): int(rng.integers(0, 3)) for key in np.unique(category)}

    def allowed(menus):
        return np.all([count(menus, category == key) <= cap for key, cap in caps.items()], axis=0)

    return case(rng, labels, [PerCategory(dict(zip(labels, category.tolist(), strict=True)), at_most=caps)], allowed)


def category_minima(rng):
    labels = names(rng)
    category = np.arange(len(labels)) % 3

    def allowed(menus):
        inside = [(count(menus, category == key) >= 1) & (count(menus, category == key) <= 2) for key in range(3)]
        return np.all(inside, axis=0) & (count(menus) <= 4)

    return case(rng, labels, [PerCategory(category.tolist(), at_most=2, at_least=1), AtMost(4)], allowed)


def nested_categories(rng):
    labels = names(rng)
    fine = rng.integers(0, 4, len(labels))
    coarse = fine // 2
    some = [label for label, group in zip(labels, coarse, strict=True) if group == 0]
    least = min(1, len(some))

    def allowed(menus):
        caps = [count(menus, fine == key) <= 2 for key in range(4)] + [
            count(menus, coarse == key) <= 3 for key in range(2)
        ]
        return np.all(caps, axis=0) & (count(menus, coarse == 0) >= least)

    constraints = [
        PerCategory(fine.tolist(), at_most=2),
        PerCategory(coarse.tolist(), at_most=3),
        AtLeast(least, among=some),
    ]
    return case(rng, labels, constraints, allowed)


def two_families(rng):
    labels = names(rng)
    kind, brand = rng.integers(0, 3, len(labels)), rng.integers(0, 3, len(labels))

    def allowed(menus):
        caps = [count(menus, kind == key) <= 2 for key in range(3)] + [
            count(menus, brand == key) <= 1 for key in range(3)
        ]
        return np.all(caps, axis=0)

    return case(rng, labels, [PerCategory(kind.tolist(), at_most=2), PerCategory(brand.tolist(), at_most=1)], allowed)


def windows(rng):
    labels = names(rng)
    price = rng.permutation(len(labels)).astype(float)
    bands = [(0.0, 3.0, 2, None), (2.0, 5.0, None, 1), (1.0, 9.0, 4, None)]

    def allowed(menus):
        inside = [count(menus, (low <= price) & (price <= high)) for low, high, _, _ in bands]
        return (inside[0] <= 2) & (inside[1] >= 1) & (inside[2] <= 4) & (count(menus) <= 5)

    return case(rng, labels, [*(PriceWindow(price.tolist(), *band) for band in bands), AtMost(5)], allowed)


def precedence(rng):
    labels = names(rng)
    arcs = [tuple(rng.choice(len(labels), 2, replace=False).tolist()) for _ in range(rng.integers(1, 9))]
    constraints = [Requires(labels[one], labels[other]) for one, other in arcs]
    return case(
        rng,
        labels,
        constraints,
        lambda menus: np.all([menus[:, one] <= menus[:, other] for one, other in arcs], axis=0),
    )


def refresh(rng):
    labels = names(rng)
    today = rng.random(len(labels)) < 0.5
    limit = int(rng.integers(0, 5))
    constraint = Refresh([label for label, here in zip(labels, today, strict=True) if here], limit)
    return case(rng, labels, [constraint], lambda menus: (menus != today).sum(axis=1) <= limit)


def flow_rows(rng):
    """General rows with one +1 and one -1 in each column: a network."""
    labels = names(rng)
    matrix = np.zeros((4, len(labels)))
    for column in range(len(labels)):
        start, end = rng.choice(4, 2, replace=False)
        matrix[start, column], matrix[end, column] = 1, -1
    constraint = LinearRows(matrix, lower=-1.2, upper=[1, 1.5, 2, 0.5])

    def allowed(menus):
        flow = menus @ matrix.T
        return (flow >= -1.2).all(1) & (flow <= [1, 1.5, 2, 0.5]).all(1)

    return case(rng, labels, [constraint], allowed)


def space(rng):
    """Limit space, a knapsack: not totally unimodular."""
    labels = names(rng)
    size = rng.uniform(0.5, 2, len(labels))
    return case(rng, labels, [LinearRows(size[None], upper=4.0)], lambda menus: menus @ size <= 4.0)


def odd_cycle(rng):
    """Three caps that cross in a ring: whole entries, not totally unimodular."""
    labels = names(rng)
    rings = [[0, 1], [1, 2], [0, 2]]
    constraints = [AtMost(1, among=[labels[place] for place in ring]) for ring in rings]
    return case(rng, labels, constraints, lambda menus: np.all([count(menus, ring) <= 1 for ring in rings], axis=0))


def capped_precedence(rng):
    """Cap the number of products under precedence."""
    labels = names(rng)
    arcs = [(one, one // 2) for one in range(1, len(labels))]
    constraints = [AtMost(3), *(Requires(labels[one], labels[other]) for one, other in arcs)]

    def allowed(menus):
        return np.all([menus[:, one] <= menus[:, other] for one, other in arcs], axis=0) & (count(menus) <= 3)

    return case(rng, labels, constraints, allowed)


UNIMODULAR = (
    free,
    at_most,
    at_least,
    exactly,
    between,
    among,
    category_caps,
    category_minima,
    nested_categories,
    two_families,
    windows,
    precedence,
    ladder,
    capped_ladder,
    quality,
    optional_quality,
    quality_order,
    ragged_quality,
    ragged_display,
    display,
    full_display,
    refresh,
    flow_rows,
)
OTHER = (space, odd_cycle, capped_precedence)
FAMILIES = {family.__name__: family for family in UNIMODULAR + OTHER}
