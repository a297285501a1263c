"""What a menu chosen under a posterior is worth, and what certainty would be worth."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from estimation.assortment.arrays import Floats


@dataclass(frozen=True, eq=False)
class Decision:
    """A menu chosen under a posterior.

    Parameters
    ----------
    products
        Labels of the products, in catalogue order.
    objective
        Revenue + utility_weight x utility, summed up over draws by the risk chosen, money.
    bound
        No menu has a larger objective, money: what would be reached if each draw could have its own best
        menu.
    gap
        bound - objective. In expectation it is also the most that more data could be worth.
    revenue, utility, no_purchase
        Means over draws.
    probability_best
        Share of draws in which no feasible menu is better.
    plug_in_loss
        What would be lost by deciding at the mean weights as if they were known, money.
    values, best
        (draw,) objective of this menu, and of the best menu of the draw.
    """

    products: tuple[Hashable, ...]
    objective: float
    bound: float
    gap: float
    revenue: float
    utility: float
    no_purchase: float
    probability_best: float
    plug_in_loss: float
    values: Floats
    best: Floats

    @property
    def regret(self) -> Floats:
        """(draw,) what is lost against the best menu of the draw, money."""
        return np.maximum(0.0, self.best - self.values)
