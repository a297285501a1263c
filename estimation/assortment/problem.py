"""The decision: which products to offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimation.assortment.catalogue import Catalogue, make_catalogue
from estimation.assortment.constraints.base import Constraint
from estimation.assortment.fastest_oracle import oracle_for
from estimation.assortment.fitted import HasProductWeights, revenue_column
from estimation.assortment.frontier import Frontier
from estimation.assortment.grid import grid_frontier
from estimation.assortment.lever import check_lever
from estimation.assortment.menu import Menu, make_menu
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.sandwich import sandwich
from estimation.assortment.sweep import sweep
from estimation.errors import AssortmentError, raise_all
from estimation.text.sentences import counted
from estimation.text.shown import Display


@dataclass(frozen=True, eq=False)
class Assortment:
    """Choose the products to offer when customers choose by a multinomial logit.

    With S on offer, product i sells with probability v_i / (v_0 + sum of v over S). The objective is expected
    revenue plus `utility_weight` times expected utility, per arriving customer (Sumida, Gallego,
    Rusmevichientong, Topaloglu and Davis 2021).

    Parameters
    ----------
    revenue
        (product,) money earned per unit sold, of either sign: array, or Series or mapping by product.
    weight
        (product,) exp(utility), > 0; relative to `outside_weight`.
    outside_weight
        exp(utility) of buying nothing, v_0 > 0.
    products
        (product,) unique labels; None takes the index of a Series, or else numbers from zero.
    constraints
        What menus must meet; see `subject_to`.
    draws
        (draw, product) or (draw, person, product) weights under a posterior, relative to `outside_weight` as `weight`
        is, for `under_draws`; `from_fit` fills them in.
    label
        What the numbers are about, with SYNTHETIC where they are made up; shown in reports.

    Raises
    ------
    AssortmentError
        Products, numbers or constraints cannot be read; every problem is listed.

    Examples
    --------
    >>> products = ["pen", "pad", "clip"]
    >>> problem = Assortment(revenue=[10.0, 6.0, 3.0], weight=[0.5, 1.0, 2.0], products=products)
    >>> problem.solve(utility_weight=0.0).products
    ('pen', 'pad')
    >>> problem.solve(utility_weight=5.0).products
    ('pen', 'pad', 'clip')

    References
    ----------
    Sumida, M., Gallego, G., Rusmevichientong, P., Topaloglu, H. and Davis, J. (2021). Revenue-utility
    tradeoff in assortment optimization under the multinomial logit model with totally unimodular constraints.
    Management Science 67(5), 2845-2869. doi:10.1287/mnsc.2020.3657.
    """

    revenue: Any
    weight: Any
    outside_weight: float = 1.0
    products: Any = None
    constraints: tuple[Constraint, ...] = ()
    draws: Any = field(default=None, repr=False)
    label: str = ""
    catalogue: Catalogue = field(init=False, repr=False)

    def __post_init__(self) -> None:
        catalogue = make_catalogue(self.revenue, self.weight, self.outside_weight, self.products, self.label)
        object.__setattr__(self, "catalogue", catalogue)
        if not isinstance(self.constraints, Sequence):
            advice = f"constraints must be a list, as in [AtMost(10)], not {self.constraints!r}"
            raise AssortmentError("The constraints cannot be read:", [advice])
        problems = [problem for constraint in self.constraints for problem in _problems(constraint, catalogue)]
        raise_all(problems, AssortmentError, "The constraints cannot be read:")

    @classmethod
    def from_fit(cls, fit: HasProductWeights, products: pd.DataFrame, revenue: Any, **options: Any) -> Assortment:
        """Make the problem from a fitted choice model and a table of products.

        The predictive choice model is a mixture of logits, over draws and over people. The problem's own weights
        are those of a customer with the mean utilities: `solve` and `frontier` then answer for one logit, exactly,
        as if nothing were uncertain and all people alike. `under_draws(problem)` decides for the mixture, and says
        what the short cut loses.

        Parameters
        ----------
        fit
            What `fit` gave for choices; the table of choices must have an outside option.
        products
            One row per product, with the attributes that the model reads; the index holds the labels. Products that
            nobody was offered are described alike; a column ``alternative`` names whose constant each has.
        revenue
            (product,) money per unit sold, or the name of a column of `products`.
        options
            What `product_weights` of the fit takes: how many draws and people to use.

        Raises
        ------
        AssortmentError
            Products, numbers or constraints cannot be read; every problem is listed.
        ChoiceError
            The model cannot say what the products are worth: an attribute is missing, or there is no outside option.
        """
        column = revenue_column(fit, products, revenue)
        weights = fit.product_weights(products, **options)
        at_mean = np.exp(np.log(weights).mean(axis=(0, 1)))
        return cls(column, at_mean, 1.0, products.index, draws=weights, label=fit.label)

    def _repr_html_(self) -> str:
        catalogue = self.catalogue
        about: dict[str, object] = {
            "products": catalogue.products,
            "revenue": catalogue.revenue,
            "weight": catalogue.weight,
        }
        about |= {"constraints": [str(each) for each in self.constraints], "about": catalogue.label}
        return Display(repr(self), {name: value for name, value in about.items() if name != "about" or value}).html

    def __repr__(self) -> str:
        limits = counted(len(self.constraints), "constraint")
        return f"Assortment of {counted(len(self.catalogue), 'product')} under {limits}"

    def subject_to(self, *constraints: Constraint) -> Assortment:
        """Add constraints; menus must meet all of them.

        Raises
        ------
        AssortmentError
            A constraint names products that do not exist, or contradicts itself; every problem is listed.
            Constraints that contradict each other are named when a menu is asked for.
        """
        return replace(self, constraints=(*self.constraints, *constraints))

    def about(self, label: str) -> Assortment:
        """Say what the numbers are about, for reports."""
        return replace(self, label=label)

    def at_weights(self, weight: Any) -> Assortment:
        """Give the same decision with other weights (product,), relative to buying nothing: by label, or in order."""
        products = self.catalogue.products if self.products is None else self.products
        draws = self.draws if self.draws is None else np.asarray(self.catalogue.in_order(self.draws))
        if draws is not None:
            draws = draws / self.outside_weight  # which is one from here on
        return replace(self, weight=weight, outside_weight=1.0, products=products, draws=draws)

    def solve(self, utility_weight: float = 0.0, tolerance: float = 1e-12) -> Menu:
        """Find the best menu for one lever, with an upper bound that proves it.

        Parameters
        ----------
        utility_weight
            Money per unit of utility, >= 0. One over the price coefficient counts the customer's surplus as
            much as revenue.
        tolerance
            Largest gap, relative to |revenue| + utility_weight x utility.

        Raises
        ------
        AssortmentError
            Lever or tolerance is negative or no number, or no menu meets the constraints (the conflict is named).
        """
        check_lever(utility_weight, tolerance=tolerance)
        found = sandwich(self.catalogue, self.oracle, float(utility_weight), tolerance)
        return make_menu(self.catalogue, found.vertex.chosen, float(utility_weight), bound=found.bound)

    def frontier(self, progress: Callable[[int], object] | None = None) -> Frontier:
        """Find every menu that is best for some lever, exactly.

        Parameters
        ----------
        progress
            Called with the number of menus found so far, where they come one by one.

        Raises
        ------
        AssortmentError
            No menu meets the constraints (the conflict is named).
        """
        return Frontier(sweep(self.catalogue, self.oracle, progress), constraints=self.constraints)

    def approximate(self, tolerance: float, utility_weight: float | None = None) -> Frontier:
        """Find few menus, one of which has at least 1 - tolerance of the best objective.

        Their number grows with one over the square root of the tolerance, and not with the number of
        products.

        Parameters
        ----------
        tolerance
            Share of the best objective that may be lost, in (0, 1).
        utility_weight
            The lever it is meant for; None: all levers.

        Raises
        ------
        AssortmentError
            The tolerance is no share, the menu of largest attraction has negative revenue (no share can be
            guaranteed then), or no menu meets the constraints.
        """
        if utility_weight is not None:
            check_lever(utility_weight)
        found = grid_frontier(self.catalogue, self.oracle, tolerance, utility_weight)
        return replace(found, constraints=self.constraints)

    @cached_property
    def oracle(self) -> Oracle:
        """Fastest exact maximiser of a linear gain over the menus that meet the constraints."""
        return oracle_for(self.catalogue, self.constraints)


def _problems(constraint: object, catalogue: Catalogue) -> list[str]:
    if isinstance(constraint, Constraint):
        return constraint.problems(catalogue)
    return [f"{constraint!r} is no constraint; use AtMost, Requires, PerCategory, … or LinearRows"]
