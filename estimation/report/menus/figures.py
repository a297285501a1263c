"""Figures of a decision about menus. Each takes axes (or makes them) and returns them; nothing else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimation.assortment import Frontier, Tradeoff
from estimation.drawing import BLUE, VERMILION, Style, axes_or_new, is_small, labelled, shortened
from estimation.errors import AssortmentError
from estimation.report.menus.tables import label_text
from estimation.report.notable import notable_menus, products_that_matter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REVENUE = "revenue per customer (money)"
UTILITY = "utility per customer"
LEVER = "weight on utility (money per unit)"
BAR = 0.72  # height of a product's bar, in rows


def plot_frontier(frontier: Frontier, ax: Axes | None = None) -> Axes:
    """Draw revenue against utility of every menu that is best for some lever; those that matter carry letters.

    Parameters
    ----------
    frontier
        What ``Assortment.frontier`` gave.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes.
    """
    _check(frontier, Frontier, "problem.frontier()")
    axes = axes_or_new(ax)
    table = frontier.table
    is_dense, small = len(table) > 60, is_small(axes)
    style: Style = {"linestyle": "-", "marker": "" if is_dense else ".", "color": BLUE, "linewidth": 1.2}
    axes.plot(table["utility"], table["revenue"], **style, label=f"{len(table):,} best menus")
    for letter, (place, meaning) in notable_menus(frontier).items():
        row = table.iloc[place]
        label = f"{letter}: {meaning.split(',')[0] if small else meaning}"
        axes.plot(row["utility"], row["revenue"], "o", color=VERMILION, markersize=6, label=label)
        axes.annotate(letter, (row["utility"], row["revenue"]), (5, 4), textcoords="offset points", fontweight="bold")
    axes.margins(x=0.08, y=0.25 if small else 0.08)
    if not small:
        axes.legend(frameon=False, fontsize=8, loc="lower left", handlelength=1.2)
    return labelled(axes, UTILITY, REVENUE, _title(frontier), legend=2 * small)


def plot_menus(frontier: Frontier, ax: Axes | None = None) -> Axes:
    """Draw for which levers each product is on the menu, from those that stay to those that come last.

    Of many products, those are shown that come or go and sell best. Arguments and result are as in `plot_frontier`.
    """
    _check(frontier, Frontier, "problem.frontier()")
    shown = products_that_matter(frontier)
    axes = axes_or_new(ax, height=max(2.2, 0.9 + 0.22 * len(shown)))
    low = frontier.table["weight_low"].to_numpy()
    end = low[-1] * 1.3 if low[-1] > 0 else 1.0
    edges = np.append(low, end)
    for place, (_, offered) in enumerate(shown.items()):
        spans = [(edges[menu], edges[menu + 1] - edges[menu]) for menu in np.flatnonzero(offered)]
        axes.broken_barh(spans, (place - BAR / 2, BAR), facecolors=BLUE, linewidth=0)
    axes.set_yticks(range(len(shown)), [shortened(label_text(label)) for label in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    positive = low[low > 0]
    if len(positive) and positive.max() > 50 * positive.min():
        axes.set_xscale("symlog", linthresh=float(np.quantile(positive, 0.1)))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlim(0, end)
    hidden = len(frontier.path.catalogue) - len(shown)
    up = f"product ({hidden:,} more not shown)" if hidden else "product"
    return labelled(axes, LEVER, up, _title(frontier))


def plot_tradeoff(tradeoff: Tradeoff, ax: Axes | None = None) -> Axes:
    """Draw revenue against utility of menus chosen under a posterior, with the middle 90 % of draws as crosses.

    The dashed line is the frontier of one logit at the mean utilities: where it lies apart from the menus, the short
    cut misjudges what can be had.

    Parameters
    ----------
    tradeoff
        What ``UnderDraws.frontier`` gave.
    ax
        Matplotlib axes; new ones if left out.

    Returns
    -------
    The axes.
    """
    _check(tradeoff, Tradeoff, "under_draws(problem).frontier()")
    axes = axes_or_new(ax)
    table, mean = tradeoff.table, tradeoff.at_the_mean.table
    axes.plot(mean["utility"], mean["revenue"], "--", color=VERMILION, linewidth=1.2, label="one logit at the mean")
    cross: Style = {"fmt": "o", "color": BLUE, "markersize": 5, "elinewidth": 0.8, "alpha": 0.8}
    reach: Style = {"xerr": _reach(table, "utility"), "yerr": _reach(table, "revenue")}
    label = "posterior: mean, middle 90 %"
    axes.errorbar(table["utility"], table["revenue"], **reach, **cross, label=label)
    return labelled(axes, UTILITY, REVENUE, _title(tradeoff.at_the_mean), legend=1 if is_small(axes) else 2)


def plot_bands(tradeoff: Tradeoff, ax: Axes | None = None, *, measure: str = "revenue") -> Axes:
    """Draw a measure of the chosen menu along the lever, mean and the middle 90 % of draws.

    The measure is ``"revenue"`` or ``"utility"``; the other arguments and the result are as in `plot_tradeoff`.
    """
    _check(tradeoff, Tradeoff, "under_draws(problem).frontier()")
    axes = axes_or_new(ax)
    table = tradeoff.table
    lever, low, high = table.index, table[f"{measure}_low"], table[f"{measure}_high"]
    axes.fill_between(lever, low, high, color=BLUE, alpha=0.2, linewidth=0, label="middle 90 % of draws")
    axes.plot(lever, table[measure], "o-", color=BLUE, markersize=4, label="mean")
    up = REVENUE if measure == "revenue" else UTILITY
    return labelled(axes, LEVER, up, _title(tradeoff.at_the_mean), legend=2)


def _check(given: object, kind: type, source: str) -> None:
    if not isinstance(given, kind):
        raise AssortmentError(f"{given!r} cannot be drawn here; give what {source} gives")


def _reach(table: pd.DataFrame, measure: str) -> Any:
    middle = table[measure]
    return np.maximum(0.0, [middle - table[f"{measure}_low"], table[f"{measure}_high"] - middle])


def _title(frontier: Frontier) -> str:
    return "SYNTHETIC" if "SYNTHETIC" in frontier.path.catalogue.label else ""
