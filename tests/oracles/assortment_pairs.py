"""Random problems over pairs, (item, price) or (item, location), with their menus written from the words."""

from __future__ import annotations

import numpy as np
from oracles.assortment_cases import case, count

from estimation.assortment import AtMost, Display, OnePrice, QualityConsistent


def pairs(rows, columns):
    return [(f"item {row}", column) for row in range(rows) for column in range(columns)]


def each(menus, rows, columns):
    """(menu, row, column) menus over pairs."""
    return menus.reshape(len(menus), rows, columns)


def ladder(rng):
    items, prices = int(rng.integers(2, 4)), 3
    return case(rng, pairs(items, prices), [OnePrice()], lambda menus: (each(menus, items, prices).sum(2) <= 1).all(1))


def capped_ladder(rng):
    def allowed(menus):
        return (each(menus, 4, 3).sum(2) <= 1).all(1) & (count(menus) <= 2)

    return case(rng, pairs(4, 3), [OnePrice(), AtMost(2)], allowed)


def _last_price(menus, items, prices):
    """(menu, item) price of each item, -1 where it is not offered."""
    return np.where(each(menus, items, prices).any(2), each(menus, items, prices).argmax(2), -1)


def quality(rng):
    items, prices = (3, 4) if rng.random() < 0.5 else (4, 3)

    def allowed(menus):
        price = _last_price(menus, items, prices)
        return (each(menus, items, prices).sum(2) == 1).all(1) & (np.diff(price, axis=1) >= 0).all(1)

    chain = [f"item {row}" for row in range(items)]
    return case(rng, pairs(items, prices), [QualityConsistent([chain])], allowed)


def optional_quality(rng):
    items, prices = (3, 4) if rng.random() < 0.5 else (4, 3)

    def allowed(menus):
        price = _last_price(menus, items, prices)
        highest = np.maximum.accumulate(price, axis=1)
        return (each(menus, items, prices).sum(2) <= 1).all(1) & ((price < 0) | (price >= highest)).all(1)

    chain = [f"item {row}" for row in range(items)]
    return case(rng, pairs(items, prices), [QualityConsistent([chain], optional=True)], allowed)


def quality_order(rng):
    """Order partially: item 0 is worse than 1 and than 2, item 3 is free."""

    def allowed(menus):
        price = _last_price(menus, 4, 3)
        ordered = (price[:, 0] <= price[:, 1]) & (price[:, 0] <= price[:, 2])
        return (each(menus, 4, 3).sum(2) == 1).all(1) & ordered

    chains = [["item 0", "item 1"], ["item 0", "item 2"]]
    return case(rng, pairs(4, 3), [QualityConsistent(chains)], allowed)


def display(rng):
    def allowed(menus):
        spots = each(menus, 4, 3)
        return (spots.sum(2) <= 1).all(1) & (spots.sum(1) <= 1).all(1)

    return case(rng, pairs(4, 3), [Display()], allowed)


def full_display(rng):
    def allowed(menus):
        spots = each(menus, 4, 3)
        return (spots.sum(2) <= 1).all(1) & (spots.sum(1) == 1).all(1)

    return case(rng, pairs(4, 3), [Display(fill=True)], allowed)


def _ragged(rng, rows, columns):
    """Leave out some pairs, never the last column; give labels and a way back to the full grid."""
    kept = rng.random((rows, columns)) < 0.7
    kept[:, -1] = True
    labels = [pair for pair, keep in zip(pairs(rows, columns), kept.ravel(), strict=True) if keep]

    def spread(menus):
        full = np.zeros((len(menus), rows * columns), dtype=bool)
        full[:, kept.ravel()] = menus
        return full

    return labels, spread


def ragged_quality(rng):
    labels, spread = _ragged(rng, 3, 4)
    optional = bool(rng.random() < 0.5)

    def allowed(menus):
        offered = spread(menus)
        price, each_item = _last_price(offered, 3, 4), each(offered, 3, 4).sum(2)
        highest = np.maximum.accumulate(price, axis=1)
        counts = (each_item <= 1) if optional else (each_item == 1)
        return counts.all(1) & ((price < 0) | (price >= highest)).all(1)

    chain = [f"item {row}" for row in range(3)]
    return case(rng, labels, [QualityConsistent([chain], optional=optional)], allowed)


def ragged_display(rng):
    labels, spread = _ragged(rng, 4, 3)
    fill = bool(rng.random() < 0.5)

    def allowed(menus):
        spots = each(spread(menus), 4, 3)
        full = (spots.sum(1) == 1) if fill else (spots.sum(1) <= 1)
        return (spots.sum(2) <= 1).all(1) & full.all(1)

    return case(rng, labels, [Display(fill=fill)], allowed)
