"""Decisions along the lever: the trade-off under a posterior, with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimation.assortment.frontier import Frontier
from estimation.text.fragments import InLatex
from estimation.text.shown import Display

if TYPE_CHECKING:
    from estimation.assortment.posterior.decision import Decision
    from estimation.assortment.posterior.draws import Draws
    from estimation.assortment.problem import Assortment

MOST = 12  # levers that are tried unless the user says which
BAND = 0.9  # probability of an interval


@dataclass(frozen=True, eq=False)
class Tradeoff(InLatex):
    """Menus chosen under a posterior, from little to much weight on utility.

    Not a frontier in the sense of one logit: each menu is the best that was found for its lever, and the column
    `gap` says how much better another one could be at most.

    Parameters
    ----------
    problem
        Products, revenues and constraints.
    draws
        Weights under the posterior.
    decisions
        One per lever.
    """

    problem: Assortment
    draws: Draws
    decisions: tuple[Decision, ...]

    def _repr_html_(self) -> str:
        return Display(repr(self), table=self.table.round(4)).html

    def __repr__(self) -> str:
        return f"{len(self)} menus chosen under {len(self.draws.weights)} draws, by their weight on utility"

    def __len__(self) -> int:
        return len(self.decisions)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per lever.

        Columns: revenue, revenue_low, revenue_high (money; mean and the middle 90 % of draws), utility,
        utility_low, utility_high (log units), no_purchase (probability), size (products), objective, gap and
        plug_in_loss (money), probability_best (of all menus found).
        """
        rows = [self._row(decision) for decision in self.decisions]
        levers = pd.Index([decision.utility_weight for decision in self.decisions], name="utility_weight")
        return pd.DataFrame(rows, index=levers)

    @cached_property
    def at_the_mean(self) -> Frontier:
        """The exact frontier of one logit at the mean utilities: what it would be if nothing were uncertain."""
        return self.problem.at_weights(self.draws.average).frontier()

    def _row(self, decision: Decision) -> dict[str, float]:
        offered = self.problem.catalogue.chosen(decision.products)[None]
        revenue, utility, _ = (measure[:, 0] for measure in self.draws.measures(offered))
        ends = [(1 - BAND) / 2, (1 + BAND) / 2]
        low, high = self.draws.quantiles(np.stack([revenue, utility], axis=1), ends)
        return {
            "revenue": decision.revenue,
            "revenue_low": low[0],
            "revenue_high": high[0],
            "utility": decision.utility,
            "utility_low": low[1],
            "utility_high": high[1],
            "no_purchase": decision.no_purchase,
            "size": len(decision),
            "objective": decision.objective,
            "gap": decision.gap,
            "plug_in_loss": decision.plug_in_loss,
            "probability_best": decision.probability_best,
        }


def levers_of(frontier: Frontier) -> list[float]:
    """Levers inside the ranges of the menus of a frontier, evenly over its menus, at most a dozen."""
    table = frontier.table
    edges = table["weight_low"].to_numpy()
    inside = (edges[1:-1] + edges[2:]) / 2 if len(edges) > 2 else np.empty(0)
    levers = np.concatenate([[0.0], inside, edges[-1:] * 1.5]) if len(edges) > 1 else np.zeros(1)
    kept = np.unique(np.linspace(0, len(levers) - 1, min(MOST, len(levers))).round().astype(int))
    return [float(lever) for lever in levers[kept]]
