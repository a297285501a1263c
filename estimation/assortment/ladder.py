"""Joint assortment and pricing: from items and a price ladder to a decision over (item, price) pairs."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import is_real
from estimation.assortment.constraints.pricing import OnePrice
from estimation.assortment.problem import Assortment
from estimation.errors import AssortmentError, raise_all

HEADING = "The price ladder cannot be read:"


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
        The ladder is empty or repeats a price, or a price or what an item has is no number; every problem is listed.
    """
    if not isinstance(appeal, Mapping | pd.Series):
        raise AssortmentError(HEADING, [f"appeal must be given by item, as in {{'tea': 1.5}}, not as {appeal!r}"])
    items: list[Hashable] = list(appeal.keys())
    given = {"appeal": appeal, "sensitivity": sensitivity, "unit_cost": unit_cost}
    columns = {name: _by_item(value, items) for name, value in given.items()}
    raise_all(_item_problems(columns, items) + _price_problems(prices), AssortmentError, HEADING)
    pairs = [(item, price) for item in items for price in prices]
    utility = [columns["appeal"][item] - columns["sensitivity"][item] * price for item, price in pairs]
    revenue = [price - columns["unit_cost"][item] for item, price in pairs]
    return Assortment(revenue, np.exp(np.array(utility, float)), outside_weight, pairs).subject_to(OnePrice())


def _by_item(given: object, items: list[Hashable]) -> dict[Hashable, Any]:
    """Give each item its own value, or all the same one."""
    if isinstance(given, pd.Series):
        given = dict(zip(given.index.tolist(), given.tolist(), strict=True))
    if isinstance(given, Mapping):
        return {item: given[item] for item in items if item in given}
    return dict.fromkeys(items, given)


def _item_problems(columns: Mapping[str, Mapping[Hashable, Any]], items: list[Hashable]) -> list[str]:
    """List items that lack a number, and numbers that make no sense."""
    problems = []
    for name, values in columns.items():
        problems += [f"{name}: no value for item {item!r}" for item in items if item not in values]
        strange = [item for item, value in values.items() if not is_real(value)]
        problems += [f"{name} of item {item!r} must be a finite number, not {values[item]!r}" for item in strange]
        problems += [
            f"sensitivity of item {item!r} is {value}; it is utility lost per unit of money, > 0"
            for item, value in values.items()
            if name == "sensitivity" and item not in strange and not value > 0
        ]
    return problems


def _price_problems(prices: object) -> list[str]:
    """List what is wrong with a ladder."""
    if isinstance(prices, str) or not isinstance(prices, Collection):
        return [f"prices must be a list of numbers, not {prices!r}"]
    problems = [f"prices: {price!r} is no finite number" for price in prices if not is_real(price)]
    if not problems and (not len(prices) or len(set(prices)) < len(prices)):
        problems.append(f"prices are {list(prices)}; give at least one, each once")
    return problems
