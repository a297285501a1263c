"""The frontier: every menu that is best for some lever, and how much revenue buys how much utility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as File
from typing import overload

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from estimation.arrays import Array, Indices, in_reach, is_real
from estimation.assortment.constraints.base import Constraint, stack
from estimation.assortment.lever import check_lever
from estimation.assortment.listing import ends_of, for_spreadsheets, listing
from estimation.assortment.menu import Menu, make_menu
from estimation.assortment.path import Path
from estimation.assortment.vertex import ROUNDING
from estimation.assortment.within import most_utility
from estimation.errors import AssortmentError
from estimation.saving import write_bytes_whole
from estimation.text.fragments import InLatex
from estimation.text.shown import Display


@dataclass(frozen=True, eq=False)
class Frontier(InLatex):
    """Menus from the largest revenue to the largest utility.

    Parameters
    ----------
    path
        Menus that maximise expected revenue after some constant is added to all revenues.
    quality
        Guaranteed share of the best objective, for any lever it was made for: one if the frontier is exact.
    grid
        Number of constants that were tried; None if the frontier is exact.
    constraints
        What every menu meets.
    """

    path: Path
    quality: float = 1.0
    grid: int | None = None
    constraints: tuple[Constraint, ...] = ()

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """One row per menu that maximises revenue after a constant shift; not all are best for a lever.

        Columns: revenue (money), utility, no_purchase (probability), size (products), shift and shift_high
        (the constants for which the menu maximises expected revenue, money).
        """
        corners = self.path.table
        total = 1.0 + corners["attraction"].to_numpy()
        revenue = corners["proceeds"].to_numpy() / total
        slope = corners["slope"].to_numpy()
        shift = np.concatenate([[0.0], np.maximum(0.0, total[1:] * (revenue[1:] - slope[1:]))])
        after = np.append(total[:-1] * (revenue[:-1] - slope[1:]), np.inf)
        columns = {"revenue": revenue, "utility": np.log(total), "no_purchase": 1.0 / total, "size": corners["size"]}
        table = pd.DataFrame(columns | {"shift": shift, "shift_high": np.maximum(shift, after)})
        skipped = int(len(table) > 1 and revenue[0] - slope[1] <= ROUNDING * (abs(revenue[0]) + abs(slope[1])))
        table.loc[skipped, "shift"] = 0.0
        return table.iloc[skipped:].rename_axis("candidate")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per menu that is best for some lever.

        Columns: revenue (money), utility (log units), no_purchase (probability), size (products), weight_low
        and weight_high (the levers for which the menu is best, money per unit of utility), shift and
        shift_high (the constants which, added to all revenues, make it the menu of largest expected revenue,
        money).
        """
        corners, weights = self._supported
        table = self.candidates.loc[corners].reset_index(drop=True).rename_axis("menu")
        table.insert(4, "weight_low", np.concatenate([[0.0], weights]))
        table.insert(5, "weight_high", np.append(weights, np.inf))
        return table

    def exchange(self, price_coefficient: float | None = None) -> pd.DataFrame:
        """Say what each step to the next menu costs and what it buys.

        Between neighbours, revenue_lost / utility_gained is the lever at which both are equally good, and
        revenue_lost / customers_kept the constant added to all revenues at which both are: a menu is right if a
        customer who leaves without buying costs more than the step to it, and less than the step beyond.

        Parameters
        ----------
        price_coefficient
            Utility lost per unit of money, > 0; with it, consumer surplus is shown in money (Small and Rosen 1981).

        Returns
        -------
        One row per step. Columns: revenue_lost (money per customer), utility_gained (log units),
        revenue_per_utility (money per unit of utility), customers_kept (probability), revenue_per_customer_kept
        (money), and with a coefficient surplus_gained (money) and revenue_per_surplus (ratio).

        Raises
        ------
        AssortmentError
            The coefficient is not positive.
        """
        if price_coefficient is not None and not (is_real(price_coefficient) and price_coefficient > 0):
            raise AssortmentError(f"price_coefficient is {in_reach(price_coefficient)!r}; it is utility per money, > 0")
        lost, kept = -np.diff(self.table["revenue"]), -np.diff(self.table["no_purchase"])
        gained, levers = np.diff(self.table["utility"]), self.table["weight_low"].to_numpy()[1:]
        columns = {
            "revenue_lost": lost,
            "utility_gained": gained,
            "revenue_per_utility": levers,
            "customers_kept": kept,
            "revenue_per_customer_kept": lost / kept,
        }
        if price_coefficient is not None:
            columns["surplus_gained"] = gained / price_coefficient
            columns["revenue_per_surplus"] = levers * price_coefficient
        return pd.DataFrame(columns, index=self.table.index[1:].rename("to_menu"))

    def listing(self) -> pd.DataFrame:
        """Return the table with labels: enters, leaves (against the menu before) and products (up to a million)."""
        return listing(self.path, self._supported[0], self.table)

    def to_csv(self, path: str | File) -> File:
        """Write the listing, one row per menu; an apostrophe stands before labels that would be formulas.

        Raises
        ------
        AssortmentError
            The folder does not exist.
        """
        content = for_spreadsheets(self.listing())
        return write_bytes_whole(path, content, AssortmentError, "The table cannot be written:")

    @property
    def demands(self) -> tuple[str, ...]:
        """What every menu meets, in words."""
        return stack(self.path.catalogue, self.constraints).names

    @property
    def menus(self) -> Menus:
        """The menus themselves, in the order of the table."""
        return Menus(self, self._supported[0])

    def best(self, utility_weight: float) -> Menu:
        """Pick the best menu of the frontier for a lever (money per unit of utility, >= 0).

        Raises
        ------
        AssortmentError
            The lever is negative or not finite.
        """
        check_lever(utility_weight)
        corners, weights = self._supported
        chosen = self.path.chosen(int(corners[np.searchsorted(weights, utility_weight)]))
        return make_menu(self.path.catalogue, chosen, utility_weight)

    def within(self, revenue_loss: float, seconds: float = 10.0) -> Menu:
        """Find the menu of largest utility that gives up at most a share of the largest revenue, of all menus.

        It need not be best for any lever: an integer program finds it, over the products that the frontier leaves open.
        `revenue_loss` is a share of the largest expected revenue, between 0 and 1; after so many `seconds` the menu is
        the best one found, and its `utility_bound` says what it may miss.

        Raises
        ------
        AssortmentError
            The share is outside [0, 1], or the time is none.
        """
        check_lever(seconds=seconds)
        if not (is_real(revenue_loss) and 0.0 <= revenue_loss <= 1.0):
            raise AssortmentError(f"revenue_loss is {in_reach(revenue_loss)!r}; it is a share and must lie in [0, 1]")
        table = self.candidates
        largest = float(table["revenue"].iloc[0])
        floor = largest - revenue_loss * abs(largest)
        last = int(table.index[table["revenue"] >= floor][-1])
        menu, rows = self._menu(last), stack(self.path.catalogue, self.constraints)
        if last == table.index[-1] or revenue_loss == 0.0:
            return replace(menu, utility_bound=menu.utility)
        return most_utility(self.path, rows, last, menu, floor, seconds)

    def __len__(self) -> int:
        return len(self._supported[0])

    def _repr_html_(self) -> str:
        return Display(str(self), table=ends_of(self.table).round(4), notes=(self._left_out,)).html

    @property
    def _left_out(self) -> str:
        between = len(self) - len(ends_of(self.table))
        return "listing() names their products." + f" Not shown: {between} menus in the middle." * bool(between)

    def __repr__(self) -> str:
        first, last = self.table.iloc[0], self.table.iloc[-1]
        ends = (f"revenue {end.revenue:.6g}, utility {end.utility:.6g}" for end in (first, last))
        return f"Frontier of {len(self)} menus from {' to '.join(ends)}"

    @cached_property
    def _supported(self) -> tuple[Indices, Array]:
        """Candidates on the hull of (utility, revenue), and the levers at which the best menu changes.

        Between candidates, revenue given up per utility gained must rise; neighbours out of order are pooled,
        which is isotonic regression (pool adjacent violators), linear in the number of candidates.
        """
        corners = self.candidates.index.to_numpy()
        if len(corners) == 1:
            return corners, np.empty(0)
        loss, gain = (steps[corners[1:]] for steps in self._steps())
        pooled = isotonic_regression(loss / gain, weights=gain)
        return corners[pooled.blocks], np.maximum(pooled.x[pooled.blocks[:-1]], 0.0)

    def _steps(self) -> tuple[Array, Array]:
        """(candidate,) revenue lost and utility gained since the one before, free of cancellation."""
        attraction, proceeds, rise, slope = self.path.table[["attraction", "proceeds", "rise", "slope"]].to_numpy().T
        total = 1.0 + attraction
        before = proceeds[:-1] / total[:-1]
        loss = rise[1:] * (before - slope[1:]) / total[1:]
        gain = np.log1p(rise[1:] / total[:-1])
        return np.append(0.0, loss), np.append(0.0, gain)

    def _menu(self, candidate: int) -> Menu:
        shift = float(self.candidates["shift"].loc[candidate])
        return make_menu(self.path.catalogue, self.path.chosen(candidate), shift=shift)


@dataclass(frozen=True, eq=False)
class Menus(Sequence[Menu]):
    """The menus of a frontier, built when asked for."""

    frontier: Frontier
    corners: Indices

    def __len__(self) -> int:
        return len(self.corners)

    @overload
    def __getitem__(self, place: int) -> Menu: ...
    @overload
    def __getitem__(self, place: slice) -> list[Menu]: ...
    def __getitem__(self, place: int | slice) -> Menu | list[Menu]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        return self.frontier._menu(int(self.corners[place]))
