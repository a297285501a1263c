"""Several places choose from one catalogue: what each stocks, and what that earns and is worth in total."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from estimation.arrays import is_real
from estimation.assortment.given import list_problems
from estimation.assortment.menu import Menu
from estimation.assortment.posterior.decision import Decision
from estimation.assortment.posterior.under_draws import UnderDraws
from estimation.assortment.problem import Assortment
from estimation.errors import AssortmentError, raise_all
from estimation.text.sentences import counted
from estimation.text.shown import Display, Shown

TOTAL = "total"
HEADING = "The placement cannot be read:"


@dataclass(frozen=True, eq=False)
class Plan:
    """What each place stocks at one weight on utility.

    Parameters
    ----------
    utility_weight
        Money per unit of utility.
    choices
        By place: what `solve` gave.
    customers
        By place: customers per day.
    label
        What the numbers are about, with SYNTHETIC where they are made up.
    """

    utility_weight: float
    choices: Mapping[str, Menu | Decision]
    customers: Mapping[str, float]
    label: str = ""

    def _repr_html_(self) -> str:
        return Display(repr(self), table=self.table.round(4)).html

    def __repr__(self) -> str:
        return f"What each place stocks, {self.label}".rstrip(", ")

    @property
    def stock(self) -> dict[str, tuple[Hashable, ...]]:
        """The products of each place."""
        return {place: choice.products for place, choice in self.choices.items()}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per place, and one for the total.

        Columns: customers (per day), stocked (products; in total, distinct ones), revenue and utility (money and log
        units per day), no_purchase (share of customers), objective and gap (money per day).
        """
        rows = {}
        for place, choice in self.choices.items():
            many = self.customers[place]
            per_day = {name: many * getattr(choice, name) for name in ("revenue", "utility", "objective", "gap")}
            share = {"no_purchase": choice.no_purchase}
            rows[place] = {"customers": many, "stocked": len(choice.products), **per_day, **share}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("place")
        total = table.sum()
        total["stocked"] = len({product for products in self.stock.values() for product in products})
        total["no_purchase"] = (table["no_purchase"] * table["customers"]).sum() / table["customers"].sum()
        table.loc[TOTAL] = total
        order = ["customers", "stocked", "revenue", "utility", "no_purchase", "objective", "gap"]
        return table.astype({"stocked": int})[order]


@dataclass(frozen=True, eq=False)
class Placement(Shown):
    """Places with limited space that choose from one catalogue, at a common weight on utility.

    The total objective is the sum over places of customers x (revenue + utility_weight x utility), so that each place
    is solved by itself and a weight on utility means the same everywhere.

    Parameters
    ----------
    problems
        By place: an assortment problem, or one under draws where weights are uncertain or customers differ.
    customers
        By place: customers per day, > 0.
    label
        What the numbers are about, with SYNTHETIC where they are made up.

    Raises
    ------
    AssortmentError
        There is no place, or a place lacks a number of customers; every problem is listed.
    """

    problems: Mapping[str, Assortment | UnderDraws]
    customers: Mapping[str, float]
    label: str = ""

    def __post_init__(self) -> None:
        given = {"problems": self.problems, "customers": self.customers}
        problems = [
            f"{name} must be given by place, as in {{'North': …}}, not {value!r}"
            for name, value in given.items()
            if not isinstance(value, Mapping)
        ]
        raise_all(problems, AssortmentError, HEADING)
        problems = [] if self.problems else ["there is no place; give at least one problem"]
        problems += [
            f"place {place!r}: {problem!r} is no problem; give an Assortment, or one under_draws"
            for place, problem in self.problems.items()
            if not isinstance(problem, Assortment | UnderDraws)
        ]
        problems += [
            f"place {place!r}: customers are {self.customers.get(place)!r}; give a number > 0"
            for place in self.problems
            if not (is_real(self.customers.get(place)) and self.customers[place] > 0)
        ]
        problems += [f"no place may be called {TOTAL!r}: it is the row of all of them"] * (TOTAL in self.problems)
        raise_all(problems, AssortmentError, HEADING)

    def __repr__(self) -> str:
        return f"{counted(len(self.problems), 'place')} that choose from one catalogue, {self.label}".rstrip(", ")

    def solve(self, utility_weight: float = 0.0) -> Plan:
        """Choose what each place stocks.

        Parameters
        ----------
        utility_weight
            Money per unit of utility, >= 0.

        Raises
        ------
        AssortmentError
            The weight is negative or not finite, or no menu meets the constraints of a place.
        """
        choices = {place: problem.solve(utility_weight) for place, problem in self.problems.items()}
        return Plan(float(utility_weight), choices, self.customers, self.label)

    def tradeoff(self, utility_weights: Sequence[float]) -> pd.DataFrame:
        """Return the totals of the plans for several weights: one row per weight, columns as in `Plan.table`."""
        problems = list_problems(utility_weights, "utility_weights", "levers, as in [0.0, 0.5]")
        raise_all(problems, AssortmentError, "There is no trade-off:")
        plans = [self.solve(weight) for weight in utility_weights]
        rows = [plan.table.loc[TOTAL] for plan in plans]
        index = pd.Index([plan.utility_weight for plan in plans], name="utility_weight")
        return pd.DataFrame(rows).set_index(index).astype({"stocked": int})
