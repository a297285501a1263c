"""What menus do under each draw of a posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.assortment.arrays import Bools, Floats
from estimation.assortment.catalogue import SHOWN, Catalogue
from estimation.errors import AssortmentError, raise_all


@dataclass(frozen=True, eq=False)
class Draws:
    """Products with one set of weights per draw.

    Parameters
    ----------
    catalogue
        The products; only their labels and revenues are used.
    weights
        (draw, product) exp(utility) relative to buying nothing.
    """

    catalogue: Catalogue
    weights: Floats

    def __len__(self) -> int:
        """Count the draws."""
        return len(self.weights)

    def single(self, weight: Floats) -> Catalogue:
        """Give the products with one set of weights (product,)."""
        return Catalogue(self.catalogue.products, self.catalogue.revenue, weight)

    def measures(self, menus: Bools) -> tuple[Floats, Floats, Floats]:
        """(draw, menu) expected revenue, utility and probability of no purchase of menus (menu, product)."""
        offered = menus.T.astype(np.float64)
        total = 1.0 + self.weights @ offered
        proceeds = (self.weights * self.catalogue.revenue) @ offered
        return proceeds / total, np.log(total), 1.0 / total

    def objective(self, menus: Bools, utility_weight: float) -> Floats:
        """(draw, menu) revenue plus utility_weight times utility."""
        revenue, utility, _ = self.measures(menus)
        return revenue + utility_weight * utility


def make_draws(catalogue: Catalogue, weights: object, outside_weight: object) -> Draws:
    """Check the draws, all at once.

    Raises
    ------
    AssortmentError
        Shapes do not fit the products, or weights are not finite and positive; every problem is listed.
    """
    table, outside = np.array(weights, dtype=np.float64), np.asarray(outside_weight, dtype=np.float64)
    problems = []
    if table.ndim != 2 or table.shape[1] != len(catalogue) or not len(table):
        problems.append(
            f"weights have shape {table.shape}; give (draw, product) with {len(catalogue)} products"
        )
    elif outside.shape not in {(), (len(table),)}:
        problems.append(
            f"outside_weight has shape {outside.shape}; give one number, or one per draw: {len(table)}"
        )
    else:
        bad = np.argwhere(~(np.isfinite(table) & (table > 0)))
        problems += [
            f"draw {draw}, product {catalogue.products[place]!r}: weight is {table[draw, place]}; "
            "it must be finite and > 0"
            for draw, place in bad[:SHOWN]
        ]
        problems += [f"{len(bad) - SHOWN} more weights like these"] if len(bad) > SHOWN else []
    if not np.all(np.isfinite(outside) & (outside > 0)):
        problems.append("outside_weight must be finite and > 0 in every draw")
    raise_all(problems, AssortmentError, "The draws cannot be read:")
    return Draws(catalogue, table / outside.reshape(-1, 1))
