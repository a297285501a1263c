"""Which menus and products of a frontier a reader should look at."""

from __future__ import annotations

from collections.abc import Hashable
from string import ascii_uppercase

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment import Frontier

LOSSES = (0.01, 0.05, 0.10)  # shares of the largest revenue that a firm might give up
PRODUCTS = 30  # rows of a figure that stay readable


def notable_menus(frontier: Frontier) -> dict[str, tuple[int, str]]:
    """Return letter → (place in the table, what is special about the menu), by falling revenue.

    The menu of largest revenue, the last menus that give up at most 1, 5 and 10 per cent of it, the bend (farthest from
    the line between the ends), and the menu of largest utility; a menu that is several of them is named once.
    """
    table = frontier.table
    revenue, utility = table["revenue"].to_numpy(), table["utility"].to_numpy()
    places = {0: "largest revenue"}
    for loss in LOSSES:
        place = int(np.flatnonzero(revenue >= revenue[0] - loss * abs(revenue[0]))[-1])
        places.setdefault(place, "")
    if len(table) > 2:
        across, up = ((values - values[0]) / np.ptp(values) for values in (utility, revenue))
        places[int(np.argmax(across + up))] = "the bend"
    places |= {0: "largest revenue", len(table) - 1: "largest utility"} if len(table) > 1 else {}
    return {
        letter: (place, ", ".join(part for part in (word, _change(revenue, utility, place)) if part))
        for letter, (place, word) in zip(ascii_uppercase, sorted(places.items()), strict=False)
    }


def products_that_matter(frontier: Frontier) -> dict[Hashable, Mask]:
    """Return product → (menu,) whether it is on each menu; the ones that are on most menus first.

    Of many products those are kept that come or go and are in demand: largest weight x share of menus with (or
    without) them.
    """
    catalogue, rows = frontier.path.catalogue, np.arange(len(frontier))
    if len(rows) > 400:
        rows = np.unique(np.linspace(0, len(frontier) - 1, 400).astype(int))
    offered = np.array([catalogue.chosen(frontier.menus[int(row)].products) for row in rows])
    ever = np.flatnonzero(offered.any(axis=0))
    share = offered[:, ever].mean(axis=0)
    kept = ever[np.argsort(-catalogue.weight[ever] * np.minimum(share, 1 - share), kind="stable")[:PRODUCTS]]
    kept = kept[np.argsort(-offered[:, kept].mean(axis=0), kind="stable")]
    nearest = np.searchsorted(rows, np.arange(len(frontier)), side="right") - 1
    return {catalogue.products[place]: offered[nearest, place] for place in kept}


def _change(revenue: Array, utility: Array, place: int) -> str:
    if place == 0:
        return ""
    parts = []
    for name, values in (("revenue", revenue), ("utility", utility)):
        if values[0] != 0:
            parts.append(f"{name} {100 * (values[place] / abs(values[0]) - np.sign(values[0])):+.1f} %")
    return ", ".join(parts).replace("-", "\N{MINUS SIGN}")
