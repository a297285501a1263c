"""One menu for all draws of a posterior."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask, is_real
from estimation.assortment.constraints.base import Rows, stack
from estimation.assortment.given import list_problems
from estimation.assortment.lever import check_lever
from estimation.assortment.menu import Menu
from estimation.assortment.posterior.comparison import comparison, menus_of
from estimation.assortment.posterior.decision import Decision, make_decision
from estimation.assortment.posterior.draws import HEADING, Draws, make_draws
from estimation.assortment.posterior.information import value_of_information
from estimation.assortment.posterior.proof import by_prices, mixture_of, proof
from estimation.assortment.posterior.relaxation import Mixture
from estimation.assortment.posterior.risk import Expected, Risk, risk_of
from estimation.assortment.posterior.search import OwnBest, best_per_draw, climb, plug_in
from estimation.assortment.posterior.tradeoff import Tradeoff, levers_of
from estimation.assortment.problem import Assortment
from estimation.errors import AssortmentError, raise_all
from estimation.text.shown import Display


@dataclass(frozen=True, eq=False)
class UnderDraws:
    """An assortment problem whose weights are draws of a posterior.

    The predictive choice model is a mixture of logits, and not a logit: the theory of the frontier and its
    certificate do not apply to it, and the problem is hard even for two draws (Rusmevichientong, Shmoys, Tong
    and Topaloglu 2014). Menus are found by candidates from single logits and local search, and bounded from
    above. All of it is about the draws given (a sample average): with few draws, judge the chosen menu again
    on fresh ones with `compare`. Every `utility_weight` is money per unit of utility, finite and >= 0, as in
    `Assortment.solve`, which says what is raised otherwise.

    Parameters
    ----------
    problem
        Products, revenues and constraints; its own weights are not used.
    draws
        Weights per draw, and per person where people differ.
    """

    problem: Assortment
    draws: Draws

    def _repr_html_(self) -> str:
        return Display(repr(self)).html

    def __repr__(self) -> str:
        return f"{self.problem!r}, under {len(self.draws.weights)} draws of what products are worth"

    def solve(self, utility_weight: float = 0.0, risk: Risk | None = None, seconds: float = 0.0) -> Decision:
        """Find a good menu for one lever, with an upper bound from perfect information, or a tighter one.

        Parameters
        ----------
        risk
            How draws are summed up; None: `Expected()`. `TailMean(share)` and `WorstCase()` avert risk.
        seconds
            Time for branch and bound, which improves the menu and narrows the gap, often to nothing: it takes seconds
            for 50 products and 5 logits (draws x people), a minute for 100 and 25. With more than 8,000 pairs of
            both the gap is narrowed by prices, as in `lagrangian_bound`. For the mean over draws only.

        Raises
        ------
        AssortmentError
            Lever or seconds are negative or no number, no menu meets the constraints, or seconds come with a risk.
        """
        check_lever(utility_weight, seconds=seconds)
        risk = risk_of(risk)
        if seconds and not isinstance(risk, Expected):
            raise AssortmentError(f"seconds is {seconds!r}; only the mean over draws is bounded further, not {risk!r}")
        own = best_per_draw(self.draws, self.problem.oracle, utility_weight)
        naive = plug_in(self.draws, self.problem.oracle, utility_weight)

        def score(menus: Mask) -> Array:
            return self.draws.summed(risk, self.draws.objective(menus, utility_weight))

        start = np.concatenate([own.menus, naive[None]])
        chosen = climb(start[int(np.argmax(score(start)))], score, self._rows)
        bound = np.inf
        if seconds:
            found = proof(self._mixture(utility_weight, own), self.problem.oracle, chosen, seconds)
            chosen, bound = found.chosen, found.bound
        loss = float(score(chosen[None])[0] - score(naive[None])[0])
        return make_decision(self.draws, chosen, utility_weight, risk, own, loss, bound)

    def frontier(self, utility_weights: Sequence[float] | None = None, seconds: float = 0.0) -> Tradeoff:
        """Find good menus along the lever: what the frontier of one logit becomes when weights are uncertain.

        Parameters
        ----------
        utility_weights
            The levers; None: zero, and those at which the menu changes at the mean utilities, at most a dozen.
        seconds
            Time for branch and bound at each lever, as in `solve`.

        Raises
        ------
        AssortmentError
            A lever is negative or not finite, or no menu meets the constraints.
        """
        if utility_weights is None:
            utility_weights = levers_of(self.problem.at_weights(self.draws.average).frontier())
        raise_all(list_problems(utility_weights, "utility_weights", "levers, as in [0, 2]"), AssortmentError, HEADING)
        decisions = tuple(self.solve(lever, seconds=seconds) for lever in utility_weights)
        return Tradeoff(self.problem, self.draws, decisions)

    def value_of_information(self, utility_weight: float = 0.0, spread: float = 0.5) -> float:
        """Find what more data would be worth, money per customer: the most to pay for shrinking the posterior.

        Menus compete that are best in some draw, at the mean, or under the posterior.

        Parameters
        ----------
        spread
            Share of the posterior's standard deviation that the data would leave: 0.5 takes about four times
            the data, 0 is perfect information, 1 is no data.

        Raises
        ------
        AssortmentError
            The lever is negative or not finite, the share lies outside [0, 1], or no menu meets the constraints.
        """
        check_lever(utility_weight)
        if not (is_real(spread) and 0.0 <= spread <= 1.0):
            raise AssortmentError(f"spread is {spread!r}; it is a share and must lie in [0, 1]")
        chosen = self.problem.catalogue.chosen(self.solve(utility_weight).products)
        own = best_per_draw(self.draws, self.problem.oracle, utility_weight)
        menus = np.concatenate([own.menus, chosen[None]])
        return value_of_information(self.draws, menus, utility_weight, spread)

    def program_bound(self, utility_weight: float = 0.0, seconds: float = 60.0) -> float:
        """Bound the expected objective of any menu by branch and bound: the bound of `solve` with these seconds.

        Parameters
        ----------
        seconds
            Time limit; the bound holds whenever it stops.
        """
        return self.solve(utility_weight, seconds=seconds).bound

    def lagrangian_bound(
        self, products: Sequence[Hashable], utility_weight: float = 0.0, steps: int = 1, seconds: float = 60.0
    ) -> float:
        """Bound the expected objective of any menu by pricing the differences between the draws' own menus.

        Never above perfect information, which is the bound that `solve` prints without seconds; linear in the number
        of draws; for up to about a hundred products.

        Parameters
        ----------
        products
            Labels of a good menu, such as that of `solve`.
        steps
            Number of prices tried, >= 1.
        seconds
            Time limit; the bound holds whenever it stops.
        """
        check_lever(utility_weight, seconds=seconds)
        chosen = menus_of(self.problem.catalogue, {"products": products})[0]
        own = best_per_draw(self.draws, self.problem.oracle, utility_weight)
        mixture = self._mixture(utility_weight, own)
        return by_prices(mixture, self.problem.oracle, chosen, steps, seconds)

    def compare(
        self, menus: Mapping[str, Menu | Decision | Sequence[Hashable]], utility_weight: float = 0.0, share: float = 0.1
    ) -> pd.DataFrame:
        """Compare menus on the same draws.

        Parameters
        ----------
        menus
            By name: menus, or the labels of their products.
        share
            Share of draws that count as the worst.

        Returns
        -------
        One row per menu: objective, sd, tail_mean, worst, revenue, utility, no_purchase (means over draws),
        regret (mean loss against the best menu found for each draw), probability_best (no menu found for the draw is
        better; where a draw is one logit, no feasible menu) and probability_best_of_these (ties are shared).

        Raises
        ------
        AssortmentError
            There are no menus, or a product does not exist.
        """
        check_lever(utility_weight)
        chosen = menus_of(self.problem.catalogue, menus)
        own = best_per_draw(self.draws, self.problem.oracle, utility_weight)
        return comparison(self.draws, chosen, list(menus), own.value, utility_weight, share)

    def _mixture(self, utility_weight: float, own: OwnBest) -> Mixture:
        return mixture_of(self.draws, self._rows, utility_weight, own.by_logit)

    @cached_property
    def _rows(self) -> Rows:
        return stack(self.problem.catalogue, self.problem.constraints)


def under_draws(
    problem: Assortment, weights: Any = None, outside_weight: Any = None, shares: Any = None, draw_weights: Any = None
) -> UnderDraws:
    """Carry the uncertainty of a fitted model into the decision.

    Parameters
    ----------
    problem
        Products, revenues and constraints; its own weights are not used.
    weights
        (draw, product) exp(utility) of each product in each draw, or (draw, person, product) where people
        differ; the columns of a frame may be labels in any order. None: the draws of the fit that the problem was made
        from.
    outside_weight
        exp(utility) of buying nothing: one number, (draw,) or (draw, person). None: one, or for draws of the problem
        what it says; where weights are given beside a problem that says otherwise, it must be said.
    shares
        (person,) how much of the demand each person (or segment) stands for; None: all alike.
    draw_weights
        (draw,) how probable each draw is, in any unit, such as importance weights; None: all alike.

    Raises
    ------
    AssortmentError
        Shapes do not fit the products, weights are not finite and positive, or there are no draws; every problem
        is listed.
    """
    if not isinstance(problem, Assortment):
        raise AssortmentError(HEADING, [f"give a problem, as Assortment makes it, before the weights, not {problem!r}"])
    if weights is None and problem.draws is None:
        raise AssortmentError(
            "There are no draws:", ["give weights (draw, product), or make the problem with Assortment.from_fit"]
        )
    given = problem.draws if weights is None else weights
    outside = problem.outside_weight if outside_weight is None else outside_weight
    unclear = weights is not None and outside_weight is None and problem.outside_weight != 1
    advice = f"buying nothing weighs {problem.outside_weight:g} in the problem; say what it weighs beside these weights"
    raise_all([f"{advice}: outside_weight="] * unclear, AssortmentError, HEADING)
    return UnderDraws(problem, make_draws(problem.catalogue, given, outside, shares, draw_weights))
