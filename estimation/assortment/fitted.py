"""What an assortment takes from a fitted model of choice."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from estimation.arrays import Array
from estimation.errors import AssortmentError, raise_all


class HasProductWeights(Protocol):
    """A fitted model of choice, as far as an assortment needs to know it."""

    @property
    def label(self) -> str:
        """Model and data, with SYNTHETIC where a simulation made the data."""

    def product_weights(self, products: pd.DataFrame, **options: Any) -> Array:
        """(draw, person, product) exp(utility) relative to buying nothing of the rows of a product table."""


def revenue_column(fit: object, products: object, revenue: object) -> Any:
    """Return the revenue of each product, read from the table of products where it is the name of a column.

    Raises
    ------
    AssortmentError
        The fit has no draws of what products are worth, the products are no table, or the table lacks the column.
    """
    problems = []
    if not hasattr(fit, "product_weights"):
        advice = "give what fit() gave for a table of choices, whose draws say how sure it is"
        problems.append(f"{type(fit).__name__} says nothing of what products are worth; {advice}")
    if not isinstance(products, pd.DataFrame):
        problems.append(f"products must be a table with one row per product, not {type(products).__name__}")
    elif isinstance(revenue, str) and revenue not in products.columns:
        listed = ", ".join(map(repr, products.columns))
        problems.append(f"the products have no column {revenue!r}, only {listed}; add it, or give the revenues")
    raise_all(problems, AssortmentError, "The problem cannot be made from a fit:")
    return products[revenue] if isinstance(revenue, str) and isinstance(products, pd.DataFrame) else revenue
