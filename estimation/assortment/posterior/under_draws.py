"""One menu for all draws of a posterior."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimation.assortment.arrays import Bools, Floats
from estimation.assortment.constraints.base import Rows, stack
from estimation.assortment.frontier import check_lever
from estimation.assortment.menu import Menu
from estimation.assortment.posterior.decision import Decision
from estimation.assortment.posterior.draws import Draws, make_draws
from estimation.assortment.posterior.lagrangian import lagrangian_bound
from estimation.assortment.posterior.program import program_bound
from estimation.assortment.posterior.risk import Expected, Risk, TailMean
from estimation.assortment.posterior.search import best_per_draw, candidates, climb, plug_in
from estimation.assortment.problem import Assortment
from estimation.errors import AssortmentError, raise_all

TIE = 1e-9


@dataclass(frozen=True, eq=False)
class UnderDraws:
    """An assortment problem whose weights are draws of a posterior.

    The predictive choice model is a mixture of logits, and not a logit: the theory of the frontier and its
    certificate do not apply to it, and the problem is hard even for two draws (Rusmevichientong, Shmoys, Tong
    and Topaloglu 2014). Menus are found by candidates from single logits and local search, and bounded from
    above. All of it is about the draws given (a sample average): with few draws, judge the chosen menu again
    on fresh ones with `compare`.

    Parameters
    ----------
    problem
        Products, revenues and constraints; its own weights are not used.
    draws
        Weights per draw.
    """

    problem: Assortment
    draws: Draws

    def solve(self, utility_weight: float = 0.0, risk: Risk | None = None) -> Decision:
        """Find a good menu for one lever, with an upper bound from perfect information.

        Parameters
        ----------
        utility_weight
            Money per unit of utility, >= 0.
        risk
            How draws are summed up; None: `Expected()`. `TailMean(share)` and `WorstCase()` avert risk.

        Raises
        ------
        AssortmentError
            The lever is negative or not finite, or no menu meets the constraints.
        """
        check_lever(utility_weight)
        risk = risk or Expected()
        own, best = best_per_draw(self.draws, self.problem.oracle, utility_weight)
        naive = plug_in(self.draws, self.problem.oracle, utility_weight)

        def score(menus: Bools) -> Floats:
            return risk(self.draws.objective(menus, utility_weight))

        start = np.concatenate(
            [candidates(self.draws, self.problem.oracle, utility_weight), own, naive[None]]
        )
        chosen = climb(start[int(np.argmax(score(start)))], score, self._rows)
        loss = float(score(chosen[None])[0] - score(naive[None])[0])
        return self._decision(chosen, utility_weight, risk, best, loss)

    def program_bound(self, utility_weight: float = 0.0, seconds: float = 60.0) -> float:
        """Bound the expected objective of any menu by integer programming; for tens of products and draws.

        Parameters
        ----------
        utility_weight
            Money per unit of utility, >= 0.
        seconds
            Time limit; the bound holds whenever it stops.
        """
        check_lever(utility_weight)
        return program_bound(self.draws, self.problem.oracle, self._rows, utility_weight, seconds)

    def lagrangian_bound(
        self, products: Sequence[Hashable], utility_weight: float = 0.0, steps: int = 1
    ) -> float:
        """Bound the expected objective of any menu by pricing the differences between the draws' own menus.

        Tighter than perfect information, and linear in the number of draws; for up to about a hundred
        products.

        Parameters
        ----------
        products
            Labels of a good menu, such as that of `solve`.
        utility_weight
            Money per unit of utility, >= 0.
        steps
            Number of prices tried, >= 1.
        """
        check_lever(utility_weight)
        chosen = self._read("products", products)
        problem = self.draws, self.problem.oracle, self._rows, utility_weight
        return lagrangian_bound(*problem, chosen=chosen, steps=max(1, steps))

    def compare(
        self, menus: Mapping[str, Menu | Sequence[Hashable]], utility_weight: float = 0.0, share: float = 0.1
    ) -> pd.DataFrame:
        """Compare menus on the same draws.

        Parameters
        ----------
        menus
            By name: menus, or the labels of their products.
        utility_weight
            Money per unit of utility, >= 0.
        share
            Share of draws that count as the worst.

        Returns
        -------
        One row per menu: objective, sd, tail_mean, worst, revenue, utility, no_purchase (means over draws),
        regret (mean loss against the best menu of each draw), probability_best (no feasible menu is better in
        the draw) and probability_best_of_these (ties are shared).

        Raises
        ------
        AssortmentError
            A product does not exist.
        """
        check_lever(utility_weight)
        chosen = np.array([self._read(name, menu) for name, menu in menus.items()])
        values = self.draws.objective(chosen, utility_weight)
        best = best_per_draw(self.draws, self.problem.oracle, utility_weight)[1]
        revenue, utility, none = (measure.mean(axis=0) for measure in self.draws.measures(chosen))
        leads = values >= values.max(axis=1, keepdims=True) - TIE
        return pd.DataFrame(
            {
                "objective": values.mean(axis=0),
                "sd": values.std(axis=0),
                "tail_mean": TailMean(share)(values),
                "worst": values.min(axis=0),
                "revenue": revenue,
                "utility": utility,
                "no_purchase": none,
                "regret": (best[:, None] - values).mean(axis=0),
                "probability_best": _is_best(values, best).mean(axis=0),
                "probability_best_of_these": (leads / leads.sum(axis=1, keepdims=True)).mean(axis=0),
            },
            index=pd.Index(list(menus), name="menu"),
        )

    @cached_property
    def _rows(self) -> Rows | None:
        parts = [constraint.rows(self.problem.catalogue) for constraint in self.problem.constraints]
        return stack(parts) if parts else None

    def _decision(
        self, chosen: Bools, lever: float, risk: Risk, best: Floats, plug_in_loss: float
    ) -> Decision:
        values = self.draws.objective(chosen[None], lever)
        objective, bound = float(risk(values)[0]), float(risk(best[:, None])[0])
        revenue, utility, none = (float(measure.mean()) for measure in self.draws.measures(chosen[None]))
        return Decision(
            self.problem.catalogue.names(chosen),
            objective,
            max(bound, objective),
            max(0.0, bound - objective),
            revenue,
            utility,
            none,
            float(_is_best(values, best).mean()),
            plug_in_loss,
            values[:, 0],
            best,
        )

    def _read(self, name: str, menu: Menu | Sequence[Hashable]) -> Bools:
        labels = menu.products if isinstance(menu, Menu) else menu
        catalogue = self.problem.catalogue
        raise_all(
            catalogue.unknown(labels, f"menu {name!r}"), AssortmentError, "The menus cannot be compared:"
        )
        chosen = np.zeros(len(catalogue), dtype=np.bool_)
        chosen[catalogue.positions(labels)] = True
        return chosen


def _is_best(values: Floats, best: Floats) -> Bools:
    """(draw, menu) whether a menu reaches the best of the draw."""
    reach = TIE * np.maximum(1.0, np.abs(best))[:, None]
    return np.asarray(values >= best[:, None] - reach)


def under_draws(problem: Assortment, weights: Any, outside_weight: Any = 1.0) -> UnderDraws:
    """Carry the uncertainty of a fitted model into the decision.

    Parameters
    ----------
    problem
        Products, revenues and constraints; its own weights are not used.
    weights
        (draw, product) exp(utility) of each product in each draw.
    outside_weight
        exp(utility) of buying nothing: one number, or (draw,).

    Raises
    ------
    AssortmentError
        Shapes do not fit the products, or weights are not finite and positive; every problem is listed.
    """
    return UnderDraws(problem, make_draws(problem.catalogue, weights, outside_weight))
