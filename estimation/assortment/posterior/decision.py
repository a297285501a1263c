"""What a menu chosen under a posterior is worth, and what certainty would be worth."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.catalogue import shorten
from estimation.assortment.posterior.comparison import is_best
from estimation.assortment.posterior.draws import Draws
from estimation.assortment.posterior.risk import Risk
from estimation.assortment.posterior.search import OwnBest
from estimation.text.shown import Display, Shown


@dataclass(frozen=True, eq=False)
class Decision(Shown):
    """A menu chosen under a posterior; products, gap and utility_weight as in `Menu`.

    Parameters
    ----------
    objective
        Revenue + utility_weight x utility, summed up over draws by the risk chosen, money.
    bound
        No menu has a larger objective, money: what would be reached if each draw (and in it each person) could
        have its own best menu, or what branch and bound left open in the seconds it was given. Without these, more
        data cannot be worth more than the gap, in expectation.
    revenue, utility, no_purchase
        Means over draws and people.
    probability_best
        Share of draws in which no menu found for the draw is better; where a draw is one logit, no feasible menu.
    plug_in_loss
        What would be lost by deciding at the mean utilities as if they were known and everybody had them, money.
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
    values: Array
    best: Array
    utility_weight: float

    def __len__(self) -> int:
        return len(self.products)

    def __str__(self) -> str:
        found = f"best of all menus found with probability {self.probability_best:.2g}"
        return (
            f"{len(self)} products ({shorten(self.products)}): objective {self.objective:.6g}, at most "
            f"{self.bound:.6g}; revenue {self.revenue:.6g}, utility {self.utility:.6g}; {found}; "
            f"deciding at the mean loses {self.plug_in_loss:.3g}"
        )

    def _display(self) -> Display:
        told = {"products": self.products, "objective": self.objective, "at most": self.bound, "gap": self.gap}
        told |= {"revenue": self.revenue, "utility": self.utility, "buys nothing (probability)": self.no_purchase}
        told |= {
            "best of all menus found, with probability": self.probability_best,
            "lost by deciding at the mean": self.plug_in_loss,
        }
        return Display(f"A menu of {len(self)} products for the lever {self.utility_weight:g}", told)

    @property
    def regret(self) -> Array:
        """(draw,) what is lost against the best menu of the draw, money."""
        return np.maximum(0.0, self.best - self.values)


def make_decision(
    draws: Draws,
    chosen: Mask,
    utility_weight: float,
    risk: Risk,
    own: OwnBest,
    plug_in_loss: float,
    proved: float = np.inf,
) -> Decision:
    """Judge a menu (product,) against what each draw would choose by itself, and against a bound that was proved."""
    values = draws.objective(chosen[None], utility_weight)
    best = np.maximum(own.value, values[:, 0])
    objective, bound = float(draws.summed(risk, values)[0]), float(draws.summed(risk, own.ceiling[:, None])[0])
    bound = min(bound, proved)
    revenue, utility, none = (float(draws.mean(measure)[0]) for measure in draws.measures(chosen[None]))
    return Decision(
        products=draws.catalogue.names(chosen),
        objective=objective,
        bound=max(bound, objective),
        gap=max(0.0, bound - objective),
        revenue=revenue,
        utility=utility,
        no_purchase=none,
        probability_best=float(draws.mean(is_best(values, best))[0]),
        plug_in_loss=plug_in_loss,
        values=values[:, 0],
        best=best,
        utility_weight=utility_weight,
    )
