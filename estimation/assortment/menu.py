"""One menu, and what it does."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Mask
from estimation.assortment.catalogue import Catalogue, shorten
from estimation.text.shown import Display, Shown


@dataclass(frozen=True)
class Menu(Shown):
    """Products on offer, with their consequences per arriving customer.

    Parameters
    ----------
    products
        Labels of the products, in catalogue order.
    revenue
        Expected revenue, money.
    utility
        Expected utility above that of an empty menu, log(1 + sum of weights / outside weight); divided by the
        price coefficient it is consumer surplus in money.
    no_purchase
        Probability that the customer buys nothing.
    shift
        Constant added to the revenue of every product that makes this menu the one of largest expected
        revenue, money: what one customer who leaves without buying costs. After `solve` it is utility_weight
        / no_purchase; on a frontier, the smallest such constant. NaN if there is none, as for menus between two of
        the frontier.
    utility_weight
        The lever it was solved for, money per unit of utility; None if it was not solved for one.
    objective
        revenue + utility_weight x utility, money; None without a lever.
    bound
        No menu has a larger objective than this, money; None without a certificate.
    gap
        bound - objective; zero is a proof of optimality.
    utility_bound
        No menu within the same loss of revenue has more utility; None unless `Frontier.within` gave the menu. Equal to
        the utility, up to rounding, it is a proof.
    """

    products: tuple[Hashable, ...]
    revenue: float
    utility: float
    no_purchase: float
    shift: float
    utility_weight: float | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    utility_bound: float | None = None

    def __len__(self) -> int:
        return len(self.products)

    def _display(self) -> Display:
        told = {"products": self.products, "revenue": self.revenue, "utility": self.utility}
        told |= {"buys nothing (probability)": self.no_purchase, "largest revenue if this is added to all": self.shift}
        proof = {"lever": self.utility_weight, "objective": self.objective, "bound": self.bound, "gap": self.gap}
        return Display(
            f"A menu of {len(self)} products", told | {name: at for name, at in proof.items() if at is not None}
        )

    def __str__(self) -> str:
        certificate = "" if self.gap is None else f", gap {self.gap:.2g}"
        if self.utility_bound is not None and self.utility_bound > self.utility + 1e-6:
            certificate = f", utility at most {self.utility_bound:.6g}"
        measures = f"revenue {self.revenue:.6g}, utility {self.utility:.6g}, no purchase {self.no_purchase:.4g}"
        return f"{len(self)} products ({shorten(self.products)}): {measures}{certificate}"


def make_menu(
    catalogue: Catalogue,
    chosen: Mask,
    utility_weight: float | None = None,
    shift: float | None = None,
    bound: float | None = None,
) -> Menu:
    """Evaluate a menu (product,) from its products alone."""
    attraction = float(catalogue.weight[chosen].sum())
    revenue = float(catalogue.proceeds[chosen].sum()) / (1.0 + attraction)
    utility = float(np.log1p(attraction))
    objective = None if utility_weight is None else revenue + utility_weight * utility
    if shift is None:
        shift = (utility_weight or 0.0) * (1.0 + attraction)
    gap = None if bound is None or objective is None else max(0.0, bound - objective)
    bound = bound if gap is None or objective is None else objective + gap
    names = catalogue.names(chosen)
    return Menu(names, revenue, utility, 1.0 / (1.0 + attraction), shift, utility_weight, objective, bound, gap)
