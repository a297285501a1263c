"""Every menu, one by one: slow, obvious, and independent of the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


def all_menus(count):
    """(menu, product) every subset of the products."""
    return (np.arange(2**count)[:, None] >> np.arange(count)) % 2 == 1


@dataclass(frozen=True, eq=False)
class Everything:
    """Measures of every feasible menu.

    Parameters
    ----------
    menus
        (menu, product) feasible menus.
    revenue, weight
        (product,).
    outside
        Weight of buying nothing.
    """

    menus: np.ndarray
    revenue: np.ndarray
    weight: np.ndarray
    outside: float = 1.0

    @cached_property
    def measures(self):
        """(menu,) expected revenue, utility, probability of no purchase, from choice probabilities."""
        total = self.outside + self.menus @ self.weight
        probability = self.menus * self.weight / total[:, None]
        none = self.outside / total
        return probability @ self.revenue, -np.log(none), none

    def objective(self, lever):
        """(menu,) revenue plus lever times utility."""
        revenue, utility, _ = self.measures
        return revenue + lever * utility

    def best(self, lever):
        """Largest objective."""
        return self.objective(lever).max()

    def shifted_best(self, shift):
        """Largest expected revenue less `shift` times the probability of no purchase."""
        revenue, _, none = self.measures
        return (revenue - shift * none).max()

    def supported(self, slack=1e-11):
        """(revenue, utility) of the corners of the upper right hull, by walking to more utility.

        From each corner go to the menu that needs the smallest lever to be preferred; the farthest one among
        ties.
        """
        revenue, utility, _ = self.measures
        here = max(range(len(revenue)), key=lambda menu: (round(revenue[menu], 12), utility[menu]))
        corners = [here]
        while True:
            ahead = np.flatnonzero(utility > utility[corners[-1]] + slack)
            if not len(ahead):
                return revenue[corners], utility[corners]
            lever = (revenue[corners[-1]] - revenue[ahead]) / (utility[ahead] - utility[corners[-1]])
            ties = ahead[lever <= lever.min() * (1 + slack) + slack]
            corners.append(int(ties[np.argmax(utility[ties])]))


def naive_fixed_point(everything, lever, rounds=1000):
    """Iterate shift <- lever / no_purchase(menu that is best for the shift), from the revenue optimum."""
    revenue, _, none = everything.measures
    here = int(np.argmax(revenue))
    for _ in range(rounds):
        after = int(np.argmax(revenue - lever / none[here] * none))
        if after == here:
            break
        here = after
    return revenue[here] - lever * np.log(none[here])
