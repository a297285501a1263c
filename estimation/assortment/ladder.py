"""Joint assortment and pricing: from items and a price ladder to a decision over (item, price) pairs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from estimation.assortment.constraints.pricing import OnePrice
from estimation.assortment.problem import Assortment
from estimation.errors import AssortmentError, raise_all


def price_ladder(
    appeal: Mapping[Hashable, float] | pd.Series[float],
    prices: Sequence[float],
    sensitivity: float | Mapping[Hashable, float] = 1.0,
    unit_cost: float | Mapping[Hashable, float] = 0.0,
    outside_weight: float = 1.0,
) -> Assortment:
    """Make the joint choice of items and prices an assortment problem (Davis, Gallego and Topaloglu 2013).

    Parameters
    ----------
    appeal
        Utility of each item at price zero, by item.
    prices
        The ladder, money.
    sensitivity
        Utility lost per unit of money, > 0: one number, or by item.
    unit_cost
        Money per unit sold: one number, or by item.
    outside_weight
        exp(utility) of buying nothing.

    Returns
    -------
    A problem whose products are (item, price) pairs with weight exp(appeal - sensitivity x price) and revenue
    price - cost, each item at one price at most.

    Raises
    ------
    AssortmentError
        The ladder is empty or repeats a price, or an item lacks a number; every problem is listed.
    """
    items: list[Hashable] = list(appeal.keys())
    utility_at_zero = _by_item(appeal, items)
    columns = {"sensitivity": _by_item(sensitivity, items), "unit_cost": _by_item(unit_cost, items)}
    problems = [
        f"{name}: no value for item {item!r}" for name, lacks in columns.items() for item in items if item not in lacks
    ]
    problems += [
        f"sensitivity of item {item!r} is {value}; it is utility lost per unit of money, > 0"
        for item, value in columns["sensitivity"].items()
        if not value > 0
    ]
    if not len(prices) or len(set(prices)) < len(prices):
        problems.append(f"prices are {list(prices)}; give at least one, each once")
    raise_all(problems, AssortmentError, "The price ladder cannot be read:")
    pairs = [(item, price) for item in items for price in prices]
    utility = [utility_at_zero[item] - columns["sensitivity"][item] * price for item, price in pairs]
    revenue = [price - columns["unit_cost"][item] for item, price in pairs]
    return Assortment(revenue, np.exp(utility), outside_weight, pairs).subject_to(OnePrice())


def _by_item(given: object, items: list[Hashable]) -> dict[Hashable, float]:
    """Numbers by item; items without one are left out."""
    if isinstance(given, pd.Series):
        given = dict(zip(given.index.tolist(), given.tolist(), strict=True))
    if isinstance(given, Mapping):
        return {item: float(given[item]) for item in items if item in given}
    return dict.fromkeys(items, float(given))  # type: ignore[arg-type]
